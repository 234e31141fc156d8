"""Fits the country ranker on the training part of the corpus, and on packs.

A corpus in which no article names a country says nothing of countries, and packs teach alone; where
they too name fewer than two, the ranker names none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.packs.pack import Pack, spread
from pipeline.params import RegionParams
from pipeline.places.mentions import Scene
from pipeline.places.ranker import CountryRanker
from pipeline.places.views import country_views, datelines_elsewhere
from pipeline.reading import Sample
from pipeline.records import Article
from pipeline.store.vectors import Vectors
from pipeline.taxonomy import is_country


def train_region(
    articles: Sequence[Article],
    vectors: Vectors,
    params: RegionParams,
    packs: Sequence[Pack] = (),
) -> CountryRanker:
    """Fit on the articles of the training split and on packs, each story in all its views.

    A corpus without countries lends its spelling alone: words that are no names of cities.
    The views of a story share its vector: encoding each apart gains nothing.

    :param vectors: shape ``(len(articles), d)``, of each article's readable text.
    """
    train = [i for i, article in enumerate(articles) if article.split == "train"]
    rows = train if any(articles[i].countries for i in train) else []
    elsewhere = datelines_elsewhere([articles[i] for i in rows])
    views = [
        (view, i)
        for i, dateline in zip(rows, elsewhere, strict=True)
        for view in country_views(articles[i], dateline)
    ]
    samples: list[Sample | Scene] = [view for view, _ in views]
    index = np.array([i for _, i in views], dtype=np.int64)
    invented = {
        n for n, (view, i) in enumerate(views) if view.first("dateline") != articles[i].dateline
    }
    tables = [vectors[index]]
    countries = [articles[i].countries for i in index]
    corpus_folds = [articles[i].fold for i in train]
    folds = [articles[i].fold for i in index]
    for pack in packs:
        own = spread(pack.keys, corpus_folds)
        scenes = [(scene, i) for i, story in enumerate(pack.stories) for scene in story.scenes]
        samples.extend(scene for scene, _ in scenes)
        tables.append(pack.vectors[pack.firsts()[[i for _, i in scenes]]])
        countries.extend(pack.stories[i].countries for _, i in scenes)
        folds.extend(own[i] for _, i in scenes)
    if len({code for own in countries for code in own if is_country(code)}) < 2:
        return CountryRanker.untaught(params)
    spelling = () if rows else tuple(articles[i].text for i in train)
    return CountryRanker.fit(
        samples, np.concatenate(tables), countries, folds, params, spelling, invented
    )
