"""A label set on disk: the topics of a corpus, as a CSV file that a user can write.

The first line names the columns. ``key`` is what a corpus calls the topic and must be there;
``name`` is what a reader sees (by default the key), ``id`` what other programs know it by (a code
or URI, by default the key), ``description`` phrases of what it covers, with ``;`` between::

    key,name,id,description
    economy,"economy, business and finance",medtop:04000000,"companies, earnings; oil prices"

``data/iptc.csv`` holds the topics that the project is trained on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pipeline.errors import BroadsheetError
from pipeline.taxonomy import TOPICS, TopicEntry

REQUIRED = "key"
COLUMNS = (REQUIRED, "name", "id", "description")


class Label(Struct, frozen=True, omit_defaults=True):
    """A topic: the corpus's ``key``, its ``name`` and ``id`` in the output, what it covers."""

    key: str
    name: str
    id: str
    description: tuple[str, ...] = ()

    @property
    def entry(self) -> TopicEntry:
        """What a trained model keeps of it."""
        return TopicEntry(self.key, self.id, self.name)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Its meaning in words: the name, then the description."""
        return (self.name, *self.description)


class Taxonomy:
    """A label set, the file it comes from, and the spellings by which a corpus names its labels."""

    def __init__(self, labels: Iterable[Label], source: str) -> None:
        self.labels = tuple(labels)
        self.source = source
        self._keys = {name: label.key for label in self.labels for name in _spellings(label)}

    def key(self, name: str) -> str | None:
        """Return the key of a topic given by its key or id, in any case; None if unknown."""
        return self._keys.get(name.casefold())


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    :raises BroadsheetError: it is missing or no such table, has fewer than two topics, or says
        something twice; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BroadsheetError(
            f"{path} is not here: check the name (ingest.taxonomy in params.yaml)"
        ) from error
    except OSError as error:
        raise BroadsheetError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BroadsheetError(f"{path} is not UTF-8: save it as UTF-8") from error
    labels: list[Label] = []
    taken: set[str] = set()
    for line, cells in _table(path, text):
        label = _label(path, line, cells)
        if again := sorted(_spellings(label) & taken):
            raise BroadsheetError(
                f"{path}:{line}: {again[0]!r} is another topic's key or id: give each once"
            )
        taken |= _spellings(label)
        labels.append(label)
    if len(labels) < 2:
        raise BroadsheetError(f"{path} has {len(labels)} topics, and there must be two: add rows")
    return Taxonomy(labels, str(path))


def _table(path: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row that is not blank, with the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise BroadsheetError(f"{path}:{reader.line_num}: broken CSV: {error}") from error
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise BroadsheetError(f"{path} is empty: let the first line name the columns")
    header = rows[0][1]
    _check_header(path, header)
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            raise BroadsheetError(
                f"{path}:{line}: {len(cells)} cells, but {len(header)} columns: "
                "put a cell with a comma in double quotes"
            )
        yield line, dict(zip(header, cells, strict=True))


def _check_header(path: Path, header: Sequence[str]) -> None:
    known = ", ".join(COLUMNS)
    if REQUIRED not in header:
        raise BroadsheetError(f"{path} has no column `key`: the columns are {known}")
    if len(set(header)) < len(header):
        raise BroadsheetError(f"{path}: a column is named twice in the first line")
    if unknown := sorted(set(header) - set(COLUMNS)):
        raise BroadsheetError(f"{path}: unknown column {unknown[0]!r}: the columns are {known}")


def _label(path: Path, line: int, cells: dict[str, str]) -> Label:
    key = cells[REQUIRED]
    if not key:
        raise BroadsheetError(f"{path}:{line}: the row has no key")
    if odd := next((cell for cell in cells.values() if not cell.isprintable()), None):
        raise BroadsheetError(f"{path}:{line}: {odd!r} holds a character that cannot be printed")
    if ";" in key:
        raise BroadsheetError(f"{path}:{line}: {key!r} has a `;`, which stands between topics")
    phrases = (phrase.strip() for phrase in cells.get("description", "").split(";"))
    return Label(
        key,
        cells.get("name") or key,
        cells.get("id") or key,
        tuple(phrase for phrase in phrases if phrase),
    )


def _spellings(label: Label) -> set[str]:
    """Name a label by its key and id; an IPTC id also by its digits."""
    return {name.casefold() for name in (label.key, label.id, label.id.removeprefix("medtop:"))}


IPTC = Taxonomy((Label(topic.key, topic.name, topic.id) for topic in TOPICS), "data/iptc.csv")
"""The topics of ``data/iptc.csv``, without their descriptions."""
