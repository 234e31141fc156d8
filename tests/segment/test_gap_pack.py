"""Gaps of pages without their text: what is kept, what is read again, and what they teach."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.reader.reader import UnitReader
from pipeline.segment import __main__ as stage
from pipeline.segment import fit
from pipeline.segment.features import GapTraits
from pipeline.segment.fit import fit_segmenter, lessons_of
from pipeline.segment.gap_pack import read_gaps, write_gaps
from pipeline.segment.lessons import GapPage, gap_lesson, gap_page
from pipeline.segment.models import page_gaps
from pipeline.segment.segmenter import Segmenter
from pipeline.segment.tables import page_tables
from pipeline.store import layout
from tests.encoders import HashedEncoder
from tests.tiny import PARAMS, some_pages, tiny_segmenter

Rows = npt.NDArray[Any]
READER = "reader@0123"
PAGES = some_pages(30, 5)


@lru_cache
def described() -> tuple[GapPage, ...]:
    """Pages that the tiny segmenter was not fitted on, through its eyes."""
    model = tiny_segmenter()
    tables = page_tables([page.text for page in PAGES], UnitReader(HashedEncoder()))
    pages = [
        gap_page(each, model.roles.probabilities(each.table), model.space)
        for each in lessons_of(tables, PAGES)
    ]
    return tuple(page for page in pages if page is not None)


def fitted(*more: GapPage) -> Segmenter:
    pages = some_pages()
    tables = page_tables([page.text for page in pages], UnitReader(HashedEncoder()))
    return fit_segmenter(tables, pages, PARAMS, more=[gap_lesson(page) for page in more])


def test_a_page_is_read_as_it_was_written_to_sixteen_bits(tmp_path: Path) -> None:
    write_gaps(tmp_path / "gaps", described(), READER)
    reader, pages = read_gaps(tmp_path / "gaps")
    assert reader == READER
    assert len(pages) == len(described()) > 20
    for found, own in zip(pages, described(), strict=True):
        for name in GapTraits._fields:
            kept = getattr(own.traits, name).astype(np.float16)
            np.testing.assert_array_equal(getattr(found.traits, name), kept.astype(np.float32))
        for name in ("starts", "cut", "told"):
            np.testing.assert_array_equal(getattr(found, name), getattr(own, name))
        assert (found.fold, found.single) == (own.fold, own.single)
        assert gap_lesson(found).gaps.rows.shape == gap_lesson(own).gaps.rows.shape


def test_equal_pages_are_equal_files_without_a_word_of_text(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_gaps(tmp_path / name, described(), READER)
    data = (tmp_path / "one").read_bytes()
    assert data == (tmp_path / "two").read_bytes()
    words = {word for page in PAGES for word in re.findall(r"[A-Za-z]{6,}", page.text)}
    assert len(words) > 500
    names = {*load_file(tmp_path / "one"), "reader"}
    assert not [word for word in words - names if word.encode() in data]


def test_the_rows_of_a_lesson_are_those_that_the_segmenter_sees() -> None:
    model = tiny_segmenter()
    tables = page_tables([page.text for page in PAGES], UnitReader(HashedEncoder()))
    seen = [page_gaps(table, model.roles.probabilities(table), model.space) for table in tables]
    assert all(len(gaps.kept) for gaps in seen)
    for gaps, page in zip(seen, described(), strict=True):
        lesson = gap_lesson(page)
        np.testing.assert_array_equal(lesson.gaps.rows, gaps.rows)
        np.testing.assert_array_equal(lesson.gaps.read, gaps.read)


def test_a_page_tells_where_its_stories_start() -> None:
    for page, own in zip(PAGES, described(), strict=True):
        cut = own.cut == 1
        begun = [
            next(n for n, story in enumerate(page.stories) if story.end > start)
            for start in own.starts[:-1][cut]
        ]
        for number, end in zip(begun, own.starts[1:][cut], strict=True):
            assert page.stories[number].start < end  # residue may stand before it in its first unit
        assert begun == sorted(set(begun))  # each once, in order
        assert not own.told[0]
        assert (own.cut[~own.told] == 0).all()
        assert own.single == (len(page.stories) == 1)


@pytest.mark.parametrize("name", ["cut", "told", "starts", "counts", "folds", "single", "forms"])
def test_a_file_with_rows_missing_is_not_read(tmp_path: Path, name: str) -> None:
    write_gaps(tmp_path / "gaps", described(), READER)
    data = load_file(tmp_path / "gaps")
    data[name] = data[name][:-1].copy()
    save_file(data, tmp_path / "gaps", metadata={"reader": READER})
    with pytest.raises(
        CorruptArtifactError, match="holds no gaps of pages: run `git checkout data/gaps`"
    ):
        read_gaps(tmp_path / "gaps")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("counts", lambda rows: np.concatenate([[0, rows[0]], rows[1:], [0]]).astype(np.int32)),
        ("counts", lambda rows: rows.astype(np.float32)),
        ("cut", lambda rows: rows + 7),
        ("cut", lambda rows: rows[:, None]),
        ("folds", lambda rows: np.full(len(rows), np.inf, dtype=np.float32)),
        ("starts", lambda rows: rows[::-1].copy()),
        ("asked", lambda rows: rows[:, 0].copy()),
        ("likely", lambda rows: rows[..., None]),
        ("forms", lambda rows: np.full_like(rows, np.inf)),
        ("forms", lambda rows: rows.astype(np.int32)),
    ],
)
def test_a_file_with_other_rows_is_not_read(
    tmp_path: Path, name: str, change: Callable[[Rows], Rows]
) -> None:
    write_gaps(tmp_path / "gaps", described(), READER)
    data = load_file(tmp_path / "gaps")
    data[name] = change(data[name])
    save_file(data, tmp_path / "gaps", metadata={"reader": READER})
    with pytest.raises(CorruptArtifactError, match="holds no gaps of pages"):
        read_gaps(tmp_path / "gaps")


def test_gaps_of_another_version_are_named_with_the_remedy() -> None:
    narrow = [
        page._replace(traits=page.traits._replace(forms=page.traits.forms[:, 1:]))
        for page in described()
    ]
    with pytest.raises(CorruptArtifactError, match=r"described otherwise .* run `make gaps`"):
        fitted(*narrow)


def test_no_gap_is_scored_by_a_model_that_has_met_its_fold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lessons = [gap_lesson(page._replace(fold=i % 3)) for i, page in enumerate(described())]
    monkeypatch.setattr(
        fit, "_fit_boundary", lambda own, _: frozenset(each.page.fold for each in own)
    )
    monkeypatch.setattr(fit, "raw_log_odds", lambda taught, _: taught)
    whole, scores = fit._fit_boundary_and_score(lessons, PARAMS)
    assert whole == {0, 1, 2}
    assert [*scores] == [{0, 1, 2} - {lesson.page.fold} for lesson in lessons]


def test_other_files_are_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="run `git checkout data/gaps`"):
        read_gaps(tmp_path / "gaps")
    save_file({"cut": np.zeros(3, dtype=np.uint8)}, tmp_path / "gaps")
    with pytest.raises(CorruptArtifactError, match="holds no gaps of pages"):
        read_gaps(tmp_path / "gaps")
    with pytest.raises(CorruptArtifactError, match="holds no gaps of pages"):
        read_gaps(tmp_path)
    (tmp_path / "gaps").write_bytes(b"no tensors")
    with pytest.raises(CorruptArtifactError, match="git checkout"):
        read_gaps(tmp_path / "gaps")


def test_the_gaps_of_other_readers_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    params = msgspec.structs.replace(PARAMS, real_pages=True)
    with pytest.raises(MissingArtifactError, match="git checkout"):
        stage.real_gaps(params, READER)
    write_gaps(layout.GAPS, described(), READER)
    found = stage.real_gaps(params, f"{READER}:int8")  # rounded or not, the same weights
    assert len(found) == len(described())
    assert capsys.readouterr().err == ""
    assert stage.real_gaps(params, "reader@4567") == []
    assert "another reader read it: make it anew with `make gaps`" in capsys.readouterr().err
    assert stage.real_gaps(PARAMS, READER) == []  # none are asked for


def test_gaps_teach_where_to_cut_and_nothing_else(tmp_path: Path) -> None:
    for name, model in (("without", tiny_segmenter()), ("with", fitted(*described()))):
        model.save(tmp_path / name)
    changed = {
        path.name
        for path in (tmp_path / "with").iterdir()
        if path.read_bytes() != (tmp_path / "without" / path.name).read_bytes()
    }
    assert changed == {"boundary.safetensors", "tables.safetensors", "settings.json"}


def test_what_gaps_teach_is_heeded() -> None:
    """Pages in which nothing is ever cut leave fewer cuts, and more of them fewer still."""
    never = [page._replace(cut=np.zeros_like(page.cut)) for page in described()]

    def cuts(model: Segmenter) -> int:
        return sum(
            len(model.cut(page.text, HashedEncoder()).stories) - 1 for page in some_pages(20, 77)
        )

    none, once, often = cuts(tiny_segmenter()), cuts(fitted(*never)), cuts(fitted(*never * 20))
    assert none > once > 4 * often
