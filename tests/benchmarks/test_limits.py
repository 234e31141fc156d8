from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.limits import Pass, of_serving, of_units, replay
from pipeline.errors import UsageError
from pipeline.reader.reader import PageUnits
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import open_encoder
from pipeline.units import find_units
from tests.reader.small import small_network
from tests.serving.made import small_export

PAGES = ["Rain fell.\nShares rose in Lima today.", "Rain fell.\nA ship sank.\nA ship sank."]


@pytest.fixture
def classifier(tmp_path: Path) -> Any:
    """Reads a page, then encodes it as one story."""
    export = Export(small_export(tmp_path / "encoder", small_network()))
    reader, encoder = open_reader(export), open_encoder(export)

    def document(text: str) -> None:
        assert reader is not None
        reader.read([PageUnits(text, find_units(text))])
        encoder.encode([text])

    return SimpleNamespace(
        encoder=encoder, segmenter=SimpleNamespace(reader=reader), document=document
    )


def test_serving_is_recorded_and_nothing_stays_behind(classifier: Any) -> None:
    passes = of_serving(classifier, PAGES)
    pages, stories = classifier.segmenter.reader.network.network, classifier.encoder.network
    assert [each.network for each in passes] == [pages, stories] * len(PAGES)
    replay(passes)
    classifier.document(PAGES[0])
    assert len(passes) == 4
    assert [again.embedded.shape for again in of_serving(classifier, PAGES)] == [
        each.embedded.shape for each in passes
    ]


def test_each_unique_unit_is_passed_once_the_shortest_first(classifier: Any) -> None:
    passes = of_units(classifier, PAGES)
    reader = classifier.segmenter.reader
    units: set[str] = set()
    for text in PAGES:
        [reading] = reader.read([PageUnits(text, find_units(text))])
        units.update(PageUnits(text, reading.units).pieces)
    lengths = [each.embedded.shape[1] for each in passes]
    assert len(passes) == len(units)
    assert lengths == sorted(lengths)
    assert {each.network for each in passes} == {classifier.encoder.network}


def test_a_replay_runs_the_same_arrays() -> None:
    class Network:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def run(self, embedded: Any) -> list[Any]:
            self.seen.append(embedded)
            return [embedded]

    network: Any = Network()
    arrays = [np.zeros((1, length, 4), np.float32) for length in (2, 3)]
    replay([Pass(network, array) for array in arrays])
    assert sorted(map(id, network.seen)) == sorted(map(id, arrays))


def test_encoders_that_are_not_exported_have_no_limit(classifier: Any) -> None:
    classifier.encoder = object()
    with pytest.raises(UsageError, match="exported"):
        of_serving(classifier, PAGES)
