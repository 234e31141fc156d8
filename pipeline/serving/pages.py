"""The exported encoder that was adapted to read pages."""

from __future__ import annotations

from typing import Any

from pipeline.reader.reader import PageReader, PieceAnswers, TokenStates
from pipeline.reader.sheets import Batch
from pipeline.serving.card import HEADS, PAGES
from pipeline.serving.network import Export, Floats


class PageNetwork:
    """Passes windows of pages through the exported encoder adapted to them."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.network = export.network(PAGES)
        self.heads = export.network(HEADS)

    @property
    def fingerprint(self) -> str:
        """Of the adapted encoder that was exported, and how it was rounded."""
        return f"{self.export.card.reader}{self.export.card.mark}"

    @property
    def tokenizer(self) -> Any:
        """The encoder's."""
        return self.export.tokenizer

    def states(self, batch: Batch) -> TokenStates:
        """Read windows that have been collated, all of one length."""
        states, begins = self.network.run(self.export.embed(batch.ids, batch.forms))
        return TokenStates(states, begins[..., 0])

    def answers(self, anchors: Floats) -> PieceAnswers:
        """Answer for pieces by the states of the tokens at which they begin."""
        (said,) = self.heads.run(anchors[None])
        return PieceAnswers(said[0, :, 0], said[0, :, 1], said[0, :, 2:])


def open_reader(export: Export) -> PageReader | None:
    """Open what reads pages in context; none where the encoder was not adapted to that.

    :raises MissingArtifactError: there is no export.
    :raises CorruptArtifactError: its card cannot be read.
    """
    return PageReader(PageNetwork(export)) if export.card.reader else None
