from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cached import encoder as module
from pipeline.cached import keys, lookup
from pipeline.cached.encoder import CachedEncoder, cached_encoder
from pipeline.cached.reader import CODE, CachedReader, cached_reader
from pipeline.embed import __main__ as stage
from pipeline.embed.texts import head_texts
from pipeline.labels import IPTC
from pipeline.reader.reader import PageUnits, Reading, UnitReader
from pipeline.records import UNIT_ROLES
from pipeline.serving.card import Card, write_card
from pipeline.serving.network import Export
from pipeline.store import layout
from pipeline.store.cache import FOLDER, Cache
from pipeline.store.jsonl import write_records
from pipeline.store.vectors import read_vectors
from pipeline.units import Unit, find_units
from tests.encoders import HashedEncoder
from tests.tiny import some_articles

PAGES = [
    "It rained.",
    "Most Popular\nHome\n\nGales closed the ports. Ships stayed in harbour.",
    "It rained.",
]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache."""
    return Cache(tmp_path / "cache.sqlite", 1 << 28)


class CountingReader(UnitReader):
    """A reader whose answers differ from page to page; ``seen`` lists the pages it read."""

    def __init__(self) -> None:
        super().__init__(HashedEncoder())
        self.seen: list[str] = []

    def read(self, pages: Sequence[PageUnits]) -> list[Reading]:
        self.seen.extend(page.text for page in pages)
        return [
            Reading(
                units,
                vectors,
                boundary + len(page.text),
                roles - np.float32(0.1),
                cut_off - np.float32(1 / 3),
            )
            for page, (units, vectors, boundary, roles, cut_off) in zip(
                pages, super().read(pages), strict=True
            )
        ]


class InMemory(Cache):
    """A cache that is a dictionary."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return {key: self.values[key] for key in keys if key in self.values}

    def put(self, values: Mapping[bytes, bytes]) -> None:
        self.values.update(values)


def units(text: str) -> PageUnits:
    return PageUnits(text, find_units(text))


@given(st.lists(st.text(max_size=20), max_size=8))
def test_vectors_are_the_encoders_own_to_the_last_bit(texts: list[str]) -> None:
    cache, plain = InMemory(), HashedEncoder()
    for _ in range(2):
        found = CachedEncoder(HashedEncoder(), cache, "0").encode(texts)
        assert found.dtype == np.float32
        assert np.array_equal(found, plain.encode(texts))


def test_only_what_is_new_reaches_the_encoder(cache: Cache) -> None:
    first, second = HashedEncoder(), HashedEncoder()
    before = cached_encoder(first, cache, "0").encode(["rain", "snow", "rain"])
    later = CachedEncoder(second, cache, "0")
    after = later.encode(["hail", "snow", "rain"])
    assert (first.seen, second.seen) == (["rain", "snow"], ["hail"])
    assert (later.asked, later.new) == (3, 1)
    assert np.array_equal(after[1:], before[[1, 0]])
    assert len(later.encode([])) == 0


def test_what_was_encoded_before_a_failure_is_kept(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "AT_ONCE", 4)
    texts = [f"text {i}" for i in range(10)]

    class Failing(HashedEncoder):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            if "text 8" in texts:
                raise RuntimeError("killed")
            return super().encode(texts)

    with pytest.raises(RuntimeError, match="killed"):
        CachedEncoder(Failing(), cache, "0").encode(texts)
    after = HashedEncoder()
    CachedEncoder(after, cache, "0").encode(texts)
    assert after.seen == ["text 8", "text 9"]


def test_a_page_is_read_once_and_its_reading_is_the_same(cache: Cache) -> None:
    plain = CountingReader().read([units(text) for text in PAGES])
    for expected in (["It rained.", PAGES[1]], []):
        inner = CountingReader()
        found = cached_reader(inner, cache, "0").read([units(text) for text in PAGES])
        assert inner.seen == expected
        for one, other in zip(found, plain, strict=True):
            assert one.units == other.units
            assert all(isinstance(unit, Unit) for unit in one.units)
            for own, rows in zip(one[1:], other[1:], strict=True):
                assert own.dtype == rows.dtype == np.float32
                assert np.array_equal(own, rows)
        assert found[1].roles.shape[1] == len(UNIT_ROLES)


def test_other_files_give_other_entries(cache: Cache, tmp_path: Path) -> None:
    """The fingerprint names the weights; how they were exported is told by the files."""
    folder = tmp_path / "export"
    folder.mkdir()
    seen = []
    for graph in (b"one graph", b"another", b"one graph"):
        (folder / "stories.onnx").write_bytes(graph)
        inner, reader = HashedEncoder(), CountingReader()
        digest = Export(folder).digest
        CachedEncoder(inner, cache, digest).encode(["rain"])
        CachedReader(reader, cache, digest).read([units("It rained.")])
        seen.append((inner.seen, reader.seen))
    assert seen == [(["rain"], ["It rained."]), (["rain"], ["It rained."]), ([], [])]


def test_what_was_not_exported_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    for exported in (True, False):
        write_card(tmp_path, Card("own", "own@0", None, exported=exported))
        assert (keys.cache_for(Export(tmp_path)) is not None) == exported


def test_a_page_in_other_units_is_another_page(cache: Cache) -> None:
    inner = CountingReader()
    reader = CachedReader(inner, cache, "0")
    text = "It rained. It snowed."
    reader.read([units(text)])
    reader.read([PageUnits(text, [Unit(0, len(text), 0, True)])])
    assert inner.seen == [text, text]


def test_an_entry_is_known_by_all_that_it_hangs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {keys.namespace(name, code) for name in "ab" for code in (CODE, module.CODE)}
    assert len(found) == 4
    monkeypatch.setattr(keys, "LIBRARIES", ("numpy", "no such library"))
    keys.namespace.cache_clear()
    found.add(keys.namespace("a", CODE))
    assert len(found) == 5
    shutil.copytree(keys.ROOT, tmp_path / "pipeline")
    monkeypatch.setattr(keys, "ROOT", tmp_path / "pipeline")
    keys.namespace.cache_clear()
    assert keys.namespace("a", CODE) in found, "where the code lies says nothing"
    with (tmp_path / "pipeline/reader/windows.py").open("a", encoding="utf-8") as file:
        file.write("\n")
    keys.namespace.cache_clear()
    found.add(keys.namespace("a", CODE))
    keys.namespace.cache_clear()
    assert len(found) == 6


def test_the_code_that_is_named_is_there() -> None:
    for name in {*CODE, *module.CODE}:
        assert (keys.ROOT / name).exists()


def test_ten_more_stories_encode_ten_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER, str(tmp_path / "cache"))
    articles = some_articles()
    write_records(layout.TEST_PAGES, [])
    write_records(layout.CUT_PAGES, [])
    write_records(layout.TAXONOMY, IPTC.labels)
    expected = [
        len(set(head_texts(articles[:count], [], IPTC.labels))) for count in (140, 150, 150)
    ]
    write_card(layout.EXPORT, Card("hashed", "hashed@0", None, exported=True))
    seen: list[list[str]] = []
    for count in (140, 150, 150):
        encoder = HashedEncoder()
        monkeypatch.setattr(stage, "open_encoder", lambda _, own=encoder: own)
        write_records(layout.ARTICLES, articles[:count])
        stage.main()
        seen.append(encoder.seen)
        assert len(read_vectors(layout.STORY_VECTORS, "hashed@0")) == len(
            set(head_texts(articles[:count], [], IPTC.labels))
        )
    known = set(head_texts(articles[:140], [], IPTC.labels))
    assert len(seen[0]) == len(set(seen[0])) == expected[0]
    assert set(seen[1]) == set(head_texts(articles[140:], [], IPTC.labels)) - known
    assert seen[2] == []
    assert f"embed: {expected[2]} texts, {expected[2]} of them" in capsys.readouterr().err
