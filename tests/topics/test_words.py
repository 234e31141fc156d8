from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.store.bundle import Bundle, Manifest
from pipeline.taxonomy import TopicEntry
from pipeline.topics.counts import HASHED, count_words
from pipeline.topics.head import TopicHead
from pipeline.topics.words import WordModel
from tests.topics.test_head import NAMES, PARAMS, stories

ENTRIES = tuple(TopicEntry(name, f"own:{name}", name.title()) for name in (*NAMES, "unused"))
WORDS = {"rain": "umbrella puddle", "goal": "keeper header", "vote": "ballot booth"}


def lessons(count: int = 300) -> tuple[np.ndarray, list[tuple[str, ...]], list[int], list[str]]:
    """Vectors that say little, and texts that say all."""
    vectors, topics, folds = stories(count)
    rng = np.random.default_rng(3)
    vague = (vectors + rng.normal(0, 0.8, vectors.shape)).astype(np.float32)
    texts = [f"{WORDS[own[0]]} number {i}" for i, own in enumerate(topics)]
    return vague, topics, folds, texts


def right(head: TopicHead, vectors: np.ndarray, texts: list[str], topics: list) -> float:
    best = head.probabilities(vectors, texts).argmax(axis=1)
    return float(np.mean([head.labels[k] == own[0] for k, own in zip(best, topics, strict=True)]))


def test_words_count_where_they_tell_topics_apart() -> None:
    vectors, topics, folds, texts = lessons()
    plain = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    head = TopicHead.fit(vectors, topics, folds, {}, PARAMS, words=count_words(texts))
    assert plain.settings.share == 0 and plain.words is None
    assert head.settings.share > 0
    assert right(head, vectors, texts, topics) > right(plain, vectors, [], topics) + 0.1


def test_words_that_say_nothing_do_not_count() -> None:
    vectors, topics, folds = stories(300)
    rng = np.random.default_rng(4)
    noise = [" ".join(f"w{n}" for n in rng.integers(40, size=8)) for _ in topics]
    head = TopicHead.fit(vectors, topics, folds, {}, PARAMS, words=count_words(noise))
    assert (head.settings.share, head.words) == (0.0, None)


def test_saved_and_loaded_it_answers_alike_and_equal_fits_are_equal_files(tmp_path: Path) -> None:
    vectors, topics, folds, texts = lessons()
    heads = [
        TopicHead.fit(vectors, topics, folds, {}, PARAMS, words=count_words(texts)).named(ENTRIES)
        for _ in range(2)
    ]
    for name, head in zip(("one", "two"), heads, strict=True):
        head.save(tmp_path / name / "topic")
    files = sorted(path.name for path in (tmp_path / "one" / "topic").iterdir())
    assert "words.safetensors" in files
    for name in files:
        one, two = (tmp_path / folder / "topic" / name for folder in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    manifest = Manifest(1, "0", "m", "m", (), (), {}, {})
    loaded = TopicHead.load(Bundle(tmp_path / "one", manifest))
    assert [entry.name for entry in loaded.entries] == ["Goal", "Rain", "Vote"]
    np.testing.assert_array_equal(
        loaded.probabilities(vectors, texts), heads[0].probabilities(vectors, texts)
    )


def test_no_word_of_the_corpus_is_in_the_model(tmp_path: Path) -> None:
    texts = [*WORDS.values()] * 3
    targets = np.eye(3)[[0, 1, 2] * 3]
    model = WordModel.fit(count_words(texts), targets, np.ones(9), seed=0)
    model.save(tmp_path / "words.safetensors")
    assert b"umbrella" not in (tmp_path / "words.safetensors").read_bytes()
    assert model.tensors["columns"].max() < HASHED
    scores = model.scores(count_words(texts))
    assert (scores.argmax(axis=1) == [0, 1, 2] * 3).all()


def test_a_class_that_no_text_has_is_told_of_none() -> None:
    targets = np.zeros((4, 3))
    targets[:2, 0] = targets[2:, 1] = 1
    model = WordModel.fit(count_words(["a goal", "goal now", "rain", "rain now"]), targets,
                          np.ones(4), seed=0)  # fmt: skip
    assert (model.scores(count_words(["goal", "rain", "else"]))[:, 2] == -1).all()


def test_a_corpus_of_one_topic_a_story_gives_a_head_that_names_one() -> None:
    vectors, topics, folds = stories(90)
    several = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    one = TopicHead.fit(vectors, [own[:1] for own in topics], folds, {}, PARAMS)
    assert (several.min_score, one.min_score) == (PARAMS.min_score, 1.0)


def test_a_head_without_names_of_its_own_has_those_of_iptc() -> None:
    vectors, _, folds = stories(90)
    topics = [(("sport", "weather")[i % 2],) for i in range(90)]
    head = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    assert [entry.id for entry in head.entries] == ["medtop:15000000", "medtop:17000000"]
    assert b"entries" not in msgspec.json.encode(head.settings)
    with pytest.raises(KeyError):
        head.named(ENTRIES)
