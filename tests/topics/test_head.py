from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.params import TopicParams
from pipeline.store.bundle import Bundle, Manifest
from pipeline.topics.fitting import fit_curve
from pipeline.topics.head import TopicHead
from pipeline.topics.views import OPENING, topic_views
from tests.encoders import HashedEncoder
from tests.tiny import some_articles

PARAMS = TopicParams(
    words=True,
    regularisation=1.0,
    second_weight=0.7,
    corpus_weight=0.3,
    description_weight=5.0,
    min_score=0.3,
    uncertain=0.4,
    seed=0,
)
NAMES = ("rain", "goal", "vote")


def stories(count: int = 90) -> tuple[np.ndarray, list[tuple[str, ...]], list[int]]:
    rng = np.random.default_rng(0)
    main = rng.integers(3, size=count)
    vectors = np.eye(8)[main] + rng.normal(0, 0.4, size=(count, 8))
    second = [(NAMES[(m + 1) % 3],) if rng.random() < 0.3 else () for m in main]
    topics = [(NAMES[m], *extra) for m, extra in zip(main, second, strict=True)]
    return vectors.astype(np.float32), topics, (np.arange(count) % 5).tolist()


def test_it_learns_and_its_probabilities_mean_what_they_say() -> None:
    vectors, topics, folds = stories(900)
    head = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    scores = head.probabilities(vectors, ())
    assert scores.shape == (900, 3)
    main = np.array([head.labels.index(own[0]) for own in topics])
    assert (scores.argmax(axis=1) == main).mean() > 0.85
    assert scores.sum(axis=1).mean() == pytest.approx(1.0, abs=0.06)
    best = scores.max(axis=1)
    assert best.mean() == pytest.approx((scores.argmax(axis=1) == main).mean(), abs=0.03)


def test_probabilities_are_set_right_on_the_stories_that_judge() -> None:
    vectors, topics, folds = stories(900)
    rng = np.random.default_rng(1)
    judged = np.arange(900) % 3 == 0
    wrong = [
        own if fair else (NAMES[rng.integers(3)],) for own, fair in zip(topics, judged, strict=True)
    ]
    fair = TopicHead.fit(vectors, wrong, folds, {}, PARAMS, judged)
    every = TopicHead.fit(vectors, wrong, folds, {}, PARAMS)
    assert fair.settings.curve[0] > 1.5 * every.settings.curve[0]


def test_what_is_no_news_lowers_every_topic() -> None:
    vectors, topics, folds = stories(300)
    rng = np.random.default_rng(2)
    foreign = (np.eye(8)[[6] * 30] + rng.normal(0, 0.2, (30, 8))).astype(np.float32)
    plain = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    wary = TopicHead.fit(vectors, topics, folds, {}, PARAMS, outside=foreign[:20])
    assert wary.labels == plain.labels
    assert (wary.probabilities(foreign[20:], ()).max(axis=1) < wary.uncertain).all()
    assert plain.probabilities(foreign[20:], ()).max() > wary.probabilities(foreign[20:], ()).max()
    same = wary.probabilities(vectors, ()).argmax(1) == plain.probabilities(vectors, ()).argmax(1)
    assert same.mean() > 0.98


def test_a_description_draws_stories_that_are_like_it() -> None:
    vectors, topics, folds = stories()
    described = {"vote": np.eye(8, dtype=np.float32)[[7]]}
    plain = TopicHead.fit(vectors, topics, folds, {}, PARAMS)
    drawn = TopicHead.fit(vectors, topics, folds, described, PARAMS)
    like = np.eye(8, dtype=np.float32)[[7]]
    column = plain.labels.index("vote")
    assert drawn.probabilities(like, ())[0, column] > plain.probabilities(like, ())[0, column] + 0.2


def test_saved_and_loaded_it_answers_alike_and_equal_fits_are_equal_files(tmp_path: Path) -> None:
    vectors, topics, folds = stories()
    for name in ("one", "two"):
        TopicHead.fit(vectors, topics, folds, {}, PARAMS).save(tmp_path / name / "topic")
    for path in (tmp_path / "one" / "topic").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "topic" / path.name).read_bytes()
    manifest = Manifest(1, "0", "m", "m", (), (), {}, {})
    loaded = TopicHead.load(Bundle(tmp_path / "one", manifest))
    np.testing.assert_array_equal(
        loaded.probabilities(vectors, ()),
        TopicHead.fit(vectors, topics, folds, {}, PARAMS).probabilities(vectors, ()),
    )
    assert loaded.min_score == 0.3


def test_one_topic_is_nothing_to_learn() -> None:
    with pytest.raises(UsageError, match="fewer than two topics"):
        TopicHead.fit(np.eye(3, dtype=np.float32), [("a",)] * 3, [0, 1, 2], {}, PARAMS)


def test_views_are_the_whole_article_and_its_opening() -> None:
    openings = 0
    for article in some_articles():
        whole, *opening = topic_views(article)
        assert whole.readable() == article.text
        assert bool(opening) == (len(" ".join(article.paragraphs)) > OPENING)
        for view in opening:
            openings += 1
            assert len(view.readable()) <= OPENING + len(article.headline or "") + 1
    assert openings > 100


def test_training_uses_the_training_split_alone() -> None:
    from pipeline.train.topic import train_topic

    articles = [*some_articles()[:60]]
    encoder = HashedEncoder()
    import msgspec

    held = [msgspec.structs.replace(article, split="test") for article in articles[50:]]
    train_topic([*articles[:50], *held], encoder, PARAMS)
    assert not {article.text for article in held} & set(encoder.seen)


def test_few_stories_make_no_certainty() -> None:
    apart = np.array([[9.0, -9.0], [-9.0, 9.0]] * 6)
    slope, intercept = fit_curve(apart, apart > 0)
    best = 1 / (1 + np.exp(-(slope * 9.0 + intercept)))
    assert best == pytest.approx((12 + 1) / (12 + 2), abs=0.01)  # Platt (1999)
