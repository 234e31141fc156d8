"""Versions of the registered model, as MLflow has them."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

from msgspec import Struct
from platformdirs import user_cache_path

from pipeline.errors import CorruptArtifactError, MissingArtifactError, UsageError
from pipeline.habits.database import open_client, shown
from pipeline.store.layout import MANIFEST
from pipeline.tracking import fetch_artifacts

CHAMPION = "champion"  # the alias of the version that is in use
_URI = re.compile(r"models:/+(?P<name>[^/@]+)(?:@(?P<alias>[^/]+)|/(?P<version>\d+|latest))?")


class Version(Struct, frozen=True):
    """A version of a registered model. ``aliases`` are the names that point at it."""

    name: str
    number: int
    run: str
    tags: Mapping[str, str]
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return f"{self.name} {self.number}"

    @property
    def uri(self) -> str:
        """What MLflow calls it."""
        return f"models:/{self.name}/{self.number}"


def read_versions(uri: str, name: str) -> list[Version]:
    """Read the versions of a model, the newest first.

    :raises MissingArtifactError: there is none.
    """
    with open_client(uri) as client:
        found = list(client.search_model_versions(f"name = '{name.replace(chr(39), '')}'"))
        aliases = client.get_registered_model(name).aliases if found else {}
    if not found:
        raise MissingArtifactError(f"no model {name!r} at {shown(uri)}: run `make repro`")
    named: dict[int, list[str]] = {}
    for alias, number in aliases.items():
        named.setdefault(int(number), []).append(alias)
    versions = [
        Version(
            name,
            int(one.version),
            one.run_id or "",
            dict(one.tags),
            tuple(sorted(named.get(int(one.version), []))),
        )
        for one in found
    ]
    return sorted(versions, key=lambda version: -version.number)


def find_version(versions: Sequence[Version], wanted: str) -> Version:
    """Find a version by its number or an alias; ``latest`` is the newest.

    :param versions: of one model, newest first, at least one.
    :raises UsageError: there is no such version.
    """
    if wanted == "latest":
        return versions[0]
    for version in versions:
        if wanted in (str(version.number), *version.aliases):
            return version
    known = ", ".join(str(version.number) for version in versions[:5])
    aliases = sorted(alias for version in versions for alias in version.aliases)
    also = f"; aliases: {', '.join(aliases)}" if aliases else ""
    raise UsageError(f"no version {wanted!r} of {versions[0].name}: there is {known}{also}")


def named_version(uri: str, models: str) -> Version:
    """Find the version that ``models:/NAME@ALIAS`` or ``models:/NAME/NUMBER`` names.

    :raises UsageError: it is written otherwise, or there is no such version.
    :raises MissingArtifactError: there is no such model.
    """
    match = _URI.fullmatch(models)
    if match is None:
        raise UsageError(f"{models!r} is no model: write models:/NAME@ALIAS or models:/NAME/NUMBER")
    wanted = match["alias"] or match["version"] or "latest"
    return find_version(read_versions(uri, match["name"]), wanted)


def bundle_folder(uri: str, version: Version) -> Path:
    """Find the bundle of a version: where it lies, or fetched once from a server.

    :raises CorruptArtifactError: the version holds no bundle.
    """
    with open_client(uri) as client:
        model = client.get_model_version(version.name, str(version.number))
        source = client.get_model_version_download_uri(version.name, model.version)
        kept = user_cache_path("broadsheet") / "models" / f"{version.name}-{_model_id(source)}"
        folder = kept if kept.is_dir() else _fetch(uri, source, kept)
    description = folder / "MLmodel"
    if description.is_file():
        import yaml

        flavours = yaml.safe_load(description.read_text(encoding="utf-8")).get("flavors", {})
        artifacts = flavours.get("python_function", {}).get("artifacts", {})
        inside: Path = folder / artifacts.get("bundle", {}).get("path", "")
        if (inside / MANIFEST).is_file():
            return inside
    raise CorruptArtifactError(f"{version.uri} holds no bundle of this pipeline: run `make repro`")


def move_champion(uri: str, version: Version, tags: Mapping[str, str]) -> None:
    """Let the champion's alias point at ``version``, and write ``tags`` on it."""
    with open_client(uri) as client:
        for name, value in tags.items():
            client.set_model_version_tag(version.name, str(version.number), name, value)
        client.set_registered_model_alias(version.name, CHAMPION, str(version.number))


def _model_id(source: str) -> str:
    return re.sub(r"\W+", "-", source).strip("-")[-80:]


def _fetch(uri: str, source: str, kept: Path) -> Path:
    """Return where a local model lies; put one of a server into ``kept``, whole or not at all."""
    parsed = urlparse(source)
    if parsed.scheme in ("", "file"):
        return Path(unquote(parsed.path))
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=kept.parent, prefix=f".{kept.name}."))
    try:
        fetch_artifacts(source, fresh, uri).replace(kept)
    except OSError:
        if not kept.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return kept
