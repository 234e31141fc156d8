"""One article cut down: a teaser, an index entry, a brief, a newsletter's item, an excerpt."""

from __future__ import annotations

from pipeline.mix.draws import AGENCIES, Pool, Rng, chance, choose, fill
from pipeline.mix.pictures import a_credit, glued
from pipeline.mix.sheet import Block, Line, Piece, line, piece
from pipeline.mix.signatures import byline, datelined, signed, stamp
from pipeline.mix.wording import (
    all_sentences,
    first_sentences,
    grouped,
    headline_of,
    inner_head,
    kicker_of,
    opening,
    subhead_of,
    tag_of,
)
from pipeline.records import Article

TEASERS = ("kicker", "kicker above", "headline", "merged", "plain")
BRIEFS = ("plain", "plain", "plain", "bullet", "number", "headline", "kicker", "tag", "merged")
ITEMS = ("headline", "headline", "bold", "plain", "emoji")
LINKS = (
    "plain", "plain", "plain", "bullet", "bullet", "number", "time", "date below", "tag",
    "tag above", "house",
)  # fmt: skip
NUMBERS = ("{}. ", "{}. ", "{}) ", "({}) ", "{} ", "No. {}: ", "#{} ", "{}/ ")
BULLETS = ("•", "-", "*", "–", "■", "►", "▪", "→")
HOUSE_TAILS = ("- {c}", "| {c}", "({c})", "– {c}", "{c}", "({a})", "- {a}", "{a}")
READ_ON = (
    "FULL STORY", "Full story", "Full Story »", "( read original story ...)",
    "(read original story ...)", "Continue reading", "Continue reading...", "Continue reading »",
    "Read more", "Read more »", "Read more...", "READ MORE", "Read More »", "Read the full story",
    "(more)", "[more]", "More »", "More >>", "Keep reading", "Read on", "[Read more]",
    "[Full story]", "[{c}]", "Read it at {c}", "( {c} )", "Learn more", "> Read more",
    "Go deeper ({k} min. read)", "Full article", "Details", "→ Read more", "Story here.",
    "View full article", "{k} comments", "Read the rest of this entry »", "0 comments", "Share",
    "Full report", "Read", "More",
)  # fmt: skip


def teaser(article: Article, rng: Rng, style: str, pool: Pool) -> Block:
    """Print a teaser in one of the styles ``TEASERS``.

    ``kicker`` sets the kicker, a colon and perhaps a sub-head before the text, ``kicker above`` on
    a line of its own, ``merged`` the headline before the text, ``headline`` above it.
    """
    text, truncated = opening(article, rng)
    place = pool.place_of(article, rng)
    body: Line = line("body", text)
    if chance(rng, 0.12 if article.dateline else 0.03):
        body = datelined(article, body, rng, pool, place)
    if chance(rng, 0.04):
        body = glued(body, rng, a_credit(rng, pool, place))
    return Block(_headed(article, rng, style, pool, body), "teaser", truncated, article.id)


def _headed(article: Article, rng: Rng, style: str, pool: Pool, body: Line) -> tuple[Line, ...]:
    if style == "plain":
        return (body,)
    head = headline_of(article, rng)
    if style == "kicker":
        kicker = piece("kicker", kicker_of(article, rng) + ":")
        draw = rng.random()
        if draw < 0.2:
            return ((kicker, *body),)
        sub = piece("subhead", subhead_of(article, rng) if chance(rng, 0.7) else head)
        return ((kicker, sub, *body),) if draw < 0.85 else ((kicker, sub), body)
    if style == "kicker above":
        kicker_text = kicker_of(article, rng) if chance(rng, 0.5) else tag_of(article, rng)
        top = [line("kicker", kicker_text)]
        return (*top, line("headline", head), body) if chance(rng, 0.6) else (*top, body)
    if style == "merged":
        end = choose(rng, ("", "", "", ":", ".", " -", " |"))
        return ((Piece("headline", piece("headline", head).text + end), *body),)
    top = [line("headline", head)]
    if chance(rng, 0.15):
        top.append(line("dateline", stamp(rng, pool, pool.place_of(article, rng))))
    elif chance(rng, 0.1):
        top.append(line("byline", byline(rng, pool, pool.place_of(article, rng))))
    return (*top, body)


def entry(article: Article, rng: Rng, style: str, pool: Pool, tail: str | None) -> Block:
    """Print an entry of an index page: a headline, a date or byline, a lead cut short, a link.

    :param style: letters in the order of what stands there: ``h`` headline, ``H`` headline twice,
        ``k`` tag, ``d`` date, ``b`` byline, ``t`` text.
    :param tail: the link's words, which belong to no story, or none.
    """
    text, truncated = opening(article, rng, whole=0.3)
    place = pool.place_of(article, rng)
    head = line("headline", headline_of(article, rng))
    setters: dict[str, list[Line]] = {
        "h": [head], "H": [head, head], "k": [line("kicker", tag_of(article, rng))],
        "d": [line("dateline", stamp(rng, pool, place))],
        "b": [line("byline", byline(rng, pool, place))], "t": [line("body", text)],
    }  # fmt: skip
    lines = [printed for letter in style for printed in setters[letter]]
    if tail:
        link = piece("residue", tail)
        lines = [*lines, (link,)] if chance(rng, 0.3) else [*lines[:-1], (*lines[-1], link)]
    return Block(tuple(lines), "teaser", truncated, article.id)


def headline_link(
    article: Article, rng: Rng, style: str, mark: str, number: int, pool: Pool
) -> Block:
    """Print a headline that leads to its story elsewhere, in one of the styles ``LINKS``.

    :param mark: the bullet of the style ``bullet``.
    :param number: its place in the list, from 1.
    """
    text = headline_of(article, rng)
    place = pool.place_of(article, rng)
    marked = {"bullet": mark + text, "number": f"{number}. {text}"}
    head = line("headline", marked.get(style, text))
    lines: tuple[Line, ...] = (head,)
    if style == "time":
        lines = ((piece("dateline", fill(rng, "{h}", pool, place)), *head),)
    elif style == "date below":
        lines = (head, line("dateline", stamp(rng, pool, place)))
    elif style == "tag":
        lines = ((piece("kicker", tag_of(article, rng) + choose(rng, (":", "", " |"))), *head),)
    elif style == "tag above":
        lines = (line("kicker", tag_of(article, rng)), head)
    elif style == "house":
        lines = ((*head, piece("byline", fill(rng, choose(rng, HOUSE_TAILS), pool, place))),)
    return Block(lines, "teaser", article=article.id)


def read_on(rng: Rng, pool: Pool) -> str:
    """Draw the words of a link to the full story."""
    return fill(rng, choose(rng, READ_ON), pool, choose(rng, pool.places))


def brief(
    article: Article, rng: Rng, style: str, number: str, pool: Pool, longest: int = 4
) -> Block:
    """Print a brief, one paragraph, in one of the styles ``BRIEFS``.

    :param number: what stands before it in the style ``number``, or the bullet of ``bullet``.
    :param longest: the most sentences it may have; a story written as a brief may stand whole.
    """
    count = int(rng.integers(1, longest + 1))
    whole_brief = article.form == "brief" and longest > 3 and chance(rng, 0.6)
    text = " ".join(all_sentences(article) if whole_brief else first_sentences(article, count))
    place = pool.place_of(article, rng)
    body: Line = line("body", text)
    if style in ("bullet", "number"):
        body = line("body", f"{number}{text}")
    elif chance(rng, 0.25 if article.dateline else 0.05):
        body = datelined(article, body, rng, pool, place)
    if chance(rng, 0.06):
        body = signed(body, rng, pool, place)
    lines: tuple[Line, ...] = (body,)
    if style == "kicker":
        lines = ((piece("kicker", kicker_of(article, rng) + ":"), *body),)
    elif style == "tag":
        lines = (line("kicker", tag_of(article, rng)), body)
    elif style == "merged":
        lines = ((piece("headline", headline_of(article, rng)), *body),)
    elif style == "headline":
        head = headline_of(article, rng) if article.headline else inner_head(article, rng)
        lines = (line("headline", head), body)
    if chance(rng, 0.06):
        lines = (*lines, line("credit", choose(rng, AGENCIES)))
    return Block(lines, "brief", False, article.id)


def item(
    article: Article, rng: Rng, style: str, pool: Pool, section: str, tail: str | None
) -> Block:
    """Print an item of a newsletter, of 1 to 4 sentences, one of the styles ``ITEMS``.

    :param section: the name of a section that the item opens, or an empty one.
    """
    parts = first_sentences(article, int(rng.integers(1, 5)))
    body: Line = line("body", " ".join(parts))
    lines: list[Line] = [line("kicker", section)] if section else []
    head = piece("headline", headline_of(article, rng) if style in ("headline", "bold") else "")
    if style == "headline":
        lines += [(head,), body]
    elif style == "bold":
        text = head.text.rstrip(".") + choose(rng, (".", ":", " —"))
        lines.append((piece("headline", text), *body))
    elif style == "emoji":
        lines.append(line("body", f"{choose(rng, ('🔹', '👉', '▪️', '→', '✔'))} {body[0].text}"))
    else:
        lines.append(body)
    if tail:
        link = piece("residue", tail)
        lines = [*lines, (link,)] if chance(rng, 0.5) else [*lines[:-1], (*lines[-1], link)]
    return Block(tuple(lines), "brief", False, article.id)


def chunk(article: Article, rng: Rng, longest: int, headed: float) -> Block:
    """Print the first sentences of an article, ``longest`` of them at most, and nothing around."""
    kept = first_sentences(article, int(rng.integers(1 if longest < 5 else 2, longest + 1)))
    lines = [line("body", text) for text in grouped(kept, rng, int(rng.integers(1, 4)))]
    if article.headline and chance(rng, headed):
        lines.insert(0, line("headline", headline_of(article, rng)))
    return Block(tuple(lines), "article", False, article.id)


def excerpt(article: Article, rng: Rng, own_lines: bool) -> Block:
    """Print 3 to 11 sentences from the middle of an article (all of a shorter one)."""
    parts = all_sentences(article)
    count = int(rng.integers(3, 12))
    start = int(rng.integers(max(1, len(parts) - count + 1)))
    kept = parts[start : start + count]
    lines = [line("body", text) for text in (kept if own_lines else [" ".join(kept)])]
    return Block(tuple(lines), "brief", False, article.id)
