"""How well the parts do: the sections between the headline figures and the mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.records import UNIT_ROLES
from pipeline.report import charts
from pipeline.report.blocks import (
    Block,
    Matrix,
    Row,
    Section,
    Share,
    Square,
    Table,
    bounded,
    plain,
    table,
)
from pipeline.report.inputs import Inputs

LEVELS = 5  # shades of a matrix
NONE = "none"


def end_to_end(inputs: Inputs) -> Section:
    """Set the stories as gold gives them beside what was cut and stands for them."""
    cut, given = inputs.metrics["end_to_end"], inputs.metrics["topic"]["page_stories"]
    empty = Share(None)
    rows: list[tuple[str | Share, ...]] = [
        ("found: half of it or more in common", empty, bounded(cut, "found")),
        ("main topic right", bounded(given, "accuracy"), bounded(cut, "topic_accuracy")),
    ]
    if inputs.placed:
        where = inputs.metrics["region"]["page_stories"]
        rows += [
            ("countries, F1", bounded(where["country"], "f1"), bounded(cut, "country_f1")),
            ("sub-regions, F1", plain(where["subregion"], "f1"), plain(cut, "subregion_f1")),
        ]
    by_kind = _given_and_cut(inputs.details["pages"], "kind", "kind of story")
    return Section(
        "end-to-end",
        "From page to labelled stories",
        f"The {cut['stories']:,} stories on the held-out pages, labelled where gold cuts them and "
        "where the segmenter does. A story that the cut loses counts as labelled wrong.",
        (
            Row((table("Stories on pages", ("", "given", "as cut"), rows),)),
            Row((by_kind,)),
        ),
    )


def _given_and_cut(pages: Mapping[str, Any], by: str, title: str) -> Table:
    own = {row["group"]: row for row in pages["cut"][by]}
    return table(
        f"Main topic right, by {title}",
        (title, "stories", "given", "as cut"),
        [
            (
                row["group"],
                row["stories"],
                bounded(row, "topic_accuracy", stories=row["stories"]),
                bounded(own[row["group"]], "topic_accuracy", stories=row["stories"]),
            )
            for row in pages["given"][by]
        ],
    )


def segmentation(inputs: Inputs) -> Section:
    """Set the cuts by layout, and the parts that were told apart inside stories."""
    found = inputs.metrics["segmentation"]
    layouts = sorted(found["layout"].items(), key=lambda item: (item[1].get("f1", 2.0), item[0]))
    whole = table(
        "Boundaries by layout, the hardest first",
        ("layout", "pages", "boundary F1", "pages right"),
        [
            (name, int(row["pages"]), plain_bar(row, "f1"), plain_bar(row, "pages_right"))
            for name, row in layouts
        ],
    )
    parts = table(
        "Parts of stories",
        ("part", "spans", "F1, by characters", "F1, exact spans"),
        [
            (role, int(row["spans"]), plain_bar(row, "f1"), plain_bar(row, "f1_exact"))
            for role in UNIT_ROLES
            if (row := found["parts"].get(role))
        ],
        hue=3,
    )
    blocks: list[Block] = [_segmentation_figures(found)]
    curve = inputs.plots["boundary_pr"]
    if curve:
        blocks.insert(0, charts.precision_recall("pr", curve))
    return Section(
        "segmentation",
        "Segmentation",
        f"{found['boundaries']:,} boundaries on {found['pages']} held-out pages. A boundary is "
        f"right if it lies within {inputs.evaluate.tolerance} characters of the gold one; each "
        "page's first story is left out, and a cut inside residue is neither right nor wrong.",
        (Row((whole,)), Row(tuple(blocks)), Row((parts,))),
    )


def _segmentation_figures(found: Mapping[str, Any]) -> Table:
    rows: list[tuple[str, Share]] = [
        ("boundary precision", plain(found, "precision")),
        ("boundary recall", plain(found, "recall")),
        ("single stories left whole", plain(found, "single_whole")),
        ("residue, F1 by characters", plain(found["residue"], "f1")),
        ("truncated stories, F1", plain(found, "truncated_f1")),
        ("kind of story right", plain(found, "kind_accuracy")),
        ("story told in full elsewhere, F1", plain(found["same_as"], "f1")),
        ("Pk (0 is perfect)", plain(found, "pk")),
        ("WindowDiff (0 is perfect)", plain(found, "windowdiff")),
    ]
    return table("All pages", ("", "figure"), rows)


def plain_bar(row: Mapping[str, Any], name: str) -> Share:
    """Take a figure without an interval, drawn as a bar; none where the row has no such figure."""
    return Share(row.get(name))


def topics(inputs: Inputs) -> Section:
    """Set the topics one by one, and which is taken for which."""
    found = inputs.metrics["topic"]
    columns = (found, found["page_stories"])
    figures = table(
        "Topics, given the story",
        ("", "articles", "stories on pages"),
        [
            ("main topic right", *(bounded(c, "accuracy") for c in columns)),
            ("main topic, macro-F1", *(bounded(c, "f1_macro") for c in columns)),
            ("main topic among the gold ones", *(plain(c, "in_set") for c in columns)),
            ("all topics, micro-F1", *(plain(c["multilabel"], "f1") for c in columns)),
        ],
    )
    each = table(
        "Each topic on whole articles, the hardest first",
        ("topic", "stories", "F1", "precision", "recall"),
        [
            (
                str(inputs.names.get(str(row["label"]), row["name"])),
                int(row["stories"]),
                plain_bar(row, "f1"),
                plain(row, "precision"),
                plain(row, "recall"),
            )
            for row in sorted(inputs.plots["topics"], key=lambda row: (row["f1"], row["name"]))
        ],
    )
    return Section(
        "topics",
        "Topics",
        f"{found['stories']} held-out articles. F1 counts every topic that was named; the matrix "
        "the main one alone: a row holds the stories of one gold topic.",
        (Row((figures,)), Row((each,)), Row((confusion(inputs),))),
    )


def confusion(inputs: Inputs) -> Matrix:
    """Count which main topic is taken for which, whole articles."""
    pairs = Counter(
        (row["actual"] or NONE, row["predicted"] or NONE) for row in inputs.plots["confusion"]
    )
    labels = sorted({name for pair in pairs for name in pair})
    rows = []
    for gold in labels:
        total = sum(pairs[gold, said] for said in labels)
        squares = tuple(
            Square(n := pairs[gold, said], _level(n, total), gold == said) for said in labels
        )
        if total:
            rows.append((gold, total, squares))
    return Matrix(
        "Main topic, gold against predicted",
        "Gold topics down the side with their stories, predicted ones across. The deeper a colour, "
        "the larger the share of the row: blue is right, orange wrong.",
        tuple(labels),
        tuple(rows),
    )


def _level(count: int, total: int) -> int:
    return -(-count * LEVELS // total) if count else 0


def regions(inputs: Inputs) -> Section | None:
    """Set the countries by where they are; None where there is none to measure."""
    if not inputs.placed:
        return None
    found = inputs.metrics["region"]
    columns = (found, found["page_stories"])
    figures = table(
        "Countries and sub-regions, given the story",
        ("", "articles", "stories on pages"),
        [
            ("countries, F1", *(bounded(c["country"], "f1") for c in columns)),
            ("countries, precision", *(plain(c["country"], "precision") for c in columns)),
            ("countries, recall", *(plain(c["country"], "recall") for c in columns)),
            ("first country right", *(plain(c["country"], "first_accuracy") for c in columns)),
            ("sub-regions, F1", *(plain(c["subregion"], "f1") for c in columns)),
        ],
    )
    by = inputs.details["articles"]
    return Section(
        "regions",
        "Countries and regions",
        f"{found['stories']} held-out articles, by the region of their main country. Regions and "
        "sub-regions are those of UN M49. Over a few stories an interval is narrower than it "
        "should be, and where all are right it has no width; under five none is given.",
        (
            Row((figures,)),
            Row((_places("region of the world", by["region"]),)),
            Row((_places("sub-region", by["subregion"]),)),
        ),
    )


def _places(title: str, rows: list[Mapping[str, Any]]) -> Table:
    return table(
        f"Countries and topics, by {title}",
        (title, "stories", "countries, F1", "main topic right"),
        [
            (
                row["group"],
                row["stories"],
                bounded(row, "country_f1", stories=row["stories"]),
                bounded(row, "topic_accuracy", stories=row["stories"]),
            )
            for row in rows
        ],
        hue=3,
    )
