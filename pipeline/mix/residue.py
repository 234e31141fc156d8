"""Residue drawn from tables of phrases and from small grammars: share bars, trails, tickers."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.mix.draws import (
    CITIES,
    SECTIONS,
    Pool,
    Rng,
    a_date,
    a_time,
    chance,
    choose,
    fill,
    some,
)
from pipeline.mix.residue_tables import (
    ACTIONS,
    COOKIES,
    FAREWELLS,
    GREETINGS,
    HEADINGS,
    NAVIGATION,
    RULES,
    SUBSCRIPTION,
    TOOLS,
)

Draw = Callable[[Rng, Pool, str], str]

SEPARATORS = (" | ", " > ", " » ", " / ", " · ", "  ", " • ", " › ")
SKIES = ("Sunny", "Cloudy", "Light rain", "Showers", "Clear", "Snow", "Overcast", "Haze", "Windy")
INDICES = (
    "FTSE 100",
    "Dow",
    "Nasdaq",
    "S&P 500",
    "DAX",
    "Nikkei",
    "Brent crude",
    "Gold",
    "EUR/USD",
)
TAG_LEADS = ("Tags: ", "Topics: ", "Filed under: ", "Tagged: ", "In this story: ", "More on: ")
COUNTED = ("comments", "shares", "Comments", "replies", "views", "likes", "reactions", "SHARES")


def _table(phrases: tuple[str, ...]) -> Draw:
    return lambda rng, pool, place: fill(rng, choose(rng, phrases), pool, place)


def _sections(rng: Rng, pool: Pool, place: str) -> str:
    names = some(rng, SECTIONS, int(rng.integers(3, 10)))
    names = [name.upper() for name in names] if chance(rng, 0.15) else names
    return choose(rng, SEPARATORS[:1] + SEPARATORS[3:] + (" ",)).join(names)


def _trail(rng: Rng, pool: Pool, place: str) -> str:
    steps = ["Home", *some(rng, (*SECTIONS, "News", place), int(rng.integers(1, 4)))]
    return choose(rng, ("", "", "You are here: ")) + choose(rng, SEPARATORS[:4]).join(steps)


def _share_bar(rng: Rng, pool: Pool, place: str) -> str:
    tools = some(rng, TOOLS, int(rng.integers(2, 7)))
    lead = choose(rng, ("", "", "", "Share: ", "Share on ", "Share this: ", "Follow us: "))
    return lead + choose(rng, (" ", " ", "  ", " | ", " · ", ", ")).join(tools)


def _counts(rng: Rng, pool: Pool, place: str) -> str:
    kinds = some(rng, COUNTED, int(rng.integers(1, 3)))
    return " ".join(fill(rng, f"{{k}} {kind}", pool, place) for kind in kinds)


def _weather(rng: Rng, pool: Pool, place: str) -> str:
    degrees = int(rng.integers(-8, 39))
    city = choose(rng, (place, choose(rng, CITIES)))
    return choose(
        rng,
        (
            f"{city} {degrees}°C {choose(rng, SKIES)}", f"{city}: {degrees}°, {choose(rng, SKIES)}",
            f"Weather in {city}: {degrees}° / {degrees - 6}°", f"{degrees}°C {city}",
        ),
    )  # fmt: skip


def _ticker(rng: Rng, pool: Pool, place: str) -> str:
    quotes = [
        f"{name} {int(rng.integers(40, 9000))}.{int(rng.integers(10, 99))} "
        f"{choose(rng, '+-')}{int(rng.integers(0, 3))}.{int(rng.integers(10, 99))}%"
        for name in some(rng, INDICES, int(rng.integers(1, 5)))
    ]
    return choose(rng, ("  ", " | ", " ")).join(quotes)


def _tags(rng: Rng, pool: Pool, place: str) -> str:
    tags = some(rng, (*SECTIONS, place, *CITIES), int(rng.integers(2, 6)))
    lead = choose(rng, TAG_LEADS)
    if chance(rng, 0.1):
        return " ".join("#" + tag.replace(" ", "").lower() for tag in tags)
    return lead + choose(rng, (", ", ", ", " / ", " | ", " ")).join(tags)


def _pager(rng: Rng, pool: Pool, place: str) -> str:
    last = int(rng.integers(3, 40))
    forms = (
        f"Page 1 of {last}", f"1 2 3 ... {last} Next", f"Previous 1 2 3 {last} Next", f"1/{last}",
        "« Newer | Older »", f"Showing 1-10 of {last * 10}", "Next >", "Older posts",
    )  # fmt: skip
    return choose(rng, forms)


def _stamps(rng: Rng, pool: Pool, place: str) -> str:
    date, time, minutes = a_date(rng), a_time(rng), int(rng.integers(1, 15))
    forms = (
        f"Last updated {time}, {date}", f"Page last updated at {time}", f"{date} {time}", f"{date}",
        f"First published on {date}", f"As of {time}", f"Updated: {date}", f"Listen {minutes} min",
        f"00:00 / {minutes:02d}:14", f"{minutes} min read", f"Updated {minutes} minutes ago",
    )  # fmt: skip
    return choose(rng, forms)


FAMILIES: dict[str, Draw] = {
    "navigation": _table(NAVIGATION), "headings": _table(HEADINGS), "actions": _table(ACTIONS),
    "subscription": _table(SUBSCRIPTION), "cookies": _table(COOKIES), "rules": _table(RULES),
    "sections": _sections, "trail": _trail, "share": _share_bar, "counts": _counts,
    "weather": _weather, "ticker": _ticker, "tags": _tags, "pager": _pager, "stamps": _stamps,
    "greetings": _table(GREETINGS), "farewells": _table(FAREWELLS),
}  # fmt: skip
POOLS = {
    "before": (
        *("navigation",) * 6, *("headings",) * 2, "actions", "subscription", "cookies", "sections",
        "sections", "trail", "trail", "share", "weather", "ticker", "stamps",
    ),
    "between": (
        *("headings",) * 7, *("actions",) * 4, *("subscription",) * 2, "share", "tags", "counts",
        "sections", "pager", "stamps", "cookies", "rules",
    ),
    "after": (
        *("headings",) * 3, *("actions",) * 4, *("rules",) * 5, *("subscription",) * 3, "cookies",
        "cookies", "share", "tags", "counts", "sections", "pager", "stamps", "navigation",
    ),
    "inside": (
        *("actions",) * 5, *("subscription",) * 3, "share", "counts", "stamps", "cookies",
    ),
    "greeting": ("greetings", "greetings", "greetings", "stamps"),
    "farewell": ("farewells", "farewells", "farewells", "rules", "subscription"),
}  # fmt: skip
# The chance that a block of residue ends after each of its lines.
ENDS = {"before": 0.5, "between": 0.72, "after": 0.45, "greeting": 0.5, "farewell": 0.5}


def residue_line(rng: Rng, pool: Pool, place: str, where: str) -> str:
    """Draw one line of residue that may stand ``where``: a key of ``POOLS``."""
    return FAMILIES[choose(rng, POOLS[where])](rng, pool, place)


def residue_lines(rng: Rng, pool: Pool, place: str, where: str) -> list[str]:
    """Draw the lines of one block of residue, without repeats; ``where`` is a key of ``ENDS``."""
    count = min(int(rng.geometric(ENDS[where])), 9)
    return list(dict.fromkeys(residue_line(rng, pool, place, where) for _ in range(count)))
