"""What serves: no library of training, and the answers of the path that training takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.agreement import differing, largest_difference
from benchmarks.reference import exact_classifier, reference_classifier
from pipeline.classify import Classifier
from pipeline.records import Page
from pipeline.store.jsonl import read_records
from pipeline.store.layout import TEST_PAGES

ROOT = Path(__file__).parents[2]
HEAVY = (
    "torch", "transformers", "sentence_transformers", "sklearn", "scipy", "mlflow", "pandas",
    "skops", "onnx", "yaml",
)  # fmt: skip
EVERY = 12  # `benchmarks/speed.py` compares all pages
pytestmark = pytest.mark.models


@pytest.mark.parametrize("command", ["classify", "segment"])
def test_a_call_imports_nothing_that_only_training_needs(command: str) -> None:
    script = (
        "import json, sys\n"
        f"sys.argv = ['broadsheet', {command!r}, 'examples/page.txt', '--format', 'jsonl']\n"
        "from pipeline.cli import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *stories, imported = map(json.loads, done.stdout.splitlines())
    assert len(stories) == 5
    assert imported == []


def test_float32_answers_as_the_path_that_training_takes(tmp_path: Path) -> None:
    pages = read_records(ROOT / TEST_PAGES, Page)[::EVERY]
    served = exact_classifier(tmp_path, ROOT / "models", ROOT)
    trained = reference_classifier(ROOT / "models", ROOT)
    for page in pages:
        own, other = served.document(page.text), trained.document(page.text)
        assert differing(own, other) == []
        assert largest_difference(own, other) < 1e-4


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "…"])
@pytest.mark.parametrize("split", [True, False])
def test_a_text_with_nothing_in_it_is_answered(text: str, split: bool) -> None:
    document = Classifier.load(ROOT / "models").document(text, split=split)
    assert len(document.stories) <= 1


@pytest.mark.parametrize("command", [["classify"], ["segment"], ["segment", "--level", "section"]])
def test_a_process_that_has_nothing_to_read_ends_well(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "blank.txt").write_text(" \n\n", encoding="utf-8")
    code = "from pipeline.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *command, str(tmp_path / "blank.txt")],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
