"""The packs that the heads learn from beside the corpus."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pipeline.packs.pack import Pack, usable_packs
from pipeline.records import Article
from pipeline.store.digest import text_key
from pipeline.store.layout import PACKS


def own_packs(articles: Sequence[Article], fingerprint: str) -> list[Pack]:
    """Read the packs that fit the encoder, without stories that the corpus has; name the others."""
    known = {text_key(article.text) for article in articles}
    found = []
    for path, pack in usable_packs(PACKS, fingerprint):
        if pack is None:
            sys.stderr.write(
                f"{path} is left out, its vectors are another encoder's: "
                "make it anew with `broadsheet pack`\n"
            )
        else:
            found.append(pack.without(known))
    return found
