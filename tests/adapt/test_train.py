from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest
import torch

from pipeline.adapt.lessons import lesson, tasks, windows
from pipeline.adapt.train import train
from pipeline.encoder import packaged_tokenizer
from pipeline.mix.layouts import mix_pages
from tests.reader.small import small_network
from tests.teaching import ADAPT
from tests.tiny import some_articles


@pytest.mark.parametrize("halves", [False, True])
def test_the_network_learns_and_the_embeddings_stay_as_they_came(
    halves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": halves})
    rng = np.random.default_rng(1)
    pages = mix_pages(some_articles(), 8, 5, "t")
    lessons = [lesson(page, packaged_tokenizer(), rng) for page in pages]
    network = small_network()
    asked = list(tasks(list(windows(lessons, rng)), ADAPT.tokens, rng))
    losses = train(network, cycle(asked), ADAPT)
    assert len(losses) == 3  # the last is of fifty steps
    assert losses[-1] < 0.9 * losses[0]
    words = network.encoder.embeddings.word_embeddings.weight
    assert torch.equal(words, small_network().encoder.embeddings.word_embeddings.weight)
