"""Texts joined from stretches of articles."""

from __future__ import annotations

from pipeline.sections.mixes import Source, mixed_prose
from pipeline.sections.prose import Prose
from tests.encoders import HashedEncoder


def sources() -> list[Source]:
    found = []
    for number in range(60):
        sentences = tuple(f"story{number} sentence{i}" for i in range(12 + number % 20))
        vector = HashedEncoder().encode([" ".join(sentences)])[0]
        found.append(Source(f"s{number}", number % 3, sentences, vector))
    return found


def stories(prose: Prose) -> list[set[str]]:
    return [{s.split()[0] for p in section for s in p.sentences} for section in prose.sections]


def test_each_section_is_a_stretch_of_one_article_of_its_fold() -> None:
    folds = {f"story{number}": number % 3 for number in range(60)}
    for mix in mixed_prose(sources(), 120, seed=1):
        named = stories(mix)
        assert all(len(names) == 1 for names in named)
        told = [next(iter(names)) for names in named]
        assert len(set(told)) == len(told)
        assert {folds[name] for name in told} == {mix.fold}
        for section in mix.sections:
            at = [int(s.split("sentence")[1]) for p in section for s in p.sentences]
            assert at == list(range(at[0], at[0] + len(at)))


def test_some_have_nothing_to_cut_and_folds_take_turns() -> None:
    mixes = mixed_prose(sources(), 120, seed=1)
    assert 0 < sum(len(mix.sections) == 1 for mix in mixes) < 40
    assert [mix.fold for mix in mixes[:6]] == [0, 1, 2, 0, 1, 2]


def test_the_seed_decides() -> None:
    assert mixed_prose(sources(), 9, seed=1) == mixed_prose(sources(), 9, seed=1)
    assert mixed_prose(sources(), 9, seed=1) != mixed_prose(sources(), 9, seed=2)
