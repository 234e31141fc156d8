"""Are the insides of the stories right: residue, parts by role, kind, truncation, links.

Characters are counted without white space, which belongs to no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import numpy.typing as npt

from pipeline.evaluate.counts import Counts, total
from pipeline.evaluate.matching import match_stories
from pipeline.evaluate.segmentation import Cut
from pipeline.reading import Sample
from pipeline.records import Page, Role, Span, Story

ROLES: tuple[Role, ...] = get_args(Role)


def residue_counts(page: Page, cut: Cut) -> Counts:
    """Count the characters of residue that were found, found too many and missed."""
    inked = _inked(page.text)
    gold = _covered(len(page.text), page.residue) & inked
    found = _covered(len(page.text), cut.residue) & inked
    return Counts(int((gold & found).sum()), int((found & ~gold).sum()), int((gold & ~found).sum()))


def role_counts(page: Page, cut: Cut) -> dict[Role, Counts]:
    """Count the characters of each role."""
    inked = _inked(page.text)
    gold = _roles(len(page.text), page.stories)
    found = _roles(len(page.text), cut.stories)
    return {
        role: Counts(
            int(((gold == code) & (found == code) & inked).sum()),
            int(((gold != code) & (found == code) & inked).sum()),
            int(((gold == code) & (found != code) & inked).sum()),
        )
        for code, role in enumerate(ROLES, start=1)
    }


def exact_counts(page: Page, cut: Cut) -> dict[Role, Counts]:
    """Count the parts of each role whose start and end are both right."""
    counts: dict[Role, Counts] = {}
    for role in ROLES:
        gold, found = (
            {(p.start, p.end) for story in side.stories for p in story.parts if p.role == role}
            for side in (page, cut)
        )
        counts[role] = Counts(len(gold & found), len(found - gold), len(gold - found))
    return counts


def part_figures(pages: Sequence[Page], cuts: Sequence[Cut]) -> dict[str, dict[str, float]]:
    """F1 of every role that gold holds, by characters (``f1``) and by exact span (``f1_exact``)."""
    by_characters = [role_counts(*pair) for pair in zip(pages, cuts, strict=True)]
    by_span = [exact_counts(*pair) for pair in zip(pages, cuts, strict=True)]
    figures: dict[str, dict[str, float]] = {}
    for role in ROLES:
        characters = total(counts[role] for counts in by_characters)
        spans = total(counts[role] for counts in by_span)
        if spans.right + spans.missed:
            figures[role] = {
                "spans": spans.right + spans.missed,
                "precision": characters.precision,
                "recall": characters.recall,
                "f1": characters.f1,
                "f1_exact": spans.f1,
            }
    return figures


def residue_figures(pages: Sequence[Page], cuts: Sequence[Cut]) -> dict[str, float]:
    """Precision, recall and F1 of residue by characters, over all pages."""
    counts = total(residue_counts(*pair) for pair in zip(pages, cuts, strict=True))
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}


def trait_figures(pages: Sequence[Page], cuts: Sequence[Cut]) -> dict[str, float]:
    """Kind and truncation of the stories that were found (see :func:`match_stories`).

    Accuracies are 0 where no story was found; ``truncated_f1`` is of the truncated ones.
    """
    pairs = [
        (story, cut.stories[index])
        for page, cut in zip(pages, cuts, strict=True)
        for story, index in zip(page.stories, match_stories(page.stories, cut.stories), strict=True)
        if index is not None
    ]
    counts = Counts(
        sum(gold.truncated and found.truncated for gold, found in pairs),
        sum(found.truncated and not gold.truncated for gold, found in pairs),
        sum(gold.truncated and not found.truncated for gold, found in pairs),
    )
    matched = max(len(pairs), 1)
    return {
        "kind_accuracy": sum(gold.kind == found.kind for gold, found in pairs) / matched,
        "truncated_accuracy": sum(g.truncated == f.truncated for g, f in pairs) / matched,
        "truncated_f1": counts.f1,
    }


def gold_links(page: Page) -> dict[int, int]:
    """Link the printings of one article on a gold page to the fullest, the first of its like.

    Indices of stories; one that names no article is like no other.
    """
    printings: dict[str, list[int]] = {}
    for index, story in enumerate(page.stories):
        if story.article:
            printings.setdefault(story.article, []).append(index)
    links: dict[int, int] = {}
    for indices in printings.values():
        sizes = {i: len(Sample(page.text, page.stories[i]).readable()) for i in indices}
        fullest = max(indices, key=lambda i: (sizes[i], -i))
        links.update({i: fullest for i in indices if i != fullest})
    return links


def link_counts(page: Page, cut: Cut) -> Counts:
    """Count the links to a fuller story that were found, found too many and missed.

    Only links between stories that were found count (see :func:`match_stories`); one to another
    story than gold's is wrong and misses gold's.
    """
    matched = match_stories(page.stories, cut.stories)
    stands_for = {found: index for index, found in enumerate(matched) if found is not None}
    gold = {
        (i, j)
        for i, j in gold_links(page).items()
        if matched[i] is not None and matched[j] is not None
    }
    found = {
        (stands_for[a], stands_for[story.same_as])
        for a, story in enumerate(cut.stories)
        if a in stands_for and story.same_as in stands_for
    }
    return Counts(len(gold & found), len(found - gold), len(gold - found))


def link_figures(pages: Sequence[Page], cuts: Sequence[Cut]) -> dict[str, float]:
    """Precision, recall and F1 of the links over all pages, and how many gold has."""
    counts = total(link_counts(*pair) for pair in zip(pages, cuts, strict=True))
    return {
        "links": counts.right + counts.missed,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
    }


def _inked(text: str) -> npt.NDArray[np.bool_]:
    return np.fromiter((not char.isspace() for char in text), dtype=np.bool_, count=len(text))


def _covered(length: int, spans: Sequence[Span]) -> npt.NDArray[np.bool_]:
    covered = np.zeros(length, dtype=np.bool_)
    for span in spans:
        covered[span.start : span.end] = True
    return covered


def _roles(length: int, stories: Sequence[Story]) -> npt.NDArray[np.int8]:
    codes = np.zeros(length, dtype=np.int8)
    for story in stories:
        for part in story.parts:
            codes[part.start : part.end] = ROLES.index(part.role) + 1
    return codes
