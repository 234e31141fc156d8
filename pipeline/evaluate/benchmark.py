"""The bars on real text: boundary F1 on real pages, topics and countries of real stories.

Reads the labelled sets beside the project (``pages_dev.jsonl`` and ``gold_dev.jsonl``), which
are for measuring only; writes ``reports/benchmark.json`` and ``reports/benchmark.md``. The
settings are the benchmark's own, so that its figures stay comparable whatever ``params.yaml``
says.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from msgspec import Struct
from tqdm import tqdm

from pipeline.classify import Classifier
from pipeline.errors import MissingArtifactError, UsageError
from pipeline.evaluate.answers import answer, gold_labels
from pipeline.evaluate.breakdown import breakdown, groupings, traits
from pipeline.evaluate.confusions import confusions
from pipeline.evaluate.coverage import country_coverage, topic_coverage
from pipeline.evaluate.end_to_end import GoldLabels, Labelled, Outcome, outcomes
from pipeline.evaluate.measures import (
    end_to_end_section,
    region_section,
    segmentation_section,
    topic_section,
)
from pipeline.evaluate.real_report import real_report
from pipeline.evaluate.source_labels import source_labels
from pipeline.params import EvaluateParams
from pipeline.reader.reader import PageUnits, UnitReader
from pipeline.reading import Sample, plain_sample
from pipeline.records import Kind, Page, Span, Story
from pipeline.segment.segmenter import Cut
from pipeline.store.atomic import write_text
from pipeline.store.jsonl import read_records
from pipeline.store.layout import BENCHMARK, MODELS
from pipeline.store.metrics import write_metrics
from pipeline.taxonomy import TOPICS
from pipeline.units import find_units

PAGES = Path("data/pages_dev.jsonl")  # inside the shared folder
GOLD = Path("data/gold_dev.jsonl")
SETTINGS = EvaluateParams(tolerance=3, bootstrap=1000, bins=10, examples=3, seed=19)


class RealStory(Struct, frozen=True):
    """A story on a real page; its ``role`` is the kind of story it is."""

    id: str
    start: int
    end: int
    role: Kind


class RealPage(Struct, frozen=True):
    """A page built from real stories, with gold offsets in code points."""

    id: str
    layout: str
    text: str
    stories: tuple[RealStory, ...]
    residue: tuple[Span, ...]

    def page(self) -> Page:
        """Put it in the project's own form; parts and truncation are not labelled."""
        stories = tuple(
            Story(s.start, s.end, s.role, False, (), article=s.id) for s in self.stories
        )
        return Page(self.id, self.layout, self.text, stories, self.residue)


class RealItem(Struct, frozen=True):
    """A real story or lead, labelled twice: ``primary`` holds the accepted main topics.

    What only one annotator gave is in ``topics_also`` and ``countries_also``.
    """

    id: str
    title: str | None
    text: str
    primary: tuple[str, ...]
    topics: tuple[str, ...]
    topics_also: tuple[str, ...]
    countries: tuple[str, ...]
    countries_also: tuple[str, ...]

    def sample(self) -> Sample:
        """Put it as a story of its own."""
        return plain_sample((self.text,), self.title)

    def labels(self) -> GoldLabels:
        """Say what it should be labelled."""
        return gold_labels(
            self.topics,
            self.countries,
            main=self.primary,
            topics_also=self.topics_also,
            countries_also=self.countries_also,
        )


def real_pages(shared: Path) -> list[Page]:
    """Read the real pages below ``shared``.

    :raises MissingArtifactError: they are not there.
    """
    return [real.page() for real in read_records(shared / PAGES, RealPage)]


def real_items(shared: Path) -> list[RealItem]:
    """Read the real stories below ``shared``.

    :raises MissingArtifactError: they are not there.
    """
    return read_records(shared / GOLD, RealItem)


def run_benchmark(shared: Path, models: Path = MODELS, out: Path = BENCHMARK) -> dict[str, Any]:
    """Measure a trained bundle on the real sets; write figures to ``out``, a report beside it.

    Real stories are named by their ids alone.

    :param shared: the folder that holds ``data/pages_dev.jsonl`` and ``data/gold_dev.jsonl``.
    :param out: a JSON file; the report has its name and ends in ``.md``.
    :returns: sections ``segmentation`` (with a figure per layout), ``topic``, ``region`` and
        ``end_to_end``, and ``stories`` by their kinds, ``confusions`` and ``coverage`` as rows.
    :raises MissingArtifactError: the sets or the bundle are not there.
    :raises UsageError: ``out`` is where the report goes, or the bundle's topics are others than
        the sets'.
    """
    if out.suffix == ".md":
        raise UsageError(f"{out} would be the report: name a .json file for the figures")
    for path in (shared / PAGES, shared / GOLD):
        if not path.is_file():
            raise MissingArtifactError(
                f"{path} is not here: name the folder of the real labelled sets with --shared"
            )
    pages = real_pages(shared)
    items = real_items(shared)
    ids = {story.article for page in pages for story in page.stories}
    classifier = Classifier.load(models)
    if not set(classifier.topics.entries) <= set(TOPICS):
        raise UsageError(f"the models in {models} know topics of their own, not those of {GOLD}")
    figures = measure(classifier, pages, items, source_labels(shared, ids))
    write_metrics(out, figures)
    write_text(out.with_suffix(".md"), real_report(figures))
    return figures


def measure(
    classifier: Classifier,
    pages: Sequence[Page],
    items: Sequence[RealItem],
    sources: Mapping[str, GoldLabels],
) -> dict[str, Any]:
    """Measure segmentation on ``pages``, topics and countries on ``items``.

    :param sources: what stories on the pages came with, by id: all of it end to end.
    """
    cuts, cost = cut_pages(classifier, pages)
    samples = [item.sample() for item in items]
    answers = answer(classifier, samples)
    truths = [item.labels() for item in items]
    topics, countries = [truth.topics for truth in truths], [truth.countries for truth in truths]
    every = [traits(item.id, sample) for item, sample in zip(items, samples, strict=True)]
    return {
        "segmentation": {
            **segmentation_section(pages, cuts, SETTINGS, parts=False),
            "cost": cost,
        },
        "topic": topic_section(topics, answers, SETTINGS),
        "region": region_section(countries, [truth.regions for truth in truths], answers, SETTINGS),
        "end_to_end": end_to_end(classifier, pages, cuts, sources),
        "stories": breakdown(groupings(every, truths), truths, answers, SETTINGS),
        "confusions": confusions(topics, answers, SETTINGS.examples, lambda i: {"id": items[i].id}),
        "coverage": {
            "topic": topic_coverage(topics, answers, SETTINGS),
            "country": country_coverage(countries, answers, SETTINGS),
        },
    }


def end_to_end(
    classifier: Classifier,
    pages: Sequence[Page],
    cuts: Sequence[Cut],
    sources: Mapping[str, GoldLabels],
) -> dict[str, Any]:
    """Label the stories as given and as cut from their pages; one that is not found is wrong."""
    truths = [sources[s.article] for page in pages for s in page.stories if s.article in sources]
    given: list[Outcome] = []
    cut_out: list[Outcome] = []
    for page, cut in zip(pages, cuts, strict=True):
        known = [story.article in sources for story in page.stories]
        for stories, found in ((page.stories, given), (cut.stories, cut_out)):
            named = answer(classifier, [Sample(page.text, story) for story in stories])
            own = [
                Labelled(story.start, story.end, said.topics, said.countries, said.regions)
                for story, said in zip(stories, named, strict=True)
            ]
            every = outcomes(page.stories, own)
            found.extend(one for one, labelled in zip(every, known, strict=True) if labelled)
    both = (("gold_stories", given), ("predicted_stories", cut_out))
    return {name: _labelled_stories(truths, found) for name, found in both}


def _labelled_stories(truths: Sequence[GoldLabels], found: Sequence[Outcome]) -> dict[str, Any]:
    """Measure topics on the stories that came with one, countries on those that came with any."""
    placed = [i for i, truth in enumerate(truths) if truth.countries.labels]
    whole = end_to_end_section(truths, found, 0, SETTINGS)
    places = end_to_end_section(
        [truths[i] for i in placed], [found[i] for i in placed], 0, SETTINGS
    )
    return {
        **{k: v for k, v in whole.items() if k.startswith(("stories", "topic_accuracy"))},
        **{k: v for k, v in whole.items() if k in ("found", "found_low", "found_high")},
        "placed_stories": len(placed),
        **{k: v for k, v in places.items() if k.startswith("country_f1")},
    }


def cut_pages(classifier: Classifier, pages: Sequence[Page]) -> tuple[list[Cut], dict[str, float]]:
    """Cut ``pages``, and set what that took against what the encoder alone takes to read them.

    The two take turns, page by page, so that other work on the machine slows both alike. Seconds
    are of processor time, which does not hang on how many threads there are.
    """
    reader = classifier.segmenter.reader or UnitReader(classifier.encoder)
    classifier.segmenter.cut("Loads what is loaded late.", classifier.encoder)
    cuts = []
    cut_seconds = read_seconds = 0.0
    for page in tqdm(pages, desc="benchmark: pages", unit="page", file=sys.stderr, disable=None):
        begun = process_time()
        cuts.append(classifier.segmenter.cut(page.text, classifier.encoder))
        cut_seconds += process_time() - begun
        units = PageUnits(page.text, find_units(page.text))
        begun = process_time()
        reader.read([units])
        read_seconds += process_time() - begun
    ratio = cut_seconds / read_seconds if pages else 0.0
    return cuts, {"cut_seconds": cut_seconds, "read_seconds": read_seconds, "ratio": ratio}
