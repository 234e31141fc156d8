"""Checks of what was taught and trained: the bundle, the encoder, its weights, packs, outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pipeline.encoder import PACKAGED, packaged_fingerprint, weights_of
from pipeline.errors import MissingArtifactError
from pipeline.habits.installation import installed
from pipeline.habits.setup import Setup, Skipped, Trouble
from pipeline.serving.card import read_card
from pipeline.store.bundle import Bundle, Manifest, open_bundle, read_manifest
from pipeline.store.digest import file_sha256
from pipeline.store.layout import ENCODER, FINETUNED, PACKS, PARAMS, READER
from pipeline.whereabouts import SCHEME, models_folder, named_models

DVC_LOCK = Path("dvc.lock")


def models(setup: Setup) -> str:
    """Find the bundle, every file of it as its manifest says."""
    bundle = open_bundle(_folder(setup))
    return f"{bundle.folder}: {len(bundle.manifest.files)} files as in the manifest"


def versions(setup: Setup) -> str:
    """Hold the libraries that the models were trained with against the installed ones."""
    trained = _manifest(setup)[1].versions
    wrong = [
        f"trained with {name} {then}, {now or 'none'} here"
        for name, then in trained.items()
        if (now := installed(name)) != then
    ]
    if wrong:
        raise Trouble("; ".join(wrong), "run `pip install -r requirements.lock`, or `make repro`")
    return ", ".join(f"{name} {then}" for name, then in trained.items())


def encoder(setup: Setup) -> str:
    """Find the packaged encoder, its weights by their SHA-256."""
    try:
        wanted = _manifest(setup)[1].encoder_model
    except Skipped:
        wanted = PACKAGED
    if wanted != PACKAGED:
        raise Skipped(f"the models were trained with {wanted}, which is not packaged")
    return packaged_fingerprint()


def taught_encoder(setup: Setup) -> str:
    """See that the models' encoder is the one that they and the project were trained with."""
    folder, manifest = _manifest(setup)
    if manifest.encoder_model != PACKAGED:
        raise Skipped(f"the models were trained with {manifest.encoder_model} as it came")
    card = read_card(folder / ENCODER)
    fingerprint = card.fingerprint
    Bundle(folder, manifest).check_encoder(fingerprint + card.mark)
    _same_as_taught(setup, fingerprint, FINETUNED, "finetuned")
    return "fits the models" if "+" in fingerprint else "not used by these models"


def page_reader(setup: Setup) -> str:
    """See that the models' page reader is the one in the project."""
    folder, _ = _manifest(setup)
    fingerprint = read_card(folder / ENCODER).reader
    _same_as_taught(setup, fingerprint or "", READER, "reader")
    return "fits the models" if fingerprint else "not used by these models"


def packs(setup: Setup) -> str:
    """See that the vectors of every feature pack are by the models' encoder."""
    from pipeline.packs.pack import pack_fingerprint

    found = sorted((setup.project() / PACKS).glob("*.safetensors"))
    if not found:
        raise Skipped(f"none in {PACKS}/")
    wanted = weights_of(_manifest(setup)[1].encoder)
    odd = [path.name for path in found if pack_fingerprint(path) != wanted]
    if odd:
        raise Trouble(
            f"{', '.join(odd)} of another encoder: training leaves it out",
            "make it anew with `broadsheet pack`, or move it away",
        )
    return f"{len(found)} by the models' encoder"


def outputs(setup: Setup) -> str:
    """See that what the stages wrote, by ``dvc.lock``, is there and of the same size."""
    import yaml

    root = setup.project()
    if not (root / ".dvc").is_dir():
        raise Trouble("no DVC repository: the pipeline cannot run", "run `dvc init`")
    lock = root / DVC_LOCK
    if not lock.is_file():
        raise Trouble(f"no {DVC_LOCK}: the pipeline has not run", "run `make repro`")
    try:
        stages: dict[str, Any] = yaml.safe_load(lock.read_text(encoding="utf-8"))["stages"]
        written = [out for stage in stages.values() for out in stage.get("outs", ())]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            f"{DVC_LOCK} cannot be read", f"run `git checkout {DVC_LOCK}` and `make repro`"
        ) from error
    missing = [out["path"] for out in written if not (root / out["path"]).exists()]
    changed = [
        out["path"]
        for out in written
        if out["path"] not in missing and _measure(root / out["path"]) != _measured(out)
    ]
    for paths, what in ((missing, "not here"), (changed, f"not as in {DVC_LOCK}")):
        if paths:
            more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
            raise Trouble(f"{', '.join(paths[:3])}{more} {what}", "run `make repro`")
    return f"{len(written)} by {len(stages)} stages, as in {DVC_LOCK}"


def _manifest(setup: Setup) -> tuple[Path, Manifest]:
    try:
        folder = _folder(setup)
        return folder, read_manifest(folder)
    except MissingArtifactError as error:
        raise Skipped("no models to hold it against") from error


def _folder(setup: Setup) -> Path:
    named = named_models(setup.models)
    if named.startswith(SCHEME):
        raise Skipped(f"{named} is a version in the registry: name a folder with --models")
    return models_folder(setup.models)


def _same_as_taught(setup: Setup, fingerprint: str, taught: Path, parameter: str) -> None:
    """Hold an exported encoder against the project's taught weights, where that trains on them."""
    if setup.root is None:
        return
    from pipeline.params import load_params

    params = load_params(setup.root / PARAMS).encoder
    if params.model != PACKAGED or not getattr(params, parameter):
        return
    source = setup.root / taught
    if not source.is_file():
        raise Trouble(f"{taught} is not here", f"run `git checkout {taught.parent}`")
    if not fingerprint.endswith(f"+{file_sha256(source)[:16]}"):
        raise Trouble(f"{taught} is not what the models were trained with", "run `make repro`")


def _measured(out: dict[str, Any]) -> tuple[int, int]:
    return int(out["size"]), int(out.get("nfiles", 1))


def _measure(path: Path) -> tuple[int, int]:
    if path.is_file():
        return path.stat().st_size, 1
    files = [Path(folder) / name for folder, _, names in os.walk(path) for name in names]
    return sum(file.stat().st_size for file in files), len(files)
