"""What a section model was trained with, as it stands on disk."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import CorruptArtifactError
from pipeline.store.layout import require

COMMAND = "make sections"
SETTINGS = "settings.json"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers chosen in training, and the fingerprint of the ``encoder`` trained with.

    ``slope`` and ``offset`` calibrate the trees' log-odds (Platt 1999); ``length_weight`` is that
    of the length evidence in decoding; ``least`` the probability at which a cut is as good as
    none. Turns of subject are faint, and sections long: the best ``least`` lies far below 0.5.
    ``single_slope`` and ``single_offset`` turn the boundaries to be expected into the odds that
    the text is one section.
    """

    encoder: str
    slope: float
    offset: float
    length_weight: float
    least: float
    single_slope: float
    single_offset: float


def read_settings(folder: Path) -> Settings:
    """Read the settings of the model in a folder.

    :raises MissingArtifactError: there is none; the message says what makes it.
    :raises CorruptArtifactError: they are none of this pipeline's.
    """
    path = require(folder / SETTINGS, COMMAND)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{path}: {error}; run `{COMMAND}`") from error
