"""The trained bundle: a folder of models and a manifest that says what must be in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.digest import file_sha256
from pipeline.store.layout import MANIFEST, MODELS, require
from pipeline.threads import cores

FORMAT = 3  # of the files of a bundle; one more whenever older code could not read them


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a bundle holds. ``files`` maps each file's path in the bundle to its SHA-256."""

    format: int
    broadsheet: str
    encoder_model: str
    encoder: str
    topics: tuple[str, ...]
    countries: tuple[str, ...]
    versions: dict[str, str]
    files: dict[str, str]


class Bundle(Struct, frozen=True):
    """An opened bundle whose files have been checked against its manifest."""

    folder: Path
    manifest: Manifest

    def check_encoder(self, fingerprint: str) -> None:
        """Refuse an encoder other than the one the models were trained with.

        :raises CorruptArtifactError: the fingerprints differ.
        """
        if fingerprint != self.manifest.encoder:
            raise CorruptArtifactError(
                f"the models in {self.folder} were trained with encoder {self.manifest.encoder}, "
                f"not {fingerprint}: use that encoder, or run `make repro`"
            )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a bundle."""
    data = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2)
    write_bytes(folder / MANIFEST, data + b"\n")


def hash_files(folder: Path) -> dict[str, str]:
    """Hash every file of a bundle but its manifest, by path relative to ``folder``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in files
        if path.name not in {MANIFEST, ".gitignore"}
    }


def open_bundle(folder: Path = MODELS) -> Bundle:
    """Open a bundle and check every file that its manifest names.

    :raises MissingArtifactError: no bundle there, or a file of it is missing.
    :raises CorruptArtifactError: the manifest cannot be read or is of another format, or a
        file's hash differs.
    """
    manifest = read_manifest(folder)
    paths = [require(folder / name, "make repro") for name in manifest.files]
    with ThreadPoolExecutor(cores()) as threads:  # hashing leaves the interpreter's lock alone
        found = threads.map(file_sha256, paths)
        for path, digest, expected in zip(paths, found, manifest.files.values(), strict=True):
            if digest != expected:
                raise CorruptArtifactError(
                    f"{path} is not the file in {MANIFEST}: run `make repro`"
                )
    return Bundle(folder, manifest)


def read_manifest(folder: Path = MODELS) -> Manifest:
    """Read the manifest of a bundle; its files are not looked at.

    :raises MissingArtifactError: no bundle there.
    :raises CorruptArtifactError: the manifest cannot be read or is of another format.
    """
    path = require(folder / MANIFEST, "make repro")
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise CorruptArtifactError(f"{path}: {error}; run `make repro`") from error
    if manifest.format != FORMAT:
        raise CorruptArtifactError(
            f"{path} is of format {manifest.format}, not {FORMAT}: run `make repro`"
        )
    return manifest
