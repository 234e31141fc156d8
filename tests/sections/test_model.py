"""The section model: what it learns, what it says, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import BroadsheetError, CorruptArtifactError, MissingArtifactError
from pipeline.sections.fit import fit_sections, unseen
from pipeline.sections.model import SectionModel
from pipeline.sections.prose import lay_out
from pipeline.store.bundle import Bundle, Manifest, hash_files
from tests.encoders import HashedEncoder
from tests.sections.made import PARAMS, fitted, lessons, prose


def starts(text: str, min_boundary: float | None = None) -> list[int]:
    cut = fitted()[0].cut(text, HashedEncoder(), min_boundary=min_boundary)
    return [story.start for story in cut.stories]


def test_sections_of_texts_that_were_not_met_are_found() -> None:
    right = found = given_ = 0
    for seed in range(101, 121):
        text, gold = lay_out(prose(seed, 4), "lines")
        own = starts(text)
        right += len(set(own) & set(gold)) - 1
        found, given_ = found + len(own) - 1, given_ + len(gold) - 1
    assert 2 * right / (found + given_) > 0.9


def test_what_is_said_out_of_fold_is_near_what_new_texts_show() -> None:
    figures = fitted()[1]
    assert set(figures) == {"lines", "run"}
    assert all(0.85 < own["f1"] <= 1.0 for own in figures.values())


def test_a_model_without_its_fold_has_not_met_it() -> None:
    """Texts whose labels are drawn by lot cannot be learned, so no figure may say they were."""
    rng = np.random.default_rng(3)
    drawn = []
    for each in lessons(15):
        cut = rng.permutation(each.cut[1:])
        drawn.append(each._replace(cut=np.concatenate([[0], cut])))
    _, figures = fit_sections(drawn, PARAMS, "hashed@0")
    assert all(own["f1"] < 0.45 for own in figures.values())


def test_what_an_opening_looks_like_is_not_learned_from_its_own_fold() -> None:
    """Turn the labels of one fold around: its own scores stay, those of others do not."""
    told = lessons(15)
    among = list(range(len(told)))
    turned = [e._replace(cut=1 - e.cut) if e.fold == 0 else e for e in told]
    for each, before, after in zip(told, unseen(told, among), unseen(turned, among), strict=True):
        assert np.array_equal(before, after) == (each.fold == 0)


def test_too_few_articles_in_sections_name_the_parameter() -> None:
    few = [each for each in lessons(15) if each.fold < 2]
    with pytest.raises(BroadsheetError, match=r"sections\.wiki"):
        fit_sections(few, PARAMS, "hashed@0")


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=200), st.sampled_from([None, 0.0, 0.3, 1.0]))
def test_sections_hold_every_character_that_is_not_white_space(
    text: str, least: float | None
) -> None:
    cut = fitted()[0].cut(text, HashedEncoder(), min_boundary=least)
    assert cut.residue == ()
    kept = "".join(text[story.start : story.end] for story in cut.stories)
    assert "".join(kept.split()) == "".join(text.split())
    ends = [0, *(story.end for story in cut.stories)]
    assert all(a <= story.start for a, story in zip(ends, cut.stories, strict=False))


def test_a_higher_least_probability_gives_fewer_sections() -> None:
    text = lay_out(prose(204, 5), "lines").text
    counts = [len(starts(text, least)) for least in (0.0, 0.2, 0.5, 0.9, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 1


def test_nothing_and_one_sentence() -> None:
    model = fitted()[0]
    assert model.cut(" \n", HashedEncoder()).stories == ()
    alone = model.cut("Rain fell.", HashedEncoder())
    assert [(s.start, s.end, s.boundary) for s in alone.stories] == [(0, 10, 1.0)]
    assert alone.single == 1.0


def test_a_text_of_one_subject_is_likelier_one_section() -> None:
    model = fitted()[0]
    one, four = (lay_out(prose(300, count), "lines").text for count in (1, 4))
    single = [model.cut(text, HashedEncoder()).single for text in (one, four)]
    assert single[0] > 0.5 > single[1]


def test_time_grows_with_the_text_and_no_faster() -> None:
    sentences = lay_out(prose(7, 5), "lines").text + "\n"
    short, long = sentences * 40, sentences * 320
    model, encoder = fitted()[0], HashedEncoder()
    model.cut(short, encoder)
    begun = perf_counter()
    model.cut(short, encoder)
    middle = perf_counter()
    model.cut(long, encoder)
    assert perf_counter() - middle < 3 * 8 * (middle - begun)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    model = fitted()[0]
    model.save(tmp_path / "a")
    SectionModel.load(tmp_path / "a").save(tmp_path / "b")
    assert hash_files(tmp_path / "a") == hash_files(tmp_path / "b")
    text = lay_out(prose(9, 4), "run").text
    read = SectionModel.load(tmp_path / "a")
    assert read.cut(text, HashedEncoder()) == model.cut(text, HashedEncoder())


def test_a_model_that_is_not_there_or_broken_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="make sections"):
        SectionModel.load(tmp_path)
    fitted()[0].save(tmp_path)
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(CorruptArtifactError, match="make sections"):
        SectionModel.load(tmp_path)


def test_a_bundle_has_one_for_its_own_encoder_alone(tmp_path: Path) -> None:
    fitted()[0].save(tmp_path / "sections")

    def bundle(files: dict[str, str]) -> Bundle:
        return Bundle(tmp_path, Manifest(3, "0", "hashed", "hashed@0", (), (), {}, files))

    whole = bundle(hash_files(tmp_path))
    assert SectionModel.of(whole, "hashed@0") is not None
    assert SectionModel.of(whole, "other@0") is None
    assert SectionModel.of(bundle({}), "hashed@0") is None
