"""What people put together today: sentence-transformers, a cut by rule, and scikit-learn.

All encode with the packaged encoder as it came, and name one topic a story; no parts, no residue
and no countries. Only their time counts here, so the topics are learned on a few openings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tools import langchain
from pipeline.encoder import SentenceTransformerEncoder, packaged_folder
from pipeline.records import Article
from pipeline.store.jsonl import read_records
from pipeline.store.layout import ARTICLES
from pipeline.store.vectors import Vectors

Label = Callable[[str], list[str]]
Encode = Callable[[list[str]], Vectors]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
STORIES_A_TOPIC = 8
OPENING = 200  # characters


def one_by_one() -> Label:
    """Encode a sentence a call, then a story a call."""
    model = open_model()
    topics = fit_topics(model.encode)

    def label(text: str) -> list[str]:
        sentences = sentences_of(text)
        stories = stories_of(sentences, np.array([model.encode(each) for each in sentences]))
        return [str(topics.predict([model.encode(story)])[0]) for story in stories]

    return label


def batched() -> Label:
    """Encode a page's sentences in one call, then its stories in another."""
    model = open_model()
    topics = fit_topics(model.encode)

    def label(text: str) -> list[str]:
        sentences = sentences_of(text)
        stories = stories_of(sentences, model.encode(sentences))
        return [str(topic) for topic in topics.predict(model.encode(stories))]

    return label


def chunked() -> Label:
    """Cut by LangChain's SemanticChunker, then encode the chunks of a page in one call."""
    encoder = SentenceTransformerEncoder()
    cut, topics = langchain(encoder), fit_topics(encoder.encode)

    def label(text: str) -> list[str]:
        starts = cut(text)
        chunks = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
        return [str(topic) for topic in topics.predict(encoder.encode(chunks))]

    return label


def sentences_of(text: str) -> list[str]:
    """Split at line ends, and at blanks after ``.``, ``!`` or ``?``.

    >>> sentences_of("It rained. It poured.\\n\\nPhoto: AP")
    ['It rained.', 'It poured.', 'Photo: AP']
    """
    return [
        sentence
        for line in text.splitlines()
        for sentence in SENTENCE_END.split(line.strip())
        if sentence
    ]


def stories_of(sentences: Sequence[str], vectors: Vectors) -> list[str]:
    """Join sentences; cut where neighbours' cosine is a standard deviation below the page's mean.

    :param vectors: of the sentences, shape (n, d).
    """
    rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    alike = (rows[1:] * rows[:-1]).sum(axis=1)
    least = alike.mean() - alike.std() if len(alike) else 0.0
    bounds = [0, *(int(gap) + 1 for gap in np.flatnonzero(alike < least)), len(sentences)]
    return [" ".join(sentences[a:b]) for a, b in pairwise(bounds)]


def fit_topics(encode: Encode, articles: Path = ARTICLES) -> Any:
    """Fit logistic regression to a few stories of each topic.

    :raises MissingArtifactError: there is no corpus.
    """
    from sklearn.linear_model import LogisticRegression

    openings: defaultdict[str, list[str]] = defaultdict(list)
    for article in read_records(articles, Article):
        if article.split == "train" and article.topics:
            openings[article.topics[0]].append(article.body[:OPENING])
    taught = [
        (opening, topic) for topic, own in openings.items() for opening in own[:STORIES_A_TOPIC]
    ]
    texts, topics = zip(*taught, strict=True)
    return LogisticRegression(max_iter=1000).fit(encode(list(texts)), topics)


def open_model() -> Any:
    """Open the packaged encoder as its users do."""
    import transformers
    from sentence_transformers import SentenceTransformer

    quiet: Any = transformers.utils.logging
    quiet.disable_progress_bar()
    return SentenceTransformer(str(packaged_folder()), device="cpu")
