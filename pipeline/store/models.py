"""Scikit-learn estimators on disk: skops files, made byte-stable.

skops writes no pickle and loads only types that are named as trusted. Its files differ from
run to run, though: they hold ``id()``s and the time of day. Both are replaced here (ids by
their order of appearance), so that equal models are equal files and DVC's cache holds.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from pipeline.errors import CorruptArtifactError
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require

TRUSTED = [
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfMultinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.calibration._TemperatureScaling",
    "sklearn.utils._bunch.Bunch",
]
_ID = re.compile(rb'"__id__": (\d+)')
_FILE = re.compile(rb'"file": "(\d+)\.npy"')
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save_estimator(path: Path, estimator: Any) -> None:
    """Write a fitted estimator; the same estimator gives the same bytes."""
    import skops.io

    write_bytes(path, _stable(skops.io.dumps(estimator)))


def load_estimator(path: Path, command: str = "make repro") -> Any:
    """Read an estimator that :func:`save_estimator` wrote.

    :raises MissingArtifactError: no such file.
    :raises CorruptArtifactError: it is no skops file, or holds a type that is not trusted.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    data = require(path, command).read_bytes()
    try:
        return skops.io.loads(data, trusted=TRUSTED)
    except (zipfile.BadZipFile, KeyError, ValueError, UntrustedTypesFoundException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CorruptArtifactError(f"{path} is not a model of this pipeline: {reason}") from error


def _stable(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    schema = members.pop("schema.json")
    numbers: dict[bytes, int] = {}
    for match in _ID.finditer(schema):
        numbers.setdefault(match[1], len(numbers))
    schema = _ID.sub(lambda m: b'"__id__": %d' % numbers[m[1]], schema)
    schema = _FILE.sub(lambda m: b'"file": "%d.npy"' % numbers[m[1]], schema)
    renamed = {"schema.json": schema}
    for name, content in members.items():
        stem = Path(name).stem.encode()
        new = f"{numbers[stem]}{Path(name).suffix}" if stem in numbers else name
        renamed[new] = content
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(renamed):
            info = zipfile.ZipInfo(name, _EPOCH)
            archive.writestr(info, renamed[name], zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()
