"""Draws from a seeded generator, and templates filled with names, places, dates and counts.

The names that fill templates are invented or come from the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from pipeline.records import Article

Rng = np.random.Generator
T = TypeVar("T")

AGENCIES = (
    "AP", "AFP", "Reuters", "EPA", "EPA-EFE", "Getty Images", "Xinhua", "PA", "dpa", "Bloomberg",
    "Kyodo", "CNA", "Shutterstock", "ANSA", "TASS", "Yonhap", "PTI", "AAP", "SIPA", "Alamy", "NASA",
    "iStock", "Rex Features", "Corbis", "Associated Press", "PA Media", "PA Wire", "UPI", "EFE",
    "ANI", "IANS", "Press Association", "Anadolu", "NurPhoto", "VCG", "AFP/Getty Images",
    "AFP via Getty Images", "Zuma Press", "Canadian Press", "Antara", "Bernama", "Interfax",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov",
    "Dec",
)  # fmt: skip
DAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue",
    "Wed", "Thu", "Fri", "Sat", "Sun",
)  # fmt: skip
FIRST = (
    "Anna", "Omar", "Lucia", "Peter", "Mei", "Jonas", "Fatima", "Kwame", "Elena", "David", "Priya",
    "Tomasz", "Aisha", "Marco", "Sarah", "Nguyen", "Carlos", "Ingrid", "Yusuf", "Hannah", "Ravi",
    "Claire", "Mehmet", "Grace", "Pavel", "Leila", "Sean", "Amara", "Joao", "Kenji", "Ruth", "Ali",
    "Sofia", "Daniel", "Zanele", "Luke", "Noor", "Martin", "Isabel", "Chen", "Paula", "Victor",
)  # fmt: skip
LAST = (
    "Okafor", "Lindqvist", "Marsh", "Petrov", "Tanaka", "Alvarez", "Haddad", "Mensah", "Kowalski",
    "Nair", "Dubois", "Whitcombe", "Rossi", "Yilmaz", "O'Dell", "Bergström", "Chaudhry", "Moreau",
    "Wei", "Novak", "Sandoval", "Ferreira", "Abebe", "Thornton", "Park", "Hussain", "Van der Meer",
    "Castellano", "Ngata", "Eriksen", "Balogun", "Ionescu", "McCrory", "Suzuki", "Rahman", "Weber",
    "Papadakis", "Siddiqui", "Larkin", "Mbeki-Jones", "Hollis", "Ortega", "Kaur", "Szabo", "Brandt",
)  # fmt: skip
CITIES = (
    "London", "Paris", "Nairobi", "Jakarta", "Lagos", "Brussels", "Cairo", "Delhi", "Washington",
    "Moscow", "Beijing", "Tokyo", "Sydney", "Lima", "Bogota", "Warsaw", "Athens", "Dublin",
    "Ankara", "Dhaka", "Manila", "Geneva", "Toronto", "Santiago", "Accra", "Kyiv", "Madrid", "Oslo",
    "Seoul", "Beirut", "Harare", "Auckland", "Kuala Lumpur", "Mexico City", "New York",
)  # fmt: skip
SECTIONS = (
    "World", "Business", "Politics", "Sport", "Culture", "Science", "Health", "Tech", "Technology",
    "Opinion", "Travel", "Money", "Lifestyle", "Education", "Environment", "Africa", "Asia",
    "Europe", "Americas", "Middle East", "UK", "US", "Local", "Nation", "Markets", "Climate",
    "Arts", "Food", "Weather", "Video", "Features", "Entertainment", "Property", "Cars", "Royals",
)  # fmt: skip
HOUSES = (
    "The Harbor Ledger", "Northern Courier", "Daily Meridian", "The Evening Packet", "Valley Post",
    "Meridian Media Group", "Courier Publishing Ltd", "The Standard-Tribune",
    "Lantern News Network", "The Lowland Gazette", "Coastline Today", "The Weekly Anvil",
    "Bright Wire", "Radio Estuary", "Channel Nine North", "The Capital Observer", "Mosaic News",
    "Inland Herald", "Ferryman Media LLC",
)  # fmt: skip
CURRENCIES = ("$", "£", "€", "US$", "A$", "Rs ")
SLOT = re.compile(r"\{(\w)\}")


class Pool(NamedTuple):
    """Names, places and titles of a corpus, with which furniture is filled."""

    names: tuple[str, ...]
    places: tuple[str, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Pool:
        """Gather the bylines' names, the datelines and the headlines of a corpus."""
        names = {_bare_name(article.byline) for article in articles if article.byline}
        places = {(article.dateline or "").split(",")[0].title() for article in articles}
        titles = {_title(article) for article in articles}
        return cls(
            tuple(sorted(names - {""})),
            tuple(sorted(places - {""})) or CITIES,
            tuple(sorted(titles - {""})) or ("More of this story",),
        )

    def place_of(self, article: Article, rng: Rng) -> str:
        """Return where an article was written, or some place."""
        return (article.dateline or choose(rng, self.places)).split(",")[0].title()


def choose(rng: Rng, options: Sequence[T]) -> T:
    """Draw one."""
    return options[int(rng.integers(len(options)))]


def chance(rng: Rng, probability: float) -> bool:
    """Draw true with this probability."""
    return bool(rng.random() < probability)


def some(rng: Rng, options: Sequence[T], count: int) -> list[T]:
    """Draw several, without repeats."""
    order = rng.permutation(len(options))[:count]
    return [options[int(i)] for i in order]


def a_name(rng: Rng, pool: Pool) -> str:
    """Draw the name of a writer or photographer: from the corpus, or invented."""
    if pool.names and chance(rng, 0.4):
        return choose(rng, pool.names)
    initial = f" {choose(rng, 'ABCDEFGHJKLMPRSTW')}." if chance(rng, 0.06) else ""
    return f"{choose(rng, FIRST)}{initial} {choose(rng, LAST)}"


def a_date(rng: Rng) -> str:
    """Draw a date as houses write it, with or without its year and day of the week."""
    day, month = int(rng.integers(1, 29)), choose(rng, MONTHS)
    year = int(rng.integers(1998, 2027))
    forms = (
        f"{month} {day}", f"{month} {day}", f"{day} {month}", f"{month} {day}, {year}",
        f"{day} {month} {year}", f"{choose(rng, DAYS)} {day} {month} {year}",
        f"{choose(rng, DAYS)}, {month} {day}", f"{day:02d}/{int(rng.integers(1, 13)):02d}/{year}",
        f"{year}-{int(rng.integers(1, 13)):02d}-{day:02d}", f"{month} {day}, {year}",
    )  # fmt: skip
    return choose(rng, forms)


def a_time(rng: Rng) -> str:
    """Draw a time of day as houses write it."""
    hour, minute = int(rng.integers(24)), int(rng.integers(60))
    half = "am" if hour < 12 else "pm"
    short = hour % 12 or 12
    forms = (
        f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}", f"{short}:{minute:02d} {half}",
        f"{short}.{minute:02d}{half}", f"{hour:02d}:{minute:02d} GMT",
        f"{short}:{minute:02d} {half.upper()} ET", f"{hour:02d}.{minute:02d}",
    )  # fmt: skip
    return choose(rng, forms)


def fill(rng: Rng, template: str, pool: Pool, place: str) -> str:
    """Fill a template; the letters are the keys of ``FILLERS``, capitals set in capitals."""

    def value(match: re.Match[str]) -> str:
        key = match[1]
        text = place if key.lower() == "p" else FILLERS[key.lower()](rng, pool)
        return text.upper() if key.isupper() else text

    return SLOT.sub(value, template)


FILLERS: dict[str, Callable[[Rng, Pool], str]] = {
    "a": lambda rng, pool: choose(rng, AGENCIES),
    "c": lambda rng, pool: choose(rng, HOUSES),
    "d": lambda rng, pool: a_date(rng),
    "h": lambda rng, pool: a_time(rng),
    "k": lambda rng, pool: str(int(rng.choice([2, 3, 5, 8, 12, 27, 64, 140, 318, 1204]))),
    "n": lambda rng, pool: a_name(rng, pool),
    "q": lambda rng, pool: f"{choose(rng, CURRENCIES)}{int(rng.integers(1, 30))}",
    "s": lambda rng, pool: choose(rng, SECTIONS),
    "t": lambda rng, pool: choose(rng, pool.titles),
    "w": lambda rng, pool: choose(rng, DAYS),
    "y": lambda rng, pool: str(int(rng.integers(1998, 2027))),
}


def _bare_name(byline: str) -> str:
    bare = re.sub(r"^(by|from)\s+", "", byline, flags=re.IGNORECASE)
    return re.split(r"\s*[/,|]\s*|\s+(?:in|and)\s+", bare)[0].strip()


def _title(article: Article) -> str:
    """Return the headline, or the first words of an article that has none."""
    return " ".join((article.headline or article.body).split()[: 30 if article.headline else 8])
