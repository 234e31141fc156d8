from __future__ import annotations

import subprocess
from time import sleep

import msgspec
import pytest

from benchmarks.agreement import differing, largest_difference
from benchmarks.speed import Clock, call
from pipeline.records import Country, Document, Span, Topic
from tests.cli.fake_classifier import FakeClassifier

PAGE = "Rain fell on Oslo.\n\nShares rose in Lima."


def documents() -> tuple[Document, Document]:
    one = FakeClassifier().document(PAGE, "a")
    return one, FakeClassifier().document(PAGE, "a")


def test_equal_documents_agree() -> None:
    one, other = documents()
    assert differing(one, other) == []
    assert largest_difference(one, other) == 0.0


def test_scores_may_differ_and_nothing_else() -> None:
    one, other = documents()
    story = msgspec.structs.replace(
        other.stories[0],
        boundary=other.stories[0].boundary - 0.25,
        topics=tuple(Topic(t.id, t.name, t.score) for t in other.stories[0].topics),
    )
    near = msgspec.structs.replace(other, stories=(story, *other.stories[1:]))
    assert differing(one, near) == []
    assert largest_difference(one, near) == pytest.approx(0.25)
    named = msgspec.structs.replace(story, countries=(Country("XK", "Kosovo", 0.5),))
    far = msgspec.structs.replace(other, stories=(named, *other.stories[1:]), residue=(Span(0, 1),))
    assert differing(one, far) == ["residue", "countries"]
    assert differing(one, msgspec.structs.replace(other, stories=())) == ["stories"]


def test_a_call_is_timed_and_a_failed_one_is_no_figure() -> None:
    done = call(["-c", "print('here')"], {"OMP_NUM_THREADS": "1"})
    assert done.output == b"here\n"
    assert done.seconds > 0 and done.megabytes > 1
    with pytest.raises(subprocess.CalledProcessError):
        call(["-c", "raise SystemExit(3)"])


def test_a_clock_counts_what_goes_by_inside() -> None:
    clock = Clock()
    clock.around(sleep)(0.01)
    assert clock.seconds >= 0.01
