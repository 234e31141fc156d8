"""Rows to a corpus: check, drop duplicates, group, split. The order of the rows does not matter.

Every row ends up in one of three places: an article, a reject (the row is at fault) or a
duplicate (the row is fine, but another says the same).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pipeline.errors import BroadsheetError
from pipeline.ingest.duplicates import (
    SOFT,
    exact_duplicates,
    fullest_first,
    groups,
    near_duplicates,
    similar_pairs,
)
from pipeline.ingest.rows import COLUMNS, check_row
from pipeline.ingest.sources import RawRow, Reject, read_source
from pipeline.ingest.splitting import by_group, fold_of, held_out
from pipeline.labels import IPTC, Taxonomy
from pipeline.params import IngestParams
from pipeline.records import Article


class Corpus(Struct, frozen=True):
    """What became of the rows. ``articles`` are sorted by id, the others by source and line.

    ``unused`` maps a source to its columns that nothing reads.
    """

    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]
    duplicates: tuple[Reject, ...]
    unused: dict[str, tuple[str, ...]]


class Candidate(NamedTuple):
    """An article and the row it came from."""

    row: RawRow
    article: Article


def build_corpus(params: IngestParams, taxonomy: Taxonomy = IPTC) -> Corpus:
    """Read and check every source, then drop duplicates and split.

    :raises UsageError: a source is of no known kind.
    :raises BroadsheetError: a source cannot be read, or no article is accepted.
    """
    corpus = corpus_of(read_rows(params.sources), params, taxonomy)
    if not corpus.articles:
        first = f"; first reject: {corpus.rejects[0]}" if corpus.rejects else ": there are no rows"
        raise BroadsheetError(f"no article accepted from {', '.join(params.sources)}{first}")
    return corpus


def read_rows(sources: Iterable[str]) -> list[RawRow | Reject]:
    """Read the rows of every source, in order.

    :raises BroadsheetError: a source cannot be read or is of no known kind.
    """
    return [row for source in sources for row in read_source(Path(source))]


def corpus_of(
    rows: Iterable[RawRow | Reject], params: IngestParams, taxonomy: Taxonomy = IPTC
) -> Corpus:
    """Make a corpus of rows. The same rows in any order give the same articles."""
    candidates: list[Candidate] = []
    rejects: list[Reject] = []
    unused: dict[str, set[str]] = {}
    for row in rows:
        checked = row if isinstance(row, Reject) else check_row(row, taxonomy)
        if isinstance(row, RawRow) and (extra := row.values.keys() - COLUMNS):
            unused.setdefault(row.source, set()).update(extra)
        if isinstance(checked, Reject):
            rejects.append(checked)
        elif isinstance(row, RawRow):
            candidates.append(Candidate(row, checked))
    candidates.sort(key=lambda candidate: fullest_first(candidate.article))
    candidates, same = _drop_exact(candidates)
    candidates, clashes = _drop_clashes(candidates)
    articles, near = _drop_near(candidates, params)
    return Corpus(
        articles=tuple(articles),
        rejects=_in_order(rejects + clashes),
        duplicates=_in_order(same + near),
        unused={source: tuple(sorted(names)) for source, names in sorted(unused.items())},
    )


def check_size(corpus: Corpus, folds: int) -> None:
    """Refuse a corpus too small to train and test on.

    :raises BroadsheetError: the test part or a fold is empty, or there is one topic.
    """
    train = [article for article in corpus.articles if article.split == "train"]
    if len(train) == len(corpus.articles) or len({a.fold for a in train}) < folds:
        raise BroadsheetError(
            f"{len(corpus.articles)} articles are too few for a test part and {folds} folds: "
            "add articles, or lower ingest.folds in params.yaml"
        )
    known = {topic for article in train for topic in article.topics}
    if len(known) < 2:
        raise BroadsheetError(
            f"the training part has {len(known)} topics, and nothing is learned from fewer than "
            "two: add articles with other topics"
        )


def _drop_exact(candidates: list[Candidate]) -> tuple[list[Candidate], list[Reject]]:
    again = exact_duplicates([candidate.article for candidate in candidates])
    rejects = [
        candidates[position].row.reject(f"duplicate of {_name(candidates[first])}")
        for position, first in again.items()
    ]
    return [one for position, one in enumerate(candidates) if position not in again], rejects


def _drop_clashes(candidates: list[Candidate]) -> tuple[list[Candidate], list[Reject]]:
    kept: dict[str, Candidate] = {}
    rejects: list[Reject] = []
    for candidate in candidates:
        owner = kept.setdefault(candidate.article.id, candidate)
        if owner is not candidate:
            rejects.append(
                candidate.row.reject(
                    f"id {candidate.article.id!r} belongs to another article "
                    f"({owner.row.source}:{owner.row.line})"
                )
            )
    return list(kept.values()), rejects


def _drop_near(
    candidates: list[Candidate], params: IngestParams
) -> tuple[list[Article], list[Reject]]:
    articles = [candidate.article for candidate in candidates]
    pairs = similar_pairs(articles, SOFT * params.near_duplicate, params.seed)
    dropped = near_duplicates(len(articles), pairs, params.near_duplicate)
    rejects = [
        candidates[position].row.reject(
            f"near duplicate of {_name(candidates[pair.first])} (similarity {pair.similarity:.2f})"
        )
        for position, pair in dropped.items()
    ]
    kept = [article for position, article in enumerate(articles) if position not in dropped]
    left = [pair for pair in pairs if not {pair.first, pair.second} & dropped.keys()]
    joined = groups([article.id for article in articles], left)
    return _split(kept, {article.id: joined[article.id] for article in kept}, params), rejects


def _split(articles: list[Article], group: dict[str, str], params: IngestParams) -> list[Article]:
    gathered = by_group(articles, group)
    test = held_out(gathered, params.test_fraction, params.seed)
    fold = fold_of([one for one in gathered if one.name not in test], params.folds, params.seed)
    return [
        replace(
            article,
            group=group[article.id],
            split="test" if group[article.id] in test else "train",
            fold=fold.get(group[article.id], 0),
        )
        for article in sorted(articles, key=lambda article: article.id)
    ]


def _name(candidate: Candidate) -> str:
    return f"{candidate.article.id} ({candidate.row.source}:{candidate.row.line})"


def _in_order(rejects: list[Reject]) -> tuple[Reject, ...]:
    return tuple(sorted(rejects, key=lambda one: (one.source, one.line, one.reason)))
