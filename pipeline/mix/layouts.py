"""Pages in many layouts, drawn with a seeded generator; no page repeats a story."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from pipeline.mix.furniture import Rng, choose, residue_lines
from pipeline.mix.printing import Pool, brief, sentences, teaser, whole
from pipeline.mix.sheet import Block, residue_block, set_page
from pipeline.records import Article, Page

Draw = Callable[[int], list[Article]]

LAYOUTS = {
    "teasers, kicker": 0.15,
    "teasers, headline": 0.08,
    "teasers, plain": 0.12,
    "teasers, mixed": 0.07,
    "digest": 0.14,
    "run together": 0.14,
    "openings": 0.06,
    "flattened": 0.16,
    "single": 0.12,
}
FLATTENED = (
    "chunks", "chunks", "chunks", "run together", "digest", "teasers, plain", "teasers, kicker",
    "single",
)  # fmt: skip
BRIEFS = ("plain", "plain", "plain", "bullet", "number", "headline", "kicker")
TEASERS = ("kicker", "headline", "merged", "plain")


def mix_pages(articles: Sequence[Article], count: int, seed: int, prefix: str) -> list[Page]:
    """Lay ``articles`` out as ``count`` pages, fold by fold: no page mixes two folds.

    :returns: pages in a fixed order, with ids derived from their content.
    """
    rng = np.random.default_rng(seed)
    folds = sorted({article.fold for article in articles})
    decks = {fold: _Deck([a for a in articles if a.fold == fold], rng) for fold in folds}
    pool = Pool.of(articles)
    names = list(LAYOUTS)
    weights = np.array([LAYOUTS[name] for name in names])
    pages = []
    for number in range(count):
        layout = names[int(rng.choice(len(names), p=weights / weights.sum()))]
        fold = folds[number % len(folds)]
        page = _page(layout, decks[fold].draw, rng, pool, fold)
        digest = hashlib.sha256(page.text.encode()).hexdigest()[:12]
        pages.append(
            Page(f"{prefix}-{digest}", layout, page.text, page.stories, page.residue, fold)
        )
    return pages


class _Deck:
    """Articles in shuffled order; a hand shares no story, and sometimes one topic or country."""

    def __init__(self, articles: Sequence[Article], rng: Rng) -> None:
        self.articles = list(articles)
        self.rng = rng

    def draw(self, count: int) -> list[Article]:
        pool = self.articles
        if self.rng.random() < 0.4:
            seed = pool[int(self.rng.integers(len(pool)))]
            by_topic = self.rng.random() < 0.6
            alike = [a for a in pool if _alike(a, seed, by_topic)]
            pool = alike if len(alike) >= count else pool
        order = self.rng.permutation(len(pool))[: min(count, len(pool))]
        return [pool[int(i)] for i in order]


def _alike(one: Article, other: Article, by_topic: bool) -> bool:
    if by_topic:
        return one.topics[0] == other.topics[0]
    return bool(set(one.countries) & set(other.countries))


def _page(layout: str, draw: Draw, rng: Rng, pool: Pool, fold: int) -> Page:
    line_break = "\n" if rng.random() < 0.8 else "\n\n"
    block_break = line_break if rng.random() < 0.75 else choose(rng, ("\n\n", "\n\n\n"))
    inner = layout
    if layout == "flattened":
        inner = choose(rng, FLATTENED)
        line_break = block_break = " "
    blocks = _blocks(inner, draw, rng, pool)
    if rng.random() < (0.3 if layout != "flattened" else 0.05):
        blocks = _with_residue(blocks, rng, pool)
    return set_page("", layout, blocks, line_break=line_break, block_break=block_break, fold=fold)


def _blocks(layout: str, draw: Draw, rng: Rng, pool: Pool) -> list[Block]:
    furnished = float(rng.choice([0.0, 0.4, 1.0], p=[0.3, 0.4, 0.3]))
    headed = float(rng.choice([0.0, 0.5, 1.0], p=[0.35, 0.2, 0.45]))
    if layout == "single":
        return [whole(draw(1)[0], rng, pool, furnished=max(furnished, 0.4), headed=headed)]
    if layout == "run together":
        articles = draw(int(rng.integers(2, 6)))
        return [whole(a, rng, pool, furnished=furnished, headed=headed) for a in articles]
    if layout in ("chunks", "openings"):
        longest = 4 if layout == "openings" or rng.random() < 0.3 else 12
        return [_chunk(a, rng, pool, longest, headed) for a in draw(int(rng.integers(2, 8)))]
    if layout == "digest":
        style = choose(rng, BRIEFS)
        hand = draw(int(rng.integers(3, 13)))
        longest = int(rng.choice([1, 2, 4], p=[0.3, 0.3, 0.4]))
        return [brief(a, rng, style, n, pool, longest) for n, a in enumerate(hand, start=1)]
    style = layout.removeprefix("teasers, ")
    hand = draw(int(rng.integers(3, 9)))
    lead = whole(hand[0], rng, pool, furnished=furnished, headed=headed)
    rest = [teaser(a, rng, _teaser_style(style, rng), pool) for a in hand[1:]]
    return [lead, *rest] if rng.random() < 0.9 else rest


def _teaser_style(style: str, rng: Rng) -> str:
    if style == "mixed" or rng.random() < 0.12:
        return choose(rng, TEASERS)
    return style


def _chunk(article: Article, rng: Rng, pool: Pool, longest: int, headed: float) -> Block:
    """Print the first sentences of an article, ``longest`` of them at most."""
    parts = [s for paragraph in article.paragraphs for s in sentences(paragraph)]
    kept = tuple(parts[: int(rng.integers(1, longest + 1))])
    opening = msgspec.structs.replace(article, paragraphs=_lines(kept, rng))
    return whole(opening, rng, pool, furnished=0.0, headed=headed if longest < 5 else 0.0)


def _lines(parts: tuple[str, ...], rng: Rng) -> tuple[str, ...]:
    step = int(rng.integers(1, 4))
    return tuple(" ".join(parts[i : i + step]) for i in range(0, len(parts), step))


def _with_residue(blocks: list[Block], rng: Rng, pool: Pool) -> list[Block]:
    place = choose(rng, pool.places)

    def draw(where: str) -> Block:
        return residue_block(residue_lines(rng, pool.names, place, where))

    page = [draw("before")] if rng.random() < 0.6 else []
    for number, block in enumerate(blocks):
        chance = 0.5 if number == 1 else 0.08
        if number and rng.random() < chance:
            page.append(draw("between"))
        page.append(block)
    return [*page, draw("after")] if rng.random() < 0.6 else page
