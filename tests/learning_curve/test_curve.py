from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.labels import IPTC
from pipeline.learning_curve import __main__ as stage
from pipeline.learning_curve.curve import country_curve, parts, topic_curve, topic_curves
from pipeline.packs.packing import make_pack
from pipeline.params import LearningCurveParams
from pipeline.records import Article
from pipeline.store import layout
from pipeline.store.curves import read_curves
from pipeline.store.jsonl import write_records
from pipeline.store.vectors import write_vectors
from pipeline.train.topic import train_topic
from tests.encoders import HashedEncoder
from tests.places.corpus import PARAMS as REGION
from tests.places.corpus import articles as placed
from tests.topics.test_head import PARAMS as TOPIC

PARAMS = LearningCurveParams(
    shares=(0.5, 1.0), country_shares=(1.0,), draws=2, bootstrap=20, seed=1
)
ROOT = Path(__file__).parents[2]


def corpus() -> list[Article]:
    """Tell two topics apart by a word; the headline keeps the places."""
    return [
        msgspec.structs.replace(
            article,
            topics=("sport",) if number % 2 else ("arts",),
            paragraphs=(
                "match goal " * 9 if number % 2 else "film stage " * 9,
                *article.paragraphs,
            ),
        )
        for number, article in enumerate(placed())
    ]


groups = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30)
shares = st.lists(st.floats(0.01, 1), min_size=1, max_size=4)


@given(groups, shares, st.integers(0, 99))
def test_parts_grow_keep_their_order_and_cut_no_group(
    names: list[str], wanted: list[float], seed: int
) -> None:
    every = [Article(str(i), (), (), ("x",), group=name) for i, name in enumerate(names)]
    found = list(parts(every, [*wanted, 1.0], np.random.default_rng(seed)))
    assert [share for share, _ in found] == sorted([*wanted, 1.0])
    before: list[Article] = []
    for share, part in found:
        assert len(part) >= max(1, round(share * len(every)))
        assert [article for article in every if article in part] == part
        assert all(article in part for article in before)
        inside = {article.group for article in part}
        assert all((article in part) == (article.group in inside) for article in every)
        before = part
    assert found[-1][1] == every


def test_the_whole_corpus_gives_what_the_stage_train_would() -> None:
    made = corpus()
    encoder = HashedEncoder()
    points = topic_curve(made, encoder, IPTC.labels, TOPIC, PARAMS)
    assert [(point["share"], point["draws"]) for point in points] == [(0.5, 2), (1.0, 1)]
    assert points[-1]["articles"] == 56
    head = train_topic(made, encoder, TOPIC)
    held = [article for article in made if article.split == "test"]
    texts = [article.text for article in held]
    best = head.probabilities(encoder.encode(texts), texts).argmax(axis=1)
    right = [head.labels[i] == a.topics[0] for i, a in zip(best, held, strict=True)]
    assert points[-1]["accuracy"] == pytest.approx(np.mean(right))
    for point in points:
        assert point["accuracy_low"] <= point["accuracy"] <= point["accuracy_high"]


def test_curves_measured_at_once_are_those_measured_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    made = corpus()
    pack = make_pack(made[1:20], HashedEncoder())
    given = (made, HashedEncoder(), IPTC.labels, TOPIC, PARAMS)
    apart = {"topic": topic_curve(*given), "topic_with_packs": topic_curve(*given, [pack])}
    for threads in ("1", "2"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        assert topic_curves(*given, [pack]) == apart
    assert topic_curves(*given) == {**apart, "topic_with_packs": []}


def test_countries_are_learned_too() -> None:
    (point,) = country_curve(corpus(), HashedEncoder(), REGION, PARAMS)
    assert point["articles"] == 56
    assert point["f1"] > 0.5
    assert point["f1_low"] <= point["f1"] <= point["f1_high"]


def test_a_share_too_small_to_learn_from_has_no_point() -> None:
    made = corpus()
    few = msgspec.structs.replace(PARAMS, shares=(0.001, 1.0), country_shares=(0.001, 1.0))
    assert [p["share"] for p in topic_curve(made, HashedEncoder(), IPTC.labels, TOPIC, few)] == [
        1.0
    ]
    assert [p["share"] for p in country_curve(made, HashedEncoder(), REGION, few)] == [1.0]


def test_the_stage_writes_every_curve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stage, "open_encoder", lambda export: HashedEncoder())
    Path("params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    write_records(layout.ARTICLES, corpus())
    write_records(layout.TAXONOMY, IPTC.labels)
    write_vectors(layout.STORY_VECTORS, {}, HashedEncoder.fingerprint)
    for head, path in (("topic", layout.TOPIC_CURVE), ("region", layout.REGION_CURVE)):
        stage.main(head)
        once = path.read_bytes()
        stage.main(head)
        assert path.read_bytes() == once
    found = read_curves()
    assert set(found) == {"topic", "topic_with_packs", "country", "pack_stories"}
    assert [point["share"] for point in found["topic"]] == [0.1, 0.2, 0.4, 0.7, 1.0]
    assert [point["share"] for point in found["country"]] == [0.2, 0.5, 1.0]
    assert (found["topic_with_packs"], found["pack_stories"]) == ([], 0)
    with pytest.raises(UsageError, match="topic or region"):
        stage.main("boundary")
