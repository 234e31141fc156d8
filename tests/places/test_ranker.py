from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import CorruptArtifactError, MissingArtifactError, UsageError
from pipeline.places.ranker import CountryRanker
from pipeline.reading import article_sample, plain_sample
from pipeline.store.bundle import Bundle, Manifest
from pipeline.train.region import train_region
from tests.places.corpus import PARAMS, articles, vectors


def bundle(folder: Path) -> Bundle:
    return Bundle(folder, Manifest(1, "0", "fake", "fake", (), (), {}, {}))


def test_held_out_stories_are_placed(ranker: CountryRanker) -> None:
    made = articles()
    rows = [i for i, article in enumerate(made) if article.split == "test"]
    ranked = ranker.rank([article_sample(made[i]) for i in rows], vectors(made)[rows])
    assert [countries[0].code for countries in ranked] == [made[i].countries[0] for i in rows]
    assert all(countries[0].score > ranker.min_score for countries in ranked)


def test_scores_fall_and_evidence_is_in_the_page(ranker: CountryRanker) -> None:
    made = articles()
    samples = [article_sample(article) for article in made]
    for sample, countries in zip(samples, ranker.rank(samples, vectors(made)), strict=True):
        scores = [country.score for country in countries]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 and round(score, 6) == score for score in scores)
        assert len({country.code for country in countries}) == len(countries)
        for country in countries:
            assert list(country.evidence) == sorted(country.evidence)
            assert all(0 <= span.start < span.end <= len(sample.text) for span in country.evidence)
        best = countries[0].evidence
        assert sample.text[best[0].start : best[0].end] in sample.text.split("\n")[0]


def test_a_story_without_toponym_is_ranked_by_context(ranker: CountryRanker) -> None:
    vector = np.zeros((1, 8), dtype=np.float32)
    vector[0, 1] = 1.0
    ((guess,),) = ranker.rank([plain_sample(("Nobody came.",))], vector)
    assert guess.code == "FR" and guess.evidence == ()


def test_no_samples(ranker: CountryRanker) -> None:
    assert ranker.rank([], np.zeros((0, 8), dtype=np.float32)) == []


def test_empty_story(ranker: CountryRanker) -> None:
    (countries,) = ranker.rank([plain_sample(("",))], np.ones((1, 8), dtype=np.float32))
    assert all(country.evidence == () for country in countries)


def test_equal_fits_are_equal_files_and_loading_is_identity(
    ranker: CountryRanker, tmp_path: Path
) -> None:
    made = articles()
    again = train_region(made, vectors(made), PARAMS)
    ranker.save(tmp_path / "one" / "region")
    again.save(tmp_path / "two" / "region")
    files = sorted(path.name for path in (tmp_path / "one" / "region").iterdir())
    assert files == ["context.safetensors", "ranker.safetensors", "tables.json"]
    for name in files:
        one, two = (tmp_path / run / "region" / name for run in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), name
    loaded = CountryRanker.load(bundle(tmp_path / "one"))
    samples = [article_sample(article) for article in made]
    assert loaded.min_score == ranker.min_score
    assert loaded.rank(samples, vectors(made)) == ranker.rank(samples, vectors(made))


def test_missing_and_broken_files(ranker: CountryRanker, tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="make repro"):
        CountryRanker.load(bundle(tmp_path / "none"))
    ranker.save(tmp_path / "region")
    tables = tmp_path / "region" / "tables.json"
    whole = tables.read_text(encoding="utf-8")
    tables.write_text("{}", encoding="utf-8")
    with pytest.raises(CorruptArtifactError, match="make repro"):
        CountryRanker.load(bundle(tmp_path))
    tables.write_text(whole.replace('"weight"', '"wait"', 1), encoding="utf-8")
    with pytest.raises(CorruptArtifactError, match="another version"):
        CountryRanker.load(bundle(tmp_path))
    shutil.rmtree(tmp_path / "region")


def test_fit_refuses_what_it_cannot_use() -> None:
    made = articles()[:6]
    samples = [article_sample(article) for article in made]
    countries = [article.countries for article in made]
    table = vectors(made)
    with pytest.raises(UsageError, match="must be equal"):
        CountryRanker.fit(samples, table[:2], countries, [0] * 6, PARAMS)
    with pytest.raises(UsageError, match="needs two"):
        CountryRanker.fit(samples, table, [("JP",)] * 6, [0, 1] * 3, PARAMS)
    with pytest.raises(UsageError, match="needs two"):
        CountryRanker.fit(samples, table, [("XX",), ("EU",)] * 3, [0, 1] * 3, PARAMS)
