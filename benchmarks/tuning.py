"""The one thing that is tuned: the penalty of change-point detection, in its favour.

It is tuned for boundary F1 on every second page of ``pages_dev``, which stay in the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.pieces import Splitter
from benchmarks.scores import TOLERANCE
from benchmarks.sets import Document
from benchmarks.tools import detector
from pipeline.encoder import Encoder
from pipeline.evaluate.counts import total
from pipeline.evaluate.segmentation import judge_starts

# A segment of n unit vectors costs at most n, so a cut seldom gains more than a few units.
PENALTIES = tuple(round(float(p), 3) for p in np.geomspace(0.1, 5.0, 40))


def half(documents: Sequence[Document]) -> Sequence[Document]:
    """Return every second document."""
    return documents[::2]


def tuned_penalty(split: Splitter, encoder: Encoder, documents: Sequence[Document]) -> float:
    """Return the penalty with the highest boundary F1 over ``documents``, the lower of equals."""
    detect = detector()
    spans = [split(document.page.text) for document in documents]
    signals = [
        encoder.encode([document.page.text[start:end] for start, end in own])
        for document, own in zip(documents, spans, strict=True)
    ]

    def f1(penalty: float) -> float:
        return total(
            judge_starts(
                document.page, [own[i][0] for i in detect(signal, penalty)], TOLERANCE
            ).counts
            for document, own, signal in zip(documents, spans, signals, strict=True)
        ).f1

    return max(PENALTIES, key=f1)
