"""Every format says what ``contract/`` promises, for any document."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.plain import scalar
from pipeline.render.formats import COLUMNS, DataFormat, writer_for
from tests.documents import Case, cases

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "contract" / "stories.schema.json").read_text(encoding="utf-8"))
# Optional to the contract, not to us.
LATER = {"document": ["single"], "story": ["same_as", "uncertain"]}
DEFS = {
    name: {**entry, "required": [*entry["required"], *LATER[name]]} if name in LATER else entry
    for name, entry in SCHEMA["$defs"].items()
}
ARRAY = jsonschema.Draft202012Validator({**SCHEMA, "$defs": DEFS})
STORY = jsonschema.Draft202012Validator({**DEFS["story"], "$defs": DEFS})


def rendered(kind: DataFormat, items: Sequence[Case]) -> str:
    out = io.StringIO(newline="")
    writer = writer_for(kind, out)
    for item in items:
        writer.add(item.document, item.text)
    writer.close()
    text = out.getvalue()
    text.encode("utf-8")  # whatever a page holds, the output is UTF-8
    return text


def expected(items: Sequence[Case]) -> list[dict[str, Any]]:
    """The stories of all documents, each with its source, as the contract names their fields."""
    return [
        {"source": item.document.source, "start": s.start, "end": s.end, "text": s.text}
        for item in items
        for s in item.document.stories
    ]


def picked(story: dict[str, Any], source: str) -> dict[str, Any]:
    return {"source": source, **{name: story[name] for name in ("start", "end", "text")}}


def clean(stories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: scalar(v) if isinstance(v, str) else v for k, v in s.items()} for s in stories]


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(st.lists(cases(), max_size=3))
def test_law_json_is_one_array_that_the_schema_accepts(items: list[Case]) -> None:
    output = rendered("json", items)
    documents = json.loads(output)
    ARRAY.validate(documents)
    stories = [picked(s, d["source"]) for d in documents for s in d["stories"]]
    assert stories == clean(expected(items))
    for item, document in zip(items, documents, strict=True):
        assert all(
            s["text"] == scalar(item.text)[s["start"] : s["end"]] for s in document["stories"]
        )
        assert len(document["residue"]) == len(item.document.residue)
        assert document["single"] == item.document.single
        links = [story["same_as"] for story in document["stories"]]
        assert links == [story.same_as for story in item.document.stories]
    assert output == json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


@given(st.lists(cases(), max_size=3))
def test_law_jsonl_is_a_story_a_line_for_every_reader_of_lines(items: list[Case]) -> None:
    output = rendered("jsonl", items)
    lines = [json.loads(line) for line in output.splitlines()]
    assert output.count("\n") == len(lines)
    for line in lines:
        STORY.validate(line)
        assert list(line)[:2] == ["source", "index"]
    assert [picked(line, line["source"]) for line in lines] == clean(expected(items))


@given(st.lists(cases(), max_size=3))
def test_law_csv_reads_back_whole(items: list[Case]) -> None:
    output = rendered("csv", items)
    header, *rows = csv.reader(io.StringIO(output, newline=""), strict=True)
    assert tuple(header) == COLUMNS
    read = [dict(zip(header, row, strict=True)) for row in rows]
    stories = [
        {
            "source": row["source"],
            "start": int(row["start"]),
            "end": int(row["end"]),
            "text": row["text"],
        }
        for row in read
    ]
    assert stories == clean(expected(items))
    links = [story.same_as for item in items for story in item.document.stories]
    assert [int(row["same_as"]) if row["same_as"] else None for row in read] == links
    for row in read:
        assert 0 <= float(row["topic_score"]) <= 1 and 0 <= float(row["boundary"]) <= 1
        assert row["truncated"] in {"true", "false"} and row["topic"]
        assert all(re.fullmatch("[A-Z]{2}", code) for code in row["countries"].split())
        assert all(re.fullmatch("[0-9]{3}", code) for code in row["regions"].split())


def test_the_columns_of_csv_are_those_of_the_contract() -> None:
    prose = (ROOT / "contract" / "README.md").read_text(encoding="utf-8")
    listed = re.search(r"one story a row: (.*?)\.$", prose, re.MULTILINE)
    assert listed is not None
    assert tuple(re.sub(r" \(.*?\)", "", listed[1]).split(", ")) == COLUMNS


def test_an_output_from_before_these_fields_keeps_the_contract() -> None:
    document = {"source": "a.txt", "stories": [], "residue": []}
    jsonschema.validate([document], SCHEMA)
    jsonschema.validate([{**document, "single": 0.5}], SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**document, "single": 1.5}], SCHEMA)


@pytest.mark.parametrize(
    ("kind", "nothing"), [("json", "[]\n"), ("jsonl", ""), ("csv", ",".join(COLUMNS) + "\n")]
)
def test_no_document_at_all(kind: DataFormat, nothing: str) -> None:
    assert rendered(kind, []) == nothing


@given(cases(sources=st.just("a.txt")))
def test_law_a_document_is_out_as_soon_as_it_is_added(item: Case) -> None:
    out = io.StringIO(newline="")
    writer = writer_for("json", out)
    writer.add(item.document, item.text)
    assert json.loads(out.getvalue() + "]")[0]["source"] == "a.txt"
