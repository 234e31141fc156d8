from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.render.sink import open_sink
from pipeline.store.atomic import write_bytes


def test_a_file_is_there_whole_with_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.json"
    with open_sink(path) as sink:
        sink.write("é\r\n\n")
        assert not path.exists()
    assert path.read_bytes() == b"\xc3\xa9\r\n\n"
    assert [child.name for child in path.parent.iterdir()] == ["out.json"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.json"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(error), open_sink(path) as sink:
        sink.write("half")
        raise error
    assert path.read_text(encoding="utf-8") == "before"
    assert [child.name for child in tmp_path.iterdir()] == ["out.json"]


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before", encoding="utf-8")
    target.chmod(0o600)
    link.symlink_to(target)
    with open_sink(link) as sink:
        sink.write("after")
    assert link.is_symlink() and target.read_text(encoding="utf-8") == "after"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_device_is_written_to_not_replaced() -> None:
    with open_sink(Path("/dev/null")) as sink:
        sink.write("gone")
    assert Path("/dev/null").is_char_device()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), open_sink(tmp_path):
        pass


def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with open_sink(tmp_path / "secret.json") as sink:
            sink.write("hush")
        write_bytes(tmp_path / "secret.bin", b"hush")
    finally:
        os.umask(before)
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_bytes_for_a_pipe_go_into_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_bytes(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_folder_that_cannot_be_written_to_is_named_by_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, *arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(PermissionError) as caught, open_sink(tmp_path / "out.json"):
        pass
    assert caught.value.filename == str(tmp_path / "out.json")
