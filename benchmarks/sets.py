"""The sets: real text with gold stories, each document a page of text.

``pages_dev`` is text as found, with gold offsets. The others are lists of sentences or lines; a
document is laid out with one a line, so that gold stories start where lines do. On ``newspage_*``
a line whose ``story_index`` is -1 is residue, which is neutral.
"""

from __future__ import annotations

import gzip
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.errors import CorruptArtifactError, UsageError
from pipeline.evaluate.benchmark import PAGES, RealPage
from pipeline.records import Page, Span, Story
from pipeline.store.jsonl import read_records
from pipeline.units import find_units

FOLDER = Path("seg")  # inside the shared folder
WHOLE = "pages_dev"  # text as found, never sampled
RESIDUE = -1
REMEDY = "name the folder of the real labelled sets with --shared"


class SetSpec(NamedTuple):
    """What is known of a set beforehand.

    ``seen`` says whether its source was seen in training; ``subset`` is the key of ``meta`` by
    which its documents are told apart.
    """

    name: str
    what: str
    seen: str
    subset: str = ""

    @property
    def unseen(self) -> bool:
        """Whether nothing of its source was seen in training."""
        return self.seen.startswith(NEVER)

    def path(self, shared: Path) -> Path:
        """Where it lies in the shared folder."""
        return shared / (PAGES if self.name == WHOLE else FOLDER / f"{self.name}.jsonl.gz")


NEVER = "never seen"
BBC = f"{NEVER} (BBC)"
REUTERS = (
    "training-split stories of the newswire taught the reader and the boundary model, none of "
    "these (told apart by their ids; a wire repeats some of its sentences)"
)
GUARDIAN = "other articles of the same paper taught the reader and the boundary model"
BROWN = f"{NEVER} (Brown corpus)"
WIKIPEDIA = (
    "other articles of it taught what cuts into sections, none that shares a sentence with these; "
    "never seen otherwise"
)

SETS = (
    SetSpec(
        "pages_dev",
        "pages built from real stories in seven layouts",
        f"Guardian: {GUARDIAN}; Reuters: {REUTERS}; BBC: {NEVER}",
    ),
    SetSpec("newspage_bbc_mixed", "an article, then teasers", BBC, "style"),
    SetSpec("newspage_bbc_same", "the same, all of one category", BBC, "style"),
    SetSpec("newspage_quicktake", "digests of briefs", BBC, "style"),
    SetSpec("newspage_reuters", "an article, then teasers", REUTERS, "style"),
    SetSpec("reuters_wire", "consecutive wire stories", REUTERS),
    SetSpec("bbc_full", "whole articles run together", BBC),
    SetSpec("bbc_same_category", "the same, all of one category", BBC),
    SetSpec("current_events_week", "a week of one-paragraph news", f"{NEVER} (current events)"),
    SetSpec("choi700", "Choi (2000): openings of texts of many kinds", BROWN, "subset"),
    SetSpec("choi920", "Choi (2000), all subsets", BROWN, "subset"),
    SetSpec("wiki50", "sections of encyclopedia articles", WIKIPEDIA),
    SetSpec("wiki300", "sections of encyclopedia articles", WIKIPEDIA),
    SetSpec(
        "clinical",
        "Eisenstein and Barzilay (2008): sections of a medical textbook",
        f"{NEVER} (medicine)",
    ),
)


class Document(NamedTuple):
    """A page with gold stories; its ``layout`` names the subset it belongs to.

    ``units`` are what windows and masses count. ``listed`` is true if they were given (lines),
    false if they are this project's own (the units of ``pages_dev``).
    """

    page: Page
    units: tuple[Span, ...]
    listed: bool


class Listed(msgspec.Struct, frozen=True):
    """A document as a list of sentences; ``boundaries`` index those that start a segment."""

    id: str
    sentences: tuple[str, ...]
    boundaries: tuple[int, ...]
    meta: dict[str, Any]


def choose_sets(names: str) -> tuple[SetSpec, ...]:
    """Choose sets by name, separated by commas; nothing is all.

    :raises UsageError: there is no such set.
    """
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    if unknown := sorted(wanted - {spec.name for spec in SETS}):
        known = ", ".join(spec.name for spec in SETS)
        raise UsageError(f"no set {', '.join(unknown)}: name some of {known}")
    return tuple(spec for spec in SETS if not wanted or spec.name in wanted)


class Sample(NamedTuple):
    """What is taken of a set: of ``size`` documents, ``too_long`` were left out beforehand."""

    documents: list[Document]
    size: int
    too_long: int


def check_present(shared: Path, specs: Sequence[SetSpec]) -> None:
    """Look for the sets before anything long begins.

    :raises UsageError: the folder or a set is not there.
    """
    for path in (shared, *(spec.path(shared) for spec in specs)):
        if not path.exists():
            raise UsageError(f"{path} is not here: {REMEDY}")


def load_set(shared: Path, spec: SetSpec, documents: int, longest: int) -> Sample:
    """Read a set, or an even sample of ``documents`` of it; ``pages_dev`` always whole.

    :param documents: 0 for all.
    :param longest: documents of more lines are left out before sampling; 0 for none.
    :raises CorruptArtifactError: a line of it is not a document.
    """
    if spec.name == WHOLE:
        pages = [real.page() for real in read_records(spec.path(shared), RealPage)]
        return Sample([page_document(page) for page in pages], len(pages), 0)
    decode = msgspec.json.Decoder(Listed).decode
    try:
        rows = [decode(line) for line in _lines(spec.path(shared))]
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{spec.name}: not a segmentation set ({error})") from error
    kept = [row for row in rows if not longest or len(row.sentences) <= longest]
    taken = [listed_document(kept[i], spec.subset) for i in sample(len(kept), documents)]
    return Sample(taken, len(rows), len(rows) - len(kept))


def sample(size: int, wanted: int) -> list[int]:
    """Choose ``wanted`` of ``size`` indices, evenly spaced; 0 is all.

    >>> sample(10, 4)
    [0, 2, 5, 7]
    """
    return [i * size // wanted for i in range(wanted)] if 0 < wanted < size else [*range(size)]


def page_document(page: Page) -> Document:
    """Take a page as it is; its units are its sentences, and lines that hold less."""
    units = tuple(Span(unit.start, unit.end) for unit in find_units(page.text))
    return Document(page, units, listed=False)


def listed_document(row: Listed, subset: str = "") -> Document:
    """Lay a list of sentences out as text, one a line."""
    lines = [" ".join(sentence.split()) for sentence in row.sentences]
    spans: list[Span] = []
    reached = 0
    for line in lines:
        spans.append(Span(reached, reached + len(line)))
        reached += len(line) + 1
    index = row.meta.get("story_index") or _story_index(len(lines), row.boundaries)
    stories = tuple(
        Story(start=spans[a].start, end=spans[b].end, kind="article", truncated=False, parts=())
        for a, b in _extents(index)
    )
    residue = tuple(span for span, number in zip(spans, index, strict=True) if number == RESIDUE)
    layout = str(row.meta.get(subset, ""))
    return Document(Page(row.id, layout, "\n".join(lines), stories, residue), tuple(spans), True)


def to_lines(document: Document, starts: Iterable[int]) -> list[int]:
    """Move starts to those of the units (lines) they fall in, or before which they stand."""
    ends = [unit.end for unit in document.units]
    last = len(ends) - 1
    return sorted({document.units[min(bisect_right(ends, s), last)].start for s in starts})


def _story_index(size: int, boundaries: Sequence[int]) -> list[int]:
    starts = set(boundaries)
    index: list[int] = []
    story = 0
    for i in range(size):
        story += i in starts
        index.append(story)
    return index


def _extents(index: Sequence[int]) -> list[tuple[int, int]]:
    """Find the first and the last line of each story; residue inside one does not end it."""
    extents: list[tuple[int, int]] = []
    current = RESIDUE
    for i, story in enumerate(index):
        if story == RESIDUE:
            continue
        if story == current:
            extents[-1] = (extents[-1][0], i)
        else:
            extents.append((i, i))
        current = story
    return extents


def _lines(path: Path) -> list[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            return [line for line in file if line.strip()]
    except (OSError, EOFError) as error:
        raise CorruptArtifactError(f"{path}: not a whole gzip file ({error})") from error
