"""The parameters of the pipeline: ``params.yaml``, one typed section a stage.

An unknown key, a missing one or a value of the wrong type is an error: a misspelt parameter
that silently changes nothing is worse than a stop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from pipeline.errors import MissingArtifactError, UsageError

Fraction = Annotated[float, Meta(gt=0, lt=1)]
Share = Annotated[float, Meta(gt=0, le=1)]
Count = Annotated[int, Meta(ge=1)]
Positive = Annotated[float, Meta(gt=0)]
# One threshold, or several of which training takes the best.
Thresholds = Fraction | Annotated[tuple[Fraction, ...], Meta(min_length=1)]


class EncoderParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Which sentence encoder serves every stage.

    ``reader``: pages are read by the one adapted to pages; ``finetuned``: stories by the one
    taught topics. Both stand on the packaged model alone. ``precision`` is that of the weights
    that are exported.
    """

    model: str
    batch_size: Count
    reader: bool
    finetuned: bool
    precision: Literal["float32", "int8"]


class AdaptParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Teaching the encoder to read pages; ``shared`` is the folder of the real sets.

    ``start`` is a Git revision whose weights are taught further; empty begins from the encoder.
    What is then taught is averaged with the weights of the revisions ``mean_with``. ``pages``
    are mixed of every ``deck`` of stories, in ``workers`` processes (0: in this one).
    """

    shared: str
    start: str
    mean_with: tuple[str, ...]
    deck: Count
    pages: Count
    workers: Annotated[int, Meta(ge=0)]
    steps: Count
    learning_rate: Positive
    tokens: Count
    threads: Count
    seed: int


class FinetuneParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Teaching the encoder topics; ``shared`` is the folder of the real sets.

    Of the stories labelled for this project, one in ``held_out`` is kept from training. Several
    ``teachers`` learn for ``teacher_steps`` each; ``trust`` is what they count beside a label.
    """

    shared: str
    held_out: Annotated[int, Meta(ge=2)]
    frozen_layers: Annotated[int, Meta(ge=0)]
    teachers: Annotated[int, Meta(ge=2)]
    teacher_steps: Count
    trust: Annotated[float, Meta(ge=0.0, le=1.0)]
    steps: Count
    learning_rate: Positive
    tokens: Count
    threads: Count
    seed: int


class IngestParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Raw sources to articles; ``taxonomy`` is the file that names their topics."""

    sources: tuple[str, ...]
    taxonomy: str
    test_fraction: Fraction
    folds: Annotated[int, Meta(ge=2)]
    near_duplicate: Fraction
    seed: int


class MixParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Articles to pages."""

    train_pages: Count
    test_pages: Count
    seed: int


class GapsParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Describing the gaps of real pages; ``shared`` is the folder of the real sets."""

    shared: str
    pages: Count
    seed: int


class SegmentParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The gradient-boosted role and boundary models; ``real_pages`` teach the latter too."""

    iterations: Count
    learning_rate: Positive
    leaf_samples: Count
    l2: Annotated[float, Meta(ge=0)]
    real_pages: bool
    seed: int


class SectionsParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Teaching where the subject turns in running prose.

    ``wiki`` is a MediaWiki export, whose articles have sections; ``shared`` the folder of the
    real sets, of which ``articles`` of the newspaper are joined to ``mixes`` texts.
    """

    wiki: str
    shared: str
    articles: Count
    mixes: Count
    iterations: Count
    learning_rate: Positive
    seed: int


class TopicParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The topic head; ``words``: it weighs words beside the vector, if packs teach no topics."""

    words: bool
    regularisation: Positive
    second_weight: Annotated[float, Meta(ge=0, le=1)]
    corpus_weight: Positive
    description_weight: Annotated[float, Meta(ge=0)]
    min_score: Thresholds
    uncertain: Fraction
    seed: int


class RegionParams(Struct, frozen=True, forbid_unknown_fields=True):
    """The country ranker and its regions."""

    regularisation: Positive
    min_score: Thresholds
    seed: int


class LearningCurveParams(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the training articles the heads are trained on, to see what more would bring.

    ``country_shares`` are fewer: the country ranker takes long. Each of ``shares`` below 1 is
    drawn ``draws`` times.
    """

    shares: tuple[Share, ...]
    country_shares: tuple[Share, ...]
    draws: Count
    bootstrap: Count
    seed: int


class EvaluateParams(Struct, frozen=True, forbid_unknown_fields=True):
    """What the figures are measured with.

    ``examples``: so many stories the report quotes of each pair of topics that are confused.
    """

    tolerance: Annotated[int, Meta(ge=0)]
    bootstrap: Count
    bins: Count
    examples: Annotated[int, Meta(ge=0)]
    seed: int


class RecordParams(Struct, frozen=True, forbid_unknown_fields=True):
    """Names in MLflow; ``champion`` is the figure on real news that decides which model is."""

    experiment: str
    model: str
    champion: Literal["topic/accuracy", "region/country_f1", "segmentation/f1"]


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """All sections of ``params.yaml``."""

    encoder: EncoderParams
    adapt: AdaptParams
    finetune: FinetuneParams
    ingest: IngestParams
    mix: MixParams
    gaps: GapsParams
    segment: SegmentParams
    sections: SectionsParams
    topic: TopicParams
    region: RegionParams
    learning_curve: LearningCurveParams
    evaluate: EvaluateParams
    record: RecordParams


def load_params(path: Path = Path("params.yaml")) -> Params:
    """Read and check the parameters.

    :raises MissingArtifactError: there is no such file.
    :raises UsageError: a key is unknown or missing, or a value has the wrong type or range.
    """
    import yaml

    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MissingArtifactError(
            f"{path} is not here: run this from the root of the project"
        ) from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    try:
        return msgspec.convert(raw, Params)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {error}") from error


def flatten(params: Params) -> dict[str, str | int | float]:
    """Name every parameter ``section.key``, lists joined with spaces.

    >>> from pipeline.params import load_params  # doctest: +SKIP
    >>> flatten(load_params())["mix.seed"]  # doctest: +SKIP
    7
    """
    flat: dict[str, str | int | float] = {}
    for section, values in msgspec.to_builtins(params).items():
        for key, value in values.items():
            flat[f"{section}.{key}"] = (
                " ".join(map(str, value)) if isinstance(value, list | tuple) else value
            )
    return flat
