"""What lies behind the headline figures, as Markdown: breakdowns, confusions, coverage, curves.

Used on the held-out corpus and on real news alike; an example shows as much of a story as its
entry holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.evaluate.markdown import bounded, plain, share, table

Rows = Sequence[Mapping[str, Any]]

TITLES = {
    "source": "source",
    "length": "words",
    "form": "form",
    "headline": "headline",
    "region": "region of the main country",
    "subregion": "sub-region of the main country",
    "layout": "layout of the page",
    "kind": "kind of story",
}
COVERAGE = (
    "How many of the surest stories have the right first label, and in brackets the score from "
    "which a story is among them. A country counts here whether or not it is sure enough to be "
    "named. No threshold is chosen by this: those in `params.yaml` are given."
)
COUNTRIES = (
    "The country ranker, on whole articles of the corpus alone (the one in the bundle learns from "
    "teasers and packs too):"
)
LEAST = 5  # stories from which an interval is shown
SMALL = (
    "An interval over a few stories is narrower than it should be, and where all of them are right "
    f"it has no width: read the number of stories first. Below {LEAST} stories none is given."
)


def breakdown_report(found: Mapping[str, Rows]) -> str:
    """Set a table for each breakdown."""
    tables = [
        table(
            (TITLES[by], "stories", "main topic right", "countries", "countries, F1"),
            [
                (
                    plain(row["group"]),
                    str(row["stories"]),
                    _figure(row, "topic_accuracy"),
                    str(row["countries"]),
                    _figure(row, "country_f1"),
                )
                for row in rows
            ],
        )
        for by, rows in found.items()
    ]
    return "\n\n".join([SMALL, *tables])


def _figure(row: Mapping[str, Any], name: str) -> str:
    return bounded(row, name) if row["stories"] >= LEAST else share(row[name])


def given_and_cut_report(given: Mapping[str, Rows], cut: Mapping[str, Rows]) -> str:
    """Set the stories as gold gives them beside what was cut and stands for them."""
    tables = []
    for by, rows in given.items():
        own = {row["group"]: row for row in cut[by]}
        tables.append(
            table(
                (
                    *(TITLES[by], "stories", "main topic right, given", "cut"),
                    *("countries, F1, given", "cut"),
                ),
                [
                    (
                        plain(row["group"]),
                        str(row["stories"]),
                        share(row["topic_accuracy"]),
                        _figure(own[row["group"]], "topic_accuracy"),
                        share(row["country_f1"]),
                        _figure(own[row["group"]], "country_f1"),
                    )
                    for row in rows
                ],
            )
        )
    return "\n\n".join(tables)


def coverage_report(curves: Mapping[str, Rows]) -> str:
    """Set how often the first label is right among the surest stories, a column a curve."""
    named = {name: {row["coverage"]: row for row in rows} for name, rows in curves.items() if rows}
    if not named:
        return "No story has a label."
    shares = list(next(iter(named.values())))
    return table(
        ("the surest", *(f"{name}, right (from)" for name in named)),
        [
            (
                f"{each:.0%}",
                *(
                    f"{bounded(rows[each], 'accuracy')} ({rows[each]['threshold']:.2f})"
                    for rows in named.values()
                ),
            )
            for each in shares
        ],
    )


def confusion_report(found: Mapping[str, Any]) -> str:
    """Set the commonest confusions, then their examples."""
    if not found["wrong"]:
        return "No main topic is wrong."
    pairs: Rows = found["pairs"]
    rows = [
        (pair["gold"], pair["predicted"] or "none", str(pair["stories"]), str(pair["further"]))
        for pair in pairs
    ]
    shown = "all of them" if found["kinds"] == len(pairs) else f"the {len(pairs)} commonest"
    head = (
        f"Of {found['stories']} stories {found['wrong']} have another main topic than gold, "
        f"{found['further']} of them one that is a further topic of the story (half right). They "
        f"make {found['kinds']} pairs of topics; here are {shown}, the surest mistakes first."
    )
    columns = ("gold main topic", "predicted", "stories", "half right")
    return "\n\n".join([head, table(columns, rows), *_examples(pairs)])


def _examples(found: Rows) -> list[str]:
    lists = []
    for pair in found:
        if pair["examples"]:
            lines = [f"**{pair['gold']} taken for {pair['predicted'] or 'none'}**", ""]
            lines += [f"- {_example(pair, each)}" for each in pair["examples"]]
            lists.append("\n".join(lines))
    return lists


def _example(pair: Mapping[str, Any], each: Mapping[str, Any]) -> str:
    scores = (
        f"{plain(each['id'])}, {pair['predicted'] or 'none'} {each['score']:.2f}, "
        f"{pair['gold']} {each['gold_score']:.2f}"
    )
    if "opening" not in each:
        return scores
    headline = f"**{plain(each['headline'])}** " if each["headline"] else ""
    return f"{scores}: {headline}{plain(each['opening'])} …"


def learning_report(curve: Mapping[str, Any]) -> str:
    """Set what the heads make of growing shares of the corpus."""
    tables = [
        table(
            ("articles", "main topic right", "macro-F1", "draws"),
            [
                (
                    str(row["articles"]),
                    bounded(row, "accuracy"),
                    share(row["f1_macro"]),
                    str(row["draws"]),
                )
                for row in curve[name]
            ],
        )
        for name in ("topic", "topic_with_packs")
        if curve[name]
    ]
    packs = "\n\n".join(tables[1:])
    beside = f"Beside {curve['pack_stories']} stories of feature packs:\n\n{packs}" if packs else ""
    countries = table(
        ("articles", "countries, F1", "draws"),
        [(str(row["articles"]), bounded(row, "f1"), str(row["draws"])) for row in curve["country"]],
    )
    note = (
        "Trained on growing parts of the training articles, measured on the held-out ones; where "
        "there are several draws, the figure is their mean. The encoder is the same throughout: "
        "what it was taught topics on includes all training articles, so small parts look better "
        "than they would with an encoder that had seen as little."
    )
    return "\n\n".join(
        piece
        for piece in (
            note,
            "The topic head, on the corpus alone:",
            *tables[:1],
            beside,
            COUNTRIES if curve["country"] else "",
            countries if curve["country"] else "",
        )
        if piece
    )
