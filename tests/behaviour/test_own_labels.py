"""A corpus with labels of its own, from its file to a classified text, with the real encoder.

Stages run in this process, in a project folder of their own, on as few pages as they take.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.bundle.__main__ import main as bundle
from pipeline.classify import Classifier
from pipeline.embed.__main__ import main as embed
from pipeline.evaluate.__main__ import main as evaluate
from pipeline.export.__main__ import main as export
from pipeline.ingest.__main__ import main as ingest
from pipeline.learning_curve.__main__ import main as learning_curve
from pipeline.mix.__main__ import main as mix
from pipeline.segment.__main__ import main as segment
from pipeline.store import layout
from pipeline.train.__main__ import main as train

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "own"
FEW = {
    "ingest": {"test_fraction": 0.25, "folds": 3},
    "mix": {"train_pages": 24, "test_pages": 8},
    "segment": {"iterations": 10, "leaf_samples": 5},
    "learning_curve": {"draws": 1, "bootstrap": 20},
    "evaluate": {"bootstrap": 20},
}
PROBE = (
    "The striker headed the winner in stoppage time and the team won the cup final, "
    "the coach said after the match."
)


def project(folder: Path, monkeypatch: pytest.MonkeyPatch, **ingest: str) -> None:
    """Make a project whose parameters name a corpus and a taxonomy, and go there."""
    monkeypatch.chdir(folder)
    (folder / "data").mkdir()
    for name in ("reader", "encoder", "gaps"):
        (folder / "data" / name).symlink_to(ROOT / "data" / name)
    params: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    for section, values in FEW.items():
        params[section] |= values
    params["ingest"] |= {"sources": [ingest["source"]], "taxonomy": ingest["taxonomy"]}
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")


def repro() -> dict[str, Any]:
    """Run the stages; return the metrics."""
    for stage in (ingest, mix, export, segment, embed):
        stage()
    train("topic")
    train("region")
    bundle()
    learning_curve("topic")
    learning_curve("region")
    evaluate()
    metrics: dict[str, Any] = json.loads(layout.METRICS.read_text(encoding="utf-8"))
    return metrics


def test_one_label_a_story_and_no_countries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, taxonomy = tmp_path / "mine.csv", tmp_path / "topics.csv"
    source.write_bytes((EXAMPLE / "corpus.csv").read_bytes() + b"golf,,A round of golf.\n")
    taxonomy.write_bytes((EXAMPLE / "topics.csv").read_bytes())
    project(tmp_path, monkeypatch, source=str(source), taxonomy=str(taxonomy))
    metrics = repro()
    assert "name fewer than two countries: classify will name none" in capsys.readouterr().err
    (reject,) = map(json.loads, layout.REJECTS.read_text(encoding="utf-8").splitlines())
    assert (reject["line"], reject["reason"].split(":")[0]) == (50, "unknown topic 'golf'")
    assert metrics["topic"]["accuracy"] >= 0.75
    assert "region" not in metrics and "country_f1" not in metrics["end_to_end"]
    assert "## Countries" not in (layout.REPORTS / "summary.md").read_text(encoding="utf-8")
    assert not (layout.PLOTS / "regions.csv").exists()

    source.unlink()
    taxonomy.unlink()
    (story,) = Classifier.load().document(PROBE, split=False).stories
    (topic,) = story.topics
    assert (topic.id, topic.name) == ("sports", "Sports")
    assert (story.countries, story.regions) == ((), ())


def test_several_labels_a_story_and_countries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (EXAMPLE / "corpus.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = (("Kenya", "KE"), ("Peru", "PE"), ("Japan", "JP"))
    stories = []
    for i, row in enumerate(rows):
        name, code = places[i // 4 % 3]
        further = ["world"] if row["label"] in {"business", "scitech"} else []
        topics = [row["label"], *further]
        text = f"{row['text']} The news reached {name} on Monday."
        stories.append({"topics": topics, "countries": [code], "text": text})
    lines = "".join(json.dumps(story) + "\n" for story in stories)
    (tmp_path / "mine.jsonl").write_text(lines, encoding="utf-8")
    taxonomy = "key,name,id\nworld,Abroad,iptc:1\nsports,Games,iptc:2\n"
    taxonomy += "business,Trade,iptc:3\nscitech,Lab,iptc:4\n"
    (tmp_path / "topics.csv").write_text(taxonomy, encoding="utf-8")
    project(tmp_path, monkeypatch, source="mine.jsonl", taxonomy="topics.csv")
    metrics = repro()
    assert metrics["topic"]["multilabel"]["f1"] > 0.6
    assert metrics["region"]["country"]["f1"] > 0.5
    classifier = Classifier.load()
    assert classifier.topics.min_score < 1
    assert {entry.id for entry in classifier.topics.entries} == {f"iptc:{n}" for n in range(1, 5)}
    (story,) = classifier.document(PROBE, split=False).stories
    assert story.topics[0].name == "Games"
