from __future__ import annotations

import pytest

from pipeline.places.gazetteer import Gazetteer, compile_names
from pipeline.places.ranker import CountryRanker
from pipeline.train.region import train_region
from tests.places.corpus import PARAMS, articles, vectors


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(compile_names({"nice", "reading", "split"}))


@pytest.fixture(scope="session")
def ranker() -> CountryRanker:
    made = articles()
    return train_region(made, vectors(made), PARAMS)
