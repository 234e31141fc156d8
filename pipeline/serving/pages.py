"""The exported encoder that was adapted to read pages."""

from __future__ import annotations

from typing import Any

from pipeline.reader.reader import PageReader, TokenAnswers
from pipeline.reader.sheets import Batch
from pipeline.serving.card import PAGES
from pipeline.serving.network import Export


class PageNetwork:
    """Passes windows of pages through the exported encoder adapted to them."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.network = export.network(PAGES)

    @property
    def fingerprint(self) -> str:
        """Of the adapted encoder that was exported, and how it was rounded."""
        return f"{self.export.card.reader}{self.export.card.mark}"

    @property
    def tokenizer(self) -> Any:
        """The encoder's."""
        return self.export.tokenizer

    def answer(self, batch: Batch) -> TokenAnswers:
        """Read windows that have been collated, all of one length."""
        embedded = self.export.embed(batch.ids, batch.forms)
        states, answers = self.network.run(embedded)
        return TokenAnswers(
            states, answers[..., 0], answers[..., 1], answers[..., 2], answers[..., 3:]
        )


def open_reader(export: Export) -> PageReader | None:
    """Open what reads pages in context; none where the encoder was not adapted to that.

    :raises MissingArtifactError: there is no export.
    :raises CorruptArtifactError: its card cannot be read.
    """
    return PageReader(PageNetwork(export)) if export.card.reader else None
