"""Where a command finds what it reads: as named, in this folder, or where the project lies."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import MissingArtifactError
from pipeline.store.layout import MANIFEST, MODELS, PARAMS

PROJECT = Path(__file__).parent.parent  # where the package is installed from, if editable
MODELS_VARIABLE = "BROADSHEET_MODELS"
SCHEME = "models:"  # of a version in the registry, which is no folder


def named_models(given: Path | None) -> str:
    """Return what names the trained models: as given, or $BROADSHEET_MODELS; "" if nothing does."""
    return str(given or os.environ.get(MODELS_VARIABLE) or "")


def models_folder(given: Path | None) -> Path:
    """Find the trained models: as given, $BROADSHEET_MODELS, here, or where the project lies.

    :raises MissingArtifactError: there are none.
    """
    named = named_models(given)
    places = [Path(named)] if named else [MODELS, PROJECT / MODELS]
    for folder in places:
        if (folder / MANIFEST).is_file():
            return folder
    raise MissingArtifactError(
        f"no trained models in {places[0]}: run `make repro` in the project, "
        f"or name their folder with --models"
    )


def project_folder() -> Path | None:
    """Find the project: this folder, or where the package lies; none if neither is one."""
    return next((place for place in (Path(), PROJECT) if (place / PARAMS).is_file()), None)


def of_project(path: Path) -> Path:
    """Find a file of the project: here, or else where the project lies."""
    return path if path.is_file() or not (PROJECT / path).is_file() else PROJECT / path
