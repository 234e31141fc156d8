"""Lessons of made-up prose, whose sections each keep to words of their own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from pipeline.params import SectionsParams
from pipeline.sections.fit import Lesson, fit_sections, lesson
from pipeline.sections.model import SectionModel
from pipeline.sections.prose import Paragraph, Prose, lay_out
from tests.encoders import HashedEncoder

SUBJECTS = (
    ("ships", "harbour", "tide", "pier", "anchor", "sail"),
    ("wheat", "field", "plough", "harvest", "barn", "seed"),
    ("court", "judge", "trial", "verdict", "appeal", "jury"),
    ("goal", "match", "referee", "league", "striker", "cup"),
)
PARAMS = SectionsParams("", "", 1, 1, iterations=30, learning_rate=0.2, seed=0)


def prose(seed: int, sections: int) -> Prose:
    """Write a text of so many sections, no two neighbours on one subject."""
    rng = np.random.default_rng(seed)
    subjects = [(seed + i) % len(SUBJECTS) for i in range(sections)]
    parts = []
    for subject in subjects:
        words = SUBJECTS[subject]
        sentences = tuple(
            f"The {' '.join(rng.choice(words, 5))}." for _ in range(int(rng.integers(3, 9)))
        )
        parts.append((Paragraph(sentences),))
    return Prose(f"made-{seed}", seed % 3, tuple(parts))


def lessons(count: int = 30) -> list[Lesson]:
    """Lay texts out, a sentence a line and in one run; every fifth is one section alone."""
    encoder = HashedEncoder()
    texts = [prose(seed, 1 if seed % 5 == 0 else 2 + seed % 4) for seed in range(count)]
    return [
        lesson(lay_out(text, layout), layout, text.fold, 1.0, encoder)
        for text in texts
        for layout in ("lines", "run")
    ]


@lru_cache
def fitted() -> tuple[SectionModel, dict[str, dict[str, float]]]:
    """Fit on them."""
    return fit_sections(lessons(), PARAMS, HashedEncoder.fingerprint)
