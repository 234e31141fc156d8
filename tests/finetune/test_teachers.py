from __future__ import annotations

import numpy as np
import pytest

from pipeline.finetune import __main__ as module
from pipeline.finetune.lessons import Lesson
from pipeline.finetune.sets import TOPICS, Labelled
from pipeline.finetune.teachers import Shares, teacher_without, with_told, without_part
from pipeline.params import FinetuneParams
from tests.teaching import FINETUNE

PARTS = FINETUNE.teachers
GOLD, NONE = np.array([1.0, 0.0], np.float32), np.zeros(1, np.float32)
SETS = {
    name: [Labelled(f"{name}-{i}", "", f"text {i}", {}) for i in range(60)]
    for name in ("labelled", "huffpost")
}
LESSONS = {
    "labelled": [Lesson([], [n], {TOPICS: GOLD}) for n in range(60)],
    "huffpost": [Lesson([], [n], {"huffpost": NONE}) for n in range(60)],
}
TOLD = {
    name: [np.full((60, 2), (0.1 * part, 1 - 0.1 * part), np.float32) for part in range(PARTS)]
    for name in SETS
}


def test_each_part_is_left_out_once_and_other_sets_never() -> None:
    left = []
    for part in range(PARTS):
        found = without_part(SETS, LESSONS, part, PARTS)
        assert found["huffpost"] == LESSONS["huffpost"]
        kept = {lesson.text[0] for lesson in found["labelled"]}
        left.extend(n for n in range(60) if n not in kept)
    assert sorted(left) == list(range(60))


def test_a_story_hears_of_the_teacher_that_did_not_see_its_label() -> None:
    found = with_told(SETS, LESSONS, TOLD, trust=0.4)
    for story, lesson in zip(SETS["labelled"], found["labelled"], strict=True):
        said = TOLD["labelled"][teacher_without(story.id, PARTS)][0]
        np.testing.assert_allclose(lesson.targets[TOPICS], 0.6 * GOLD + 0.4 * said, rtol=1e-6)


def test_a_story_without_topics_hears_of_all_and_keeps_its_own_question() -> None:
    for lesson in with_told(SETS, LESSONS, TOLD, trust=0.4)["huffpost"]:
        np.testing.assert_allclose(lesson.targets[TOPICS], [0.1, 0.9], rtol=1e-5)
        assert lesson.targets["huffpost"] is NONE


def test_teachers_learn_without_their_part_and_the_last_network_from_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[tuple[dict[str, list[Lesson]], int, int]] = []

    class Network:
        number = -1  # of the run that taught it

        def to(self, device: str) -> Network:
            return self

    def train(
        network: Network,
        lessons: dict[str, list[Lesson]],
        params: FinetuneParams,
        steps: int,
        seed: int,
        frozen: int = 0,
        name: str = "",
    ) -> list[float]:
        network.number = len(runs)
        runs.append((lessons, steps, frozen))
        return [float(len(runs))]

    def topics_told(network: Network, own: list[Lesson], budget: int) -> Shares:
        said = 0.1 * (network.number + 1)
        return np.full((len(own), 2), (said, 1 - said), np.float32)

    monkeypatch.setattr(module, "fresh_network", lambda lessons: Network())
    monkeypatch.setattr(module, "train", train)
    monkeypatch.setattr(module, "topics_told", topics_told)
    _, losses = module.distilled(SETS, LESSONS, FINETUNE)
    assert losses == [PARTS + 1.0]
    assert [(steps, frozen) for _, steps, frozen in runs] == [(5, 1)] * PARTS + [(9, 0)]
    taught = [{lesson.text[0] for lesson in own["labelled"]} for own, _, _ in runs[:PARTS]]
    assert sum(map(len, taught)) == 60 * (PARTS - 1)
    for lesson in runs[-1][0]["labelled"]:  # each heard of the one teacher that had not seen it
        teacher = round(float(lesson.targets[TOPICS][0]) * 10) - 1
        assert lesson.text[0] not in taught[teacher]
    for lesson in runs[-1][0]["huffpost"]:
        np.testing.assert_allclose(lesson.targets[TOPICS][0], 0.2, rtol=1e-5)
