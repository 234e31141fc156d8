from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.reader import reader as module
from pipeline.reader.reader import PageReader, PageUnits, UnitReader, packaged_tokenizer
from pipeline.units import find_units
from tests.encoders import HashedEncoder
from tests.reader.small import small_network

PAGES = [
    "It rained.",
    " ".join(f"On day {i} it rained again over the harbour and the town." for i in range(120)),
    "Most Popular\nHome\n\nGales closed the ports. Ships stayed in harbour.",
]


def units(text: str) -> PageUnits:
    found = find_units(text)
    return PageUnits(found, [text[unit.start : unit.end] for unit in found])


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> PageReader:
    """A reader over the small network."""
    network = small_network()
    monkeypatch.setattr(module, "load_reader", lambda _: (network, packaged_tokenizer()))
    return PageReader(Path("nowhere"))


def test_every_unit_of_every_page_is_read(reader: PageReader) -> None:
    for text, reading in zip(PAGES, reader.read([units(text) for text in PAGES]), strict=True):
        count = len(find_units(text))
        assert [len(field) for field in reading] == [count] * 4
        np.testing.assert_allclose(np.linalg.norm(reading.vectors, axis=1), 1.0, atol=1e-5)
        np.testing.assert_allclose(np.exp(reading.roles).sum(axis=1), 1.0, atol=1e-5)
        assert np.isfinite(reading.boundary).all()


def test_a_page_reads_the_same_alone_and_in_company(reader: PageReader) -> None:
    together = reader.read([units(text) for text in PAGES])
    for text, reading in zip(PAGES, together, strict=True):
        (alone,) = reader.read([units(text)])
        for one, other in zip(alone, reading, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_what_stands_around_a_unit_changes_how_it_is_read(reader: PageReader) -> None:
    one, other = reader.read([units("It rained. It poured."), units("It snowed. It poured.")])
    assert abs(one.boundary[1] - other.boundary[1]) > 1e-6


def test_no_page_gives_no_reading(reader: PageReader) -> None:
    assert reader.read([]) == []


def test_a_reader_of_units_has_vectors_and_nothing_to_say() -> None:
    readings = UnitReader(HashedEncoder()).read([units(text) for text in PAGES])
    for text, reading in zip(PAGES, readings, strict=True):
        pieces = units(text).pieces
        np.testing.assert_array_equal(reading.vectors, HashedEncoder().encode(pieces))
        assert not reading.boundary.any() and not reading.roles.any()
