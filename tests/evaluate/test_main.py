from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.classify import Classifier
from pipeline.encoder import MemoEncoder
from pipeline.errors import MissingArtifactError
from pipeline.evaluate import __main__ as stage
from pipeline.records import Article, Page
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.bundle import FORMAT, Manifest, write_manifest
from pipeline.store.digest import text_key
from pipeline.store.jsonl import write_records
from pipeline.store.predictions import Judged, read_predictions
from pipeline.store.vectors import Vectors, write_vectors
from pipeline.threads import VARIABLE
from tests.curves import write_curves
from tests.evaluate.fakes import FakeEncoder, FakeSegmenter, article, fake_classifier, told

ARTICLES = [
    article(1, "sport", "KR", "A sport match in KR."),
    article(2, "conflict", "SD", "A conflict in SD."),
    article(3, "disaster", "MM", "A disaster near MM and TH."),
    article(4, "arts", "TW", "A sport film from TW."),
]
PAGES = [
    told("p1", "digest", ARTICLES[:3]),
    told("p2", "single", ARTICLES[3:], residue="# Most popular"),
]
POINT = {"articles": 2, "share": 0.5, "draws": 1}
BOUNDS = {"accuracy": 0.5, "accuracy_low": 0.0, "accuracy_high": 1.0, "f1_macro": 0.4}
CURVE = {
    "topic": [{**POINT, **BOUNDS}],
    "topic_with_packs": [],
    "country": [{**POINT, "f1": 0.5, "f1_low": 0.0, "f1_high": 1.0}],
    "pack_stories": 0,
}
PARAMS = Path(__file__).parents[2] / "params.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "1")  # figures drawn here: processes take longer to start
    monkeypatch.setattr(stage, "load_classifier", lambda: fake_classifier())
    Path("params.yaml").write_text(PARAMS.read_text(encoding="utf-8"), encoding="utf-8")
    write_inputs(ARTICLES, PAGES, [cut(page) for page in PAGES])
    write_curves(CURVE)
    return tmp_path


def cut(page: Page) -> Page:
    found = FakeSegmenter().cut(page.text, None)
    return Page(page.id, page.layout, page.text, found.stories, found.residue)


def write_inputs(articles: list[Article], pages: list[Page], cuts: list[Page]) -> None:
    write_records(layout.ARTICLES, articles)
    write_records(layout.TEST_PAGES, pages)
    write_records(layout.CUT_PAGES, cuts)


def written() -> dict[str, bytes]:
    files = sorted(path for path in layout.REPORTS.rglob("*") if path.is_file())
    return {path.as_posix(): path.read_bytes() for path in files}


def test_metrics_have_every_section_and_are_right(project: Path) -> None:
    stage.main()
    metrics = json.loads(layout.METRICS.read_text(encoding="utf-8"))
    assert set(metrics) == {"segmentation", "topic", "region", "end_to_end"}
    segmentation = metrics["segmentation"]
    assert segmentation["pages_right_low"] == segmentation["pages_right_high"] == 1.0
    assert segmentation["f1"] == segmentation["residue"]["f1"] == 1.0
    assert segmentation["single_whole"] == segmentation["pages_right"] == 1.0
    assert segmentation["layout"]["digest"]["boundaries"] == 2
    assert segmentation["parts"]["body"]["f1_exact"] == 1.0
    assert segmentation["same_as"] == {"links": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    few = json.loads(layout.KEY_FIGURES.read_text(encoding="utf-8"))
    assert few["segmentation/f1"] == segmentation["f1"]
    assert few["region/country/f1"] == metrics["region"]["country"]["f1"]
    assert len(few) == 9
    assert segmentation["calibration"]["ece"] == pytest.approx(0.1)
    for topic in (metrics["topic"], metrics["topic"]["page_stories"]):
        assert topic["accuracy"] == topic["in_set"] == 0.75
        assert topic["accuracy_low"] <= 0.75 <= topic["accuracy_high"]
    country = metrics["region"]["country"]
    assert (country["precision"], country["recall"]) == (0.8, 1.0)
    assert country["first_accuracy"] == 1.0
    assert metrics["region"]["subregion"]["f1"] == 1.0
    whole = metrics["end_to_end"]
    assert (whole["stories"], whole["found"], whole["topic_accuracy"]) == (4, 1.0, 0.75)


def test_stories_are_labelled_as_the_segment_stage_cut_them(project: Path) -> None:
    first, *others = [cut(page) for page in PAGES]
    joined = msgspec.structs.replace(
        first.stories[0], end=first.stories[-1].end, parts=first.stories[0].parts
    )
    write_inputs(ARTICLES, PAGES, [msgspec.structs.replace(first, stories=(joined,)), *others])
    stage.main()
    whole = json.loads(layout.METRICS.read_text(encoding="utf-8"))["end_to_end"]
    assert (whole["stories"], whole["found"]) == (4, 0.25), "of four stories one is cut as given"


def test_a_text_is_labelled_alike_whoever_cut_it() -> None:
    classifier, text = fake_classifier(), PAGES[0].text
    found = classifier.segmenter.cut(text, classifier.encoder)
    assert classifier.of_cut(text, found, "p1") == classifier.document(text, "p1")
    assert len(found.stories) == 3


def test_two_runs_write_the_same_bytes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.main()
    once = written()
    monkeypatch.setenv(VARIABLE, "2")  # the second draws in processes of their own
    stage.main()
    assert written() == once
    plots = {Path(name).name for name in once if name.startswith("reports/plots/")}
    data = {
        *("confusion.csv", "boundary_pr.csv", "layouts.csv", "topics.csv", "regions.csv"),
        *("calibration_boundary.csv", "calibration_topic.csv", "calibration_country.csv"),
        *("coverage_topic_articles.csv", "coverage_topic_page_stories.csv"),
        *("coverage_country_articles.csv", "coverage_country_page_stories.csv"),
        *("learning_curve_topic.csv", "learning_curve_topic_with_packs.csv"),
        *("learning_curve_country.csv", "breakdown.csv"),
    }
    images = {
        *("confusion.png", "boundary_pr.png", "layouts.png", "topics.png", "regions.png"),
        *("calibration.png", "breakdown.png", "coverage.png", "learning_curve.png"),
    }
    assert plots == data | images
    assert all(once[f"reports/plots/{name}"].startswith(b"\x89PNG") for name in images)


def test_plot_data_are_tables_and_the_summary_names_the_figures(project: Path) -> None:
    stage.main()
    with (layout.PLOTS / "confusion.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["actual"], row["predicted"]) for row in rows} >= {("arts", "sport")}
    assert len(rows) == 4
    text = (layout.REPORTS / "summary.md").read_text(encoding="utf-8")
    assert "| main topic right | 0.750 [" in text
    assert "| digest | 1 | 1.000 | 1.000 | 0.000 |" in text
    assert "- A-4, sport 0.90, arts 0.10: A sport film from TW. …" in text


def test_details_say_which_stories_and_how_sure(project: Path) -> None:
    stage.main()
    details = json.loads(layout.DETAILS.read_text(encoding="utf-8"))
    assert set(details) == {"articles", "pages", "confusions", "coverage"}
    (source,) = details["articles"]["source"]
    assert (source["group"], source["stories"], source["topic_accuracy"]) == ("A", 4, 0.75)
    layouts = {row["group"]: row["topic_accuracy"] for row in details["pages"]["cut"]["layout"]}
    assert layouts == {"digest": 1.0, "single": 0.0}
    (pair,) = details["confusions"]["pairs"]
    assert (pair["gold"], pair["predicted"], pair["stories"]) == ("arts", "sport", 1)
    assert details["coverage"]["articles"]["topic"][-1]["accuracy"] == 0.75
    with (layout.PLOTS / "breakdown.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["label"] for row in csv.DictReader(file)}
    assert {"source A", "length under 30", "headline without", "region Asia"} <= labels


def test_no_article_is_quoted_if_none_is_asked_for(project: Path) -> None:
    text = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(re.sub(r"examples: \d", "examples: 0", text), encoding="utf-8")
    stage.main()
    for path in (layout.DETAILS, layout.REPORTS / "summary.md"):
        assert "A sport film" not in path.read_text(encoding="utf-8")


def test_every_held_out_example_is_kept_with_its_answer(project: Path) -> None:
    stage.main()
    kept = read_predictions(layout.PREDICTIONS)
    assert [(one.task, one.id, one.right) for one in kept if one.task != "countries"] == [
        ("topic", "A-1", True),
        ("topic", "A-2", True),
        ("topic", "A-3", True),
        ("topic", "A-4", False),
        ("boundaries", "p1", True),
        ("boundaries", "p2", True),
    ]
    assert Judged("topic", "A-4", ("arts",), ("sport",), False, (0.9,), (0.1,)) in kept
    assert Judged("countries", "A-3", ("MM",), ("MM", "TH"), False, (0.8, 0.8), (0.8,)) in kept
    metrics = json.loads(layout.METRICS.read_text(encoding="utf-8"))
    topics = [one.right for one in kept if one.task == "topic"]
    assert sum(topics) / len(topics) == metrics["topic"]["accuracy"]


def fail() -> None:
    with pytest.raises(SystemExit) as stopped:
        run_stage("evaluate", stage.main)
    assert stopped.value.code == 1


def test_progress_is_on_stderr_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage.main()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "labelling 4 articles" in captured.err


def test_faults_are_one_line_with_a_remedy(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_inputs(ARTICLES, PAGES, [cut(page) for page in PAGES[:1]])
    fail()
    write_inputs(ARTICLES[:2], PAGES, [cut(page) for page in PAGES])
    fail()
    layout.CUT_PAGES.unlink()
    fail()
    layout.REGION_CURVE.unlink()
    fail()
    layout.TOPIC_CURVE.unlink()
    fail()
    lines = [line for line in capsys.readouterr().err.splitlines() if "labelling" not in line]
    assert len(lines) == 5
    assert "does not cut the pages" in lines[0]
    assert "'A-3'" in lines[1]
    assert all("make repro" in line for line in lines[:3])
    assert "dvc repro learning_curve@region" in lines[3]
    assert "dvc repro learning_curve@topic" in lines[4]


class Offline(FakeEncoder):
    def encode(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(f"encoded again: {texts}")


def test_vectors_on_disk_are_not_encoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Classifier, "load", lambda models, known: MemoEncoder(Offline(), known))
    write_manifest(layout.MODELS, Manifest(FORMAT, "0", "fake", "fake", (), (), {}, {}))
    with pytest.raises(MissingArtifactError, match=r"stories\.safetensors"):
        stage.load_classifier()
    row = np.ones(4, dtype=np.float32)
    table = {text_key("a story"): 2 * row, text_key("another"): row}
    write_vectors(layout.STORY_VECTORS, table, "fake")
    encoder: object = stage.load_classifier()
    assert isinstance(encoder, MemoEncoder)
    assert encoder.encode(["a story", "another"]).tolist() == [[2.0] * 4, [1.0] * 4]


def test_countries_are_left_out_where_gold_names_none(project: Path) -> None:
    bare = [msgspec.structs.replace(article, countries=()) for article in ARTICLES]
    write_inputs(bare, PAGES, [cut(page) for page in PAGES])
    stage.main()
    metrics = json.loads(layout.METRICS.read_text(encoding="utf-8"))
    assert set(metrics) == {"segmentation", "topic", "end_to_end"}
    assert not {name for name in metrics["end_to_end"] if "country" in name or "region" in name}
    named = {name for name in written() if "region" in name}
    assert named == {layout.REGION_CURVE.as_posix()}  # written before
    calibration = (layout.PLOTS / "calibration_country.csv").read_text(encoding="utf-8")
    assert calibration == "low,high,count,confidence,accuracy\n"  # a plot of dvc.yaml needs it
    assert "## Countries" not in (layout.REPORTS / "summary.md").read_text(encoding="utf-8")
