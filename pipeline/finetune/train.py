"""Teaching the encoder: a batch is of one set, and asks that set's questions."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from tqdm import tqdm

from pipeline.finetune.lessons import Batch, Lesson, batches
from pipeline.finetune.network import StoryNetwork
from pipeline.finetune.sets import TOPICS
from pipeline.optimiser import warmed_adamw
from pipeline.params import FinetuneParams

SHARES = {  # of the batches: a set's worth for the topics, not its size
    "labelled": 0.3,
    "corpus": 0.2,
    "guardian": 0.2,
    "huffpost": 0.12,
    "agnews": 0.06,
    "inshorts": 0.06,
    "reuters": 0.06,
}
SEVERAL = 0.3  # the weight of a question that may have several answers, which are summed


def train(
    network: StoryNetwork, lessons: Mapping[str, Sequence[Lesson]], params: FinetuneParams
) -> list[float]:
    """Teach the network in place, without dropout: attention is faster without it.

    :param lessons: by set, in the names of SHARES.
    :returns: the mean loss of every hundred steps.
    """
    torch.manual_seed(params.seed)
    torch.set_num_threads(params.threads)
    rng = np.random.default_rng(params.seed)
    _freeze(network, params.frozen_layers)
    rate, warm = params.learning_rate, max(1, params.steps // 16)
    optimiser, schedule = warmed_adamw(
        network.encoder.parameters(), network.heads.parameters(), rate, 5 * rate, params.steps, warm
    )
    drawn = {name: batches(own, params.tokens, rng) for name, own in lessons.items()}
    names = list(drawn)
    shares = np.array([SHARES[name] for name in names])
    order = rng.choice(len(names), params.steps, p=shares / shares.sum())
    losses: list[float] = []
    bar = tqdm(order, desc="finetune", unit="step", file=sys.stderr, disable=None)
    for step, number in enumerate(bar):
        loss = _loss(network, next(drawn[names[number]]))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 99:
            bar.set_postfix(loss=f"{np.mean(losses[-100:]):.4f}")
            if bar.disable:
                sys.stderr.write(f"finetune: step {step + 1}, loss {np.mean(losses[-100:]):.4f}\n")
    return [float(np.mean(losses[i : i + 100])) for i in range(0, len(losses), 100)]


def _freeze(network: StoryNetwork, layers: int) -> None:
    frozen = [network.encoder.embeddings, *network.encoder.encoder.layer[:layers]]
    for part in frozen:
        for parameter in part.parameters():
            parameter.requires_grad_(False)


def _loss(network: StoryNetwork, batch: Batch) -> torch.Tensor:
    vectors = network.vectors(torch.from_numpy(batch.ids), torch.from_numpy(batch.mask))
    losses = [
        _question(network.answers(vectors, name), name, targets)
        for name, targets in batch.targets.items()
    ]
    return torch.stack(losses).sum()


def _question(answers: torch.Tensor, name: str, targets: npt.NDArray[np.float32]) -> torch.Tensor:
    told = torch.from_numpy(targets)
    if name == TOPICS:
        return -(told * torch.log_softmax(answers, dim=-1)).sum(-1).mean()
    loss = nn.functional.binary_cross_entropy_with_logits(answers, told, reduction="none")
    return SEVERAL * loss.sum(-1).mean()
