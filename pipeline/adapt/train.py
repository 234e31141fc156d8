"""Teaching the network: all its questions asked together of the pieces of pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import torch
from torch import nn

from pipeline.adapt.lessons import UNKNOWN, Task
from pipeline.optimiser import placed, teach, teaching_device, warmed_adamw
from pipeline.params import AdaptParams
from pipeline.reader.network import Answers, PageNetwork

WEIGHTS = {"begins": 0.5, "boundary": 1.0, "roles": 0.3, "cut_off": 0.3, "alike": 0.5}


def train(network: PageNetwork, stream: Iterable[Task], params: AdaptParams) -> list[float]:
    """Teach the network in place, on a GPU where there is one.

    It is taught without dropout: no page is met twice.

    :param stream: batches, at least as many as steps.
    :returns: the mean loss of every hundred steps.
    """
    torch.manual_seed(params.seed)
    torch.set_num_threads(params.threads)
    device = teaching_device()
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    network.to(device)
    asked = (placed(task, device) for task in islice(stream, params.steps))
    losses = (_loss(network, task) for task in asked)
    means = teach(network, _optimiser(network, params), losses, params.steps, "adapt")
    network.to("cpu")
    return means


def _optimiser(network: PageNetwork, params: AdaptParams) -> tuple[Any, Any]:
    known = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in known]
    rate, warm = params.learning_rate, max(1, params.steps // 20)
    return warmed_adamw(network.encoder.parameters(), heads, rate, 10 * rate, params.steps, warm)


def _loss(network: PageNetwork, task: Task) -> torch.Tensor:
    device = task.begins.device.type
    with torch.autocast(device, dtype=torch.bfloat16, enabled=_halves(device)):
        states = network.states(task.batch)
        splits = network.splits(states, task.batch)
        answers: Answers = network.answers(states, task.pieces)
        alike = network.same_story(answers.vectors[task.left], answers.vectors[task.right])
        return (
            WEIGHTS["begins"] * _binary(splits, task.begins) / task.units  # the sum a unit
            + WEIGHTS["boundary"] * _where_known(answers.boundary, task.boundary)
            + WEIGHTS["cut_off"] * _where_known(answers.cut_off, task.cut_off)
            + WEIGHTS["roles"] * nn.functional.cross_entropy(answers.roles.float(), task.roles)
            + WEIGHTS["alike"] * _binary(alike, task.same) / max(1, len(task.same))
        )


def _halves(device: str) -> bool:
    """Say whether products of 16 bits are faster there: on a GPU, or where the processor has them.

    That takes two thirds of the time of 32 bits on two cores with AVX-512.
    """
    return device == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def _where_known(log_odds: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean loss over what is 0 or 1, zero where nothing is; no value leaves a GPU for it."""
    known = (truth != UNKNOWN).float()
    return _binary(log_odds, truth, known) / known.sum().clamp(min=1.0)


def _binary(
    log_odds: torch.Tensor, truth: torch.Tensor, weight: torch.Tensor | None = None
) -> torch.Tensor:
    loss: torch.Tensor = nn.functional.binary_cross_entropy_with_logits(
        log_odds.float(), truth.float(), weight=weight, reduction="sum"
    )
    return loss
