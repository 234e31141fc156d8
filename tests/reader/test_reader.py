from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reference import TorchPages
from pipeline.reader import reader as module
from pipeline.reader.reader import (
    PageReader,
    PageUnits,
    PieceAnswers,
    TokenStates,
    UnitReader,
    _runs,
)
from pipeline.reader.sheets import Batch
from pipeline.reader.tokens import HEAD, TAIL, UnitTokens
from pipeline.reader.windows import MARGIN, plan_windows
from pipeline.units import find_units
from tests.encoders import HashedEncoder
from tests.reader.small import small_network

PAGES = [
    "It rained.",
    " ".join(f"On day {i} it rained again over the harbour and the town." for i in range(120)),
    "Most Popular\nHome\n\nGales closed the ports. Ships stayed in harbour.",
]


def units(text: str) -> PageUnits:
    return PageUnits(text, find_units(text))


@pytest.fixture
def reader() -> PageReader:
    """A reader over the small network."""
    return PageReader(TorchPages(small_network()))


def test_every_unit_of_every_page_is_read(reader: PageReader) -> None:
    for text, reading in zip(PAGES, reader.read([units(text) for text in PAGES]), strict=True):
        assert {len(field) for field in reading} == {len(reading.units)}
        starts = {unit.start for unit in reading.units}
        assert starts >= {unit.start for unit in find_units(text)}
        inked = [text[unit.start : unit.end] for unit in reading.units]
        assert "".join("".join(inked).split()) == "".join(text.split())
        np.testing.assert_allclose(np.linalg.norm(reading.vectors, axis=1), 1.0, atol=1e-5)
        np.testing.assert_allclose(np.exp(reading.roles).sum(axis=1), 1.0, atol=1e-5)
        assert np.isfinite(reading.boundary).all()


def test_a_page_reads_the_same_alone_and_in_company(reader: PageReader) -> None:
    together = reader.read([units(text) for text in PAGES])
    for text, reading in zip(PAGES, together, strict=True):
        (alone,) = reader.read([units(text)])
        assert alone.units == reading.units
        for one, other in zip(alone[1:], reading[1:], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_what_stands_around_a_unit_changes_how_it_is_read(reader: PageReader) -> None:
    one, other = reader.read([units("It rained. It poured."), units("It snowed. It poured.")])
    assert abs(one.boundary[-1] - other.boundary[-1]) > 1e-6


@pytest.mark.parametrize(("threshold", "count"), [(-np.inf, 5), (np.inf, 2)])
def test_units_are_split_before_words_where_the_network_is_sure(
    reader: PageReader, monkeypatch: pytest.MonkeyPatch, threshold: float, count: int
) -> None:
    monkeypatch.setattr(module, "SPLIT", threshold)
    text = "Rain, fog (Reuters)\nIt poured."
    (reading,) = reader.read([units(text)])
    pieces = [text[unit.start : unit.end] for unit in reading.units]
    assert len(pieces) == count
    assert " ".join(pieces) == " ".join(text.split())
    assert [unit.breaks for unit in reading.units].count(1) == 1


class Numbered:
    """A network whose answer to everything in a window is how many it has read before."""

    fingerprint = "numbered"

    def __init__(self) -> None:
        self.read: list[int] = []
        self.tokenizer = TorchPages(small_network()).tokenizer

    def states(self, batch: Batch) -> TokenStates:
        states = np.full((*batch.ids.shape, 2), len(self.read), dtype=np.float32)
        self.read.append(batch.ids.size)
        return TokenStates(states, np.full(batch.ids.shape, -1.0, dtype=np.float32))

    def answers(self, anchors: npt.NDArray[np.float32]) -> PieceAnswers:
        roles = np.zeros((len(anchors), 9), dtype=np.float32)
        return PieceAnswers(anchors[:, 0], anchors[:, 1], roles)


def test_what_stands_in_two_windows_is_read_as_their_mean_by_how_far_they_reach() -> None:
    network = Numbered()
    page = units(" ".join("It rained." for _ in range(150)))
    ((_, _, boundary, _, _),) = PageReader(network, side_by_side=False).read([page])
    first, second = network.read
    assert boundary[0] == 0 and boundary[-1] == 1
    assert (np.diff(boundary) >= 0).all()
    tokens = 150 * 4  # a mark, "it", "rained", "."
    start = tokens - (second - 2)
    shared = range(start // 4, (first - 2) // 4)
    assert len(shared) * 4 >= 2 * MARGIN
    for unit in shared:
        at = unit * 4
        one, other = min(at + 1, first - 2 - at), min(at - start + 1, tokens - at)
        expected = other**0.5 / (one**0.5 + other**0.5)
        np.testing.assert_allclose(boundary[unit], expected, rtol=1e-5)


@given(
    lengths=st.lists(st.integers(1, 1 + HEAD + TAIL), min_size=1, max_size=60),
    seed=st.integers(0, 2**32 - 1),
)
def test_law_every_token_once_has_the_weighted_mean_of_its_windows(
    lengths: list[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    tokens = [UnitTokens(*(np.zeros(n, dtype=np.int32) for _ in range(3))) for n in lengths]
    windows = plan_windows(lengths)
    ends = np.cumsum([0, *lengths])
    spans = [(int(ends[w.start]), int(ends[w.end])) for w in windows]
    said = [rng.normal(size=(b - a, 3)).astype(np.float32) for a, b in spans]
    total, weight = np.zeros((ends[-1], 3)), np.zeros((ends[-1], 1))
    for (a, b), rows in zip(spans, said, strict=True):
        near = np.arange(b - a) + 1.0
        own = np.minimum(near, near[::-1])[:, None] ** 0.5
        total[a:b] += own * rows
        weight[a:b] += own
    left = iter(said)
    runs = list(_runs(tokens, windows, left))
    assert next(left, None) is None
    assert [len(unit.ids) for sheet, _ in runs for unit in sheet.units] == lengths
    assert all(sheet.units and rows.dtype == np.float32 for sheet, rows in runs)
    np.testing.assert_allclose(
        np.concatenate([rows for _, rows in runs]), total / weight, atol=1e-5
    )


def test_no_thread_is_left_where_an_answer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    network = Numbered()

    def broken(anchors: npt.NDArray[np.float32]) -> PieceAnswers:
        raise ValueError("no head")

    network.answers = broken  # type: ignore[method-assign]
    before = threading.active_count()
    page = units(" ".join("It rained." for _ in range(400)))
    with pytest.raises(ValueError, match="no head") as fault:
        PageReader(network).read([page])
    assert fault.tb is not None and threading.active_count() == before


def test_a_page_of_one_window_is_not_mixed_with_another() -> None:
    network = Numbered()
    readings = PageReader(network, side_by_side=False).read([units(PAGES[0]), units(PAGES[2])])
    assert [set(reading.boundary.tolist()) for reading in readings] == [{0.0}, {1.0}]


def test_no_page_gives_no_reading(reader: PageReader) -> None:
    assert reader.read([]) == []


def test_a_reader_of_units_has_vectors_and_nothing_to_say() -> None:
    readings = UnitReader(HashedEncoder()).read([units(text) for text in PAGES])
    for text, reading in zip(PAGES, readings, strict=True):
        pieces = PageUnits(text, reading.units).pieces
        np.testing.assert_array_equal(reading.vectors, HashedEncoder().encode(pieces))
        assert not reading.boundary.any() and not reading.roles.any()


def test_without_context_units_are_split_by_their_form() -> None:
    text = "OIL: OSLO (Reuters) - It fell.\nIt rose."
    (reading,) = UnitReader(HashedEncoder()).read([units(text)])
    pieces = PageUnits(text, reading.units).pieces
    assert pieces == ["OIL:", "OSLO (Reuters) -", "It fell.", "It rose."]
