"""What an arrangement of a page draws on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.mix.draws import Pool, Rng, chance, choose
from pipeline.mix.printing import whole
from pipeline.mix.residue import residue_lines
from pipeline.mix.sheet import Block, residue_block
from pipeline.mix.voices import live_blog, question_and_answer
from pipeline.records import Article


class Desk(NamedTuple):
    """What an arrangement draws on: articles by number, the generator, the corpus' pool."""

    draw: Callable[[int], list[Article]]
    rng: Rng
    pool: Pool

    def print_whole(self, article: Article, furnished: float, headed: float) -> Block:
        """Print one article in full, now and then as a live blog or an interview."""
        if chance(self.rng, 0.03):
            return choose(self.rng, (live_blog, question_and_answer))(article, self.rng, self.pool)
        return whole(article, self.rng, self.pool, furnished=furnished, headed=headed)

    def residue(self, where: str) -> Block:
        """Draw a block of residue."""
        place = choose(self.rng, self.pool.places)
        return residue_block(residue_lines(self.rng, self.pool, place, where))


Arrange = Callable[[Desk], list[Block]]


def count(desk: Desk, low: int, high: int) -> int:
    """Draw a whole number from ``low`` to ``high``."""
    return int(desk.rng.integers(low, high + 1))


def amounts(desk: Desk) -> tuple[float, float]:
    """Draw how much furniture a page's articles have, and the chance of their headlines."""
    furnished = float(desk.rng.choice([0.0, 0.4, 1.0], p=[0.3, 0.4, 0.3]))
    return furnished, float(desk.rng.choice([0.0, 0.5, 1.0], p=[0.35, 0.2, 0.45]))
