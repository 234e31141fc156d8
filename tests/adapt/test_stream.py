from __future__ import annotations

from itertools import islice

import msgspec
import numpy as np

from pipeline.adapt.lessons import Task
from pipeline.adapt.stream import Stream, loader
from pipeline.mix.layouts import ARRANGEMENTS
from pipeline.realpages.pages import LAYOUTS
from tests.teaching import ADAPT
from tests.tiny import some_articles

POOL = 100  # windows: few, so that batches come soon
TWO = msgspec.structs.replace(ADAPT, workers=2)


def shown(task: Task) -> bytes:
    return np.asarray(task.batch.ids).tobytes()


def test_every_layout_that_is_taught_can_be_arranged() -> None:
    assert set(LAYOUTS) == {*ARRANGEMENTS, "flattened"}


def test_one_seed_draws_the_same_batches_again_and_none_of_them_twice() -> None:
    once, again = (list(islice(Stream(some_articles(), ADAPT, POOL), 30)) for _ in range(2))
    assert [shown(task) for task in once] == [shown(task) for task in again]
    assert len({shown(task) for task in once}) == len(once)


def test_workers_take_turns_with_pages_of_their_own() -> None:
    both = [shown(task) for task in islice(loader(some_articles(), TWO, POOL), 6)]
    first = [shown(task) for task in islice(Stream(some_articles(), ADAPT, POOL), 3)]
    assert both[0::2] == first
    assert not set(both[1::2]) & set(first)
