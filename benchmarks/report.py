"""The comparison as Markdown: what was run, how it was counted, and a table a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Figures = Mapping[str, Any]


class Column(NamedTuple):
    """A figure that gets a table of its own."""

    key: str
    title: str
    digits: int = 3


TABLES = (
    Column("f1", "Boundary F1"),
    Column("pk", "Pk (an error: lower is better)"),
    Column("windowdiff", "WindowDiff (an error: lower is better)"),
    Column("boundary_similarity", "Boundary similarity"),
    Column("pages_right", "Documents wholly right"),
    Column("precision", "Precision of boundaries"),
    Column("recall", "Recall of boundaries"),
    Column("seconds", "Seconds for the sample, without the encoder's", 1),
    Column("encoding_seconds", "Seconds of the shared encoder", 1),
)

CONVENTIONS = """\
- A boundary is the start of a story other than the document's first. It is right if it lies within
  3 characters of a gold one, each gold one once; precision, recall and F1 are over all boundaries
  of a set, the other figures are means over documents.
- `pages_dev` is text as found. All other sets are lists of sentences or lines, laid out as text
  with one a line; gold boundaries are at line starts, and a predicted one counts as that of the
  line it falls in.
- On `newspage_*` lines without a story are residue, which is neutral, as is residue on `pages_dev`:
  a boundary found there is neither right nor wrong. A story starts at its first line.
- Pk and WindowDiff: the unit is the line, on `pages_dev` the word; the window is half the
  document's mean gold segment, rounded, at least 2 units. Units of residue are left out.
- Boundary similarity (Fournier 2013) is segeval's, near misses of up to 2 units counting in part;
  the unit is the line, on `pages_dev` the sentence or the line that holds less. Two documents
  without a boundary are equal (1).
- The window figures and boundary similarity see a right boundary at its gold place, and no neutral
  ones. "Wholly right" is every boundary found and none too many.
- Seconds are wall-clock time on the machine that ran this. Each tool is charged with encoding its
  own texts once, apart from its own time. Broadsheet reads a page with its own adapted encoder, and
  that counts as its own time.
- Tools run at their defaults, but for what favours them: TextTiling gets each sentence as a
  paragraph, ruptures' penalty is tuned on every second page of `pages_dev`, which stays in the
  comparison, and chonkie has no limit on a chunk's size. All that encode use the same encoder.
  Tools made to chunk text for retrieval were not made to find stories.
- ", lines" means that line breaks count as sentence ends too. LangChain, LlamaIndex and chonkie
  otherwise split sentences in their own way (chonkie's default, line breaks included, is its
  ", lines"), TextTiling, U00 and ruptures in this project's.
- "Broadsheet, sections" is `broadsheet segment --level section`, made for prose that is one text;
  every other method is the same on pages and on prose.
- U00 is this repository's own implementation of the paper.
- wtpsplit is not run: its model needs a download."""


def report(comparison: Figures) -> str:
    """Set the comparison out as a Markdown page."""
    blocks = [
        "# Segmentation: Broadsheet and other tools",
        _intro(comparison),
        "## Conventions",
        CONVENTIONS,
        "## Methods",
        _methods(comparison),
        "## Sets",
        _sets(comparison),
    ]
    for column in TABLES:
        blocks += [f"## {column.title}", table(comparison, column)]
    return "\n\n".join(blocks) + "\n"


def _intro(comparison: Figures) -> str:
    wanted, lines = comparison["documents"], comparison["lines"]
    size = f"an evenly spaced sample of {wanted} documents of each set" if wanted else "all sets"
    limit = (
        f" Documents of more than {lines} lines are left out for everybody, before sampling."
        if lines
        else ""
    )
    return (
        f"One run on {size}, the same for all methods (`pages_dev` is always whole).{limit} "
        f"Encoder of the other tools: {comparison['encoder']}. Made by "
        "`python -m benchmarks.segmentation`."
    )


def _methods(comparison: Figures) -> str:
    rows = [["method", "named", "package", "version", "sentences", "note"]]
    for method in comparison["methods"]:
        own = [method["label"], f"`{method['name']}`", method["package"] or "this project"]
        rows.append([*own, method["version"] or "–", method["variant"] or "–", method["note"]])
    rows.append(["boundary similarity", "–", "segeval", comparison["segeval"] or "–", "–", ""])
    rows.append(["wtpsplit", "–", "wtpsplit", "–", "–", "not run: its model needs a download"])
    return grid(rows, left=6)


def _sets(comparison: Figures) -> str:
    rows = [["set", "what", "source seen in training", "documents", "of", "too long"]]
    for each in comparison["sets"]:
        counts = [str(each[key]) for key in ("documents", "size", "too_long")]
        rows.append([f"`{each['name']}`", each["what"], each["seen"], *counts])
    return grid(rows, left=3)


def table(comparison: Figures, column: Column) -> str:
    """Set one figure out: a row a set and, below it, a row a subset; a column a method."""
    methods = [method for method in comparison["methods"] if method["run"]]
    rows = [["set", *(method["label"] for method in methods)]]
    for each in comparison["sets"]:
        named = {f"`{each['name']}`": each["methods"]}
        named |= {f"– {subset}": found for subset, found in each["subsets"].items()}
        for name, found in named.items():
            cells = [_cell(found.get(method["name"], {}), column) for method in methods]
            if any(cells):
                rows.append([name, *(cell or "–" for cell in cells)])
    return grid(rows) if len(rows) > 1 else "Not measured: segeval is not installed."


def _cell(found: Figures, column: Column) -> str:
    return f"{found[column.key]:.{column.digits}f}" if column.key in found else ""


def grid(rows: list[list[str]], left: int = 1) -> str:
    """Write rows as a Markdown table, its first ``left`` columns flush left."""
    rule = [*["---"] * left, *["---:"] * (len(rows[0]) - left)]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [cells[0], rule, *cells[1:]])
