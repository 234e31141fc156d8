"""Stage ``report``: set everything the stages measured as one HTML file to read."""

from __future__ import annotations

import sys

from pipeline.params import load_params
from pipeline.report.inputs import read_inputs
from pipeline.report.page import report
from pipeline.stage import run_stage
from pipeline.store.atomic import write_text
from pipeline.store.layout import REPORT


def main() -> None:
    """Read what the other stages wrote, and write the report."""
    html = report(read_inputs(load_params()))
    write_text(REPORT, html)
    sys.stderr.write(f"report: {REPORT}, {len(html.encode()) // 1024} KiB\n")


if __name__ == "__main__":
    run_stage("report", main)
