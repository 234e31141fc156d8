"""One article as a house would print it: whole, as a brief, or as a teaser cut short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.mix.furniture import (
    AGENCIES,
    BYLINES,
    CREDITS,
    DATELINES,
    NAVIGATION,
    TAIL_BYLINES,
    Rng,
    choose,
    fill,
)
from pipeline.mix.sheet import Block, Line, Piece, line
from pipeline.records import Article
from pipeline.sentences import sentence_spans

STOPWORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to",
     "with", "over", "under"}
)  # fmt: skip


class Pool(NamedTuple):
    """Names and places that furniture is filled with."""

    names: tuple[str, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Pool:
        """Gather the bylines' names and the datelines of a corpus."""
        names = {_name(article.byline) for article in articles if article.byline}
        places = {(article.dateline or "").split(",")[0].title() for article in articles}
        return cls(
            tuple(sorted(names - {""})) or ("A. Writer",), tuple(sorted(places - {""})) or ("Here",)
        )


def _name(byline: str) -> str:
    bare = re.sub(r"^(by|from)\s+", "", byline, flags=re.IGNORECASE)
    return re.split(r"\s*[/,|]\s*|\s+(?:in|and)\s+", bare)[0]


def _place(article: Article, pool: Pool, rng: Rng) -> str:
    return (article.dateline or choose(rng, pool.places)).split(",")[0].title()


def sentences(text: str) -> list[str]:
    """Split one paragraph into its sentences."""
    return [text[start:end] for start, end in sentence_spans(text)]


def shaped(paragraphs: Sequence[str], rng: Rng) -> list[str]:
    """Break prose into lines in another house's way: as is, by sentence, in long blocks."""
    mode = rng.random()
    if mode < 0.5:
        return list(paragraphs)
    parts = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    if mode < 0.6:
        return [" ".join(parts)]
    longest = 1 if mode < 0.8 else 4
    lines: list[str] = []
    while parts:
        count = int(rng.integers(1, longest + 1))
        lines.append(" ".join(parts[:count]))
        parts = parts[count:]
    return lines


def whole(article: Article, rng: Rng, pool: Pool, *, furnished: float, headed: float) -> Block:
    """Print an article in full.

    :param furnished: how much stands around it, 0 to 1: captions, credits, bylines, sub-heads.
    :param headed: the chance that its headline is there.
    """
    place = _place(article, pool, rng)
    body: list[Line] = [_body_line(text) for text in _weathered(article.paragraphs, rng)]
    if article.dateline and rng.random() < 0.5:
        body[0] = _datelined(article, body[0], rng, pool)
    _insert_furniture(body, article, rng, pool, place, furnished)
    top: list[Line] = []
    if article.headline and rng.random() < headed:
        if rng.random() < furnished * 0.4:
            top.append(line("kicker", kicker_of(article, rng)))
        top.append(line("headline", cased(article.headline, rng)))
        if rng.random() < furnished * 0.3:
            top.append(line("subhead", subhead_of(article, rng)))
    if rng.random() < furnished * 0.6:
        top.append(line("byline", fill(rng, choose(rng, BYLINES), pool.names, place)))
        if rng.random() < 0.2:
            top.append(line("dateline", fill(rng, choose(rng, ("{d}", "{p}, {d}", "{d}, {h}")),
                                             pool.names, place)))  # fmt: skip
    if rng.random() < furnished * 0.25:
        body.append(line("byline", fill(rng, choose(rng, TAIL_BYLINES), pool.names, place)))
    return Block((*top, *body), "article", article=article.id)


def _weathered(paragraphs: Sequence[str], rng: Rng) -> list[str]:
    """Shape paragraphs, and now and then let a line trail off or begin with a bullet.

    Neither cuts a story, so whole articles must show both.
    """
    lines = shaped(paragraphs, rng)
    trailing, bulleted = rng.random() < 0.15, rng.random() < 0.08
    bullet = choose(rng, ("•", "-", "*", "·"))
    for i, text in enumerate(lines):
        if trailing and rng.random() < 0.3 and text.endswith("."):
            text = text[:-1] + choose(rng, (" ...", "...", "…", " …"))
        if bulleted and i and rng.random() < 0.6:
            text = f"{bullet} {text}"
        lines[i] = text
    return lines


def _insert_furniture(
    body: list[Line], article: Article, rng: Rng, pool: Pool, place: str, furnished: float
) -> None:
    if article.caption and rng.random() < furnished:
        at = int(rng.integers(0, len(body) + 1))
        body.insert(at, _caption_line(article.caption))
    for _ in range(int(rng.binomial(3, furnished * 0.4))):
        text = fill(rng, choose(rng, CREDITS), pool.names, place)
        body.insert(_early(rng, len(body)), line("credit", text))
    for _ in range(int(rng.binomial(3, furnished * 0.25)) if len(body) > 3 else 0):
        body.insert(int(rng.integers(1, len(body))), line("subhead", inner_head(article, rng)))
    if rng.random() < furnished * 0.15 and len(body) > 2:
        text = choose(rng, ("Advertisement", "ADVERTISEMENT", "Story continues below", *NAVIGATION))
        body.insert(int(rng.integers(1, len(body))), line("residue", text))


def _early(rng: Rng, length: int) -> int:
    return min(int(rng.integers(1, length + 1)), int(rng.integers(1, length + 1)))


def _body_line(text: str) -> Line:
    return line("body", text)


def _caption_line(caption: str) -> Line:
    match = re.search(r"\s((?:Photo|Credit|Picture|Image|Photograph)\b.*)$", caption)
    if match is None:
        return line("caption", caption)
    return (Piece("caption", caption[: match.start()].strip()), Piece("credit", match[1]))


def _datelined(article: Article, first: Line, rng: Rng, pool: Pool) -> Line:
    place = _place(article, pool, rng)
    if rng.random() < 0.5:
        text = f"{article.dateline} {choose(rng, ('—', '–', '-', '--'))}"
    else:
        text = fill(rng, choose(rng, DATELINES), pool.names, place)
    return (Piece("dateline", text), *first)


def kicker_of(article: Article, rng: Rng) -> str:
    """Return the article's kicker, or make one from a word or two of its headline."""
    if article.kicker:
        return article.kicker
    source = article.headline or article.paragraphs[0]
    words = [w.strip(".,:;\"'“”‘’?!()") for w in source.split()]
    content = [w for w in words if len(w) > 3 and w.lower() not in STOPWORDS] or words
    start = int(rng.integers(len(content)))
    return " ".join(content[start : start + int(rng.integers(1, 3))]).upper()


def subhead_of(article: Article, rng: Rng) -> str:
    """Make a sub-head: a later sentence of medium length without its full stop, or the headline."""
    later = [s for p in article.paragraphs[1:] for s in sentences(p)]
    usable = [s for s in later if 8 <= len(s.split()) <= 26 and '"' not in s and "“" not in s]
    if usable and (article.headline is None or rng.random() < 0.7):
        return choose(rng, usable).rstrip(".")
    return article.headline or choose(rng, article.paragraphs)[:80].rsplit(" ", 1)[0]


def inner_head(article: Article, rng: Rng) -> str:
    """Make an inner sub-head (capitals, or like a sentence) from a few words of the article."""
    words = choose(rng, article.paragraphs).split()
    start = int(rng.integers(max(1, len(words) - 5)))
    phrase = " ".join(words[start : start + int(rng.integers(1, 5))]).strip(".,:;\"'“”‘’?!()—–-")
    phrase = phrase or "In detail"
    return phrase.upper() if rng.random() < 0.65 else phrase[0].upper() + phrase[1:]


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


def cut_short(text: str, rng: Rng, longest: int = 650) -> tuple[str, bool]:
    """Cut running text in mid-sentence, and end it as houses do; true if it was cut."""
    limit = int(rng.integers(110, longest))
    if len(text) <= limit + 15:
        return text, False
    cut = text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:—–-")
    endings = ("", "", "", "", "...", "…", " ...", " …", " —", " [...]", " (more)", "…")
    if cut.endswith((".", "!", "?", '"', "”")):
        return cut, False
    return cut + choose(rng, endings), True


def opening(article: Article, rng: Rng) -> tuple[str, bool]:
    """Take the opening of an article: cut in mid-sentence, or its first sentences whole."""
    if rng.random() < 0.75:
        return cut_short(" ".join(article.paragraphs), rng)
    count = int(rng.integers(1, 4))
    return " ".join(sentences(" ".join(article.paragraphs[:2]))[:count]), False


def teaser(article: Article, rng: Rng, style: str, pool: Pool) -> Block:
    """Print a teaser: ``kicker`` (and sub-head), ``merged``, ``headline`` above, or ``plain``."""
    text, truncated = opening(article, rng)
    body: Line = (Piece("body", text),)
    if article.dateline and rng.random() < 0.12:
        body = _datelined(article, body, rng, pool)
    head = cased(article.headline, rng) if article.headline else subhead_of(article, rng)
    lines: tuple[Line, ...]
    if style == "kicker":
        kicker = Piece("kicker", kicker_of(article, rng) + ":")
        sub = subhead_of(article, rng) if rng.random() < 0.7 else head
        lines = ((kicker, Piece("subhead", sub), *body),)
    elif style == "merged":
        lines = ((Piece("headline", head), *body),)
    elif style == "headline":
        lines = (line("headline", head), body)
        if rng.random() < 0.15:
            stamp = fill(rng, choose(rng, ("{d}", "{d}, {h}", "{h}", "By {n}")), pool.names, "")
            role = "byline" if stamp.startswith("By") else "dateline"
            lines = (lines[0], line("byline" if role == "byline" else "dateline", stamp), body)
    else:
        lines = (body,)
    return Block(lines, "teaser", truncated, article.id)


def brief(
    article: Article, rng: Rng, style: str, number: int, pool: Pool, longest: int = 4
) -> Block:
    """Print a brief, one paragraph: ``plain``, ``bullet``, ``number``, ``headline``, ``kicker``.

    :param longest: the most sentences it may have; a story written as a brief may stand whole.
    """
    parts = sentences(" ".join(article.paragraphs))
    count = int(rng.integers(1, longest + 1))
    whole_brief = article.form == "brief" and longest > 3 and rng.random() < 0.6
    text = " ".join(parts if whole_brief else parts[:count])
    body: Line = (Piece("body", text),)
    if article.dateline and rng.random() < 0.25:
        body = _datelined(article, body, rng, pool)
    if style == "bullet":
        body = (Piece("body", f"{choose(rng, ('•', '-', '*', '–', '■'))} {text}"),)
    elif style == "number":
        body = (Piece("body", f"{number}. {text}"),)
    elif style == "kicker":
        body = (Piece("kicker", kicker_of(article, rng) + ":"), *body)
    lines: tuple[Line, ...] = (body,)
    if style == "headline":
        head = cased(article.headline, rng) if article.headline else inner_head(article, rng)
        lines = (line("headline", head), body)
    if rng.random() < 0.08:
        lines = (*lines, line("credit", choose(rng, AGENCIES)))
    return Block(lines, "brief", False, article.id)
