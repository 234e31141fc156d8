"""The path that training takes, for comparison: torch and sentence-transformers, no ONNX.

The encoders' weights come from where training left them, and the heads from the bundle, so that
what differs is the arithmetic alone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.classify import Classifier
from pipeline.encoder import SentenceTransformerEncoder, packaged_fingerprint, packaged_tokenizer
from pipeline.reader.reader import PageReader, PieceAnswers, TokenStates
from pipeline.reader.sheets import Batch
from pipeline.serving.network import Export, Floats
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import open_encoder
from pipeline.store.digest import file_sha256
from pipeline.store.layout import FINETUNED, MODELS, READER

if TYPE_CHECKING:
    from pipeline.reader.network import PageNetwork


class TorchPages:
    """Passes windows of pages through the adapted network as it was trained."""

    def __init__(self, network: PageNetwork, fingerprint: str = "torch") -> None:
        self.network = network
        self.fingerprint = fingerprint
        self.tokenizer: Any = packaged_tokenizer()

    def states(self, batch: Batch) -> TokenStates:
        """Read windows that have been collated."""
        import torch

        from pipeline.optimiser import placed

        with torch.inference_mode():
            states = self.network.states(placed(batch, "cpu"))
            begins = self.network.begins(states).squeeze(-1)
            return TokenStates(states.numpy(), begins.numpy())

    def answers(self, anchors: Floats) -> PieceAnswers:
        """Answer for pieces by the states of the tokens at which they begin."""
        import torch

        network = self.network
        with torch.inference_mode():
            rows = torch.from_numpy(anchors)
            boundary, cut_off = (head(rows)[:, 0] for head in (network.boundary, network.cut_off))
            return PieceAnswers(boundary.numpy(), cut_off.numpy(), network.roles(rows).numpy())


def torch_reader(weights: Path = READER) -> PageReader:
    """Open the reader of pages that training adapted."""
    from pipeline.reader.network import fresh_network
    from pipeline.reader.weights import load_network

    network = load_network(weights, fresh_network())
    fingerprint = f"{packaged_fingerprint()}+{file_sha256(weights)[:16]}"
    return PageReader(TorchPages(network, fingerprint), side_by_side=False)


def reference_classifier(models: Path = MODELS, root: Path = Path()) -> Classifier:
    """Open a bundle with the encoders as they were trained.

    :param root: of the project, whose taught weights lie in ``data/``.
    """
    served = Classifier.load(models)
    encoder = SentenceTransformerEncoder(weights=root / FINETUNED)
    segmenter = served.segmenter._replace(reader=torch_reader(root / READER))
    return Classifier(segmenter, served.topics, served.places, encoder)


def exact_classifier(folder: Path, models: Path = MODELS, root: Path = Path()) -> Classifier:
    """Open a bundle with the encoders exported in float32, whatever the precision of its own.

    :param folder: where that export is written.
    """
    from pipeline.export.__main__ import write_export
    from pipeline.export.sentence import sentence_model

    served = Classifier.load(models)
    source = SentenceTransformerEncoder(weights=root / FINETUNED)
    taken = sentence_model(source)
    assert taken is not None, "the packaged encoder is a plain BERT"
    write_export(folder, taken, source, root / READER)
    export = Export(folder)
    segmenter = served.segmenter._replace(reader=open_reader(export))
    return Classifier(segmenter, served.topics, served.places, open_encoder(export))


def main(page: str, models: str) -> None:
    """Label one page and print it as ``classify`` does."""
    from pipeline.render.formats import JsonlWriter

    text = Path(page).read_text(encoding="utf-8")
    document = reference_classifier(Path(models)).document(text, page)
    JsonlWriter(sys.stdout).add(document, text)


if __name__ == "__main__":
    main(*sys.argv[1:])
