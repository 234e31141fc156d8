from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.inputs import Input, InputError, decode, printable
from pipeline.listing import extent, find_datasets, find_inputs, in_order


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_law_decoding_gives_back_the_text(text: str) -> None:
    bare = text.removeprefix("\ufeff")
    assert decode(bare.encode(), "a") == bare
    assert decode(b"\xef\xbb\xbf" + text.encode(), "a") == text


@given(st.binary())
def test_law_any_bytes_are_a_text_or_an_input_error(data: bytes) -> None:
    try:
        text = decode(data, "a.txt")
    except InputError as error:
        assert str(error).startswith("a.txt: ") and "\n" not in str(error)
    else:
        assert text.encode() == data.removeprefix(b"\xef\xbb\xbf")


def test_line_ends_stay() -> None:
    assert decode(b"a\r\nb\rc\n", "a") == "a\r\nb\rc\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"caf\xe9",
            "it's.txt: not UTF-8 (byte 0xE9 at offset 3): convert it, for example with "
            "`iconv -f WINDOWS-1252 -t UTF-8 'it'\"'\"'s.txt'`",
        ),
        (b"\xef\xbb\xbfab\xff", "it's.txt: not UTF-8 (byte 0xFF at offset 5): "),
        (b"\xff\xfea\0", "it's.txt: this is UTF-16, not UTF-8: "),
        (b"%PDF\0\xff", "it's.txt: NUL at byte 4: this is a binary file, not text"),
    ],
)
def test_what_is_not_utf8_is_refused_with_place_and_remedy(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "it's.txt")
    assert str(caught.value).startswith(message)


def test_folders_are_read_to_the_bottom_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/deep/y.TXT", "c.pdf", ".git/x.txt", ".hidden.txt", "a.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "folder.txt").mkdir()
    found = list(find_inputs([str(tmp_path), "-", str(tmp_path / "c.pdf")]))
    assert all(isinstance(item, Input) for item in found)
    names = [str(item.path.relative_to(tmp_path)) if item.path else "-" for item in found]
    assert names == ["a.md", "b.txt", "a/z.md", "a/deep/y.TXT", "-", "c.pdf"]
    assert found[0].read() == "a.md"


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1)))
def test_law_names_are_sorted_in_runs_as_at_once(names: list[str]) -> None:
    assert list(in_order(iter(names), 3)) == sorted(names)


def test_a_folder_without_texts_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    (found,) = find_inputs([str(tmp_path)])
    assert isinstance(found, InputError)
    assert str(found) == f"{tmp_path}: no .txt or .md file in this folder"


def test_what_cannot_be_opened_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (missing,) = find_inputs([str(tmp_path / "none.txt")])
    assert isinstance(missing, Input)
    with pytest.raises(InputError, match=r"none\.txt: no such file or directory"):
        missing.read()

    def denied(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(InputError, match=r"none\.txt: permission denied"):
        missing.read()


def test_a_folder_that_cannot_be_listed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", denied)
    (found,) = find_inputs([str(tmp_path)])
    assert str(found) == f"{tmp_path}: permission denied"


def test_a_name_that_is_not_utf8_can_be_printed() -> None:
    assert printable(os.fsdecode(b"caf\xe9.txt")) == "caf\ufffd.txt"


def test_the_remedy_for_standard_input_names_no_file() -> None:
    with pytest.raises(InputError, match=r"^-: not UTF-8 .* `iconv -f WINDOWS-1252 -t UTF-8`$"):
        decode(b"caf\xe9", "-")


def test_a_text_in_the_place_of_a_name_is_refused_in_one_short_line(tmp_path: Path) -> None:
    page = "Rain fell on the capital for a third day. " * 200
    (tmp_path / "a.txt").write_text("Rain", encoding="utf-8")
    found = list(find_inputs([page, str(tmp_path / "a.txt")]))
    assert [isinstance(item, Input) for item in found] == [True, True]
    with pytest.raises(InputError, match="too long for a name: pipe the text in") as caught:
        found[0].read()  # type: ignore[union-attr]
    assert len(str(caught.value)) < 300
    assert extent([page, str(tmp_path / "a.txt")]).total == 2


def test_what_may_not_be_looked_at_does_not_hide_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    look = Path.stat

    def denied(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", denied)
    *texts, error = find_inputs([str(tmp_path)])
    assert [item.source for item in texts if isinstance(item, Input)] == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "c.txt"),
    ]
    assert str(error) == f"{tmp_path}/b.txt: permission denied"
    (named, other) = find_inputs([str(tmp_path / "b.txt"), str(tmp_path / "a.txt")])
    assert (named.source, other.source) == (  # type: ignore[union-attr]
        str(tmp_path / "b.txt"),
        str(tmp_path / "a.txt"),
    )


def test_a_folder_of_datasets_that_cannot_be_listed_is_no_smaller_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").touch()

    def denied(path: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(PermissionError):
        find_datasets(str(tmp_path))
