"""Stage ``export``: the encoders as graphs that onnxruntime runs, with what belongs to them.

Every later stage and the command line encode by what is written here, so the heads are trained on
the vectors that they will see. An encoder that cannot be exported stays with sentence-transformers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.encoder import PACKAGED, SentenceTransformerEncoder
from pipeline.errors import CorruptArtifactError
from pipeline.export.graph import heads_graph, page_graph, story_graph
from pipeline.export.outliers import outliers
from pipeline.export.pages import PageModel, page_model
from pipeline.export.probe import page_inputs, story_inputs
from pipeline.export.sentence import SentenceModel, sentence_model
from pipeline.params import load_params
from pipeline.serving import card as names
from pipeline.serving.card import Card, Precision, write_card
from pipeline.serving.network import Export
from pipeline.serving.stories import StoryEncoder
from pipeline.serving.words import write_words
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.atomic import write_bytes
from pipeline.store.layout import require
from pipeline.store.tensors import write_tensors

PROBES = (
    "",
    "Rain.",
    "Ferries stayed in port at Narva on Tuesday as gales of 30 m/s closed the strait, police said.",
    "The council voted 7–2 to reopen the café-lined quay. " * 40,
)
TOLERANCE = 1e-4  # of a vector's elements, against sentence-transformers
LIKE = 0.9  # cosine at least, where weights are rounded


def main() -> None:
    """Write ``models/encoder``."""
    params = load_params().encoder
    source = SentenceTransformerEncoder.of(params)
    reads_pages = params.model == PACKAGED and params.reader
    reader = require(layout.READER, "git checkout data/reader") if reads_pages else None
    taken = sentence_model(source)
    if taken is not None:
        write_export(layout.EXPORT, taken, source, reader, params.precision)
    if taken is None or not agrees(layout.EXPORT, source):
        if params.model == PACKAGED:
            raise CorruptArtifactError(
                "the exported encoder does not answer as the packaged one: "
                "run `pip install -r requirements.lock`"
            )
        sys.stderr.write(
            f"export: {params.model} is no plain BERT with mean or [CLS] pooling: it will be run "
            "by sentence-transformers, which takes longer\n"
        )
        clear(layout.EXPORT)
        write_card(layout.EXPORT, Card(params.model, source.fingerprint, None, exported=False))


def write_export(
    folder: Path,
    taken: SentenceModel,
    source: SentenceTransformerEncoder,
    reader: Path | None,
    precision: Precision = "float32",
) -> None:
    """Write an export; equal encoders give equal bytes.

    :param reader: the weights adapted to pages, if pages are read with them.
    """
    clear(folder)
    bert = taken.bert
    pages = None if reader is None else page_model(reader)
    write_bytes(folder / names.TOKENIZER, taken.tokenizer.encode("utf-8"))
    write_words(folder / names.WORDS, bert.words)
    tables = {"positions": bert.positions}
    if pages is not None:
        tables["forms"] = pages.forms
        if not all(
            np.array_equal(getattr(pages.bert, own), getattr(bert, own))
            for own in ("words", "positions")
        ):
            raise CorruptArtifactError("the encoders of stories and of pages share no embeddings")
    write_tensors(folder / names.TABLES, tables)
    for name, graph in _graphs(Export(folder), taken, pages, precision):
        write_bytes(folder / name, graph)
    write_card(
        folder,
        Card(
            source.model,
            source.fingerprint,
            None if pages is None else pages.fingerprint,
            exported=True,
            width=bert.width,
            longest=taken.longest,
            pooling=taken.pooling,
            precision=precision,
        ),
    )


def _graphs(
    export: Export, taken: SentenceModel, pages: PageModel | None, precision: Precision
) -> Iterator[tuple[str, bytes]]:
    """Make the graphs; where weights are rounded, after a look at what float32 makes of a text.

    :param export: with its tokenizer and tables.
    """
    stories = story_graph(taken.bert, "float32")
    if precision == "int8":
        large = outliers(stories, story_inputs(export, taken.longest), taken.bert.layers)
        stories = story_graph(taken.bert, precision, large)
    yield names.STORIES, stories
    if pages is None:
        return
    readings = page_graph(pages.bert, pages.begins, "float32")
    if precision == "int8":
        large = outliers(readings, page_inputs(export), pages.bert.layers)
        readings = page_graph(pages.bert, pages.begins, precision, large)
    yield names.PAGES, readings
    yield names.HEADS, heads_graph(pages.heads)


def agrees(folder: Path, source: SentenceTransformerEncoder) -> bool:
    """Hold an export's vectors of a few texts against the source's."""
    export = Export(folder)
    own, other = StoryEncoder(export).encode(PROBES), source.encode(PROBES)
    if export.card.precision == "int8":
        return bool(((own * other).sum(axis=1) > LIKE).all())
    return bool(np.allclose(own, other, atol=TOLERANCE))


def clear(folder: Path) -> None:
    """Take away what an earlier export left."""
    graphs = (names.STORIES, names.PAGES, names.HEADS)
    for name in (names.TOKENIZER, names.WORDS, names.TABLES, *graphs):
        (folder / name).unlink(missing_ok=True)


if __name__ == "__main__":
    run_stage("export", main)
