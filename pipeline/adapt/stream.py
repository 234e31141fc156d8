"""Pages without end: mixed while the network learns, so that none is met twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from pipeline.adapt.lessons import Lesson, Task, lesson, tasks, windows
from pipeline.encoder import packaged_tokenizer
from pipeline.params import AdaptParams
from pipeline.realpages.pages import mix_real_pages
from pipeline.records import Article

POOL = 4096  # windows, of dozens of decks, that batches are drawn from together


class Stream(IterableDataset[Task]):  # type: ignore[misc]
    """Batches drawn for ever; each worker mixes pages of its own.

    :param articles: the stories that may teach, at least one.
    :param pool: windows that batches are drawn from together.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        params: AdaptParams,
        pool: int = POOL,
    ) -> None:
        super().__init__()
        self.articles = articles
        self.params = params
        self.pool = pool

    def __iter__(self) -> Iterator[Task]:
        """Mix, cut into windows, gather."""
        worker = get_worker_info()
        rng = np.random.default_rng((self.params.seed, worker.id if worker else 0))
        pool: list[Lesson] = []
        for lessons in self._decks(rng):
            pool.extend(windows(lessons, rng))
            if len(pool) >= self.pool:
                yield from tasks(pool, self.params.tokens, rng)
                pool = []

    def _decks(self, rng: np.random.Generator) -> Iterator[list[Lesson]]:
        """Deal all stories into decks, round after round, and mix pages of each."""
        tokenizer = packaged_tokenizer()
        while True:
            dealt = rng.permutation(len(self.articles))
            for start in range(0, len(dealt), self.params.deck):
                deck = [self.articles[i] for i in dealt[start : start + self.params.deck]]
                pages = mix_real_pages(deck, self.params.pages, rng)
                yield [lesson(page, tokenizer, rng) for page in pages]


def loader(articles: Sequence[Article], params: AdaptParams, pool: int = POOL) -> DataLoader[Task]:
    """Draw batches in processes of their own: what they are depends on how many these are."""
    return DataLoader(
        Stream(articles, params, pool),
        batch_size=None,
        num_workers=params.workers,
        pin_memory=torch.cuda.is_available(),
    )
