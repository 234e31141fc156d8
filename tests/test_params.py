from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import MissingArtifactError, UsageError
from pipeline.params import flatten, load_params

ROOT = Path(__file__).parents[1]


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "params.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_projects_own_parameters_are_valid_and_flatten_by_section() -> None:
    flat = flatten(load_params(ROOT / "params.yaml"))
    assert flat["ingest.sources"] == "data/starter.jsonl"
    assert {name.split(".")[0] for name in flat} >= {"encoder", "mix", "segment", "topic", "region"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("test_pages:", "tset_pages:", "tset_pages"),
        ("folds: 5", "folds: 1", "folds"),
        ("test_fraction: 0.15", "test_fraction: 1.5", "test_fraction"),
        ("batch_size: 32", "batch_size: many", "batch_size"),
    ],
)
def test_a_bad_parameter_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_params(edited(tmp_path, old, new))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_broken_yaml_are_one_line_errors(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="root of the project"):
        load_params(tmp_path / "none.yaml")
    path = tmp_path / "params.yaml"
    path.write_text("mix: [", encoding="utf-8")
    with pytest.raises(UsageError, match="not YAML") as caught:
        load_params(path)
    assert "\n" not in str(caught.value)
