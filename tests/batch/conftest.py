from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from pipeline.batch.run import Batch

RUN = {"models": "m"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with three datasets, 120 rows in all, some of which fail."""
    folder = tmp_path / "in"
    folder.mkdir()
    texts = ["BUG" if i % 17 == 5 else "\n".join(f"Rain {i}.{j} é" for j in range(i % 4))
             for i in range(120)]  # fmt: skip
    texts[47] = "KILL\nand more"
    rows = [json.dumps({"text": text}) for text in texts]
    rows[20] = "no JSON"
    (folder / "a.jsonl").write_text("\n".join(rows[:60]), encoding="utf-8")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(rows[60:80]).encode()))
    table = pyarrow.table({"text": texts[80:], "id": [f"page {i}" for i in range(80, 120)]})
    pyarrow.parquet.write_table(table, folder / "c.parquet", row_group_size=15)
    return folder


@pytest.fixture
def batch(source: Path, tmp_path: Path) -> Batch:
    return Batch(str(source), tmp_path / "out.jsonl", RUN, rows=8)
