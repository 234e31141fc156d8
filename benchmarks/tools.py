"""The other tools, each behind one call: a text in, the starts of its segments out.

Starts are offsets in code points, in order, the text's first character that is not white space
among them. The tools run at their own defaults except where a docstring says otherwise; what is
changed is in their favour. Each is imported when it is built.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.pieces import Splitter, cut_before, lines, starts_of
from benchmarks.utiyama import content_words, segment, stop_words
from pipeline.encoder import Encoder
from pipeline.store.vectors import Vectors

Cutter = Callable[[str], list[int]]

MARK = "\x1e"  # ends a unit; no unit holds one, since it ends lines
UNLIMITED = 10**9  # tokens


def no_cut(text: str) -> list[int]:
    """Take the text as one segment."""
    return [len(text) - len(text.lstrip())]


def every_line(text: str) -> list[int]:
    """Start a segment with every line that is not blank."""
    return [start for start, _ in lines(text)]


def texttiling(split: Splitter) -> Cutter:
    """TextTiling (Hearst 1997) of NLTK, which cuts between paragraphs, at blank lines.

    Each piece of ``split`` is given as a paragraph, since most texts have no blank lines. The
    stop words are scikit-learn's: NLTK's need a download. A text too short for it is not cut.
    """
    from nltk.tokenize import TextTilingTokenizer

    tokenizer = TextTilingTokenizer(stopwords=stop_words())

    def cut(text: str) -> list[int]:
        paragraphs = "\n\n".join(text[start:end] for start, end in split(text))
        try:
            tiles = tokenizer.tokenize(paragraphs)
        except (ValueError, ZeroDivisionError):
            return no_cut(text)
        return starts_of(text, tiles)

    return cut


def u00(split: Splitter) -> Cutter:
    """U00 (Utiyama and Isahara 2001), see :mod:`benchmarks.utiyama`."""

    def cut(text: str) -> list[int]:
        spans = split(text)
        return [spans[i][0] for i in segment([content_words(text[a:b]) for a, b in spans])]

    return cut


def changepoints(split: Splitter, encoder: Encoder, penalty: float) -> Cutter:
    """Kernel change-point detection (PELT, Killick et al. 2012) of ruptures on unit vectors.

    The kernel is linear, which is the cosine on vectors of length 1, and a segment may be as
    short as one piece.
    """
    detect = detector()

    def cut(text: str) -> list[int]:
        spans = split(text)
        vectors = encoder.encode([text[start:end] for start, end in spans])
        return [spans[i][0] for i in detect(vectors, penalty)]

    return cut


def detector() -> Callable[[Vectors, float], list[int]]:
    """Return the detection alone: vectors (n, d) and a penalty to the rows that start segments."""
    import ruptures

    def detect(vectors: Vectors, penalty: float) -> list[int]:
        if len(vectors) < 2:
            return [0] if len(vectors) else []
        found = ruptures.KernelCPD(kernel="linear", min_size=1).fit(np.asarray(vectors))
        return [0, *(int(end) for end in found.predict(pen=penalty)[:-1])]

    return detect


class _Embeddings:
    """The encoder as LangChain calls it."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def embed_documents(self, texts: list[str]) -> Any:
        return self.encoder.encode(texts)


def langchain(encoder: Encoder, split: Splitter | None = None) -> Cutter:
    """LangChain's SemanticChunker: cuts at the 5% largest distances between windows of three.

    :param split: by default its own, at white space after ``.``, ``?`` or ``!``.
    """
    from langchain_experimental.text_splitter import SemanticChunker

    own = {} if split is None else {"sentence_split_regex": MARK}
    chunker = SemanticChunker(_Embeddings(encoder), **own)

    def cut(text: str) -> list[int]:
        given = text if split is None else MARK.join(text[a:b] for a, b in split(text))
        return starts_of(text, chunker.split_text(given))

    return cut


def chonkie(encoder: Encoder, keep_lines: bool) -> Cutter:
    """Chonkie's SemanticChunker: cuts where a sentence is least like the three before it.

    There is no limit on the size of a chunk, so that every cut is for the sense.

    :param keep_lines: a line break is one of its ends of sentences; false makes it a blank first.
    """
    from chonkie import SemanticChunker
    from chonkie.embeddings import BaseEmbeddings

    class Embeddings(BaseEmbeddings):  # type: ignore[misc]
        """The encoder as chonkie calls it."""

        dimension = 384  # all-MiniLM-L6-v2; nothing here reads it

        def embed(self, text: str) -> Vectors:
            return self.embed_batch([text])[0]

        def embed_batch(self, texts: list[str]) -> list[Vectors]:
            return list(encoder.encode(texts)) if texts else []

        def get_tokenizer(self) -> str:
            return "character"

    chunker = SemanticChunker(Embeddings(), chunk_size=UNLIMITED)

    def cut(text: str) -> list[int]:
        given = text if keep_lines else " ".join(text.split())
        return starts_of(text, [chunk.text for chunk in chunker.chunk(given)])

    return cut


def llamaindex(encoder: Encoder, split: Splitter | None = None) -> Cutter:
    """LlamaIndex's SemanticSplitterNodeParser: as LangChain's, after Kamradt's notebook.

    :param split: by default its own: an untrained Punkt.
    """
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.node_parser import SemanticSplitterNodeParser
    from llama_index.core.schema import Document

    class Embedding(BaseEmbedding):  # type: ignore[misc]
        """The encoder as LlamaIndex calls it."""

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = encoder.encode(texts).tolist()
            return rows

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    own = {} if split is None else {"sentence_splitter": lambda t: cut_before(t, split(t))}
    parser = SemanticSplitterNodeParser.from_defaults(
        embed_model=Embedding(embed_batch_size=512), include_prev_next_rel=False, **own
    )

    def cut(text: str) -> list[int]:
        nodes = parser.build_semantic_nodes_from_documents([Document(text=text)])
        return starts_of(text, [node.text for node in nodes])

    return cut
