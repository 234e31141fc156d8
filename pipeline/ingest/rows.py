"""One row of a source to one article: the documented columns, checked.

Topics may be given by the keys of the taxonomy (``economy``) or by its ids (``medtop:04000000``),
countries as ISO 3166-1 alpha-2 codes in either case. White space is squeezed; nothing else of the
text is touched.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.ingest.sources import RawRow, Reject
from pipeline.labels import IPTC, Taxonomy
from pipeline.records import Article
from pipeline.taxonomy import is_country

FORMS = ("full", "medium", "brief", "broadcast")
BRIEF_WORDS = 90  # longest brief and longest medium story of the starter corpus
MEDIUM_WORDS = 172
NOWHERE = ("XX", "EU")  # no country in focus, or a union of them: accepted, and names no country
_WORD = re.compile(r"\w+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Row(Struct, frozen=True):
    """The columns of a source. Lists may be given as one string with ``;`` between items.

    ``topic`` and ``label`` stand in for ``topics`` where it is not given.
    """

    topics: list[str | int] | str | int | None = None
    topic: list[str | int] | str | int | None = None
    label: list[str | int] | str | int | None = None
    id: str | int | None = None
    countries: list[str] | str | None = None
    form: str | None = None
    headline: str | None = None
    title: str | None = None
    kicker: str | None = None
    byline: str | None = None
    dateline: str | None = None
    caption: str | None = None
    text: str | None = None
    paragraphs: list[str] | str | None = None


COLUMNS = frozenset(Row.__struct_fields__)


class _FaultError(ValueError):
    """Why a row cannot become an article."""


def check_row(raw: RawRow, taxonomy: Taxonomy = IPTC) -> Article | Reject:
    """Make an article of a row, or say why not. Its id is derived from its words if none is given.

    >>> check_row(RawRow("a.jsonl", 3, {"topics": ["golf"], "text": "A round."})).reason
    "unknown topic 'golf': data/iptc.csv has no such key or id"
    """
    try:
        _check_characters(raw.values)
        return _article(msgspec.convert(raw.values, Row), taxonomy)
    except msgspec.ValidationError as error:
        return raw.reject(str(error))
    except _FaultError as error:
        return raw.reject(str(error))


def words(article: Article) -> list[str]:
    """Return the words of headline and paragraphs, case-folded: what makes two texts one."""
    return _WORD.findall(unicodedata.normalize("NFKC", article.text).casefold())


def content_hash(article: Article) -> str:
    """Hash the words of an article: 64 hexadecimal digits, equal for equal words."""
    return hashlib.sha256(" ".join(words(article)).encode("utf-8")).hexdigest()


def _article(row: Row, taxonomy: Taxonomy) -> Article:
    paragraphs = _paragraphs(row)
    article = Article(
        id=_squeeze(str(row.id)) if row.id is not None else "",
        topics=_topics(row, taxonomy),
        countries=tuple(c for c in _keys(row.countries or (), _country) if c not in NOWHERE),
        paragraphs=paragraphs,
        form=_form(row.form, paragraphs),
        headline=_line(row.headline) or _line(row.title),
        kicker=_line(row.kicker),
        byline=_line(row.byline),
        dateline=_line(row.dateline),
        caption=_line(row.caption),
    )
    if not article.topics:
        raise _FaultError("no topic")
    if article.id:
        return article
    return msgspec.structs.replace(article, id=f"text-{content_hash(article)[:16]}")


def _paragraphs(row: Row) -> tuple[str, ...]:
    given = row.paragraphs if row.paragraphs else row.text
    if given is None:
        raise _FaultError("no text: give `text` or `paragraphs`")
    pieces = [given] if isinstance(given, str) else given
    lines = (_squeeze(line) for piece in pieces for line in piece.splitlines())
    paragraphs = tuple(line for line in lines if line)
    if not any(_WORD.search(paragraph) for paragraph in paragraphs):
        raise _FaultError("the text has no words")
    return paragraphs


def _form(form: str | None, paragraphs: Sequence[str]) -> str:
    if form is not None and form.strip():
        if form.strip() not in FORMS:
            raise _FaultError(f"unknown form {form!r}: use one of {', '.join(FORMS)}")
        return form.strip()
    count = sum(len(paragraph.split()) for paragraph in paragraphs)
    return "brief" if count <= BRIEF_WORDS else "medium" if count <= MEDIUM_WORDS else "full"


def _topics(row: Row, taxonomy: Taxonomy) -> tuple[str, ...]:
    columns = (row.topics, row.topic, row.label)
    given = next((value for value in columns if value is not None), None)
    if given is None:
        raise _FaultError("no topic: give `topics`")

    def known(name: str) -> str:
        key = taxonomy.key(name)
        if key is None:
            raise _FaultError(f"unknown topic {name!r}: {taxonomy.source} has no such key or id")
        return key

    return _keys([given] if isinstance(given, int) else given, known)


def _keys(given: Sequence[str | int], known: Callable[[str], str]) -> tuple[str, ...]:
    items = given.split(";") if isinstance(given, str) else map(str, given)
    return tuple(dict.fromkeys(known(item.strip()) for item in items if item.strip()))


def _country(code: str) -> str:
    if not is_country(code.upper()) and code.upper() not in NOWHERE:
        raise _FaultError(f"unknown country {code!r}: use ISO 3166-1 alpha-2, like DE")
    return code.upper()


def _check_characters(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise _FaultError("not UTF-8, or half a surrogate pair")
        if found := _CONTROL.search(value):
            raise _FaultError(f"control character U+{ord(found[0]):04X}")
    elif isinstance(value, list):
        for item in value:
            _check_characters(item)
    elif isinstance(value, dict):
        for key in COLUMNS & value.keys():
            _check_characters(value[key])


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _line(text: str | None) -> str | None:
    return (_squeeze(text) or None) if text is not None else None
