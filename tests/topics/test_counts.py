from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from pipeline.topics.counts import HASHED, MemoCounter, count_words
from pipeline.topics.words import WordModel

TEXTS = st.lists(st.text("ab É-_9\n'", max_size=40), min_size=1, max_size=6)


@given(TEXTS)
def test_law_as_many_are_counted_as_scikit_learn_counts(texts: list[str]) -> None:
    found = count_words(texts)
    words = CountVectorizer(ngram_range=(1, 2), token_pattern=r"\b\w\w+\b")
    try:
        expected = words.fit_transform(texts).toarray()
    except ValueError:  # no text has a word
        expected = np.zeros((len(texts), 0))
    matrix = found.matrix(HASHED)
    assert found.size == len(texts)
    for own, other in zip(matrix, expected, strict=True):
        assert sorted(own.data) == sorted(other[other > 0])


@given(TEXTS, st.data())
def test_law_some_of_the_texts_are_counted_as_they_are_alone(
    texts: list[str], data: st.DataObject
) -> None:
    some = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=5))
    for own, other in zip(
        count_words(texts).of(some), count_words([texts[i] for i in some]), strict=True
    ):
        np.testing.assert_array_equal(own, other)


@given(st.lists(TEXTS, max_size=3))
def test_law_counted_once_is_counted_alike(batches: list[list[str]]) -> None:
    count = MemoCounter()
    for texts in batches:
        for own, other in zip(count(texts), count_words(texts), strict=True):
            np.testing.assert_array_equal(own, other)
    assert set(count.table) == {text for texts in batches for text in texts}


def test_scores_are_those_of_weighed_rows_on_planes() -> None:
    texts = ["rain and rain again", "a goal and a goal", "rain on the goal", "no word known", ""]
    targets = np.eye(3)[[0, 1, 2, 0, 1]]
    model = WordModel.fit(count_words(texts), targets, np.ones(5), seed=0)
    tensors = model.tensors
    counts = count_words([*texts, "rain fell " * 3]).matrix(HASHED)[:, tensors["columns"]].toarray()
    weighed = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * tensors["idf"]
    expected = normalize(weighed) @ tensors["weights"].T + tensors["bias"]
    found = model.scores(count_words([*texts, "rain fell " * 3]))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_scoring_imports_no_scikit_learn() -> None:
    script = (
        "import sys\nimport numpy as np\n"
        "from pipeline.topics.counts import count_words\n"
        "from pipeline.topics.words import WordModel\n"
        "own = {'columns': np.arange(9), 'idf': np.ones(9), 'bias': np.zeros(2)}\n"
        "WordModel({**own, 'weights': np.ones((2, 9))}).scores(count_words(['a goal', '']))\n"
        "sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
