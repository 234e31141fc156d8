"""What each stage of the pipeline cost when it last ran."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.report.blocks import Amount, Cell, Row, Section, table
from pipeline.store.costs import Cost


def costs(found: Mapping[str, Cost]) -> Section:
    """Set wall-clock time, processor time and peak memory of every stage."""
    seconds = sum(cost.seconds for cost in found.values())
    longest = max((cost.seconds for cost in found.values()), default=0.0)
    rows: list[tuple[Cell, ...]] = [
        (
            stage,
            Amount(duration(cost.seconds), cost.seconds / longest if longest else 0.0),
            Amount(duration(cost.cpu_seconds)),
            Amount(f"{cost.peak_memory_mb:,.0f}"),
        )
        for stage, cost in found.items()
    ]
    cpu = sum(cost.cpu_seconds for cost in found.values())
    peak = max((cost.peak_memory_mb for cost in found.values()), default=0.0)
    total = (Amount(duration(seconds)), Amount(duration(cpu)), Amount(f"{peak:,.0f}"))
    rows.append(("all", *total))
    return Section(
        "cost",
        "What each stage costs",
        "Each stage when it last ran, one after the other on the machine that ran it: time by the "
        "clock, processor time of all threads and processes, largest memory of the process. "
        "Encoding takes next to none where texts and pages were in the cache.",
        (
            Row(
                (
                    table(
                        "Cost by stage, in the order of the pipeline",
                        ("stage", "time", "processor", "peak MiB"),
                        rows,
                        hue=4,
                    ),
                )
            ),
        ),
    )


def duration(seconds: float) -> str:
    """Print a duration in minutes and seconds.

    >>> duration(7.25), duration(83.6)
    ('7.3 s', '1 min 24 s')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
