from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.labels import IPTC, Label
from pipeline.packs.pack import Pack
from pipeline.packs.packing import make_pack
from pipeline.reading import article_sample
from pipeline.records import Article
from pipeline.store.bundle import Bundle, Manifest
from pipeline.store.layout import REGION_HEAD
from pipeline.train.__main__ import topic_packs
from pipeline.train.region import train_region
from pipeline.train.topic import train_topic
from tests.encoders import HashedEncoder
from tests.places.corpus import PARAMS as REGION
from tests.places.corpus import articles, vectors
from tests.tiny import some_articles
from tests.topics.test_head import PARAMS

OWN = (Label("wet", "Wet weather", "own:1", ("rain",)), Label("dry", "Dry weather", "own:2"))


def own_articles(count: int = 40) -> list[Article]:
    words = {"wet": "rain puddle umbrella", "dry": "sun drought dust"}
    keys = [("wet", "dry")[i % 2] for i in range(count)]
    return [
        Article(f"a{i}", (key,), (), (f"{words[key]} {i}",), fold=i % 4)
        for i, key in enumerate(keys)
    ]


def pack() -> Pack:
    return make_pack(some_articles()[:40], HashedEncoder())


def test_a_pack_of_other_topics_teaches_none_and_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    packs = {Path("data/packs/real.safetensors"): pack()}
    assert topic_packs(packs, IPTC.labels) == packs
    assert capsys.readouterr().err == ""
    assert topic_packs(packs, OWN) == {}
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("data/packs/real.safetensors teaches no topics")


def test_the_head_has_the_names_of_the_taxonomy() -> None:
    head = train_topic(own_articles(), HashedEncoder(), PARAMS, taxonomy=OWN)
    assert [(entry.key, entry.name) for entry in head.entries] == [
        ("dry", "Dry weather"),
        ("wet", "Wet weather"),
    ]


def test_words_are_weighed_unless_packs_teach_or_the_parameter_says_no() -> None:
    def share(params: object = PARAMS, packs: tuple[Pack, ...] = ()) -> float:
        assert isinstance(params, type(PARAMS))
        return train_topic(own_articles(), HashedEncoder(), params, packs, OWN).settings.share

    plain = msgspec.structs.replace(PARAMS, words=False)
    assert share() > 0
    assert share(plain) == 0
    taught = make_pack(own_articles()[:4], HashedEncoder())
    assert share(packs=(taught,)) == 0


def test_a_corpus_without_countries_leaves_them_to_packs() -> None:
    made = articles()
    bare = [msgspec.structs.replace(article, countries=()) for article in made]
    taught = make_pack(made, HashedEncoder())
    ranker = train_region(bare, np.zeros((len(bare), 16), np.float32), REGION, [taught])
    assert ranker.taught
    assert set(ranker.tables.prior) == {"FR", "JP", "KE", "PE"}


def test_without_countries_and_packs_the_ranker_names_none(tmp_path: Path) -> None:
    bare = [msgspec.structs.replace(article, countries=()) for article in articles()]
    table = vectors(articles())
    ranker = train_region(bare, table, REGION)
    assert not ranker.taught
    ranker.save(tmp_path / REGION_HEAD)
    loaded = type(ranker).load(Bundle(tmp_path, Manifest(1, "0", "m", "m", (), (), {}, {})))
    assert loaded.rank([article_sample(one) for one in bare[:3]], table[:3]) == [(), (), ()]


def test_one_country_in_all_is_none_to_rank() -> None:
    one = [msgspec.structs.replace(article, countries=("FR",)) for article in articles()]
    assert not train_region(one, vectors(one), REGION).taught
