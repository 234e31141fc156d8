from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.labels import IPTC, Label
from pipeline.records import Article
from pipeline.store.jsonl import read_records


def run_stage(folder: Path, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.ingest"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A project folder with the parameters of this one and a source of twelve rows, two faulty."""
    params = yaml.safe_load((root / "params.yaml").read_text(encoding="utf-8"))
    params["ingest"] |= {"sources": ["mine.csv"], "taxonomy": str(root / IPTC.source), "folds": 2}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    labels = ["sport,FR", "arts,DE"]
    rows = [f"{labels[n > 4]},Match {n} ended {n} to nil in town {n}." for n in range(10)]
    rows += ["golf,FR,A round of golf.", "sport,FR,Match 3 ended 3 to nil in town 3."]
    (tmp_path / "mine.csv").write_text(
        "\n".join(["topics,countries,text", *rows]) + "\n", encoding="utf-8"
    )
    return tmp_path


def test_the_stage_writes_articles_and_rejects_the_same_each_time(
    project: Path, root: Path
) -> None:
    outputs = []
    for _ in range(2):
        done = run_stage(project, root)
        assert (done.returncode, done.stdout) == (0, "")
        outputs.append(
            [(project / "data" / f"{name}.jsonl").read_bytes() for name in ("articles", "rejects")]
        )
    assert outputs[0] == outputs[1]
    assert "10 articles" in done.stderr and "1 rows rejected, 1 duplicates" in done.stderr
    articles = read_records(project / "data/articles.jsonl", Article)
    assert len(articles) == 10 and {article.split for article in articles} == {"train", "test"}
    assert read_records(project / "data/taxonomy.jsonl", Label)[0].id == "medtop:01000000"
    assert b"unknown topic 'golf'" in outputs[0][1] and b'"line":12' in outputs[0][1]


def test_a_fault_is_one_line(project: Path, root: Path) -> None:
    (project / "mine.csv").unlink()
    done = run_stage(project, root)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "mine.csv is not here" in done.stderr
