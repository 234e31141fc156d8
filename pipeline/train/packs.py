"""The packs that the heads learn from beside the corpus."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.encoder import weights_of
from pipeline.labels import Label
from pipeline.packs.pack import Pack, usable_packs
from pipeline.records import Article
from pipeline.store.digest import text_key
from pipeline.store.layout import PACKS


def own_packs(articles: Sequence[Article], fingerprint: str) -> dict[Path, Pack]:
    """Read the packs that fit the encoder, without stories that the corpus has; name the others.

    A pack fits an encoder of the same weights, rounded or not.
    """
    known = {text_key(article.text) for article in articles}
    found = {}
    for path, pack in usable_packs(PACKS, weights_of(fingerprint)):
        if pack is None:
            sys.stderr.write(
                f"{path} is left out, its vectors are another encoder's: "
                "make it anew with `broadsheet pack`\n"
            )
        else:
            found[path] = pack.without(known)
    return found


def topic_packs(packs: Mapping[Path, Pack], taxonomy: Sequence[Label]) -> dict[Path, Pack]:
    """Keep the packs whose topics are all of the taxonomy; name the others."""
    known = {label.key for label in taxonomy}
    found = {}
    for path, pack in packs.items():
        if unknown := sorted({topic for story in pack.stories for topic in story.topics} - known):
            sys.stderr.write(f"{path} teaches no topics, the taxonomy lacks {unknown[0]!r}\n")
        else:
            found[path] = pack
    return found
