"""A classifier whose answers can be read off the text, for running the stage without models.

Every line is a story. Its topic is the topic key it names, else ``arts``; its countries are the
two-letter codes in capitals that stand in it. A line that begins with ``#`` is residue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.classify import Classifier
from pipeline.places.ranker import CountryRanker
from pipeline.reading import Sample
from pipeline.records import Article, Country, Page, Part, Span, Story
from pipeline.segment.segmenter import Cut
from pipeline.store.vectors import Vectors
from pipeline.taxonomy import medtop

TOPICS = ("arts", "conflict", "disaster", "sport")
CODE = re.compile(r"\b[A-Z]{2}\b")


class FakeEncoder:
    fingerprint = "fake"

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [[topic in text for topic in TOPICS] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), len(TOPICS))


class FakeSegmenter:
    reader = None

    def cut(
        self, text: str, encoder: Any, *, split: bool = True, min_boundary: float | None = None
    ) -> Cut:
        stories, residue = [], []
        for match in re.finditer(r"[^\n]+", text):
            start, end = match.span()
            if match[0].startswith("#"):
                residue.append(Span(start, end))
            else:
                part = Part(start, end, "body")
                stories.append(Story(start, end, "brief", False, (part,), 0.9 if start else 1.0))
        return Cut(tuple(stories), tuple(residue))


class FakeTopics:
    labels = TOPICS
    entries = tuple(medtop(key) for key in TOPICS)
    min_score = 0.5
    uncertain = 0.4

    def probabilities(self, vectors: Vectors, texts: Sequence[str]) -> Any:
        return (0.1 + 0.8 * vectors).astype(np.float64)


class FakePlaces:
    min_score = 0.5
    named = CountryRanker.named

    def rank(self, samples: Sequence[Sample], vectors: Vectors) -> list[tuple[Country, ...]]:
        return [
            tuple(
                Country(code, code, 0.8, (Span(0, 2),))
                for code in dict.fromkeys(CODE.findall(sample.readable()))
            )
            for sample in samples
        ]


def fake_classifier() -> Classifier:
    parts: list[Any] = [FakeSegmenter(), FakeTopics(), FakePlaces()]
    return Classifier(*parts, FakeEncoder())


def article(number: int, topic: str, country: str, text: str) -> Article:
    return Article(f"A-{number}", (topic,), (country,), (text,), split="test")


def told(name: str, layout: str, articles: Sequence[Article], residue: str = "") -> Page:
    """Lay articles out one a line, below a line of residue if there is one."""
    text, stories = residue, []
    for each in articles:
        text += "\n" if text else ""
        start, text = len(text), text + each.body
        part = Part(start, len(text), "body")
        stories.append(Story(start, len(text), "brief", False, (part,), article=each.id))
    spans = (Span(0, len(residue)),) if residue else ()
    return Page(name, layout, text, tuple(stories), spans)
