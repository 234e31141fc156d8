"""Stage ``bundle``: the manifest that makes the encoder and the trained models one bundle."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pipeline
from pipeline.records import Article
from pipeline.sections.settings import COMMAND as SECTIONS_COMMAND
from pipeline.sections.settings import read_settings
from pipeline.serving.card import COMMAND, read_card
from pipeline.stage import run_stage
from pipeline.store.bundle import FORMAT, Manifest, hash_files, write_manifest
from pipeline.store.jsonl import read_records
from pipeline.store.layout import (
    ARTICLES,
    ENCODER,
    EXPORT,
    MODELS,
    REGION_HEAD,
    SECTIONS,
    SEGMENTER,
    TOPIC_HEAD,
    require,
)

PARTS = {
    ENCODER: COMMAND,
    SEGMENTER: "dvc repro segment",
    TOPIC_HEAD: "dvc repro train@topic",
    REGION_HEAD: "dvc repro train@region",
}
LIBRARIES = ("numpy", "onnxruntime", "scikit-learn", "tokenizers")


def part_hashes(folder: Path, encoder: str) -> dict[str, str]:
    """Hash the files of each model; whatever else lies in ``folder`` is no part of the bundle.

    :param encoder: its fingerprint. The section model, which is not trained here, is left out
        with a warning if it was taught with another.
    :raises MissingArtifactError: a model is not there; the message names its stage.
    """
    parts = {part: require(folder / part, command) for part, command in PARTS.items()}
    if (folder / SECTIONS).is_dir():
        if read_settings(folder / SECTIONS).encoder == encoder:
            parts[SECTIONS] = folder / SECTIONS
        else:
            sys.stderr.write(
                f"bundle: {folder / SECTIONS} was taught with another encoder and is left out, so "
                f"that there is no --level section: run `{SECTIONS_COMMAND}`\n"
            )
    return {
        f"{part}/{name}": digest
        for part, own in parts.items()
        for name, digest in hash_files(own).items()
    }


def make_manifest(
    articles: Sequence[Article], files: dict[str, str], encoder_model: str, fingerprint: str
) -> Manifest:
    """Say what a bundle holds; the label sets are those of the training articles."""
    training = [article for article in articles if article.split == "train"]
    return Manifest(
        format=FORMAT,
        broadsheet=pipeline.__version__,
        encoder_model=encoder_model,
        encoder=fingerprint,
        topics=tuple(sorted({topic for article in training for topic in article.topics})),
        countries=tuple(sorted({code for article in training for code in article.countries})),
        versions={name: version(name) for name in LIBRARIES},
        files=files,
    )


def main() -> None:
    """Hash the models and write ``models/manifest.json``."""
    articles = read_records(ARTICLES, Article, "dvc repro ingest")
    card = read_card(EXPORT)
    fingerprint = card.fingerprint + card.mark
    files = part_hashes(MODELS, fingerprint)
    write_manifest(MODELS, make_manifest(articles, files, card.model, fingerprint))


if __name__ == "__main__":
    run_stage("bundle", main)
