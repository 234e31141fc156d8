from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BroadsheetError, UsageError
from pipeline.ingest.sources import RawRow, Reject, read_source


def read(path: Path, data: bytes) -> list[RawRow | Reject]:
    path.write_bytes(data)
    return list(read_source(path))


def test_json_lines_keep_their_line_numbers(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"text": "a"}\r\n\n{"text": "b"}\n')
    assert [(row.line, row.values) for row in rows if isinstance(row, RawRow)] == [
        (1, {"text": "a"}),
        (3, {"text": "b"}),
    ]


def test_a_broken_line_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    data = b'{"text": \n[1]\n{"text": "caf\xe9"}\n' + b"[" * 100_000 + b'\n{"text": "ok"}\n'
    rows = read(tmp_path / "a.jsonl", data)
    reasons = [(row.line, row.reason) for row in rows if isinstance(row, Reject)]
    assert [line for line, _ in reasons] == [1, 2, 3, 4]
    assert reasons[0][1].startswith("broken JSON")
    assert reasons[1][1] == "not a JSON object"
    assert reasons[2][1] == "not UTF-8 (byte 14 of the line)"
    assert rows[-1] == RawRow(str(tmp_path / "a.jsonl"), 5, {"text": "ok"})


def test_a_table_names_the_line_a_row_starts_at(tmp_path: Path) -> None:
    data = b'topics,text,caption\r\nsport,"two\nlines",\r\n\r\neconomy,one,"a ""b"""\r\n'
    rows = read(tmp_path / "a.csv", data)
    assert [(row.line, row.values) for row in rows if isinstance(row, RawRow)] == [
        (2, {"topics": "sport", "text": "two\nlines"}),
        (5, {"topics": "economy", "text": "one", "caption": 'a "b"'}),
    ]


def test_a_faulty_table_row_is_rejected_alone(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.tsv", b'topics\ttext\nsport\nsport\ta"b"\nsport\t"open\n')
    assert [type(row) for row in rows] == [Reject, RawRow, Reject]
    assert [row.line for row in rows] == [2, 3, 4]
    assert isinstance(rows[0], Reject) and rows[0].reason == "1 cells, but 2 columns"
    assert isinstance(rows[2], Reject) and rows[2].reason.startswith("broken CSV")


def test_a_cell_may_hold_a_whole_book(tmp_path: Path) -> None:
    book = "It rained, and it poured.\n" * 20_000
    (row,) = read(tmp_path / "a.csv", f'topics,text\nworld,"{book}"\n'.encode())
    assert isinstance(row, RawRow)
    assert row.values == {"topics": "world", "text": book}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"title,body\nx,y\n", "the first line must name the columns"),
        ("a.csv", b"topics,text,text\n", "named twice"),
    ],
)
def test_a_table_without_a_right_header_is_refused(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(BroadsheetError, match=message):
        read(tmp_path / name, data)


def test_a_source_that_is_not_there_or_of_no_known_kind(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match=r"none\.jsonl is not here"):
        read_source(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="unknown kind of source"):
        read_source(tmp_path / "none.json")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BroadsheetError, match="cannot be read"):
        read_source(tmp_path / "folder.csv")
