from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BroadsheetError
from pipeline.labels import COLUMNS, IPTC, Label, read_taxonomy

ROOT = Path(__file__).parents[1]


def written(folder: Path, text: str) -> Path:
    path = folder / "topics.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_projects_file_holds_the_standards_topics_with_descriptions() -> None:
    labels = read_taxonomy(ROOT / IPTC.source).labels
    assert [label.entry for label in labels] == [label.entry for label in IPTC.labels]
    assert all(len(label.phrases) > 1 for label in labels)


def test_only_keys_are_needed(tmp_path: Path) -> None:
    taxonomy = read_taxonomy(written(tmp_path, "\ufeffkey\nsport\n\n Sci/Tech \n"))
    assert taxonomy.labels == (
        Label("sport", "sport", "sport"),
        Label("Sci/Tech", "Sci/Tech", "Sci/Tech"),
    )


def test_a_topic_is_known_by_key_and_id_in_any_case(tmp_path: Path) -> None:
    text = "name,description,id,key\nGames,football; chess ;,medtop:15000000,sport\nArt,,,arts\n"
    taxonomy = read_taxonomy(written(tmp_path, text))
    assert [taxonomy.key(n) for n in ("SPORT", "medtop:15000000", "15000000")] == ["sport"] * 3
    assert taxonomy.key("Games") is None
    assert taxonomy.labels[0].phrases == ("Games", "football", "chess")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\n , \n", "is empty"),
        ("name,id\nSport,7\n", "no column `key`: the columns are key, name, id, description"),
        ("key,key\na,b\n", "named twice"),
        ("key,colour\na,red\n", "unknown column 'colour'"),
        ("key\n", "has 0 topics"),
        ("key\nsport\n", "has 1 topics"),
        ("key\nsport\nSPORT\n", ":3: 'sport' is another topic's key or id"),
        ("key,id\nsport,7\narts,7\n", ":3: '7' is another topic's key or id"),
        ("key,id\nsport,7\n7,8\n", ":3: '7' is another topic's key or id"),
        ("key,name\nsport,Sport, games\n", ":2: 3 cells, but 2 columns"),
        ("key,name\n,Sport\n", ":2: the row has no key"),
        ("key\nsport;games\n", ":2: 'sport;games' has a `;`"),
        ("key,name\nsport,\x1b[31mSport\n", ":2: '\\x1b[31mSport' holds a character"),
        ('key\n"sport\n', "broken CSV"),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BroadsheetError) as caught:
        read_taxonomy(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_a_missing_file_and_one_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match=r"ingest\.taxonomy"):
        read_taxonomy(tmp_path / "none.csv")
    path = tmp_path / "topics.csv"
    path.write_bytes(b"key\ncaf\xe9\nbar\n")
    with pytest.raises(BroadsheetError, match="not UTF-8"):
        read_taxonomy(path)


cells = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)


@given(rows=st.lists(st.tuples(*[cells] * 3), max_size=6))
def test_law_a_table_gives_its_topics_or_a_fault_and_each_is_known_by_its_key(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([COLUMNS[:3], *rows])
    path = written(tmp_path_factory.mktemp("taxonomy"), out.getvalue())
    try:
        taxonomy = read_taxonomy(path)
    except BroadsheetError:
        return
    assert [(label.key, label.name, label.id) for label in taxonomy.labels] == rows
    assert [taxonomy.key(key) for key, _, _ in rows] == [key for key, _, _ in rows]
    assert [taxonomy.key(own) for _, _, own in rows] == [key for key, _, _ in rows]
