"""Topics and places that real stories came with: their houses' sections, categories and codes.

They say less than a label given to the story, and only where a section is one topic; enough to see
what is lost between a story that was given and the same one cut from its page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.evaluate.answers import gold_labels
from pipeline.evaluate.end_to_end import GoldLabels
from pipeline.places.gazetteer import compile_names
from pipeline.realnews import rows

SECTIONS = {  # of the Guardian; what may be about anything (world, comment) is left out
    **dict.fromkeys(("sport", "football"), "sport"),
    **dict.fromkeys(("business", "money"), "economy"),
    **dict.fromkeys(
        ("artanddesign", "books", "culture", "film", "media", "music", "stage", "tv-and-radio"),
        "arts",
    ),
    **dict.fromkeys(("fashion", "lifeandstyle", "travel"), "lifestyle"),
    **dict.fromkeys(("science", "technology"), "science"),
    **{name: name for name in ("education", "environment", "politics", "society")},
}
CATEGORIES = {  # of the BBC, told by the id
    "business": "economy",
    "entertainment": "arts",
    "politics": "politics",
    "sport": "sport",
    "tech": "science",
}
FORMER = {  # places of Reuters-21578 that no gazetteer of today spells so
    "usa": "US",
    "uk": "GB",
    "uae": "AE",
    "west-germany": "DE",
    "east-germany": "DE",
    "ussr": "RU",
    "yugoslavia": "RS",
    "czechoslovakia": "CZ",
    "zaire": "CD",
    "burma": "MM",
    "kampuchea": "KH",
    "yemen-arab-republic": "YE",
    "yemen-demo-republic": "YE",
    "trinidad-tobago": "TT",
    "us-virgin-islands": "VI",
    "swaziland": "SZ",
    "antigua": "AG",
}


def source_labels(shared: Path, ids: Iterable[str]) -> dict[str, GoldLabels]:
    """Look up what the stories with these ids came with; those without labels are left out.

    :param shared: the folder that holds ``data/``.
    :raises MissingArtifactError: a set is not there.
    """
    wanted = set(ids)
    found: dict[str, GoldLabels] = {}
    for name in wanted:
        if name.startswith("bbc-"):
            found[name] = gold_labels((CATEGORIES[name.split("-")[1]],), ())
    for row in rows(shared / "data/guardian.jsonl.gz"):
        if row["id"] in wanted and row["section"] in SECTIONS:
            found[row["id"]] = gold_labels((SECTIONS[row["section"]],), ())
    places = reuters_places()
    for row in rows(shared / "data/reuters21578.jsonl.gz"):
        if row["id"] in wanted:
            codes = dict.fromkeys(places[p] for p in row["places"] if p in places)
            found[row["id"]] = gold_labels(("economy",) if row["topics"] else (), tuple(codes))
    return found


def reuters_places() -> dict[str, str]:
    """Map the names that Reuters-21578 gives countries to ISO 3166-1.

    >>> places = reuters_places()
    >>> places["saudi-arabia"], places["ussr"]
    ('SA', 'RU')
    """
    names = compile_names(frozenset())
    today = {
        name.lower().replace(" ", "-"): meaning.candidates[0][0]
        for name, meaning in names.items()
        if meaning.kind == "country"
    }
    return {**today, **FORMER}
