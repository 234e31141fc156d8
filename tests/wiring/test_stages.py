"""The stage graph: what a stage depends on is what it imports, and imports only run downward.

Imports are read from the source (``ast``), at any depth in a module, so that one inside a
function counts too. A stage's code is its room, the folder that ``python -m`` runs, and all
that the room imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from pipeline.params import Params
from pipeline.store import layout

ROOT = Path(__file__).parents[2]
STAGES: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
SECTIONS = {field.name for field in msgspec.structs.fields(Params)}

# From the ground up; an import may stay on its floor or go down. A stage's own __main__ stands
# with the stages whatever room it is in.
FLOORS: tuple[set[str], ...] = (
    {"pipeline", "pipeline.errors", "pipeline.records", "pipeline.threads"}
    | {"pipeline.html", "pipeline.plain", "pipeline.processes"},
    {"pipeline.params", "pipeline.stage", "pipeline.store", "pipeline.thresholds"},
    {
        "pipeline.cached",
        "pipeline.encoder",
        "pipeline.labels",
        "pipeline.reading",
        "pipeline.sentences",
        "pipeline.taxonomy",
    }
    | {"pipeline.estimators", "pipeline.optimiser", "pipeline.reader"}
    | {"pipeline.realnews", "pipeline.serving", "pipeline.units"},
    {"pipeline.mix", "pipeline.packs", "pipeline.places", "pipeline.segment", "pipeline.topics"}
    | {"pipeline.realpages", "pipeline.sections"},
    {"pipeline.classify", "pipeline.evaluate", "pipeline.tracking", "pipeline.train"},
    {"pipeline.adapt", "pipeline.finetune", "pipeline.gaps", "pipeline.export", "pipeline.ingest"}
    | {"pipeline.bundle", "pipeline.embed", "pipeline.learning_curve", "pipeline.record"}
    | {"pipeline.report"},
    {"pipeline.batch", "pipeline.cli", "pipeline.console", "pipeline.documents", "pipeline.habits"}
    | {"pipeline.inputs", "pipeline.journal", "pipeline.labeller", "pipeline.listing"}
    | {"pipeline.options"}
    | {"pipeline.readme", "pipeline.registry", "pipeline.render", "pipeline.rows"}
    | {"pipeline.whereabouts"},
)
STAGE_FLOOR = 5


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the package by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((ROOT / "pipeline").rglob("*.py"))
    }


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of this package that ``module`` imports by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write imports in full"
            source = node.module or ""
            inside = {f"{source}.{alias.name}" for alias in node.names}
            found.update(inside & modules().keys() or {source})
            if any(f"{source}.{alias.name}" not in modules() for alias in node.names):
                found.add(source)
    return frozenset(found & modules().keys() - {module})


def reached(roots: Iterable[str]) -> set[str]:
    """Roots and all they import, at any remove."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting.extend(imports(module))
    return seen


def floor(module: str) -> int:
    if module.endswith(".__main__"):
        return STAGE_FLOOR
    name = module
    while name:
        for height, names in enumerate(FLOORS):
            if name in names and (name != "pipeline" or module == "pipeline"):
                return height
        name = name.rpartition(".")[0]
    raise AssertionError(f"{module} stands on no floor: give it one in {Path(__file__).name}")


def room(stage: str) -> str:
    """The package that a stage's command runs."""
    command = re.fullmatch(r"python -m (pipeline\.\w+)(?: .*)?", STAGES[stage]["cmd"])
    assert command, f"{stage}: the command should be `python -m pipeline.<room>`"
    return command[1]


def room_modules(package: str) -> set[str]:
    return {name for name in modules() if name == package or name.startswith(f"{package}.")}


def stage_code(stage: str) -> set[str]:
    """Files a stage's results depend on: bare package markers are left out."""
    return {
        modules()[name].relative_to(ROOT).as_posix()
        for name in reached(room_modules(room(stage)))
        if not is_marker(modules()[name]) or name.startswith(room(stage))
    }


def is_marker(path: Path) -> bool:
    """An ``__init__.py`` with a docstring at most."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return path.name == "__init__.py" and all(isinstance(node, ast.Expr) for node in body)


def covers(dep: str, path: str) -> bool:
    return path == dep or path.startswith(f"{dep}/")


def names(entries: Iterable[Any]) -> list[str]:
    """Paths of a list in dvc.yaml, where an entry may be a mapping with options."""
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]


def expand(stage: str, kind: str) -> set[str]:
    """Entries of a stage, with its matrix written out."""
    found: set[str] = set()
    for entry in names(STAGES[stage].get(kind, [])):
        field = re.search(r"\$\{item\.(\w+)\}", entry)
        values = STAGES[stage]["matrix"][field[1]] if field else [""]
        found.update(entry.replace(field[0], value) if field else entry for value in values)
    return found


def outputs(stage: str) -> set[str]:
    return expand(stage, "outs") | expand(stage, "metrics") | expand(stage, "plots")


def code_deps(stage: str) -> set[str]:
    return {dep for dep in expand(stage, "deps") if dep.startswith("pipeline/")}


def layout_paths(stage: str) -> Iterator[Path]:
    """Paths of the layout that the modules of a stage's room name; folders of all are no file."""
    general = {"PARAMS", "MODELS", "REPORTS", "BENCHMARK"}
    for module in room_modules(room(stage)):
        for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
            name = getattr(node, "id", None) or getattr(node, "attr", "")
            value = getattr(layout, name, None) if name.isupper() else None
            if isinstance(value, Path) and name not in general:
                yield value


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_the_code_it_imports(stage: str) -> None:
    missing = {
        path for path in stage_code(stage) if not any(covers(d, path) for d in code_deps(stage))
    }
    assert not missing, f"add to the deps of {stage}: {sorted(missing)}"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_names_no_code_it_does_not_import(stage: str) -> None:
    """A file it imports, its own room, or a room of which it imports at least half.

    A frozen stage, which nobody runs lightly, imports all of a room that it names.
    """
    code = stage_code(stage)
    idle = code_deps(stage) - code - {room(stage).replace(".", "/")}
    data = {dep for dep in idle if (ROOT / dep).is_file() and not dep.endswith(".py")}
    for dep in sorted(data):
        beside = {str(Path(path).parent) for path in code}
        assert str(Path(dep).parent) in beside, f"{stage} imports nothing beside {dep}"
    least = 1.0 if STAGES[stage].get("frozen") else 0.5
    for folder in sorted(idle - data):
        held = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py")}
        held = {path for path in held if not path.endswith(("__init__.py", "__main__.py"))}
        assert held, f"{stage}: {folder} is no code of its own"
        few = f"{stage}: of {folder} it does not import {sorted(held - code)}"
        assert len(held & code) >= least * len(held), few


@pytest.mark.parametrize("stage", STAGES)
def test_data_beside_the_code_is_a_dependency_too(stage: str) -> None:
    folders = {str(Path(path).parent) for path in stage_code(stage)} - {"pipeline"}
    data = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).iterdir()
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}
    }
    missing = {path for path in data if not any(covers(d, path) for d in code_deps(stage))}
    assert not missing, f"add to the deps of {stage}: {sorted(missing)}"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_declares_the_files_it_names(stage: str) -> None:
    declared = expand(stage, "deps") | outputs(stage)
    named = {path.as_posix() for path in layout_paths(stage)}
    missing = {path for path in named if not any(covers(entry, path) for entry in declared)}
    assert not missing, f"{stage} reads or writes, but does not declare: {sorted(missing)}"


def test_who_reads_the_learning_curves_declares_both() -> None:
    for stage in STAGES:
        if any("read_curves" in modules()[m].read_text() for m in room_modules(room(stage))):
            made = {path for path in outputs("learning_curve") if path.startswith("reports/")}
            assert made == {layout.TOPIC_CURVE.as_posix(), layout.REGION_CURVE.as_posix()}
            assert made <= expand(stage, "deps"), stage


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_declares_the_parameters_it_uses_and_no_others(stage: str) -> None:
    used: set[str] = set()
    for module in reached(room_modules(room(stage))):
        for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in SECTIONS:
                used |= {node.attr} if re.match(r"(load_)?params\b", ast.unparse(node)) else set()
            if isinstance(node, ast.ImportFrom) and node.module == "pipeline.params":
                used |= SECTIONS if any(a.name == "flatten" for a in node.names) else set()
    assert used == expand(stage, "params")


def test_every_dependency_is_made_or_kept() -> None:
    made = {path for stage in STAGES for path in outputs(stage)}
    for stage in STAGES:
        for dep in expand(stage, "deps"):
            parameter = dep.startswith("${")
            assert parameter or dep in made or (ROOT / dep).exists(), f"nothing makes {dep}"
        assert f"{room(stage)}.__main__" in modules(), f"{stage}: {room(stage)} cannot be run"


@pytest.mark.parametrize("module", modules())
def test_no_arrow_runs_upward(module: str) -> None:
    upward = {target for target in imports(module) if floor(target) > floor(module)}
    assert not upward, f"{module} imports from above: {sorted(upward)}"


def test_no_imports_in_a_circle() -> None:
    TopologicalSorter({module: imports(module) for module in modules()}).prepare()


def test_stages_meet_on_disk_alone() -> None:
    """No stage imports another's entry, nor, where the room is a stage's own, its room."""
    for stage in STAGES:
        own = room(stage)
        for module in reached(room_modules(own)):
            other = (
                floor(module) == STAGE_FLOOR and not module.startswith(f"{own}.") and module != own
            )
            assert not other, f"{stage} reaches into {module}"


@pytest.mark.parametrize(
    ("library", "only"),
    [("mlflow", {"pipeline.tracking"}), ("sentence_transformers", {"pipeline.encoder"})],
)
def test_a_library_has_one_door(library: str, only: set[str]) -> None:
    pattern = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    users = {m for m, path in modules().items() if pattern.search(path.read_text(encoding="utf-8"))}
    assert users <= only
