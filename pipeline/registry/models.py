"""The trained models that a command is to use: a folder, or a version in the registry."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.whereabouts import SCHEME, models_folder, named_models


def find_models(given: Path | None) -> Path:
    """Find the bundle's folder: as given, in $BROADSHEET_MODELS, here, or where the project lies.

    :param given: a folder, or ``models:/NAME@ALIAS`` or ``models:/NAME/NUMBER``.
    :raises MissingArtifactError: it is not there.
    :raises UsageError: there is no such version.
    """
    named = named_models(given)
    if not named.startswith(SCHEME):
        return models_folder(given)
    from pipeline.habits.database import runs_uri
    from pipeline.registry.versions import bundle_folder, named_version

    uri = runs_uri(os.environ)
    return bundle_folder(uri, named_version(uri, named))
