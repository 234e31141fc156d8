"""Learning curves: the heads trained on growing parts of the training articles.

Measured on the held-out articles, from vectors that are there already. Parts are drawn group by
group, and of one draw each holds the smaller ones. What takes long is left out where the figures
do not need it: the topic head is fitted without the folds that only set its probabilities right,
and the country ranker on whole articles, without teasers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import numpy as np

from pipeline.encoder import Encoder
from pipeline.errors import UsageError
from pipeline.evaluate import classification as labels
from pipeline.evaluate.classification import Labels, Truth
from pipeline.evaluate.intervals import f1_interval, mean_interval
from pipeline.labels import Label
from pipeline.packs.pack import Pack
from pipeline.params import LearningCurveParams, RegionParams, TopicParams
from pipeline.places.ranker import CountryRanker
from pipeline.reading import article_sample
from pipeline.records import Article
from pipeline.taxonomy import is_country
from pipeline.threads import apart, cores, one_thread
from pipeline.topics.counts import MemoCounter
from pipeline.train.topic import train_topic

Point = dict[str, Any]


def parts(
    articles: Sequence[Article], shares: Sequence[float], rng: np.random.Generator
) -> Iterator[tuple[float, list[Article]]]:
    """Draw growing parts of the articles, each holding the one before, never half a group.

    Articles keep their order; the part of share 1 is all of them.
    """
    groups = sorted({article.group or article.id for article in articles})
    place = {groups[i]: rank for rank, i in enumerate(rng.permutation(len(groups)))}
    ranks = np.array([place[article.group or article.id] for article in articles])
    ordered = np.sort(ranks)
    for share in sorted(shares):
        last = ordered[max(1, round(share * len(articles))) - 1]
        yield (
            share,
            [article for article, rank in zip(articles, ranks, strict=True) if rank <= last],
        )


def topic_curves(
    articles: Sequence[Article],
    encoder: Encoder,
    taxonomy: Sequence[Label],
    topic: TopicParams,
    params: LearningCurveParams,
    packs: Sequence[Pack] = (),
) -> dict[str, list[Point]]:
    """Measure the main topics from the corpus alone and beside packs; no points without packs.

    The two are measured at once: fits leave the interpreter's lock alone, and only the first draws
    from the generator that liblinear keeps for the whole process.
    """
    given = (articles, encoder, taxonomy, topic, params)
    with one_thread(), ThreadPoolExecutor(cores()) as threads:
        alone = threads.submit(topic_curve, *given)
        beside = threads.submit(topic_curve, *given, packs) if packs else None
        return {
            "topic": alone.result(),
            "topic_with_packs": [] if beside is None else beside.result(),
        }


def topic_curve(
    articles: Sequence[Article],
    encoder: Encoder,
    taxonomy: Sequence[Label],
    topic: TopicParams,
    params: LearningCurveParams,
    packs: Sequence[Pack] = (),
) -> list[Point]:
    """Measure the main topics: a point for each share, the mean of its draws.

    A share from which nothing can be learned (fewer than two topics) has no point.
    """
    train, held = _split(articles)
    truths = [Truth(article.topics) for article in held]
    texts = [article_sample(article).readable() for article in held]
    vectors = encoder.encode(texts)
    count = MemoCounter()
    drawn: dict[float, list[tuple[int, list[Labels]]]] = {}
    for share, part in _draws(train, params.shares, params.draws, params.seed):
        try:
            lessons = [_one_fold(article) for article in part]
            with one_thread():
                head = train_topic(lessons, encoder, topic, packs, taxonomy, count)
        except UsageError:
            continue
        best = head.probabilities(vectors, texts, count).argmax(axis=1)
        named: list[Labels] = [(head.labels[i],) for i in best]
        drawn.setdefault(share, []).append((len(part), named))
    return [_topic_point(share, draws, truths, params) for share, draws in drawn.items()]


def country_curve(
    articles: Sequence[Article],
    encoder: Encoder,
    region: RegionParams,
    params: LearningCurveParams,
) -> list[Point]:
    """Measure the countries that are named: a point for each of the few shares, of one draw.

    Shares are fitted side by side: what one does in Python, another's fits need not wait for.
    A share from which nothing can be learned (fewer than two countries or folds) has no point,
    nor has any where the held-out articles name no country.
    """
    train, held = _split(articles)
    truths = [Truth(_real(article.countries)) for article in held]
    if not any(truth.labels for truth in truths):
        return []
    samples = [article_sample(article) for article in held]
    vectors = encoder.encode([sample.readable() for sample in samples])

    def point(drawn: tuple[float, list[Article]]) -> Point | None:
        share, part = drawn
        own = [article_sample(article) for article in part]
        try:
            ranker = CountryRanker.fit(
                own,
                encoder.encode([sample.readable() for sample in own]),
                [article.countries for article in part],
                [article.fold for article in part],
                region,
            )
        except UsageError:
            return None
        named = [
            _real(c.code for c in ranker.named(ranked)) for ranked in ranker.rank(samples, vectors)
        ]
        counts = labels.set_counts(truths, named)
        low, high = f1_interval(counts, params.bootstrap, np.random.default_rng(params.seed))
        f1 = labels.set_scores(truths, named).f1
        return {
            **{"share": share, "articles": len(part), "draws": 1},
            **{"f1": f1, "f1_low": low, "f1_high": high},
        }

    found = apart(point, _draws(train, params.country_shares, 1, params.seed))
    return [each for each in found if each is not None]


def _topic_point(
    share: float,
    draws: Sequence[tuple[int, list[Labels]]],
    truths: Sequence[Truth],
    params: LearningCurveParams,
) -> Point:
    """Average over the draws; the interval is over the held-out stories."""
    right = np.mean([labels.main_right(truths, named) for _, named in draws], axis=0)
    macro = [labels.macro_f1(labels.main_pairs(truths, named)) for _, named in draws]
    low, high = mean_interval(right, params.bootstrap, np.random.default_rng(params.seed))
    return {
        "share": share,
        "articles": round(float(np.mean([size for size, _ in draws]))),
        "draws": len(draws),
        "accuracy": float(right.mean()) if right.size else 0.0,
        "accuracy_low": low,
        "accuracy_high": high,
        "f1_macro": float(np.mean(macro)),
    }


def _draws(
    articles: Sequence[Article], shares: Sequence[float], draws: int, seed: int
) -> Iterator[tuple[float, list[Article]]]:
    """Draw parts several times over; all of the articles only once."""
    for draw in range(draws):
        rng = np.random.default_rng((seed, draw))
        for share, part in parts(articles, shares, rng):
            if draw == 0 or share < 1:
                yield share, part


def _one_fold(article: Article) -> Article:
    return msgspec.structs.replace(article, fold=0)


def _split(articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    return (
        [article for article in articles if article.split == "train"],
        [article for article in articles if article.split == "test"],
    )


def _real(codes: Iterable[str]) -> Labels:
    return tuple(code for code in codes if is_country(code))
