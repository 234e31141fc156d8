"""What became of the rows, in words."""

from __future__ import annotations

from pipeline.ingest.corpus import Corpus


def summary(corpus: Corpus) -> list[str]:
    """Say in a line each how many articles there are, what was left out, what was not read."""
    test = sum(article.split == "test" for article in corpus.articles)
    accepted = len(corpus.articles)
    lines = [
        f"{accepted} articles ({accepted - test} train, {test} test), "
        f"{len(corpus.rejects)} rows rejected, {len(corpus.duplicates)} duplicates dropped"
    ]
    lines.extend(
        f"{source}: columns that are not used: {', '.join(names)}"
        for source, names in corpus.unused.items()
    )
    return lines
