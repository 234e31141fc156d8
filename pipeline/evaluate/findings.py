"""What the classifier was asked and said: the raw material of every figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.evaluate.answers import Answer
from pipeline.evaluate.end_to_end import GoldLabels, Outcome
from pipeline.records import Article, Page


class Labelling(NamedTuple):
    """Gold stories with what they should be labelled and what they are."""

    truths: list[GoldLabels]
    answers: list[Answer]
    articles: list[str]  # the article that each story is a printing of


class Findings(NamedTuple):
    """Everything the classifier was asked; ``outcomes`` go with ``page_stories``."""

    pages: list[Page]
    cuts: list[Page]
    held_out: list[Article]
    articles: Labelling
    page_stories: Labelling
    outcomes: list[Outcome]
    predicted: int
    names: Mapping[str, str]  # of the topics, by key

    @property
    def placed(self) -> bool:
        """Whether gold names any country: else there is nothing to measure countries against."""
        return any(truth.countries.labels for truth in self.articles.truths)
