from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import plain_ways
from benchmarks.plain_ways import Label, fit_topics, sentences_of, stories_of
from pipeline.records import Article
from pipeline.store.jsonl import write_records
from pipeline.store.layout import ARTICLES
from tests.benchmarks.made import SHIP, TWO_STORIES, VOTE
from tests.encoders import HashedEncoder


class Model:
    """Encodes a text or a list of them, as sentence-transformers does."""

    fingerprint = "model@0"

    def __init__(self) -> None:
        self.calls: list[str | list[str]] = []

    def encode(self, texts: str | list[str]) -> Any:
        self.calls.append(texts)
        rows = HashedEncoder().encode([texts] if isinstance(texts, str) else texts)
        return rows[0] if isinstance(texts, str) else rows


def corpus() -> list[Article]:
    return [
        Article("a", ("sea",), (), (SHIP,)),
        Article("b", ("vote",), (), (VOTE,)),
        Article("c", ("left out",), (), (SHIP,), split="test"),
        Article("d", (), (), (SHIP,)),
    ]


@given(st.text())
def test_sentences_hold_every_character_but_white_space(text: str) -> None:
    sentences = sentences_of(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence.strip() for sentence in sentences)


@given(st.integers(0, 30), st.integers(0, 99))
def test_stories_hold_every_sentence_in_order(size: int, seed: int) -> None:
    sentences = [f"s{i}" for i in range(size)]
    vectors = np.random.default_rng(seed).normal(size=(size, 4)).astype(np.float32)
    assert " ".join(stories_of(sentences, vectors)).split() == sentences


def test_a_story_ends_where_neighbours_are_unlike() -> None:
    sentences = sentences_of(TWO_STORIES)
    vectors = np.array([[1, 0]] * 12 + [[0, 1]] * 12, dtype=np.float32)
    first, second = stories_of(sentences, vectors)
    assert first.split() == " ".join([SHIP] * 6).split()
    assert second.split() == " ".join([VOTE] * 6).split()


def test_topics_are_learned_on_the_training_part(tmp_path: Path) -> None:
    write_records(tmp_path / "articles.jsonl", corpus())
    encoder = HashedEncoder()
    topics = fit_topics(encoder.encode, tmp_path / "articles.jsonl")
    assert sorted(topics.classes_) == ["sea", "vote"]
    assert list(topics.predict(encoder.encode([SHIP, VOTE]))) == ["sea", "vote"]


@pytest.mark.parametrize(
    ("open_label", "single"),
    [(plain_ways.one_by_one, True), (plain_ways.batched, False), (plain_ways.chunked, False)],
)
def test_every_story_gets_a_topic_and_calls_are_as_named(
    open_label: Callable[[], Label], single: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if open_label is plain_ways.chunked:
        pytest.importorskip("langchain_experimental")
    model = Model()
    monkeypatch.chdir(tmp_path)
    write_records(ARTICLES, corpus())
    monkeypatch.setattr(plain_ways, "open_model", lambda: model)
    monkeypatch.setattr(plain_ways, "SentenceTransformerEncoder", lambda: model)
    label = open_label()
    model.calls.clear()
    topics = label(TWO_STORIES)
    assert topics and set(topics) <= {"sea", "vote"}
    assert {isinstance(called, str) for called in model.calls} == {single}
    expected = len(sentences_of(TWO_STORIES)) + len(topics) if single else 2
    assert len(model.calls) == expected
