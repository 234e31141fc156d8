"""Teaching the encoder: a batch is of one set, and asks that set's questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from pipeline.finetune.lessons import Batch, Lesson, batches, whole_batches
from pipeline.finetune.network import StoryNetwork
from pipeline.finetune.sets import TOPICS
from pipeline.optimiser import placed, teach, teaching_device, warmed_adamw
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
    network: StoryNetwork,
    lessons: Mapping[str, Sequence[Lesson]],
    params: FinetuneParams,
    steps: int,
    seed: int,
    frozen: int = 0,
    name: str = "finetune",
) -> list[float]:
    """Teach the network in place, without dropout, on a GPU where there is one.

    :param lessons: by set, in the names of SHARES.
    :param frozen: the lowest layers, so many, stay as they came.
    :param name: what progress is reported under.
    :returns: the mean loss of every hundred steps.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(params.threads)
    device = teaching_device()
    rng = np.random.default_rng(seed)
    _freeze(network, frozen)
    network.to(device)
    rate, warm = params.learning_rate, max(1, steps // 16)
    optimiser = warmed_adamw(
        network.encoder.parameters(), network.heads.parameters(), rate, 5 * rate, steps, warm
    )
    drawn = {each: batches(own, params.tokens, rng) for each, own in lessons.items()}
    names = list(drawn)
    shares = np.array([SHARES[each] for each in names])
    order = rng.choice(len(names), steps, p=shares / shares.sum())
    losses = (_loss(network, placed(next(drawn[names[n]]), device)) for n in order)
    return teach(network, optimiser, losses, steps, name)


def topics_told(
    network: StoryNetwork, lessons: Sequence[Lesson], budget: int
) -> npt.NDArray[np.float32]:
    """Ask the network for the topics of ``n`` whole stories: probabilities (n, k)."""
    device = next(network.parameters()).device
    found = np.zeros((len(lessons), network.heads[TOPICS].out_features), dtype=np.float32)
    with torch.no_grad():
        for rows, batch in whole_batches(lessons, budget):
            own = placed(batch, device)
            answers = network.answers(network.vectors(own.ids, own.mask), TOPICS)
            found[rows] = torch.softmax(answers, dim=-1).cpu().numpy()
    return found


def _freeze(network: StoryNetwork, layers: int) -> None:
    frozen = [network.encoder.embeddings, *network.encoder.encoder.layer[:layers]]
    for part in frozen:
        for parameter in part.parameters():
            parameter.requires_grad_(False)


def _loss(network: StoryNetwork, batch: Batch) -> torch.Tensor:
    vectors = network.vectors(batch.ids, batch.mask)
    losses = [
        _question(network.answers(vectors, name), name, targets)
        for name, targets in batch.targets.items()
    ]
    return torch.stack(losses).sum()


def _question(answers: torch.Tensor, name: str, targets: torch.Tensor) -> torch.Tensor:
    if name == TOPICS:
        return -(targets * torch.log_softmax(answers, dim=-1)).sum(-1).mean()
    loss = nn.functional.binary_cross_entropy_with_logits(answers, targets, reduction="none")
    return SEVERAL * loss.sum(-1).mean()
