from __future__ import annotations

import numpy as np
import pytest

from pipeline.mix.draws import Pool
from pipeline.mix.pictures import a_credit
from pipeline.mix.residue import ENDS, FAMILIES, POOLS, residue_line, residue_lines
from pipeline.mix.signatures import byline, stamp

POOL = Pool(("Anna Writer",), ("Lagos", "Oslo"), ("A bridge falls",))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_draws_filled_lines(family: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        text = FAMILIES[family](rng, POOL, "Oslo")
        assert text.strip()
        assert not set("{}\n") & set(text)


@pytest.mark.parametrize("where", POOLS)
def test_every_place_on_a_page_has_many_lines_of_residue(where: str) -> None:
    rng = np.random.default_rng(1)
    lines = {residue_line(rng, POOL, "Oslo", where) for _ in range(2000)}
    assert len(lines) > (30 if where in ("greeting", "farewell") else 300)


@pytest.mark.parametrize("where", ENDS)
def test_a_block_of_residue_repeats_no_line(where: str) -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        lines = residue_lines(rng, POOL, "Oslo", where)
        assert 1 <= len(lines) == len(set(lines)) <= 9


@pytest.mark.parametrize("draw", [a_credit, byline, stamp])
def test_credits_bylines_and_stamps_are_of_many_styles(draw: object) -> None:
    rng = np.random.default_rng(3)
    assert callable(draw)
    assert len({draw(rng, POOL, "Oslo") for _ in range(500)}) > 200
