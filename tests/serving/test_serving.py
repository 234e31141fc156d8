from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reference import TorchPages
from pipeline.encoder import weights_of
from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.reader.reader import PageReader, PageUnits
from pipeline.serving.card import (
    CARD,
    HEADS,
    PAGES,
    STORIES,
    TOKENIZER,
    WORDS,
    Precision,
    read_card,
)
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import StoryEncoder, open_encoder
from pipeline.threads import VARIABLE
from pipeline.units import find_units
from tests.reader.small import small_network
from tests.serving.made import small_export

TEXTS = ["Rain.", "", "Gales closed the ports. " * 20, "Shares rose 3% in Oslo.", "Rain."]
PAGE = "Most Popular\nHome\n\nGALES: Ports closed. Ships stayed in harbour.\n" * 30


PRECISIONS: tuple[Precision, ...] = ("float32", "int8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_export(tmp_path / "encoder", small_network())


@pytest.fixture(params=PRECISIONS)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return small_export(tmp_path / "encoder", small_network(), precision=request.param)


def test_stories_are_encoded_as_torch_would(folder: Path) -> None:
    encoder = open_encoder(Export(folder))
    assert encoder.fingerprint == "small@1"
    export, network = Export(folder), small_network()
    for text, vector in zip(TEXTS, encoder.encode(TEXTS), strict=True):
        ids = export.tokenizer.encode(text).ids
        ids = [*ids[:-1][:23], ids[-1]]
        with torch.inference_mode():
            mean = network.encoder(torch.tensor([ids])).last_hidden_state[0].mean(dim=0)
        expected = torch.nn.functional.normalize(mean, dim=0).numpy()
        np.testing.assert_allclose(vector, expected, atol=1e-5)


def test_a_vector_hangs_on_its_own_text_alone(either: Path) -> None:
    encoder = StoryEncoder(Export(either))
    together = encoder.encode(TEXTS)
    np.testing.assert_array_equal(together[0], together[4])
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(encoder.encode([text])[0], vector)


WORDS_AND_GAPS = st.lists(
    st.sampled_from(
        [
            "Ferries",
            "stayed",
            "in",
            "port,",
            "a" * 150,
            "7–2.",
            "news\x0cpaper",
            " ",
            "\n\n",
            "\u3000",
        ]
    ),
    max_size=80,
)


@given(WORDS_AND_GAPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_law_a_long_text_has_the_first_tokens_of_all_of_it(folder: Path, words: list[str]) -> None:
    encoder, text = StoryEncoder(Export(folder)), " ".join(words)
    room = encoder.export.card.longest - 2
    whole = encoder.export.tokenizer.encode(text, add_special_tokens=False).ids
    (ids,) = encoder._tokens([text])
    assert ids[0, 1:-1].tolist() == whole[:room]


def test_no_texts_give_no_rows(folder: Path) -> None:
    assert StoryEncoder(Export(folder)).encode([]).shape == (0, 16)


def test_pages_are_read_as_torch_reads_them(folder: Path) -> None:
    reader = open_reader(Export(folder))
    assert reader is not None and reader.fingerprint == "small@2"
    pages = [PageUnits(text, find_units(text)) for text in (PAGE, "It rained.", "\x00")]
    trained = PageReader(TorchPages(small_network())).read(pages)
    for own, other in zip(reader.read(pages), trained, strict=True):
        assert own.units == other.units
        for one, two in zip(own[1:], other[1:], strict=True):
            assert one.dtype == np.float32
            np.testing.assert_allclose(one, two, atol=1e-4)


def test_answers_do_not_hang_on_the_number_of_cores(
    either: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for cores in ("1", "3"):
        monkeypatch.setenv(VARIABLE, cores)
        export = Export(either)
        reader = open_reader(export)
        assert reader is not None
        pages = [PageUnits(text, find_units(text)) for text in (PAGE, "It rained.")]
        found.append((StoryEncoder(export).encode(TEXTS), reader.read(pages)))
    (vectors, readings), (others, other_readings) = found
    np.testing.assert_array_equal(vectors, others)
    for one, other in zip(readings, other_readings, strict=True):
        assert one.units == other.units
        for field, same in zip(one[1:], other[1:], strict=True):
            np.testing.assert_array_equal(field, same)


def test_graphs_opened_ahead_answer_alike(folder: Path) -> None:
    export = Export(folder)
    encoder = StoryEncoder(export)
    export.prepare()
    np.testing.assert_array_equal(encoder.encode(TEXTS), StoryEncoder(Export(folder)).encode(TEXTS))


def test_rounded_weights_are_smaller_and_say_nearly_the_same(folder: Path, tmp_path: Path) -> None:
    rounded = small_export(tmp_path / "int8", small_network(), precision="int8")
    for name in (STORIES, PAGES):
        assert (rounded / name).stat().st_size < (folder / name).stat().st_size
    exact, near = StoryEncoder(Export(folder)), StoryEncoder(Export(rounded))
    assert (exact.encode(TEXTS) * near.encode(TEXTS)).sum(axis=1).min() > 0.99
    assert near.fingerprint == f"{exact.fingerprint}:int8"
    assert weights_of(near.fingerprint) == exact.fingerprint == weights_of(exact.fingerprint)
    reader = open_reader(Export(rounded))
    assert reader is not None and reader.fingerprint == "small@2:int8"


def test_equal_networks_give_equal_files(either: Path, tmp_path: Path) -> None:
    precision = read_card(either).precision
    again = small_export(tmp_path / "again", small_network(), precision=precision)
    for path in either.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", [CARD, TOKENIZER, WORDS, STORIES])
def test_a_missing_file_names_the_stage_that_makes_it(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(MissingArtifactError, match="dvc repro export"):
        open_encoder(Export(folder)).encode(TEXTS)


@pytest.mark.parametrize("name", [CARD, WORDS, STORIES])
def test_a_broken_file_is_named_with_its_remedy(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"junk")
    export = Export(folder)
    with pytest.raises(CorruptArtifactError, match=f"{name}.*dvc repro export") as caught:
        encoder = open_encoder(export)
        export.prepare()
        encoder.encode(TEXTS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [PAGES, HEADS])
def test_a_graph_of_pages_that_is_missing_or_broken_is_named_likewise(
    folder: Path, name: str
) -> None:
    reader = open_reader(Export(folder))
    assert reader is not None
    (folder / name).unlink()
    with pytest.raises(MissingArtifactError, match=f"{name}.*dvc repro export"):
        reader.read([PageUnits(PAGE, find_units(PAGE))])
    (folder / name).write_bytes(b"junk")
    with pytest.raises(CorruptArtifactError, match=f"{name}.*dvc repro export"):
        reader.read([PageUnits(PAGE, find_units(PAGE))])


def test_pages_are_not_read_by_an_encoder_that_was_not_adapted(folder: Path) -> None:
    for name in (PAGES, HEADS):
        (folder / name).unlink()
    path = folder / CARD
    path.write_text(path.read_text(encoding="utf-8").replace('"small@2"', "null"), encoding="utf-8")
    assert read_card(folder).reader is None
    assert open_reader(Export(folder)) is None
