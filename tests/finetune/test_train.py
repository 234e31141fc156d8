from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch

from pipeline.encoder import packaged_tokenizer
from pipeline.finetune.lessons import CLS, LONGEST, SEP, Lesson, batches, prepare, priors, seen
from pipeline.finetune.network import StoryNetwork
from pipeline.finetune.sets import TOPICS, Labelled
from pipeline.finetune.train import topics_told, train
from tests.reader.small import small_network
from tests.teaching import FINETUNE

KNOWN = {TOPICS: ("sport", "weather"), "agnews": ("Sports", "World")}
WORDS = {"sport": "goal match team", "weather": "rain wind snow"}


def stories(count: int = 40) -> dict[str, list[Labelled]]:
    names = list(WORDS)
    own = [
        Labelled(f"s-{i}", "", f"{WORDS[names[i % 2]]} {i}", {TOPICS: (names[i % 2],)})
        for i in range(count)
    ]
    other = [
        Labelled(
            f"a-{i}",
            "News",
            WORDS[names[i % 2]],
            {"agnews": (KNOWN["agnews"][i % 2],)},
        )
        for i in range(count)
    ]
    return {"labelled": own, "agnews": other}


@pytest.fixture(scope="module")
def lessons() -> dict[str, list[Lesson]]:
    tokenizer = packaged_tokenizer()
    return {name: prepare(own, KNOWN, tokenizer) for name, own in stories().items()}


def test_topics_are_a_distribution_with_the_main_one_ahead() -> None:
    story = Labelled("s", "", "rain", {TOPICS: ("weather", "sport", "unheard")})
    (lesson,) = prepare([story], {TOPICS: ("arts", "sport", "weather")}, packaged_tokenizer())
    targets = lesson.targets[TOPICS]
    assert targets.sum() == pytest.approx(1.0)
    assert targets[2] > targets[1] > targets[0] > 0


def test_a_batch_fits_its_budget_and_every_story_comes_once_a_round(
    lessons: dict[str, list[Lesson]],
) -> None:
    drawn = batches(lessons["agnews"], 64, np.random.default_rng(0))
    found = list(islice(drawn, 40))
    for batch in found:
        assert batch.ids.size <= 64
        assert (batch.ids[:, 0] == CLS).all()
        ends = batch.mask.sum(axis=1) - 1
        assert (batch.ids[np.arange(len(ends)), ends] == SEP).all()
    counts = np.cumsum([len(batch.ids) for batch in found])
    assert len(lessons["agnews"]) in counts


def test_stories_lose_their_headline_or_their_end_but_never_all() -> None:
    lesson = Lesson([1, 2], list(range(100, 160)), {})
    rng = np.random.default_rng(0)
    met = [seen(lesson, rng) for _ in range(300)]
    untitled = sum(tokens[0] != 1 for tokens in met) / len(met)
    cut = sum(tokens[-1] != 159 for tokens in met) / len(met)
    assert 0.15 < untitled < 0.35 and 0.25 < cut < 0.45
    assert all(12 <= len(tokens) <= LONGEST for tokens in met)
    assert seen(Lesson([1, 2], [], {}), rng) == [1, 2]


def test_heads_begin_with_the_shares_of_their_labels(lessons: dict[str, list[Lesson]]) -> None:
    network = StoryNetwork(small_network().encoder, priors(lessons["agnews"]))
    with torch.no_grad():
        odds = network.answers(torch.zeros(1, network.heads["agnews"].in_features), "agnews")
    torch.testing.assert_close(torch.sigmoid(odds), torch.full((1, 2), 0.5))


def test_it_learns_and_frozen_layers_stay_as_they_came(lessons: dict[str, list[Lesson]]) -> None:
    encoder = small_network().encoder.train()
    every = [each for own in lessons.values() for each in own]
    network = StoryNetwork(encoder, priors(every))
    losses = train(network, lessons, FINETUNE, steps=120, seed=0, frozen=1)
    before = small_network().encoder.state_dict()
    moved = {k for k, v in encoder.state_dict().items() if not torch.equal(v, before[k])}
    assert moved and all(name.startswith("encoder.layer.1.") for name in moved)
    assert losses[-1] < losses[0]
    told = topics_told(network, lessons["labelled"], 64)
    gold = np.stack([lesson.targets[TOPICS] for lesson in lessons["labelled"]])
    assert (told.argmax(-1) == gold.argmax(-1)).mean() > 0.9
    np.testing.assert_allclose(told.sum(axis=1), 1.0, rtol=1e-5)


def test_each_story_is_told_of_in_its_own_row(lessons: dict[str, list[Lesson]]) -> None:
    every = lessons["labelled"] + [Lesson([], list(range(200, 300)), {})]
    network = StoryNetwork(small_network().encoder, priors(lessons["labelled"]))
    at_once = topics_told(network, every, 4096)
    one_by_one = np.concatenate([topics_told(network, [each], 4096) for each in every])
    np.testing.assert_allclose(at_once, one_by_one, atol=1e-5)
