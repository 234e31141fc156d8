from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.classify import Classifier
from pipeline.errors import MissingArtifactError, UsageError
from pipeline.evaluate.benchmark import GOLD, PAGES, RealItem, RealPage, run_benchmark
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import read_metrics
from pipeline.taxonomy import TopicEntry
from tests.evaluate.fakes import fake_classifier
from tests.finetune.shelf import write

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    text = "# Home\nA sport match in KR.\nA conflict in SD."
    page = {
        "id": "p",
        "layout": "digest",
        "text": text,
        "stories": [
            {"id": "guardian-1", "role": "brief", "start": 7, "end": 27},
            {"id": "reuters-1", "role": "teaser", "start": 28, "end": len(text)},
        ],
        "residue": [{"start": 0, "end": 6, "kind": "navigation"}],
    }
    items = [
        item(["sport"], ["sport"], ["KR"], title="A sport match", text="In KR\nand the EU."),
        item(["conflict", "arts"], ["conflict"], ["EU"], text="Music.", countries_also=["FR"]),
        item(["disaster"], ["disaster"], [], text="A disaster in MM and FR.", also=["MM"]),
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / PAGES).write_text(json.dumps(page) + "\n", encoding="utf-8")
    lines = "".join(json.dumps(each) + "\n" for each in items)
    (tmp_path / GOLD).write_text(lines, encoding="utf-8")
    write(tmp_path / "data/guardian.jsonl.gz", [{"id": "guardian-1", "section": "film"}])
    write(
        tmp_path / "data/reuters21578.jsonl.gz",
        [{"id": "reuters-1", "topics": [], "places": ["sudan"]}],
    )
    return tmp_path


def item(
    primary: list[str],
    topics: list[str],
    countries: list[str],
    *,
    text: str,
    title: str | None = None,
    also: list[str] | None = None,
    countries_also: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "id": "i",
        "source": "made up",
        "title": title,
        "text": text,
        "truncated": False,
        "primary": primary,
        "topics": topics,
        "topics_also": ["arts"],
        "countries": countries,
        "countries_also": also or countries_also or [],
    }


def test_figures_are_written_and_returned(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Classifier, "load", lambda models: fake_classifier())
    out = shared / "reports" / "benchmark.json"
    figures = run_benchmark(shared, Path("models"), out)
    saved = read_metrics(out)
    sections = {"segmentation", "topic", "region", "end_to_end"}
    rows = {"stories", "confusions", "coverage"}
    assert set(figures) == set(saved) == sections | rows
    assert saved["segmentation"]["f1"] == 1.0
    assert saved["segmentation"]["layout"]["digest"]["pages"] == 1
    assert saved["segmentation"]["kind_accuracy"] == 0.5
    assert not {"truncated_f1", "same_as"} & set(saved["segmentation"])
    assert saved["topic"]["accuracy"] == 1.0
    # KR is right; MM is neither right nor wrong; FR in the third story is wrong.
    assert saved["region"]["country"]["precision"] == 0.5
    assert saved["region"]["country"]["recall"] == 1.0
    assert {"ece", "brier", "decisions"} == set(saved["region"]["calibration"])
    # The first came as film and is said to be sport; the second came with its place alone.
    for stories in saved["end_to_end"].values():
        assert (stories["stories"], stories["found"]) == (2, 1.0)
        assert (stories["topic_accuracy"], stories["country_f1"]) == (0.0, 1.0)
        assert stories["placed_stories"] == 1


def test_real_stories_are_named_and_never_quoted(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = item(["arts"], ["arts"], ["KR"], title="Secret words", text="A sport match in KR.")
    with (shared / GOLD).open("a", encoding="utf-8") as file:
        file.write(json.dumps({**wrong, "id": "ag-7"}) + "\n")
    monkeypatch.setattr(Classifier, "load", lambda models: fake_classifier())
    out = shared / "figures.json"
    run_benchmark(shared, Path("models"), out)
    saved, report = read_metrics(out), out.with_suffix(".md").read_text(encoding="utf-8")
    (pair,) = saved["confusions"]["pairs"]
    assert pair["examples"] == [{"id": "ag-7", "score": 0.9, "gold_score": 0.1}]
    assert "- ag-7, sport 0.90, arts 0.10" in report.splitlines()
    assert {row["group"] for row in saved["stories"]["source"]} == {"ag", "none"}
    for words in ("Secret", "match", "Music"):
        assert words not in report
        assert words not in out.read_text(encoding="utf-8")


def test_figures_are_not_written_where_the_report_goes(shared: Path) -> None:
    with pytest.raises(UsageError, match=r"\.json"):
        run_benchmark(shared, Path("models"), shared / "figures.md")


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="--shared") as error:
        run_benchmark(tmp_path, tmp_path, tmp_path / "out.json")
    assert "\n" not in str(error.value)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no labelled sets beside the project")
def test_the_real_sets_can_be_read_and_their_gold_is_sound() -> None:
    pages = [real.page() for real in read_records(SHARED / PAGES, RealPage)]
    assert len(pages) == 240
    for page in pages:
        covered = {i for s in (*page.stories, *page.residue) for i in range(s.start, s.end)}
        assert all(char.isspace() for i, char in enumerate(page.text) if i not in covered)
    items = read_records(SHARED / GOLD, RealItem)
    assert len(items) == 436
    assert all(each.primary for each in items)


def test_models_with_topics_of_their_own_cannot_be_measured(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = fake_classifier()
    own = tuple(TopicEntry(key, f"own:{key}", key) for key in classifier.topics.labels)
    monkeypatch.setattr(classifier.topics, "entries", own, raising=False)
    monkeypatch.setattr(Classifier, "load", lambda models: classifier)
    with pytest.raises(UsageError, match="know topics of their own"):
        run_benchmark(shared, Path("models"), shared / "benchmark.json")
