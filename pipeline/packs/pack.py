"""A pack on disk: vectors, labels and places of labelled stories in one safetensors file; no text.

Vectors are kept in 16 bits, places coarsely: how far from the start they stand in steps of 20
characters, cities by the order of magnitude of their size. Enough for a country's weight in a
story, and little more; but whoever knows a story can tell that it is in a pack, and the vector of
a short text tells much of what it says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pipeline.errors import CorruptArtifactError
from pipeline.places.mentions import Mention, Scene
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require
from pipeline.store.vectors import Vectors

STEP = 20  # characters; where a mention stands is kept no finer


class PackedStory(Struct, frozen=True, array_like=True):
    """A story's labels, main ones first, its number of vectors, and its scenes.

    The first vector is that of the whole story; scenes are those of its views. ``unseen``: the
    encoder was not taught on it.
    """

    topics: tuple[str, ...]
    countries: tuple[str, ...]
    vectors: int
    scenes: tuple[Scene, ...]
    unseen: bool = True


class Pack(NamedTuple):
    """``n`` stories by the SHA-256 of their text, and the rows of ``vectors`` (v, d) in order."""

    keys: list[bytes]
    stories: list[PackedStory]
    vectors: Vectors

    def firsts(self) -> npt.NDArray[np.int64]:
        """Index each story's first vector, shape (n,)."""
        counts = [story.vectors for story in self.stories]
        return np.cumsum([0, *counts])[:-1].astype(np.int64)

    def owners(self) -> npt.NDArray[np.int64]:
        """Index the story of each vector, shape (v,)."""
        return np.repeat(np.arange(len(self.stories)), [story.vectors for story in self.stories])

    def without(self, keys: Collection[bytes]) -> Pack:
        """Leave out the stories with these keys."""
        kept = [i for i, key in enumerate(self.keys) if key not in keys]
        return Pack(
            [self.keys[i] for i in kept],
            [self.stories[i] for i in kept],
            self.vectors[np.isin(self.owners(), kept)],
        )


def coarse(scene: Scene) -> Scene:
    """Keep of a scene what weighs its countries."""
    mentions = tuple(_coarse(mention) for mention in scene.mentions)
    return Scene(mentions, max(1, scene.size - scene.size % STEP), scene.titled)


def _coarse(mention: Mention) -> Mention:
    mass = mention.toponym.mass
    toponym = msgspec.structs.replace(
        mention.toponym, start=0, end=0, mass=float(10 ** round(np.log10(mass))) if mass else 0.0
    )
    return mention._replace(toponym=toponym, offset=mention.offset - mention.offset % STEP)


def write_pack(path: Path, pack: Pack, fingerprint: str) -> None:
    """Write a pack, its stories sorted by key, with the fingerprint of the encoder."""
    from safetensors.numpy import save

    order = sorted(range(len(pack.keys)), key=lambda i: pack.keys[i])
    firsts = pack.firsts()
    rows = [r for i in order for r in range(firsts[i], firsts[i] + pack.stories[i].vectors)]
    records = msgspec.msgpack.encode([pack.stories[i] for i in order])
    keys = b"".join(pack.keys[i] for i in order)
    data: dict[str, npt.NDArray[Any]] = {
        "keys": np.frombuffer(keys, dtype=np.uint8).reshape(-1, 32).copy(),
        "stories": np.frombuffer(records, dtype=np.uint8).copy(),
        "vectors": pack.vectors[rows].astype(np.float16),
    }
    write_bytes(path, save(data, metadata={"encoder": fingerprint}))


def pack_fingerprint(path: Path) -> str:
    """Say which encoder a pack's vectors are from.

    :raises CorruptArtifactError: it is no pack.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            found = (file.metadata() or {}).get("encoder")
    except SafetensorError:
        found = None
    if found is None:
        raise CorruptArtifactError(f"{path} is no feature pack: make it with `broadsheet pack`")
    return str(found)


def read_pack(path: Path) -> Pack:
    """Read what :func:`write_pack` wrote.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is no pack.
    """
    from safetensors.numpy import load_file

    pack_fingerprint(require(path, "broadsheet pack"))
    try:
        tensors = load_file(path)
        stories = msgspec.msgpack.decode(tensors["stories"].tobytes(), type=list[PackedStory])
        vectors = cast(Vectors, tensors["vectors"].astype(np.float32))
        keys = [bytes(row) for row in tensors["keys"]]
    except (KeyError, msgspec.MsgspecError) as error:
        raise CorruptArtifactError(
            f"{path} is of another version: make it anew with `broadsheet pack`"
        ) from error
    if len(keys) != len(stories) or len(vectors) != sum(story.vectors for story in stories):
        raise CorruptArtifactError(f"{path} is incomplete: make it anew with `broadsheet pack`")
    return Pack(keys, stories, vectors)


def usable_packs(folder: Path, fingerprint: str) -> Iterator[tuple[Path, Pack | None]]:
    """Read the packs of a folder; none in place of one whose vectors are another encoder's."""
    for path in sorted(folder.glob("*.safetensors")):
        yield path, read_pack(path) if pack_fingerprint(path) == fingerprint else None


def spread(keys: Sequence[bytes], folds: Sequence[int]) -> list[int]:
    """Deal stories into a corpus's folds by their keys."""
    known = sorted(set(folds))
    return [known[int.from_bytes(key[:8], "big") % len(known)] for key in keys]
