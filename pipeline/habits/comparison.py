"""What changed between two runs: parameters, metrics, and single examples that flipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from pipeline.habits.history import Recorded
from pipeline.store.predictions import Judged, Task

TASKS: tuple[Task, ...] = ("topic", "countries", "boundaries")
LOW, HIGH = "_low", "_high"  # the ends of a metric's bootstrap interval

Answer = tuple[str | int, ...]


class Change(Struct, frozen=True):
    """A parameter that differs; none where a run has no such parameter."""

    name: str
    a: str | None
    b: str | None


class Shift(Struct, frozen=True):
    """A metric that differs; none where a run has no such metric.

    ``outside``: one value lies outside the other run's interval; none where neither has one.
    """

    name: str
    a: float | None
    b: float | None
    difference: float | None
    outside: bool | None


class Flip(Struct, frozen=True):
    """An example that two runs answered differently."""

    id: str
    gold: Answer
    a: Answer
    b: Answer
    a_right: bool
    b_right: bool


class Flips(Struct, frozen=True):
    """How the answers of one task changed over the examples that both runs have.

    ``apart`` counts examples that only one run has, or that have another gold in each. ``flips``
    holds right to wrong, then wrong to right, then those wrong in another way.
    """

    task: Task
    examples: int
    apart: int
    right_to_wrong: int
    wrong_to_right: int
    wrong_otherwise: int
    flips: tuple[Flip, ...]


class Comparison(Struct, frozen=True):
    """All that changed from run ``a`` to run ``b``.

    ``flips`` is none where a run, named in ``unanswered``, has kept no answers.
    """

    a: Recorded
    b: Recorded
    params: tuple[Change, ...]
    metrics: tuple[Shift, ...]
    flips: tuple[Flips, ...] | None
    unanswered: tuple[Recorded, ...] = ()


def compare(
    a: Recorded,
    b: Recorded,
    judged_a: Sequence[Judged] | None,
    judged_b: Sequence[Judged] | None,
) -> Comparison:
    """Compare two runs and what their models said of each held-out example."""
    found = None
    if judged_a is not None and judged_b is not None:
        found = tuple(
            flips(
                task,
                [example for example in judged_a if example.task == task],
                [example for example in judged_b if example.task == task],
            )
            for task in TASKS
        )
    kept = {a.id: judged_a, b.id: judged_b}
    return Comparison(
        a,
        b,
        changes(a.params, b.params),
        shifts(a.metrics, b.metrics),
        found,
        tuple(run for run in (a, b) if kept[run.id] is None),
    )


def changes(a: Mapping[str, str], b: Mapping[str, str]) -> tuple[Change, ...]:
    """Name the parameters that differ.

    >>> changes({"mix.seed": "7", "topic.seed": "1"}, {"mix.seed": "8", "topic.seed": "1"})
    (Change(name='mix.seed', a='7', b='8'),)
    """
    names = sorted(a.keys() | b.keys())
    return tuple(Change(n, a.get(n), b.get(n)) for n in names if a.get(n) != b.get(n))


def shifts(a: Mapping[str, float], b: Mapping[str, float]) -> tuple[Shift, ...]:
    """Name the metrics that differ: those with an interval first, then the largest differences.

    The ends of an interval are no metrics of their own.
    """
    every = a.keys() | b.keys()
    names = {name for name in every if not _end_of(name, every)}
    found = [_shift(name, a, b) for name in names if a.get(name) != b.get(name)]
    return tuple(sorted(found, key=_prominence))


def flips(task: Task, a: Iterable[Judged], b: Iterable[Judged]) -> Flips:
    """Set the answers of two runs against each other, example by example."""
    mine, theirs = ({example.id: example for example in judged} for judged in (a, b))
    pairs = [
        (mine[name], theirs[name])
        for name in sorted(mine.keys() & theirs.keys())
        if mine[name].gold == theirs[name].gold
    ]
    differing = [
        Flip(one.id, one.gold, one.said, other.said, one.right, other.right)
        for one, other in pairs
        if (one.said, one.right) != (other.said, other.right)
    ]
    lost = [flip for flip in differing if flip.a_right and not flip.b_right]
    won = [flip for flip in differing if flip.b_right and not flip.a_right]
    wrong = [flip for flip in differing if not flip.a_right and not flip.b_right]
    return Flips(
        task,
        len(pairs),
        len(mine.keys() | theirs.keys()) - len(pairs),
        len(lost),
        len(won),
        len(wrong),
        (*lost, *won, *wrong),
    )


def _end_of(name: str, every: Iterable[str]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in every for end in (LOW, HIGH))


def _shift(name: str, a: Mapping[str, float], b: Mapping[str, float]) -> Shift:
    before, after = a.get(name), b.get(name)
    if before is None or after is None:
        return Shift(name, before, after, None, None)
    judged = [
        not run[name + LOW] <= value <= run[name + HIGH]
        for run, value in ((a, after), (b, before))
        if name + LOW in run and name + HIGH in run
    ]
    return Shift(name, before, after, after - before, any(judged) if judged else None)


def _prominence(shift: Shift) -> tuple[bool, bool, float, str]:
    size = abs(shift.difference) if shift.difference is not None else 0.0
    return shift.difference is None, shift.outside is None, -size, shift.name
