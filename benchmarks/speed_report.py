"""The figures of speed as Markdown: cold starts, and a table of ways for each number of threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.report import grid
from benchmarks.ways import SERVED, TRAINED, WAYS
from pipeline.plain import counted

Figures = Mapping[str, Any]
COLD = {SERVED: WAYS[SERVED], TRAINED: WAYS[TRAINED], "help": "`classify --help`"}
CONVENTIONS = """\
- A ratio is Broadsheet's pages a second over those of the way in its row, in the same round: the
  median, and in brackets the least and the most. Above 1, Broadsheet is faster. In processor time
  (of all threads) the ratio is swayed less by other work on the machine.
- What sentence-transformers and LangChain do here is less: one topic a story, no countries, no
  parts and no residue. Both use the packaged encoder as it came.
- The first limit is all that Broadsheet passes through its two encoders, windows of pages and then
  stories, recorded beforehand. The second is each unit of the pages by itself, each unique one
  once, so that the words are passed once in place of twice.
- With more than one thread, Broadsheet is as many processes with one each, as `classify` is where
  there are many inputs; every other way is one process with so many threads.
- Memory is a process's peak, and holds the models as they load; Broadsheet's is that of all its
  processes, added up, each with models of its own. That of the limits is the memory of recording
  them.
- Outside: the share of the processor time that is not spent in encoders."""


def report(figures: Figures) -> str:
    """Set the figures out as a Markdown page."""
    machine, warm = figures["machine"], figures["warm"]
    blocks = [
        "# Speed",
        f"Measured on {machine['processor']}, {counted(machine['cores'], 'core', 'cores')}, by "
        "`python -m benchmarks.speed`.",
        f"## From cold to the first result, medians of {figures['cold']['calls']}",
        _cold(figures["cold"]),
        "## Pages a second",
        f"{counted(warm['pages'], 'page', 'pages')} ({warm['set']}, {warm['characters']:,} "
        f"characters), {counted(warm['rounds'], 'round', 'rounds')}.",
        CONVENTIONS,
    ]
    for each in warm["threads"]:
        blocks += [f"### {counted(each['threads'], 'thread', 'threads')}", _ways(each["ways"])]
    if agreement := figures.get("agreement"):
        blocks += ["## Agreement of float32 with the models as trained", _agreement(agreement)]
    return "\n\n".join(blocks) + "\n"


def _cold(cold: Figures) -> str:
    rows = [["", "seconds", "fastest", "MB at the peak"]]
    for key, name in COLD.items():
        own = cold[key]
        rows.append([name, f"{own['seconds']:.2f}", f"{own['fastest']:.2f}", str(own["megabytes"])])
    return grid(rows)


def _ways(ways: Figures) -> str:
    heads = ["pages a second", "Broadsheet, times as fast", "in processor time"]
    rows = [["", *heads, "MB at the peak", "outside"]]
    for name, own in ways.items():
        title = WAYS.get(name, f"{WAYS[SERVED]}, models `{name}`")
        if own is None:
            rows.append([f"{title} (not installed)", *["–"] * 5])
            continue
        low, high = own["served_over_least"], own["served_over_most"]
        ratio = f"{own['served_over']:.2f} [{low:.2f}, {high:.2f}]"
        outside = own.get("outside_the_encoders")
        rows.append(
            [
                title,
                f"{own['pages_a_second']:.2f}",
                "–" if name == SERVED else ratio,
                "–" if name == SERVED else f"{own['served_over_busy']:.2f}",
                str(own["megabytes"]),
                "–" if outside is None else f"{outside:.1%}",
            ]
        )
    return grid(rows)


def _agreement(found: Figures) -> str:
    return (
        f"Of {counted(found['pages'], 'held-out page', 'held-out pages')}, {len(found['differ'])} "
        f"differ; where none does, scores are at most {found['largest_difference']:.7f} apart."
    )
