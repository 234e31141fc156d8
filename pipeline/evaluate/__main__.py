"""The stage ``evaluate``: each part on gold input, and end to end on predicted stories.

Reads the held-out articles and pages, the cut pages, the vectors, the bundle and the learning
curves; writes ``metrics.json``, ``headline.json``, ``details.json``, ``predictions.jsonl``,
``summary.md`` and ``plots/`` in ``reports/``. Run it with ``python -m pipeline.evaluate``;
progress goes to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tqdm import tqdm

from pipeline.classify import Classifier
from pipeline.errors import CorruptArtifactError
from pipeline.evaluate import measures
from pipeline.evaluate.answers import answer, article_labels, labelled
from pipeline.evaluate.details import detail
from pipeline.evaluate.drawing import draw
from pipeline.evaluate.end_to_end import Outcome, outcomes
from pipeline.evaluate.findings import Findings, Labelling
from pipeline.evaluate.headline import headline
from pipeline.evaluate.predictions import judged_pages, judged_stories
from pipeline.evaluate.summary import summary
from pipeline.params import EvaluateParams, load_params
from pipeline.reading import Sample, article_sample
from pipeline.records import Article, Page
from pipeline.segment.segmenter import Cut
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.atomic import write_text
from pipeline.store.bundle import read_manifest
from pipeline.store.curves import read_curves
from pipeline.store.jsonl import read_records
from pipeline.store.metrics import write_metrics
from pipeline.store.predictions import Judged, write_predictions
from pipeline.store.vectors import read_vectors


def main() -> None:
    """Measure, and write the figures, the predictions, the plots and the summary."""
    params = load_params(layout.PARAMS)
    curve = read_curves()
    findings = gather(load_classifier())
    metrics = measure(findings, params.evaluate)
    details = detail(findings, params.evaluate)
    write_metrics(layout.METRICS, metrics)
    write_metrics(layout.KEY_FIGURES, headline(metrics))
    write_metrics(layout.DETAILS, details)
    write_predictions(layout.PREDICTIONS, judge(findings, params.evaluate))
    write_text(layout.REPORTS / "summary.md", summary(metrics, details, curve))
    draw(findings, metrics, details, curve, params.evaluate)


def load_classifier() -> Classifier:
    """Open the bundle with an encoder that knows the vectors already on disk."""
    fingerprint = read_manifest(layout.MODELS).encoder
    known = read_vectors(layout.STORY_VECTORS, fingerprint)
    return Classifier.load(layout.MODELS, known)


def gather(classifier: Classifier) -> Findings:
    """Put every held-out article and page to the classifier.

    :raises CorruptArtifactError: the cut pages are not the test pages, or a story's article is
        not in the corpus.
    """
    every = {article.id: article for article in read_records(layout.ARTICLES, Article)}
    pages = read_records(layout.TEST_PAGES, Page)
    cuts = read_records(layout.CUT_PAGES, Page)
    if [(p.id, p.text) for p in pages] != [(c.id, c.text) for c in cuts]:
        raise CorruptArtifactError(
            f"{layout.CUT_PAGES} does not cut the pages in {layout.TEST_PAGES}: run `make repro`"
        )
    test = [article for article in every.values() if article.split == "test"]
    _say(f"evaluate: labelling {len(test)} articles and the stories of {len(pages)} pages")
    articles = Labelling(
        [article_labels(article) for article in test],
        answer(classifier, [article_sample(article) for article in test]),
        [article.id for article in test],
    )
    truths = [
        [article_labels(_made_of(story.article, every)) for story in p.stories] for p in pages
    ]
    samples = [Sample(page.text, story) for page in pages for story in page.stories]
    page_stories = Labelling(
        [t for row in truths for t in row],
        answer(classifier, samples),
        [sample.story.article for sample in samples],
    )
    found: list[Outcome] = []
    predicted = 0
    both = list(zip(pages, cuts, strict=True))
    for page, cut in tqdm(
        both, desc="evaluate: end to end", unit="page", file=sys.stderr, disable=None
    ):
        own = Cut(cut.stories, cut.residue, 1.0 if cut.single is None else cut.single)
        stories = labelled(classifier, classifier.of_cut(page.text, own, page.id))
        predicted += len(stories)
        found.extend(outcomes(page.stories, stories))
    names = {entry.key: entry.name for entry in classifier.topics.entries}
    return Findings(pages, cuts, test, articles, page_stories, found, predicted, names)


def measure(findings: Findings, params: EvaluateParams) -> measures.Section:
    """Turn the findings into the sections of ``metrics.json``."""

    def topics(stories: Labelling) -> measures.Section:
        truths = [truth.topics for truth in stories.truths]
        return measures.topic_section(truths, stories.answers, params, stories.articles)

    def regions(stories: Labelling) -> measures.Section:
        countries = [truth.countries for truth in stories.truths]
        rolled = [truth.regions for truth in stories.truths]
        return measures.region_section(countries, rolled, stories.answers, params, stories.articles)

    def both(section: Callable[[Labelling], measures.Section]) -> measures.Section:
        return {**section(findings.articles), "page_stories": section(findings.page_stories)}

    return {
        "segmentation": measures.segmentation_section(findings.pages, findings.cuts, params),
        "topic": both(topics),
        **({"region": both(regions)} if findings.placed else {}),
        "end_to_end": measures.end_to_end_section(
            findings.page_stories.truths,
            findings.outcomes,
            findings.predicted,
            params,
            findings.page_stories.articles,
        ),
    }


def judge(findings: Findings, params: EvaluateParams) -> list[Judged]:
    """Say of every held-out article and page what was said of it, and whether that is right."""
    stories = findings.articles
    return [
        *judged_stories(stories.articles, stories.truths, stories.answers),
        *judged_pages(findings.pages, findings.cuts, params.tolerance),
    ]


def _made_of(article: str, every: dict[str, Article]) -> Article:
    if article not in every:
        raise CorruptArtifactError(
            f"{layout.TEST_PAGES} has a story of article {article!r}, which is not in "
            f"{layout.ARTICLES}: run `make repro`"
        )
    return every[article]


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    run_stage("evaluate", main)
