"""The sections of ``details.json``: the findings by group of stories, topic and confidence.

They are lists of rows, so that ``dvc metrics`` leaves them alone.
"""

from __future__ import annotations

from typing import Any

from pipeline.evaluate.breakdown import breakdown, groupings, traits
from pipeline.evaluate.confusions import confusions, quoted
from pipeline.evaluate.coverage import country_coverage, topic_coverage
from pipeline.evaluate.findings import Findings, Labelling
from pipeline.params import EvaluateParams
from pipeline.reading import article_sample

Section = dict[str, Any]


def detail(findings: Findings, params: EvaluateParams) -> Section:
    """Look behind the figures: which stories, which topics, how sure."""
    articles, stories = findings.articles, findings.page_stories
    every = [
        traits(article.id, article_sample(article), article.form) for article in findings.held_out
    ]
    printed: dict[str, list[str]] = {
        "layout": [page.layout for page in findings.pages for _ in page.stories],
        "kind": [story.kind for page in findings.pages for story in page.stories],
    }
    return {
        "articles": breakdown(
            groupings(every, articles.truths), articles.truths, articles.answers, params
        ),
        "pages": {
            "given": breakdown(printed, stories.truths, stories.answers, params, stories.articles),
            "cut": breakdown(printed, stories.truths, findings.outcomes, params, stories.articles),
        },
        "confusions": confusions(
            [truth.topics for truth in articles.truths],
            articles.answers,
            params.examples,
            lambda i: quoted(findings.held_out[i]),
        ),
        "coverage": {
            "articles": _coverage(articles, params),
            "page_stories": _coverage(stories, params),
        },
    }


def _coverage(stories: Labelling, params: EvaluateParams) -> Section:
    topics = [truth.topics for truth in stories.truths]
    countries = [truth.countries for truth in stories.truths]
    return {
        "topic": topic_coverage(topics, stories.answers, params, stories.articles),
        "country": country_coverage(countries, stories.answers, params, stories.articles),
    }
