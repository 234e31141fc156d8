"""The commands in this process: options, formats and exit codes."""

from __future__ import annotations

import csv
import io
import json
import sys
import types
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import pipeline
from pipeline.cli import app, classify_app
from pipeline.errors import MissingArtifactError
from pipeline.labels import IPTC
from pipeline.packs.pack import read_pack
from pipeline.whereabouts import models_folder
from tests.cli.fake_classifier import FakeClassifier
from tests.encoders import HashedEncoder

ROOT = Path(__file__).parents[2]
runner = CliRunner()
PAGE = "Rain in Lille\r\n----\r\nSnow in Bonn...\r\n"


@pytest.fixture(autouse=True)
def trained(models: Path, classifier: FakeClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_MODELS", str(models))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(b"\xef\xbb\xbf" + PAGE.encode())
    return path


def classify(*arguments: str | Path, **options: Any) -> Result:
    return runner.invoke(classify_app, [str(one) for one in arguments], **options)


def broadsheet(*arguments: str | Path, **options: Any) -> Result:
    return runner.invoke(app, [str(one) for one in arguments], **options)


def test_json_is_the_contract_with_offsets_of_the_file(page: Path, root: Path) -> None:
    done = classify(page, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    documents = json.loads(done.stdout)
    schema = json.loads((root / "contract/stories.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(documents, schema)
    (document,) = documents
    assert document["source"] == str(page)
    assert [PAGE[s["start"] : s["end"]] for s in document["stories"]] == [
        "Rain in Lille",
        "Snow in Bonn...",
    ]
    assert document["stories"][0]["countries"][0]["evidence"] == [{"start": 0, "end": 13}]
    assert document["residue"] == [{"start": 15, "end": 19}]


def test_both_commands_are_one(page: Path) -> None:
    assert classify(page).stdout == broadsheet("classify", page).stdout != ""


def test_a_pipe_gets_json_lines_and_a_table_if_asked(page: Path) -> None:
    lines = [json.loads(line) for line in classify(page).stdout.splitlines()]
    assert [(line["source"], line["index"]) for line in lines] == [(str(page), 0), (str(page), 1)]
    assert "2 stories" in classify(page, "--format", "table").stdout


def test_csv(page: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(classify(page, "-f", "csv").stdout, newline="")))
    assert [(row["topic"], row["topic_score"], row["countries"]) for row in rows] == [
        ("weather", "0.75", "FR DE")
    ] * 2


@pytest.mark.parametrize("ending", ["json", "jsonl", "csv", "html"])
def test_output_takes_its_format_from_the_ending(page: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    done = classify(page, "--output", path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.read_bytes() == classify(page, "--format", ending).stdout_bytes


def test_standard_input(page: Path) -> None:
    assert json.loads(classify(input="Rain\n").stdout)["source"] == "-"
    lines = classify(page, "-", input="Rain\n").stdout.splitlines()
    assert [json.loads(line)["source"] for line in lines] == [str(page), str(page), "-"]


def test_the_options_reach_the_classifier(page: Path, classifier: FakeClassifier) -> None:
    classify(page, "--no-split", "--min-score", "0.25")
    classify(page, "--min-boundary", "0.9")
    plain = {"source": str(page), "split": True, "min_score": None, "min_boundary": None}
    assert classifier.calls == [
        {**plain, "split": False, "min_score": 0.25},
        {**plain, "min_boundary": 0.9},
    ]
    for arguments in ((), ("--min-boundary", "0"), ("--min-boundary", "1")):
        assert broadsheet("segment", page, *arguments).exit_code == 0
    assert classifier.segmenter.thresholds == [None, None, None, 0.0, 1.0]


def test_a_teaser_points_to_its_full_story(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Snow in Bonn...\nSnow in Bonn and hail in Ulm\n", encoding="utf-8")
    for run in (classify, lambda *arguments: broadsheet("segment", *arguments)):
        (document,) = json.loads(run(page, "-f", "json").stdout)
        assert [story["same_as"] for story in document["stories"]] == [1, None]
        lines = [json.loads(line) for line in run(page, "-f", "jsonl").stdout.splitlines()]
        assert [line["same_as"] for line in lines] == [1, None]
        assert "= story 2, line 2" in run(page, "-f", "table").stdout
    rows = csv.DictReader(io.StringIO(classify(page, "-f", "csv").stdout, newline=""))
    assert [row["same_as"] for row in rows] == ["1", ""]


def test_a_document_tells_how_likely_it_is_one_story(page: Path) -> None:
    for run in (classify, lambda *arguments: broadsheet("segment", *arguments)):
        (document,) = json.loads(run(page, "-f", "json").stdout)
        assert round(document["single"], 6) == 0.031235
        shown = " ".join(run(page, "-f", "table").stdout.split())
        assert "1 span of residue, single story 0.03 line" in shown
        assert "single" not in json.loads(run(page, "-f", "jsonl").stdout.splitlines()[0])
    assert "single" not in classify(page, "-f", "csv").stdout.splitlines()[0]


def test_html_is_one_file_for_all_inputs(page: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Hail & <b>snow</b>\n", encoding="utf-8")
    out = tmp_path / "out.htm"
    assert classify(page, tmp_path / "b.txt", tmp_path / "none.txt", "-o", out).exit_code == 1
    shown = out.read_text(encoding="utf-8")
    assert shown.count("<h2>") == 2 and shown.count("<article") == 3
    assert "Hail &amp; &lt;b&gt;snow&lt;/b&gt;" in shown and "weather" in shown
    cut = broadsheet("segment", page, "-f", "html").stdout
    assert cut.count("<article") == 2 and "weather" not in cut
    assert "No text was read." in classify(tmp_path / "none.txt", "-f", "html").stdout


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\n"])
def test_an_empty_input_has_no_stories(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "empty.txt").write_bytes(data)
    done = classify(tmp_path / "empty.txt")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(classify(tmp_path / "empty.txt", "-f", "json").stdout)[0]["stories"] == []


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "table", "html"])
def test_ten_megabytes_on_one_line(tmp_path: Path, kind: str) -> None:
    (tmp_path / "long.txt").write_text("word " * 2_000_000, encoding="utf-8")
    done = classify(tmp_path / "long.txt", "--format", kind)
    assert (done.exit_code, done.stderr) == (0, "")


def test_one_input_fails_and_the_others_are_done(page: Path, tmp_path: Path) -> None:
    faulty = {"a.txt": b"caf\xe9", "b.txt": b"a\0", "c.txt": b"REFUSED", "d.txt": b"BUG"}
    for name, data in faulty.items():
        (tmp_path / name).write_bytes(data)
    empty = tmp_path / "empty"
    empty.mkdir()
    done = classify(tmp_path, tmp_path / "none.txt", empty, "-f", "json")
    assert done.exit_code == 1
    assert [document["source"] for document in json.loads(done.stdout)] == [str(page)]
    messages = done.stderr.splitlines()
    assert [message.split(": ", 2)[2][:14] for message in messages] == [
        "not UTF-8 (byt",
        "NUL at byte 1:",
        "the text is re",
        "internal error",
        "no such file o",
        "no .txt or .md",
    ]
    assert all(message.startswith(f"classify: {tmp_path}") for message in messages)


def test_an_internal_error_shows_its_traceback_only_if_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("BUG", encoding="utf-8")
    done = classify(tmp_path / "a.txt")
    assert "internal error (ValueError: a bug of two lines); run with --debug" in done.stderr
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    done = classify(tmp_path / "a.txt", "--debug")
    assert done.exit_code == 1 and "Traceback (most recent call last)" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "xml"],
        ["--unknown"],
        ["--min-score", "1.5"],
        ["--min-score", "nan"],
        ["--min-score", "much"],
        ["--min-boundary", "-0.1"],
        ["--min-boundary", "nan"],
    ],
)
def test_a_wrong_call_is_2(page: Path, arguments: list[str]) -> None:
    done = classify(page, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Error:" in done.stderr and arguments[0] in done.stderr


def test_without_input_on_a_terminal_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.documents.is_terminal", lambda stream: True)
    done = classify()
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("classify: no input: ")


def test_ctrl_c_is_130(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("INTERRUPT", encoding="utf-8")
    out = tmp_path / "out.json"
    done = classify(tmp_path / "a.txt", "-o", out)
    assert done.exit_code == 130 and not out.exists()


def test_missing_models_are_one_line_that_names_the_remedy(page: Path, tmp_path: Path) -> None:
    done = classify(page, "--models", tmp_path / "nowhere")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "run `make repro`" in done.stderr


def test_where_models_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bundle(folder: Path) -> Path:
        folder.mkdir(parents=True)
        (folder / "manifest.json").touch()
        return folder

    here, project = tmp_path / "here", tmp_path / "project"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("BROADSHEET_MODELS")
    monkeypatch.setattr("pipeline.whereabouts.PROJECT", project)
    with pytest.raises(MissingArtifactError, match="no trained models in models: run `make repro`"):
        models_folder(None)
    bundle(project / "models")
    assert models_folder(None) == project / "models"
    bundle(here / "models")
    assert models_folder(None) == Path("models")
    monkeypatch.setenv("BROADSHEET_MODELS", str(bundle(tmp_path / "named")))
    assert models_folder(None) == tmp_path / "named"
    assert models_folder(here / "models") == here / "models"


def test_an_output_that_cannot_be_written_is_one_line(page: Path, tmp_path: Path) -> None:
    done = classify(page, "-o", tmp_path)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"{tmp_path}: is a directory" in done.stderr


def test_what_is_read_is_never_written_over(tmp_path: Path) -> None:
    rows, text = tmp_path / "rows.jsonl", tmp_path / "texts" / "a.md"
    text.parent.mkdir()
    for path in (rows, text):
        path.write_text('{"text": "Rain"}\n', encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(rows)
    for arguments in (
        (rows, "-o", rows),
        (rows, "-o", rows, "--resume"),
        (text, rows, "-o", tmp_path / "link.jsonl"),
        (text.parent, "-o", text, "-f", "json"),
    ):
        done = classify(*arguments)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "is read here: put the output elsewhere" in done.stderr
    done = broadsheet("ingest", rows, "-o", rows)
    assert done.exit_code == 2 and "is read here" in done.stderr
    assert rows.read_text("utf-8") == text.read_text("utf-8") == '{"text": "Rain"}\n'
    assert classify(text.parent, "-o", text.with_suffix(".jsonl")).exit_code == 0


@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl.gz", "out.txt"])
def test_an_output_whose_ending_names_no_format_is_refused(
    page: Path, tmp_path: Path, name: str
) -> None:
    done = classify(page, "-o", tmp_path / name)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "or name a --format" in done.stderr and not (tmp_path / name).exists()
    assert classify(page, "-o", tmp_path / name, "-f", "csv").exit_code == 0
    assert (tmp_path / name).read_text("utf-8").startswith("source,")


def test_an_input_without_a_name_is_not_the_folder_at_hand(page: Path) -> None:
    done = classify(page, "")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "an input has no name" in done.stderr


def test_help_teaches_by_example() -> None:
    for done in (classify("-h"), broadsheet("classify", "--help")):
        assert done.exit_code == 0
        assert "classify pages/ --format json" in done.stdout and "Exit codes" in done.stdout
    done = broadsheet("-h")
    assert all(name in done.stdout for name in ("segment", "ingest", "benchmark", "version"))
    assert "broadsheet ingest my_stories.csv" in broadsheet("ingest", "-h").stdout


def test_version() -> None:
    expected = f"broadsheet {pipeline.__version__}\n"
    calls = (classify("--version"), broadsheet("--version"), broadsheet("version"))
    assert [call.stdout for call in calls] == [expected] * 3


def test_segment_cuts_at_the_level_asked_for(page: Path) -> None:
    plain, *named = (
        json.loads(broadsheet("segment", page, "-f", "json", *level).stdout)[0]["stories"]
        for level in ((), ("--level", "story"), ("--level", "section"))
    )
    assert named[0] == plain
    assert [story["start"] for story in named[1]] == [story["start"] for story in plain[::2]]
    table = broadsheet("segment", page, "-f", "table", "--level", "section").stdout
    said = " ".join(table.split())  # a long path leaves no room beside it
    assert ": 1 section, " in said
    assert "single section" in said
    assert broadsheet("segment", page, "--level", "chapter").exit_code == 2


def test_models_that_cannot_cut_sections_say_so_once(
    page: Path, classifier: FakeClassifier
) -> None:
    classifier.can_cut_sections = False
    done = broadsheet("segment", page, page, "--level", "section")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("make sections") == 1
    assert broadsheet("segment", page).exit_code == 0


def test_segment_gives_the_cut_alone(page: Path) -> None:
    done = broadsheet("segment", page, "--format", "json")
    (document,) = json.loads(done.stdout)
    assert list(document["stories"][1]) == [
        "index", "start", "end", "text", "kind", "headline", "kicker", "truncated", "same_as",
        "boundary", "parts",
    ]  # fmt: skip
    assert document["stories"][1]["truncated"] is True
    assert document["residue"] == [{"start": 15, "end": 19}]
    lines = broadsheet("segment", page).stdout.splitlines()
    assert [json.loads(line)["index"] for line in lines] == [0, 1]
    assert "boundary" in broadsheet("segment", page, "-f", "table").stdout
    assert broadsheet("segment", page, "-f", "csv").exit_code == 2
    assert broadsheet("segment", page, "-o", "out.csv").exit_code == 2


def test_ingest_names_rejects_by_line(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine, out = tmp_path / "mine.csv", tmp_path / "out.jsonl"
    mine.write_text(
        "id,topics,text\na,sport,One to nil.\nb,golf,A round.\nc,sport,ONE to nil!\n",
        encoding="utf-8",
    )
    done = broadsheet("ingest", mine, "--output", out)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"{mine}:3: unknown topic 'golf': {ROOT / IPTC.source} has no such key or id",
        f"{mine}:4: duplicate of a ({mine}:2)",
    ]
    assert "1 articles (" in done.stderr and "1 rows rejected, 1 duplicates" in done.stderr
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["a"]


def test_ingest_of_a_good_corpus_is_0_and_of_none_1(tmp_path: Path, root: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text('{"topics": "sport", "text": "One to nil."}\n', encoding="utf-8")
    done = broadsheet("ingest", mine, "-q")
    assert (done.exit_code, done.output) == (0, "")
    mine.write_text("", encoding="utf-8")
    assert broadsheet("ingest", mine).exit_code == 1
    done = broadsheet("ingest", tmp_path / "none.csv")
    assert done.exit_code == 1 and "none.csv is not here" in done.stderr
    done = broadsheet("ingest", mine, "-o", "-")
    assert done.exit_code == 2 and "name a file with -o" in done.stderr
    assert broadsheet("ingest").exit_code == 2


def test_benchmark_prints_its_figures(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[Path, ...]] = []

    def measured(*paths: Path) -> dict[str, Any]:
        calls.append(paths)
        return {"topic": {"main_accuracy": 0.725}, "segmentation": {"f1": 0.9}}

    module = types.SimpleNamespace(run_benchmark=measured)  # the real one loads every model
    monkeypatch.setitem(sys.modules, "pipeline.evaluate.benchmark", module)
    done = broadsheet("benchmark", "--shared", tmp_path, "-o", tmp_path / "b.json")
    assert done.exit_code == 0
    assert "topic/main_accuracy" in done.stdout and "0.7250" in done.stdout
    assert calls == [(tmp_path, models, tmp_path / "b.json")]
    done = broadsheet("benchmark", "--shared", tmp_path / "none")
    assert done.exit_code == 2 and "--shared" in done.stderr


def test_a_pack_has_what_was_accepted_and_names_what_was_not(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, out = tmp_path / "mine.jsonl", tmp_path / "packs" / "mine.safetensors"
    rows = (
        {"id": "a", "topics": ["sport"], "countries": ["FR"], "title": "A cup", "text": "To nil."},
        {"id": "b", "topics": ["none"], "text": "Buy now."},
    )
    mine.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(
        "pipeline.encoder.SentenceTransformerEncoder.of", lambda *_, **__: HashedEncoder()
    )
    done = broadsheet("pack", mine, "-o", out)
    assert done.exit_code == 1
    assert done.stdout == f"{mine}:2: unknown topic 'none': {IPTC.source} has no such key or id\n"
    assert "1 stories" in done.stderr
    (story,) = read_pack(out).stories
    assert (story.topics, story.countries, story.unseen) == (("sport",), ("FR",), True)


def test_a_pack_of_nothing_or_by_another_name_is_refused(tmp_path: Path, root: Path) -> None:
    mine = tmp_path / "mine.jsonl"
    mine.write_text("", encoding="utf-8")
    done = broadsheet("pack", mine, "-o", tmp_path / "mine.safetensors")
    assert done.exit_code == 1 and "no story accepted" in done.stderr
    assert not (tmp_path / "mine.safetensors").exists()
    done = broadsheet("pack", mine, "-o", tmp_path / "mine.pack")
    assert done.exit_code == 2 and "end in .safetensors" in done.stderr
    assert broadsheet("pack", mine).exit_code == 2
