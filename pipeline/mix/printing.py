"""One article as a house would print it in full, with what stands in and around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.mix.draws import Pool, Rng, chance, choose, fill, some
from pipeline.mix.pictures import a_caption, a_credit, glued, picture_lines
from pipeline.mix.residue import residue_line
from pipeline.mix.sheet import Block, Line, line
from pipeline.mix.signatures import CORRECTIONS, TAIL_BYLINES, byline, datelined, signed, stamp
from pipeline.mix.wording import (
    all_sentences,
    cased,
    inner_head,
    kicker_of,
    shaped,
    subhead_of,
    tag_of,
)
from pipeline.records import Article

TRAILS = (" ...", "...", "…", " …")
BULLETS = ("•", "-", "*", "·", "–", "■", "►", "○", "—")
LINKS = (
    "Read more: {t}", "READ MORE: {t}", "Read more: {t}", "Related: {t}", "RELATED: {t}",
    "See also: {t}", "Also read: {t}", "ALSO READ | {t}", "Read also: {t}", "READ | {t}",
    "Watch: {t}", "MORE: {t}", "More on this: {t}", "Recommended: {t}", "Listen: {t}",
    "Explained: {t}", "Opinion: {t}", "Don't miss: {t}", "» {t}", "[Read: {t}]",
    "RELATED STORY: {t}", "Related Article: {t}", "Follow live: {t}", "Analysis: {t}",
)  # fmt: skip


class Scene(NamedTuple):
    """What furniture draws on: the article, the generator, the corpus' pool, a place."""

    article: Article
    rng: Rng
    pool: Pool
    place: str


Furnish = Callable[[list[Line], Scene], None]


def whole(article: Article, rng: Rng, pool: Pool, *, furnished: float, headed: float) -> Block:
    """Print an article in full.

    :param furnished: how much stands around it, 0 to 1: captions, credits, bylines, sub-heads.
    :param headed: the chance that its headline is there.
    """
    scene = Scene(article, rng, pool, pool.place_of(article, rng))
    body: list[Line] = [line("body", text) for text in _weathered(scene, furnished)]
    if chance(rng, 0.5 if article.dateline else 0.04 + 0.06 * furnished):
        body[0] = datelined(article, body[0], rng, pool, scene.place)
    for probability, furnish in FURNITURE:
        if chance(rng, probability * furnished):
            furnish(body, scene)
    return Block((*_top(scene, furnished, headed), *body), "article", article=article.id)


def _top(scene: Scene, furnished: float, headed: float) -> list[Line]:
    article, rng, pool, place = scene
    top: list[Line] = []
    if article.headline and chance(rng, headed):
        if chance(rng, furnished * 0.4):
            kicker = kicker_of(article, rng) if chance(rng, 0.6) else tag_of(article, rng)
            top.append(line("kicker", kicker))
        top.append(line("headline", cased(article.headline, rng)))
        if chance(rng, furnished * 0.1):
            top.append(line("headline", article.headline))
        if chance(rng, furnished * 0.3):
            top.append(line("subhead", subhead_of(article, rng)))
    if chance(rng, furnished * 0.6):
        signature = [line("byline", byline(rng, pool, place))]
        if chance(rng, 0.35):
            signature.append(line("dateline", stamp(rng, pool, place)))
        if chance(rng, 0.25):
            signature = signature[::-1]
        if len(signature) == 2 and chance(rng, 0.2):
            signature = [(*signature[0], *signature[1])]
        top += signature
    return top


def _weathered(scene: Scene, furnished: float) -> list[str]:
    """Shape paragraphs, and now and then let lines trail off, be bullets, or quote on and on.

    None of this cuts a story, so whole articles must show it.
    """
    article, rng = scene.article, scene.rng
    lines = shaped(article, rng)
    if chance(rng, 0.12):
        for i, text in enumerate(lines):
            if chance(rng, 0.3) and text.endswith("."):
                lines[i] = text[:-1] + choose(rng, TRAILS)
    if chance(rng, 0.06):
        bullet = choose(rng, BULLETS)
        lines = [f"{bullet} {t}" if i and chance(rng, 0.6) else t for i, t in enumerate(lines)]
    if len(lines) > 3 and chance(rng, 0.08):
        _quote_on(lines, rng)
    if len(lines) > 2 and chance(rng, 0.05 + 0.08 * furnished):
        _list_inside(lines, rng, article)
    return lines


def _quote_on(lines: list[str], rng: Rng) -> None:
    """Let a speech run over paragraphs: each opens with a quotation mark, the last closes."""
    left, right = choose(rng, (("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'")))
    start = int(rng.integers(1, len(lines) - 1))
    stop = min(len(lines), start + int(rng.integers(2, 6)))
    for i in range(start, stop):
        lines[i] = left + lines[i].strip("\"“”‘’'")
    lines[stop - 1] += right


def _list_inside(lines: list[str], rng: Rng, article: Article) -> None:
    """Make a list with bullets or numbers: of highlights at the top, or of a few lines inside."""
    bullet, numbered = choose(rng, BULLETS), chance(rng, 0.25)

    def items(texts: list[str]) -> list[str]:
        return [f"{n}. {t}" if numbered else f"{bullet} {t}" for n, t in enumerate(texts, start=1)]

    if chance(rng, 0.25):
        points = [s for s in all_sentences(article) if len(s.split()) < 25]
        lines[:0] = items(some(rng, points, int(rng.integers(2, 5))))
    else:
        start = int(rng.integers(1, len(lines)))
        stop = start + int(rng.integers(2, 7))
        lines[start:stop] = items(lines[start:stop])


def _early(rng: Rng, length: int) -> int:
    return min(int(rng.integers(1, length + 1)), int(rng.integers(1, length + 1)))


def _pictures(body: list[Line], scene: Scene) -> None:
    article, rng, pool, place = scene
    for _ in range(int(rng.integers(1, 4)) if len(body) > 6 else 1):
        at = 0 if chance(rng, 0.2) else _early(rng, len(body))
        body[at:at] = picture_lines(article, rng, pool, place)


def _credits(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    for _ in range(int(rng.integers(1, 4)) if len(body) > 4 else 1):
        body.insert(_early(rng, len(body)), line("credit", a_credit(rng, pool, place)))


def _glued_credits(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.integers(len(body)))
        body[at] = glued(body[at], rng, a_credit(rng, pool, place))


def _glued_caption(body: list[Line], scene: Scene) -> None:
    at = int(scene.rng.integers(len(body)))
    body[at] = (*a_caption(*scene), *body[at])


def _inner_heads(body: list[Line], scene: Scene) -> None:
    article, rng, _, _ = scene
    if len(body) < 4:
        return
    capitals = choose(rng, (True, False, None))
    for _ in range(int(rng.integers(1, 5))):
        text = inner_head(article, rng)
        text = text.upper() if capitals else text
        body.insert(int(rng.integers(1, len(body))), line("subhead", text))


def _pull_quote(body: list[Line], scene: Scene) -> None:
    article, rng, pool, place = scene
    usable = [s for s in all_sentences(article) if len(s.split()) < 30]
    if not usable or len(body) < 3:
        return
    usable = [s for s in usable if '"' in s or "“" in s] or usable
    left, right = choose(rng, (("“", "”"), ('"', '"'), ("‘", "’"), ("", ""), ("❝ ", ""), ("“", "")))
    words = choose(rng, usable).strip("\"“”‘’'.,")
    quote: list[Line] = [line("body", f"{left}{words}{right}")]
    if chance(rng, 0.3):
        speaker = choose(rng, ("— {n}", "{n}", "- {n}, {p}"))
        quote.append(line("body", fill(rng, speaker, pool, place)))
    at = int(rng.integers(1, len(body)))
    body[at:at] = quote


def _interruptions(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    for _ in range(int(rng.integers(1, 3)) if len(body) > 2 else 0):
        text = residue_line(rng, pool, place, "inside")
        body.insert(int(rng.integers(1, len(body))), line("residue", text))


def _links(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    for _ in range(int(rng.integers(1, 4)) if len(body) > 2 else 0):
        text = fill(rng, choose(rng, LINKS), pool, place)
        body.insert(int(rng.integers(1, len(body))), line("residue", text))


def _tail(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    body.append(line("byline", fill(rng, choose(rng, TAIL_BYLINES), pool, place)))


def _glued_tail(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    body[-1] = signed(body[-1], rng, pool, place)


def _correction(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    body.append(line("body", fill(rng, choose(rng, CORRECTIONS), pool, place)))


def _stamp_inside(body: list[Line], scene: Scene) -> None:
    _, rng, pool, place = scene
    at = len(body) if chance(rng, 0.5) else int(rng.integers(1, len(body) + 1))
    body.insert(at, line("dateline", stamp(rng, pool, place)))


FURNITURE: tuple[tuple[float, Furnish], ...] = (
    (0.5, _pictures),
    (0.45, _credits),
    (0.15, _glued_credits),
    (0.08, _glued_caption),
    (0.35, _inner_heads),
    (0.15, _pull_quote),
    (0.2, _interruptions),
    (0.15, _links),
    (0.06, _stamp_inside),
    (0.1, _correction),
    (0.12, _glued_tail),
    (0.22, _tail),
)
