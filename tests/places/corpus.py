"""A made-up corpus small enough to fit on: each story is about one or two countries."""

from __future__ import annotations

import numpy as np

from pipeline.params import RegionParams
from pipeline.records import Article
from pipeline.store.vectors import Vectors

PLACES = {
    "JP": ("Japan", "Japanese", "Osaka"),
    "FR": ("France", "French", "Lyon"),
    "KE": ("Kenya", "Kenyan", "Mombasa"),
    "PE": ("Peru", "Peruvian", "Arequipa"),
}
PARAMS = RegionParams(regularisation=1.0, min_score=0.5, seed=3)


def articles() -> list[Article]:
    codes = list(PLACES)
    made = []
    for number in range(60):
        main, other = codes[number % 4], codes[(number + 1 + number // 4 % 3) % 4]
        name, people, city = PLACES[main]
        paragraphs = (
            f"A {people} ferry firm is to add {number} boats in {city} after the summer.",
            f"Officials in {city} said {name} had waited for years. The Kaminaga Board agreed."
            if main == "JP"
            else f"Officials in {city} said {name} had waited for years.",
            f"The boats were built in {PLACES[other][0]}, where yards are cheap.",
        )
        made.append(
            Article(
                id=f"T-{number:02d}",
                topics=("economy",),
                countries=(main,),
                paragraphs=paragraphs,
                headline=f"{city} waits for its boats",
                fold=number % 3,
                split="test" if number >= 56 else "train",
            )
        )
    return made


def vectors(made: list[Article]) -> Vectors:
    """Vectors of length 1 that lean to one axis a country, with seeded noise."""
    rng = np.random.default_rng(5)
    table = rng.normal(0.0, 0.3, (len(made), 8))
    for row, article in enumerate(made):
        table[row, list(PLACES).index(article.countries[0])] += 1.0
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    return unit.astype(np.float32)
