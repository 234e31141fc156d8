"""An exported encoder's folder: what lies in it, and the card that says how it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from pipeline.encoder import QUANTISED
from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

CARD = "card.json"
TOKENIZER = "tokenizer.json"
WORDS = "words.npy"  # a row a token of the vocabulary: mapped into memory, read where it is needed
TABLES = "tables.safetensors"  # positions, and forms where pages are read
STORIES = "stories.onnx"
PAGES = "pages.onnx"
HEADS = "heads.onnx"  # what is asked of a piece, by the state where it begins
INPUT = "rows"  # the name of a graph's one input
COMMAND = "dvc repro export"

Pooling = Literal["mean", "cls"]
Precision = Literal["float32", "int8"]


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """What an export is of.

    :param model: the name it goes by in ``params.yaml``.
    :param fingerprint: of the encoder of stories as it was trained.
    :param reader: of the one of pages as it was trained, if any.
    :param exported: false where the encoder is run by sentence-transformers, as it is no BERT.
    :param longest: tokens that are read of a text, the two at the ends included.
    :param pooling: a text's vector is the mean of its tokens' states, or the first one.
    """

    model: str
    fingerprint: str
    reader: str | None
    exported: bool
    width: int = 0
    longest: int = 0
    pooling: Pooling = "mean"
    precision: Precision = "float32"

    @property
    def mark(self) -> str:
        """What the precision adds to the fingerprints."""
        return QUANTISED if self.precision == "int8" else ""


def write_card(folder: Path, card: Card) -> None:
    """Write the card of an export."""
    data = msgspec.json.format(msgspec.json.encode(card, order="sorted"), indent=2)
    write_bytes(folder / CARD, data + b"\n")


def read_card(folder: Path) -> Card:
    """Read the card of an export.

    :raises MissingArtifactError: there is none.
    :raises CorruptArtifactError: it is no card.
    """
    path = require(folder / CARD, COMMAND)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Card)
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{path}: {error}; run `{COMMAND}`") from error
