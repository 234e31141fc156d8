"""Pages in many layouts, drawn with a seeded generator.

No page repeats a story, but for two kinds: an index page may give one twice, and a page of teasers
may have the teaser of the article that it leads with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from pipeline.mix import arrangements as arranged
from pipeline.mix.deck import Deck
from pipeline.mix.desk import Arrange, Desk
from pipeline.mix.draws import Pool, chance, choose
from pipeline.mix.sheet import Block, by_sentence, set_page
from pipeline.mix.singles import single
from pipeline.records import Article, Page

LAYOUTS = {
    "teasers, kicker": 0.10,
    "teasers, headline": 0.06,
    "teasers, plain": 0.08,
    "teasers, mixed": 0.04,
    "digest": 0.08,
    "newsletter": 0.06,
    "index": 0.08,
    "headlines": 0.04,
    "run together": 0.10,
    "openings": 0.04,
    "flattened": 0.14,
    "single": 0.14,
    "wire": 0.02,
    "transcript": 0.04,
    "lines": 0.04,
    "excerpts": 0.04,
}
ARRANGEMENTS: dict[str, Arrange] = {
    **{f"teasers, {s}": arranged.teasers(s) for s in ("kicker", "headline", "plain", "mixed")},
    "digest": arranged.digest,
    "newsletter": arranged.newsletter,
    "index": arranged.index,
    "headlines": arranged.headlines,
    "run together": arranged.run_together,
    "openings": arranged.openings,
    "single": single,
    "wire": arranged.wire,
    "transcript": arranged.transcript,
    "lines": arranged.lines,
    "excerpts": arranged.excerpts,
}
FLATTENED: tuple[Arrange, ...] = (
    *(arranged.chunks,) * 4,
    *(arranged.bare,) * 3,
    arranged.run_together,
    *(arranged.digest,) * 2,
    *(arranged.unlinked_teasers,) * 3,
    arranged.newsletter,
    arranged.transcript,
    arranged.excerpts,
    single,
)
# The chance that residue stands around the stories of a page, where the layout brings none.
FURNISHED = {
    "flattened": 0.06,
    "openings": 0.1,
    "newsletter": 0.1,
    "single": 0.15,
    "wire": 0.1,
    "transcript": 0.1,
    "lines": 0.1,
    "excerpts": 0.0,
}


def mix_pages(
    articles: Sequence[Article],
    count: int,
    seed: int,
    prefix: str,
    layouts: Mapping[str, float] = LAYOUTS,
) -> list[Page]:
    """Lay ``articles`` out as ``count`` pages, fold by fold: no page mixes two folds.

    :param layouts: how often each is drawn, in proportion.
    :returns: pages in a fixed order, with ids derived from their content.
    """
    rng = np.random.default_rng(seed)
    usable = [article for article in map(_tidied, articles) if article.paragraphs]
    folds = sorted({article.fold for article in usable})
    own = {fold: [article for article in usable if article.fold == fold] for fold in folds}
    desks = {fold: Desk(Deck(own[fold], rng).draw, rng, Pool.of(own[fold])) for fold in folds}
    names = list(layouts)
    weights = np.array([layouts[name] for name in names])
    pages = []
    for number in range(count):
        layout = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        fold = folds[number % len(folds)]
        page = _page(layout, desks[fold], fold)
        digest = hashlib.sha256(page.text.encode()).hexdigest()[:12]
        pages.append(msgspec.structs.replace(page, id=f"{prefix}-{digest}"))
    return pages


def _tidied(article: Article) -> Article:
    """Leave out empty paragraphs, and set white space as single blanks."""
    paragraphs = tuple(" ".join(paragraph.split()) for paragraph in article.paragraphs)
    headline = " ".join((article.headline or "").split()) or None
    return msgspec.structs.replace(
        article, paragraphs=tuple(filter(None, paragraphs)), headline=headline
    )


def _page(layout: str, desk: Desk, fold: int) -> Page:
    rng = desk.rng
    line_break = "\n" if chance(rng, 0.8) else "\n\n"
    block_break = line_break if chance(rng, 0.75) else choose(rng, ("\n\n", "\n\n\n"))
    if layout == "flattened":
        line_break = block_break = " "
        blocks = choose(rng, FLATTENED)(desk)
    else:
        blocks = ARRANGEMENTS[layout](desk)
        blocks = [by_sentence(block) for block in blocks] if chance(rng, 0.04) else blocks
    if chance(rng, FURNISHED.get(layout, 0.33)):
        blocks = _with_residue(blocks, desk)
    return set_page("", layout, blocks, line_break=line_break, block_break=block_break, fold=fold)


def _with_residue(blocks: list[Block], desk: Desk) -> list[Block]:
    rng = desk.rng
    page = [desk.residue("before")] if chance(rng, 0.6) else []
    for number, block in enumerate(blocks):
        if number and chance(rng, 0.5 if number == 1 else 0.08):
            page.append(desk.residue("between"))
        page.append(block)
    return [*page, desk.residue("after")] if chance(rng, 0.6) else page
