"""Where everything lies, relative to the root of the project. The one place for names."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import MissingArtifactError

PARAMS = Path("params.yaml")

READER = Path("data/reader/reader.safetensors")  # the encoder adapted to pages: in Git
READER_CARD = Path("data/reader/card.json")
GAPS = Path("data/gaps/real.safetensors")  # of pages of real stories, without text: in Git
GAPS_CARD = Path("data/gaps/card.json")
FINETUNED = Path("data/encoder/encoder.safetensors")  # the encoder taught topics: in Git
FINETUNED_CARD = Path("data/encoder/card.json")
PACKS = Path("data/packs")  # feature packs: in Git
REAL_PACK = PACKS / "real_labelled.safetensors"
ARTICLES = Path("data/articles.jsonl")
REJECTS = Path("data/rejects.jsonl")
TAXONOMY = Path("data/taxonomy.jsonl")  # the topics that the corpus may be labelled with
TRAIN_PAGES = Path("data/pages/train.jsonl")
TEST_PAGES = Path("data/pages/test.jsonl")
CUT_PAGES = Path("data/cut/test.jsonl")  # the held-out pages as the segmenter cuts them
STORY_VECTORS = Path("data/vectors/stories.safetensors")
COSTS = Path("data/cost")  # of each stage: time and memory

MODELS = Path("models")
EXPORT = Path("models/encoder")  # what every stage and the command line encode with
SEGMENTER = "segmenter"  # folder inside a bundle
TOPIC_HEAD = "topic"
REGION_HEAD = "region"
ENCODER = "encoder"
SECTIONS = "sections"
MANIFEST = "manifest.json"
SECTIONS_MODEL = MODELS / SECTIONS  # what cuts running prose into sections: in Git
SECTIONS_CARD = Path("data/sections/card.json")

REPORTS = Path("reports")
METRICS = Path("reports/metrics.json")
KEY_FIGURES = Path("reports/headline.json")  # the few figures that DVC shows
DETAILS = Path("reports/details.json")  # breakdowns, confusions, coverage
TOPIC_CURVE = Path("reports/learning_curve/topic.json")  # by articles trained on
REGION_CURVE = Path("reports/learning_curve/region.json")
TOPIC_THRESHOLDS = Path("reports/thresholds/topic.json")  # tried for the topic head
REGION_THRESHOLDS = Path("reports/thresholds/region.json")
PREDICTIONS = Path("reports/predictions.jsonl")  # of every held-out example
PLOTS = Path("reports/plots")
REPORT = Path("reports/index.html")  # of all of these, to read
BENCHMARK = Path("reports/benchmark.json")
COMPARISON = Path("reports/segmentation_benchmark.json")  # with other tools
LABELS_COMPARISON = Path("reports/classification_benchmark.json")
RUN_RECORD = Path("reports/mlflow_run.json")


def require(path: Path, command: str) -> Path:
    """Return ``path`` if it is there.

    :param command: what makes it, named in the message.
    :raises MissingArtifactError: it is not there.
    """
    if not path.exists():
        raise MissingArtifactError(f"{path} is not here: run `{command}`")
    return path
