"""The worst mistakes, to be read: topics and countries surely wrong, and the pages cut worst."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluate.segmentation import judge_starts
from pipeline.records import Page
from pipeline.report.blocks import Label, Miscut, Mistake, Mistakes, Row, Seam, Section
from pipeline.report.inputs import Inputs
from pipeline.store.predictions import Judged
from pipeline.taxonomy import country_name

STORIES, PAGES, SEAMS = 6, 4, 4  # shown at most: of each kind; pages; boundaries of a page
OPENING = 280  # characters of a story's text
AROUND = 90  # characters on either side of a boundary


def mistakes(inputs: Inputs) -> Section:
    """Show the worst mistakes of each kind; without their text where none may be quoted."""
    blocks = [_topics(inputs), _countries(inputs), _pages(inputs)]
    quoted = "" if inputs.quoted else " No text is quoted (evaluate.examples is 0)."
    return Section(
        "mistakes",
        "Worst errors",
        f"Held-out stories and pages on which the models were most surely wrong.{quoted}",
        tuple(Row((block,)) for block in blocks if block.cards),
    )


def _topics(inputs: Inputs) -> Mistakes:
    names = inputs.names
    wrong = [one for one in inputs.judged if one.task == "topic" and not one.right]
    wrong.sort(key=lambda one: (-max(one.said_scores, default=0.0), one.id))
    cards = tuple(
        _mistake(
            inputs,
            one,
            [Label(names.get(key, key), score) for key, score in _gold(one)],
            [Label(names.get(key, key), score) for key, score in _said(one)],
        )
        for one in wrong[:STORIES]
    )
    return Mistakes("Topics", f"{len(wrong)} main topics are wrong; these are the surest.", cards)


def _countries(inputs: Inputs) -> Mistakes:
    wrong = [one for one in inputs.judged if one.task == "countries" and not one.right]
    wrong.sort(key=lambda one: (-_amiss(one), one.id))
    cards = tuple(
        _mistake(
            inputs,
            one,
            [Label(_country(code), score, code in one.said) for code, score in _gold(one)],
            [Label(_country(code), score, code in one.gold) for code, score in _said(one)],
        )
        for one in wrong[:STORIES]
    )
    return Mistakes(
        "Countries",
        f"{len(wrong)} sets of countries are wrong; in these a country is most surely too many or "
        "missing.",
        cards,
    )


def _amiss(one: Judged) -> float:
    """Say how sure the worst error in a set of countries is."""
    too_many = [score for code, score in _said(one) if code not in one.gold]
    missed = [1.0 - score for code, score in _gold(one) if code not in one.said]
    return max(too_many + missed, default=0.0)


def _country(code: str) -> str:
    return f"{country_name(code)} {code}"


def _gold(one: Judged) -> Iterator[tuple[str, float]]:
    return zip(map(str, one.gold), one.gold_scores, strict=True)


def _said(one: Judged) -> Iterator[tuple[str, float]]:
    return zip(map(str, one.said), one.said_scores, strict=True)


def _mistake(inputs: Inputs, one: Judged, expected: list[Label], said: list[Label]) -> Mistake:
    article = inputs.articles[one.id]
    headline = (article.headline or "") if inputs.quoted else ""
    opening = _start(" ".join(article.paragraphs), OPENING) if inputs.quoted else ""
    return Mistake(one.id, headline, opening, tuple(expected), tuple(said))


def _pages(inputs: Inputs) -> Mistakes:
    found = [
        _miscut(page, cut, inputs.evaluate.tolerance, quoted=inputs.quoted)
        for page, cut in zip(inputs.pages, inputs.cuts, strict=True)
    ]
    wrong = [page for page in found if page.missed or page.wrong]
    wrong.sort(key=lambda page: (-page.missed - page.wrong, page.id))
    return Mistakes(
        "Pages",
        f"{len(wrong)} of {len(found)} pages are not cut wholly right; on these most boundaries "
        "are wrong.",
        tuple(wrong[:PAGES]),
    )


def _miscut(page: Page, cut: Page, tolerance: int, *, quoted: bool) -> Miscut:
    starts = judge_starts(page, [story.start for story in cut.stories], tolerance)
    scores = {story.start: story.boundary for story in cut.stories}
    amiss = sorted([*((at, 0) for at in starts.missed), *((at, 1) for at in starts.wrong)])
    seams = tuple(
        _seam(page.text, at, scores[at] if cut_here else None) for at, cut_here in amiss[:SEAMS]
    )
    return Miscut(
        page.id,
        page.layout,
        len(starts.missed),
        len(starts.wrong),
        seams if quoted else (),
        len(amiss) - len(seams) if quoted else 0,
    )


def _seam(text: str, at: int, score: float | None) -> Seam:
    return Seam(_end(text[:at], AROUND), _start(text[at:], AROUND), score)


def _start(text: str, most: int) -> str:
    """Take the first words of a text on one line; "…" where more follows."""
    line = " ".join(text[: 2 * most].split())
    if len(line) <= most and len(text) <= 2 * most:
        return line
    return f"{line[:most].rpartition(' ')[0] or line[:most]} …"


def _end(text: str, most: int) -> str:
    """Take the last words of a text on one line; "…" where more goes before."""
    line = " ".join(text[-2 * most :].split())
    if len(line) <= most and len(text) <= 2 * most:
        return line
    return f"… {line[-most:].partition(' ')[2] or line[-most:]}"
