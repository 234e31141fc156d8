"""Datasets: JSON Lines, gzipped ones and Parquet, whole and in stretches."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.inputs import InputError
from pipeline.listing import extent, find_datasets, find_inputs
from pipeline.rows import Row, read_rows, stretches

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def lines(path: Path, rows: list[Any]) -> Path:
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def table(path: Path, rows: list[dict[str, Any]], group: int = 3) -> Path:
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist(rows, pyarrow.schema([("text", "string"), ("id", "string")])),
        path,
        row_group_size=group,
    )
    return path


def shown(path: Path) -> list[str | tuple[str, str]]:
    return [one[:2] if isinstance(one, Row) else str(one) for one in read_rows(path)]


@given(st.lists(TEXTS))
def test_law_every_row_comes_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows = [{"text": text, "id": str(i)} for i, text in enumerate(texts)]
    for path in (
        lines(folder / "a.jsonl", rows),
        lines(folder / "a.jsonl.gz", rows),
        table(folder / "a.parquet", rows),
    ):
        assert shown(path) == [(str(i), text) for i, text in enumerate(texts)]


@given(st.integers(0, 12), st.integers(1, 5), st.integers(1, 5))
def test_law_stretches_join_back_to_the_whole(
    tmp_path_factory: pytest.TempPathFactory, count: int, rows: int, group: int
) -> None:
    folder = tmp_path_factory.mktemp("stretches")
    written = [{"text": f"é {i}"} for i in range(count)]
    plain = lines(folder / "a.jsonl", written)
    plain.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\n\n", 1))
    for path in (
        plain,
        lines(folder / "a.jsonl.gz", written),
        table(folder / "a.parquet", written, group),
    ):
        parts = [list(read_rows(path, stretch)) for stretch in stretches(path, rows)]
        assert [row for part in parts for row in part] == list(read_rows(path))
        assert path.suffix == ".gz" or all(len(part) <= rows for part in parts)


def test_a_row_is_named_by_the_first_of_its_names_or_by_its_place(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        [
            {"text": "a", "url": "u", "source": "s", "id": 7},
            {"text": "b", "url": "u", "source": "s", "id": ""},
            {"text": "c", "url": "u", "source": None, "id": [1]},
            {"text": "d", "id": True, "title": "another column"},
        ],
    )
    assert shown(path) == [("7", "a"), ("s", "b"), ("u", "c"), (f"{path}:4", "d")]


def test_a_bad_line_is_named_with_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    deep = b'{"text": "deep", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    bad = [
        b"{",
        b'"text"',
        b"{}",
        b'{"text": 1}',
        b'{"text": "caf\xe9"}',
        b'{"text": "\\u0000"}',
        deep,
    ]
    path.write_bytes(b"\n".join([*bad, b" ", b'{"text": "good"}']))
    *messages, last = shown(path)
    assert last == (f"{path}:9", "good")
    for number, message in enumerate(messages, start=1):
        assert str(message).startswith(f"{path}:{number}: ") and "\n" not in message
    assert len(messages) == len(bad)


def test_a_damaged_file_says_where_and_what_was_read_stays(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl.gz", [{"text": f"{i} {i**9}"} for i in range(5000)])
    path.write_bytes(path.read_bytes()[:-2000])
    *rows, last = read_rows(path)
    assert rows and all(isinstance(row, Row) for row in rows)
    assert str(last).startswith(f"{path}: damaged after line {len(rows)} (")
    path.write_bytes(b"no gzip")
    assert str(next(read_rows(path))).startswith(f"{path}: damaged after line 0 (Not a gzipped")
    other = tmp_path / "a.parquet"
    other.write_bytes(b"no Parquet")
    assert str(next(read_rows(other))).startswith(f"{other}: not a Parquet file (")
    assert [str(one) for one in read_rows(tmp_path / "none.jsonl")] == [
        f"{tmp_path}/none.jsonl: no such file or directory"
    ]


def test_a_table_without_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"body": ["a"], "id": [1]}), path)
    assert shown(path) == [f"{path}: no column text, only body, id"]
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a", None], "id": [1, 2]}), path)
    assert shown(path) == [("1", "a"), f"{path}:2: no text in this row"]


def test_how_much_there_is(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("four", encoding="utf-8")
    assert extent([str(tmp_path), "-"]) == (3, False)
    path = lines(tmp_path / "a.jsonl", [{"text": "a"}] * 10)
    total = extent([str(path), str(tmp_path)])
    assert total == (path.stat().st_size + 8, True)
    assert sum(map(total.of, find_inputs([str(path), str(tmp_path)]))) == total.total
    zipped = lines(tmp_path / "a.jsonl.gz", [{"text": "a"}] * 1000)
    total = extent([str(zipped)])
    assert sum(map(total.of, find_inputs([str(zipped)]))) == total.total


def test_the_datasets_of_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a/c.PARQUET", "a.jsonl.gz", ".hidden/d.jsonl", "e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [path.relative_to(tmp_path).as_posix() for path in find_datasets(str(tmp_path))]
    assert names == ["a/c.PARQUET", "a.jsonl.gz", "b.jsonl"]
    for name in ("e.txt", "none.jsonl", ".hidden/empty"):
        with pytest.raises(UsageError):
            find_datasets(str(tmp_path / name))


def test_an_error_has_no_size() -> None:
    assert extent([]).of(InputError("a")) == 1


@pytest.mark.parametrize("column", ["text", "id"])
def test_a_string_of_parquet_that_is_not_utf8_is_one_bad_row(tmp_path: Path, column: str) -> None:
    values = {"text": [b"a", b"b", b"c"], "id": [b"1", b"2", b"3"]}
    values[column][1] = b"caf\xe9"
    columns = {}
    for name, cells in values.items():
        _, ends, data = pyarrow.array(cells, pyarrow.binary()).buffers()
        columns[name] = pyarrow.StringArray.from_buffers(len(cells), ends, data)
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    assert shown(path) == [("1", "a"), f"{path}:2: not UTF-8: write the row anew", ("3", "c")]
