"""Pages of one story alone: plain, furnished, in one line, a sentence a line, amid residue."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.mix.broadcast import Studio, broadcast
from pipeline.mix.desk import Arrange, Desk, amounts
from pipeline.mix.draws import choose
from pipeline.mix.printing import whole
from pipeline.mix.sheet import Block, by_sentence, run_on
from pipeline.mix.short import TEASERS, brief, excerpt, teaser
from pipeline.mix.voices import live_blog, question_and_answer, take


def single(desk: Desk) -> list[Block]:
    """Arrange one story alone."""
    return choose(desk.rng, SINGLES)(desk)


def _article(furnished: float, headed: float) -> Arrange:
    return lambda desk: [
        whole(desk.draw(1)[0], desk.rng, desk.pool, furnished=furnished, headed=headed)
    ]


def _reshaped(arrange: Arrange, reshape: Callable[[Block], Block]) -> Arrange:
    return lambda desk: [reshape(block) for block in arrange(desk)]


def _short(desk: Desk) -> list[Block]:
    style = choose(desk.rng, ("plain", "plain", "headline"))
    return [brief(desk.draw(1)[0], desk.rng, style, "", desk.pool, 3)]


def _teaser(desk: Desk) -> list[Block]:
    return [teaser(desk.draw(1)[0], desk.rng, choose(desk.rng, TEASERS), desk.pool)]


def _excerpt(desk: Desk) -> list[Block]:
    return [excerpt(desk.draw(1)[0], desk.rng, choose(desk.rng, (True, False)))]


def _voiced(desk: Desk) -> list[Block]:
    article = desk.draw(1)[0]
    voice = choose(desk.rng, (live_blog, live_blog, question_and_answer, None, None))
    if voice is None:
        return [broadcast(article, desk.rng, desk.pool, Studio.draw(desk.rng))]
    return [voice(article, desk.rng, desk.pool)]


def _take(desk: Desk) -> list[Block]:
    return [take(desk.draw(1)[0], desk.rng, desk.pool, slugged=False)]


def _amid_residue(desk: Desk) -> list[Block]:
    article = desk.print_whole(desk.draw(1)[0], *amounts(desk))
    return [desk.residue("before"), article, desk.residue("after")]


SINGLES: tuple[Arrange, ...] = (
    *(_article(0.0, 0.0),) * 2,
    *(_article(0.0, 1.0),) * 2,
    *(_article(0.5, 0.8),) * 3,
    *(_article(1.0, 0.9),) * 3,
    _reshaped(_article(0.0, 0.5), run_on),
    _reshaped(_article(1.0, 0.8), run_on),
    _reshaped(_article(0.0, 0.5), by_sentence),
    _reshaped(_article(1.0, 0.8), by_sentence),
    *(_short,) * 2,
    _teaser,
    _excerpt,
    *(_voiced,) * 2,
    _take,
    *(_amid_residue,) * 3,
)
