"""A text to see what an encoder's states are like, as the encoders of stories and pages read it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.export.bert import Floats
from pipeline.reader.sheets import Sheet, collate
from pipeline.reader.tokens import unit_tokens
from pipeline.reader.windows import plan_windows
from pipeline.serving.network import Export
from pipeline.units import find_units

PROBE = Path(__file__).parent / "probe.txt"  # two pages mixed from the starter corpus


def story_inputs(export: Export, longest: int) -> list[Floats]:
    """Embed the probe a piece at a time, each of ``longest`` tokens at most, shape (1, t, d).

    :param export: with its tokenizer and tables.
    """
    tokenizer = export.tokenizer
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    ids = tokenizer.encode(PROBE.read_text(encoding="utf-8"), add_special_tokens=False).ids
    room = longest - 2
    pieces = [ids[i : i + room] for i in range(0, len(ids), room)]
    return [export.embed(np.array([[first, *piece, last]])) for piece in pieces]


def page_inputs(export: Export) -> list[Floats]:
    """Embed the probe as a page, a window at a time, shape (1, t, d).

    :param export: with its tokenizer and tables.
    """
    text = PROBE.read_text(encoding="utf-8")
    units = find_units(text)
    tokens = unit_tokens([text[u.start : u.end] for u in units], units, export.tokenizer)
    windows = plan_windows([len(unit.ids) for unit in tokens])
    batches = [collate([Sheet(tokens[w.start : w.end], 0)]) for w in windows]
    return [export.embed(batch.ids, batch.forms) for batch in batches]
