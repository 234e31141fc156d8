from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.packs.pack import STEP, Pack, pack_fingerprint, read_pack, spread, write_pack
from pipeline.packs.packing import make_pack
from pipeline.places.ranker import CountryRanker
from pipeline.records import Article
from pipeline.store.digest import text_key
from pipeline.topics.views import topic_views
from pipeline.train.region import train_region
from pipeline.train.topic import train_topic
from tests.encoders import HashedEncoder
from tests.places.corpus import PARAMS, articles, vectors
from tests.tiny import some_articles
from tests.topics.test_head import PARAMS as TOPIC_PARAMS


@pytest.fixture(scope="module")
def stories() -> tuple[Article, ...]:
    return some_articles()


@pytest.fixture(scope="module")
def made(stories: tuple[Article, ...]) -> Pack:
    return make_pack(stories, HashedEncoder(), lambda story: story != stories[0].id)


def test_what_is_read_is_what_was_written_in_16_bits(made: Pack, tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    write_pack(path, made, "hashed@0")
    found = read_pack(path)
    assert pack_fingerprint(path) == "hashed@0"
    assert found.keys == sorted(made.keys)
    own = dict(zip(made.keys, made.stories, strict=True))
    assert [own[key] for key in found.keys] == found.stories
    rows = {
        key: made.vectors[first : first + story.vectors]
        for key, story, first in zip(made.keys, made.stories, made.firsts(), strict=True)
    }
    for key, story, first in zip(found.keys, found.stories, found.firsts(), strict=True):
        np.testing.assert_allclose(
            found.vectors[first : first + story.vectors], rows[key], atol=1e-3
        )


def test_equal_packs_are_equal_bytes_whatever_their_order(
    stories: tuple[Article, ...], tmp_path: Path
) -> None:
    write_pack(tmp_path / "one", make_pack(stories, HashedEncoder()), "hashed@0")
    write_pack(tmp_path / "two", make_pack(stories[::-1], HashedEncoder()), "hashed@0")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_no_word_of_the_text_is_in_a_pack(
    made: Pack, stories: tuple[Article, ...], tmp_path: Path
) -> None:
    path = tmp_path / "p.safetensors"
    write_pack(path, made, "hashed@0")
    data = path.read_bytes().lower()
    labels = {label for story in stories for label in story.topics}
    words = {word for story in stories for word in story.text.lower().split() if len(word) > 6}
    ours = b" ".join(label.encode() for label in labels | {"headline", "subdivision"})
    ours += b" institution dateline subhead caption country learned demonym currency"
    header = data[: int.from_bytes(data[:8], "little") + 8]
    ours += header
    assert len(words) > 1000
    assert not {
        word for word in words if word.encode() in data[len(header) :] and word.encode() not in ours
    }


def test_places_are_coarse(made: Pack) -> None:
    mentions = [m for story in made.stories for scene in story.scenes for m in scene.mentions]
    assert len(mentions) > 100
    for mention in mentions:
        assert mention.offset % STEP == 0
        assert mention.toponym.start == mention.toponym.end == 0
        assert mention.toponym.mass == 0 or np.log10(mention.toponym.mass).is_integer()


def test_a_story_has_a_vector_a_view_and_says_whether_it_was_taught(
    made: Pack, stories: tuple[Article, ...]
) -> None:
    assert [story.vectors for story in made.stories] == [len(topic_views(a)) for a in stories]
    assert [story.unseen for story in made.stories] == [False] + [True] * (len(stories) - 1)
    assert len(made.owners()) == len(made.vectors)


def test_stories_of_the_corpus_are_left_out(made: Pack, stories: tuple[Article, ...]) -> None:
    rest = made.without({text_key(article.text) for article in stories[::2]})
    assert rest.keys == [text_key(article.text) for article in stories[1::2]]
    alone = make_pack(stories[1::2], HashedEncoder())
    np.testing.assert_array_equal(rest.vectors, alone.vectors)


def test_a_pack_of_nothing_has_no_first_vector(made: Pack) -> None:
    empty = made.without(made.keys)
    assert (empty.firsts().shape, empty.owners().shape) == ((0,), (0,))
    assert made.firsts().tolist() == sorted(set(made.firsts().tolist()))
    assert len(made.firsts()) == len(made.keys)


def test_folds_are_the_corpus_own_and_a_story_keeps_its(made: Pack) -> None:
    folds = spread(made.keys, [4, 7, 9])
    assert set(folds) == {4, 7, 9}
    assert spread(made.keys[::-1], [9, 4, 7]) == folds[::-1]


@pytest.mark.parametrize("data", [b"", b"no pack", b"\x00" * 64])
def test_what_is_no_pack_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "p.safetensors").write_bytes(data)
    with pytest.raises(CorruptArtifactError, match="broadsheet pack") as caught:
        read_pack(tmp_path / "p.safetensors")
    assert "\n" not in str(caught.value)


def test_a_pack_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="broadsheet pack"):
        read_pack(tmp_path / "none.safetensors")


def test_the_topic_head_learns_a_topic_that_only_a_pack_has(stories: tuple[Article, ...]) -> None:
    encoder = HashedEncoder()
    golf = [
        msgspec.structs.replace(article, topics=("golf",), paragraphs=(f"Golf green tee {i}",))
        for i, article in enumerate(stories[:20])
    ]
    pack = make_pack(golf, encoder)
    without = train_topic(stories, encoder, TOPIC_PARAMS)
    head = train_topic(stories, encoder, TOPIC_PARAMS, [pack])
    assert "golf" not in without.labels
    scores = head.probabilities(encoder.encode(["Golf green tee 99"]), ())
    assert head.labels[int(scores.argmax())] == "golf"


def test_the_ranker_learns_the_countries_of_a_pack() -> None:
    made = articles()
    table = vectors(made)
    half = [a for a in made if int(a.id[2:]) % 2]
    encoder = HashedEncoder()
    pack = make_pack([a for a in made if not int(a.id[2:]) % 2], encoder)
    rows = [i for i, a in enumerate(made) if int(a.id[2:]) % 2]
    wide = np.pad(table, ((0, 0), (0, 16 - table.shape[1])))
    alone = train_region(half, wide[rows], PARAMS)
    ranker = train_region(half, wide[rows], PARAMS, [pack])
    assert isinstance(ranker, CountryRanker)
    assert ranker.tables.prior != alone.tables.prior
    assert ranker.tables.learned == alone.tables.learned  # names need text
