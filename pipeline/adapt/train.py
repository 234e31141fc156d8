"""Teaching the network: all its questions asked together of the pieces of pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from tqdm import tqdm

from pipeline.adapt.lessons import Lesson, windows
from pipeline.optimiser import warmed_adamw
from pipeline.params import AdaptParams
from pipeline.reader.network import Answers, PageNetwork, as_tensors
from pipeline.reader.sheets import Sheet, batches, collate, pieces
from pipeline.reader.tokens import INSIDE

REACH = 12  # units apart at which two are still asked whether they are of one story
POOL = 64  # batches whose windows are sorted by length together
WEIGHTS = {"begins": 0.5, "boundary": 1.0, "roles": 0.3, "cut_off": 0.3, "alike": 0.5}


def train(network: PageNetwork, lessons: Sequence[Lesson], params: AdaptParams) -> list[float]:
    """Teach the network in place.

    It is taught without dropout: no page is met twice, and attention without it is four times
    as fast on a CPU.

    :returns: the mean loss of every hundred steps.
    """
    torch.manual_seed(params.seed)
    torch.set_num_threads(params.threads)
    rng = np.random.default_rng(params.seed)
    for parameter in network.encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    optimiser, schedule = _optimiser(network, params)
    losses: list[float] = []
    bar = tqdm(total=params.steps, desc="adapt", unit="step", file=sys.stderr, disable=None)
    stream = _stream(lessons, rng, params.tokens)
    for step, chosen in zip(range(params.steps), stream, strict=False):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = _loss(network, *_asked(network, chosen), [each for _, each in chosen])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        bar.update()
        if step % 100 == 99:
            bar.set_postfix(loss=f"{np.mean(losses[-100:]):.4f}")
            if bar.disable:
                sys.stderr.write(f"adapt: step {step + 1}, loss {np.mean(losses[-100:]):.4f}\n")
    bar.close()
    return [float(np.mean(losses[i : i + 100])) for i in range(0, len(losses), 100)]


def _optimiser(network: PageNetwork, params: AdaptParams) -> tuple[Any, Any]:
    known = {id(p) for p in network.encoder.parameters()}
    heads = [p for p in network.parameters() if id(p) not in known]
    rate, warm = params.learning_rate, max(1, params.steps // 20)
    return warmed_adamw(network.encoder.parameters(), heads, rate, 10 * rate, params.steps, warm)


def _stream(
    lessons: Sequence[Lesson], rng: np.random.Generator, tokens: int
) -> Iterator[list[tuple[Sheet, Lesson]]]:
    """Draw batches for ever: windows anew in every round, of like length together."""
    while True:
        shuffled = [lessons[i] for i in rng.permutation(len(lessons))]
        pool: list[Lesson] = []
        for window in windows(shuffled, rng):
            pool.append(window)
            if len(pool) >= POOL * 16:
                yield from _grouped(pool, rng, tokens)
                pool = []
        yield from _grouped(pool, rng, tokens)


def _grouped(
    pool: Sequence[Lesson], rng: np.random.Generator, tokens: int
) -> Iterator[list[tuple[Sheet, Lesson]]]:
    groups = list(batches([Sheet(each.units, key) for key, each in enumerate(pool)], tokens))
    for i in rng.permutation(len(groups)):
        yield [(own, pool[own.key]) for own in groups[i]]


def _asked(
    network: PageNetwork, chosen: Sequence[tuple[Sheet, Lesson]]
) -> tuple[torch.Tensor, Answers]:
    """Let the network read a batch: what it says of words inside units, and of pieces."""
    sheets = [own for own, _ in chosen]
    batch = as_tensors(collate(sheets))
    states = network.states(batch)
    own = as_tensors(pieces(sheets, [each.cuts for _, each in chosen]))
    return network.splits(states, batch), network.answers(states, own)


def _loss(
    network: PageNetwork, splits: torch.Tensor, answers: Answers, lessons: Sequence[Lesson]
) -> torch.Tensor:
    boundary = torch.from_numpy(np.concatenate([each.boundary for each in lessons]))
    roles = torch.from_numpy(np.concatenate([each.roles for each in lessons]))
    cut_off = torch.from_numpy(np.concatenate([each.cut_off for each in lessons]))
    return (
        WEIGHTS["begins"] * _begins(splits, lessons)
        + WEIGHTS["boundary"] * _answered(answers.boundary, boundary)
        + WEIGHTS["cut_off"] * _answered(answers.cut_off, cut_off)
        + WEIGHTS["roles"] * nn.functional.cross_entropy(answers.roles.float(), roles)
        + WEIGHTS["alike"] * _alike(network, answers.vectors, lessons)
    )


def _begins(log_odds: torch.Tensor, lessons: Sequence[Lesson]) -> torch.Tensor:
    """Ask of every word inside a unit whether something else begins there; the sum a unit."""
    truth: list[npt.NDArray[np.bool_]] = []
    for each in lessons:
        for unit, begins in zip(each.units, each.begins, strict=True):
            truth.append(np.isin(np.flatnonzero(unit.offsets != INSIDE), begins))
    told = torch.from_numpy(np.concatenate(truth)).float()
    loss = nn.functional.binary_cross_entropy_with_logits(log_odds.float(), told, reduction="sum")
    return loss / len(truth)


def _answered(log_odds: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    told = truth >= 0
    if not bool(told.any()):
        return log_odds.sum() * 0.0
    return nn.functional.binary_cross_entropy_with_logits(
        log_odds[told].float(), truth[told].float()
    )


def _alike(network: PageNetwork, vectors: torch.Tensor, lessons: Sequence[Lesson]) -> torch.Tensor:
    """Ask of every two units of a window within reach whether they are of one story."""
    left: list[int] = []
    right: list[int] = []
    truth: list[bool] = []
    start = 0
    for each in lessons:
        own = np.flatnonzero(each.stories >= 0)
        i, j = np.triu_indices(len(own), 1)
        near = own[j] - own[i] <= REACH
        a, b = own[i[near]], own[j[near]]
        left.extend(start + a)
        right.extend(start + b)
        truth.extend(each.stories[a] == each.stories[b])
        start += len(each.stories)
    if not left:
        return vectors.sum() * 0.0
    log_odds = network.same_story(vectors[left], vectors[right])
    same = torch.tensor(truth, dtype=torch.float32)
    return nn.functional.binary_cross_entropy_with_logits(log_odds, same)
