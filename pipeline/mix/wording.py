"""Words taken from an article: its sentences, headings made of it, its opening cut short."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice

from pipeline.mix.draws import Rng, chance, choose
from pipeline.records import Article
from pipeline.sentences import sentence_spans

STOPWORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to",
     "with", "over", "under"}
)  # fmt: skip
MARKS = ".,:;\"'“”‘’?!()—–-"
ENDINGS = ("", "", "", "", "...", "…", " ...", " …", " —", " [...]", " (more)", "…", "....", " […]")
HEADS = (
    "Background", "Analysis", "What happens next?", "Why it matters", "Key points", "At the scene",
    "How it works", "The numbers", "The bigger picture", "Reaction", "A long road", "In context",
    "What we know so far", "What the experts say", "The other side", "Go deeper",
    "Between the lines", "What they're saying", "The backdrop", "Looking ahead", "The bottom line",
    "Driving the news", "Timeline", "Mixed reaction", "Fears and hopes", "Next steps", "Eyewitness",
    "More to come", "Who is affected?", "What does it mean?", "'Not good enough'",
    "'A matter of time'", "* * *",
)  # fmt: skip
TAGS = {
    "arts": ("ARTS", "Culture", "ENTERTAINMENT", "Showbiz", "Film", "Media"),
    "crime": ("CRIME", "Courts", "LAW", "Justice", "Crime & Courts"),
    "disaster": ("DISASTERS", "Emergency", "ACCIDENT", "Breaking"),
    "economy": ("BUSINESS", "Business", "Economy", "MARKETS", "Money", "Companies"),
    "education": ("EDUCATION", "Schools", "Campus"),
    "environment": ("ENVIRONMENT", "Climate", "Nature", "PLANET"),
    "health": ("HEALTH", "Health", "Medicine", "Wellbeing"),
    "human_interest": ("PEOPLE", "Offbeat", "Royals", "ODD NEWS", "Life"),
    "labour": ("JOBS", "Work", "Unions", "EMPLOYMENT"),
    "lifestyle": ("LIFESTYLE", "Food", "Travel", "STYLE", "Living"),
    "politics": ("POLITICS", "Politics", "Government", "ELECTIONS", "Diplomacy"),
    "religion": ("RELIGION", "Faith", "BELIEF"),
    "science": ("SCIENCE", "Tech", "TECH", "Technology", "Space"),
    "society": ("SOCIETY", "Migration", "Community", "Social affairs"),
    "sport": ("SPORT", "Sport", "SPORTS", "Football", "Scoreboard"),
    "conflict": ("CONFLICT", "Security", "WAR", "Defence", "World"),
    "weather": ("WEATHER", "Weather", "Forecast"),
}


@lru_cache(maxsize=65536)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(" ".join(text[start:end].split()) for start, end in sentence_spans(text))


def sentences(text: str) -> list[str]:
    """Split one paragraph into its sentences."""
    return list(_sentences(text))


def all_sentences(article: Article) -> list[str]:
    """Split an article into its sentences."""
    return [sentence for paragraph in article.paragraphs for sentence in _sentences(paragraph)]


def first_sentences(article: Article, count: int) -> list[str]:
    """Return the first sentences of an article, ``count`` of them at most."""
    runs = (_sentences(paragraph) for paragraph in article.paragraphs)
    return list(islice(chain.from_iterable(runs), count))


def grouped(parts: Sequence[str], rng: Rng, longest: int) -> list[str]:
    """Set sentences in paragraphs of 1 to ``longest`` sentences."""
    lines: list[str] = []
    at = 0
    while at < len(parts):
        count = int(rng.integers(1, longest + 1))
        lines.append(" ".join(parts[at : at + count]))
        at += count
    return lines


def shaped(article: Article, rng: Rng) -> list[str]:
    """Break prose into lines in some house's way: as is, by sentence, in long blocks, run on."""
    mode = rng.random()
    paragraphs = [" ".join(paragraph.split()) for paragraph in article.paragraphs]
    lumps = len(paragraphs) <= 2 and len(" ".join(paragraphs)) > 900
    if mode < (0.15 if lumps else 0.5):
        return paragraphs
    parts = all_sentences(article)
    if mode < (0.25 if lumps else 0.58):
        return [" ".join(parts)]
    return grouped(parts, rng, 1 if mode > 0.82 else 4)


def _content_words(text: str) -> list[str]:
    words = [word.strip(MARKS) for word in text.split()]
    content = [word for word in words if len(word) > 3 and word.lower() not in STOPWORDS]
    return content or [word for word in words if word] or ["News"]


def kicker_of(article: Article, rng: Rng) -> str:
    """Return the article's kicker, or make one from a word or two of its headline."""
    if article.kicker and article.kicker.strip(" :"):
        return article.kicker.strip(" :")
    words = _content_words(article.headline or article.paragraphs[0])
    start = int(rng.integers(len(words)))
    return " ".join(words[start : start + int(rng.integers(1, 3))]).upper()


def tag_of(article: Article, rng: Rng) -> str:
    """Return a house's name for the article's topic, or a kicker where the topic has none."""
    names = TAGS.get(article.topics[0] if article.topics else "")
    return choose(rng, names) if names and chance(rng, 0.7) else kicker_of(article, rng)


def headline_of(article: Article, rng: Rng) -> str:
    """Return the headline, set in some case, or a sub-head where the article has none."""
    return cased(article.headline, rng) if article.headline else subhead_of(article, rng)


def subhead_of(article: Article, rng: Rng) -> str:
    """Make a sub-head: a later sentence of medium length without its full stop, or the headline."""
    later = [s for paragraph in article.paragraphs[1:12] for s in _sentences(paragraph)]
    later = later or all_sentences(article)[1:12]
    usable = [s for s in later if 8 <= len(s.split()) <= 26 and '"' not in s and "“" not in s]
    if usable and (article.headline is None or chance(rng, 0.7)):
        return choose(rng, usable).rstrip(".")
    return article.headline or " ".join(choose(rng, article.paragraphs).split()[:12]).strip(MARKS)


def inner_head(article: Article, rng: Rng) -> str:
    """Make an inner sub-head (capitals, or like a sentence) from a few words of the article."""
    if chance(rng, 0.2):
        phrase = choose(rng, HEADS)
    else:
        words = choose(rng, all_sentences(article)).split()
        start = int(rng.integers(max(1, len(words) - 5)))
        phrase = _bared(words[start : start + int(rng.integers(2, 7))])
        mark = choose(rng, ("", "", "", "'"))
        phrase = f"{mark}{phrase}{mark}"
    return phrase.upper() if chance(rng, 0.45) else phrase[0].upper() + phrase[1:]


def _bared(words: Sequence[str]) -> str:
    """Join words without the function words and marks at their edges."""
    kept = list(words)
    while len(kept) > 1 and kept[-1].strip(MARKS).lower() in STOPWORDS:
        kept.pop()
    while len(kept) > 1 and kept[0].strip(MARKS).lower() in STOPWORDS:
        kept.pop(0)
    return " ".join(kept).strip(MARKS) or "In detail"


def cased(headline: str, rng: Rng) -> str:
    """Set a headline in sentence case (as written), title case or capitals."""
    draw = rng.random()
    if draw < 0.6:
        return headline
    if draw < 0.92:
        return " ".join(
            w if i and w.lower() in STOPWORDS else w[:1].upper() + w[1:]
            for i, w in enumerate(headline.split())
        )
    return headline.upper()


def cut_short(text: str, rng: Rng, shortest: int = 110, longest: int = 650) -> tuple[str, bool]:
    """Cut running text in mid-sentence, and end it as houses do; true if it was cut."""
    limit = int(rng.integers(shortest, longest))
    if len(text) <= limit + 15:
        return text, False
    cut = text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:—–-")
    if cut.endswith((".", "!", "?", '"', "”")):
        return cut, False
    return cut + choose(rng, ENDINGS), True


def opening(article: Article, rng: Rng, whole: float = 0.25) -> tuple[str, bool]:
    """Take the opening of an article: cut in mid-sentence, or its first sentences whole.

    :param whole: the chance of whole sentences.
    :returns: the text, and whether it is cut.
    """
    if not chance(rng, whole):
        text = " ".join(" ".join(article.paragraphs[:8]).split())
        return cut_short(text, rng, longest=int(rng.choice([180, 300, 650])))
    return " ".join(first_sentences(article, int(rng.integers(1, 5)))), False
