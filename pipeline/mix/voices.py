"""Stories told in other forms than prose: live blogs, questions and answers, takes."""

from __future__ import annotations

from pipeline.mix.draws import LAST, Pool, Rng, chance, choose, fill
from pipeline.mix.sheet import Block, Line, line, piece
from pipeline.mix.signatures import byline, datelined
from pipeline.mix.wording import (
    all_sentences,
    cased,
    first_sentences,
    grouped,
    headline_of,
    inner_head,
    kicker_of,
)
from pipeline.records import Article

QUESTIONS = (
    "What happened next?", "How did it begin?", "And what do the authorities say?", "Why now?",
    "Can you tell us more?", "Is that the whole story?", "What does it mean for people there?",
    "Who is behind it?", "What comes next?", "Were you surprised?", "How bad is it?", "Really?",
    "Let me press you on that point. What are the facts?", "Where do things stand today?",
    "You have followed this for some time. What changed?", "What is the other side saying?",
    "So how long could this go on?", "Do we know anything about the cause?", "Some would disagree.",
    "Thank you for joining us. What is the latest?", "Is there any doubt about that?", "Go on.",
)  # fmt: skip
HOSTS = ("PRESENTER", "ANCHOR", "HOST", "NEWSREADER", "Presenter", "REPORTER", "CORRESPONDENT")
SLUGS = (
    "BC-{K}, 1st Ld-Writethru", "AM-{K}", "PM-{K}, 2nd Ld", "{K}-1STLEAD", "{K} (UPDATE 2)", "{K}",
    "UPDATE 1-{K}", "{K}/LEAD", "ALERT: {K}", "a{d}{K}", "URGENT-{K}", "{K} - snap", "WRAPUP 2-{K}",
)  # fmt: skip
SEPARATORS = (
    "###", "# # #", "***", "* * *", "---", "ENDS", "-30-", "--30--", "- ENDS -", "=DELIM=", "NNNN",
    "(END)", "___", "ooo", "END ITEM", "-0-", "ends", "=",
)  # fmt: skip
HEADERS = (
    "ZCZC{k}", "{a} NEWS SCHEDULE FOR {d}", "{h} GMT", "{a} {d} {h}", "r i BYLxxl{k}", "{a}-{k}",
    "Editors: all times GMT", "TAKE {k}", "For use after {h}", "NEWS ADVISORY", "EDS: UPDATES",
    "{k} words", "Digest of the top stories at {h}", "STOCKS AND OTHER TABLES FOLLOW",
    "{p} bureau: {a}, {h}",
)  # fmt: skip
MORE = ("(MORE)", "(more)", "MORE", "--MORE--", "(more follows)", "-more-", "MORE TO COME", "/MORE")


def live_blog(article: Article, rng: Rng, pool: Pool) -> Block:
    """Print one story as the entries of a live blog, each led by its time."""
    entries = grouped(all_sentences(article), rng, 4)
    minute, step = int(rng.integers(300, 900)), int(rng.choice([-1, 1, 1]))
    style, own_line = choose(rng, ("{}:{:02d}", "{}.{:02d}", "half", "gmt")), chance(rng, 0.5)
    lines: list[Line] = [line("headline", cased(article.headline, rng))] if article.headline else []
    for entry in entries:
        minute = (minute + step * int(rng.integers(1, 40))) % 1440
        time = piece("dateline", _clock(minute, style))
        head = [line("subhead", inner_head(article, rng))] if chance(rng, 0.15) else []
        body = line("body", entry)
        lines += [(time,), *head, body] if own_line else [*head, (time, *body)]
    return Block(tuple(lines), "article", article=article.id)


def _clock(minute: int, style: str) -> str:
    hour, rest = divmod(minute, 60)
    if style == "half":
        return f"{hour % 12 or 12}.{rest:02d}{'am' if hour < 12 else 'pm'}"
    if style == "gmt":
        return f"{hour % 12 or 12}.{rest:02d}{'am' if hour < 12 else 'pm'} GMT"
    return style.format(hour, rest)


def question_and_answer(article: Article, rng: Rng, pool: Pool) -> Block:
    """Print one story as an interview: ``Q:`` and ``A:``, or the names of two speakers."""
    guest, host = choose(rng, LAST), choose(rng, (*LAST, *HOSTS))
    asks, answers = choose(
        rng,
        (("Q:", "A:"), ("Q.", "A."), ("Q", "A"), (f"{host.upper()}:", f"{guest.upper()}:"),
         (f"{host}:", f"{guest}:"), ("", ""), ("Question:", "Answer:")),
    )  # fmt: skip
    lines: list[Line] = [line("headline", cased(article.headline, rng))] if article.headline else []
    entries = grouped(all_sentences(article), rng, 5)
    if chance(rng, 0.5) and len(entries) > 1:
        lines.append(line("body", entries.pop(0)))
    for entry in entries:
        lines.append(line("body", f"{asks} {choose(rng, QUESTIONS)}"))
        lines.append(line("body", f"{answers} {entry}"))
    return Block(tuple(lines), "article", article=article.id)


def take(article: Article, rng: Rng, pool: Pool, slugged: bool) -> Block:
    """Print one story of a wire file: a slug or headline, a dateline, paragraphs, ``(MORE)``."""
    place = pool.place_of(article, rng)
    body = [line("body", text) for text in grouped(first_sentences(article, 30), rng, 2)]
    body[0] = datelined(article, body[0], rng, pool, place)
    if len(body) > 3 and chance(rng, 0.25):
        body.insert(int(rng.integers(2, len(body))), line("residue", choose(rng, MORE)))
    top: list[Line] = []
    if slugged:
        slug = choose(rng, SLUGS).replace("{K}", kicker_of(article, rng).replace(" ", "-"))
        top.append(line("kicker", fill(rng, slug, pool, place)))
    if chance(rng, 0.6):
        top.append(line("headline", headline_of(article, rng)))
    if chance(rng, 0.3):
        top.append(line("byline", byline(rng, pool, place)))
    if chance(rng, 0.3):
        text = choose(rng, ("(Reporting by {n}; Editing by {n})", "{a}", "({a})", "— {a}"))
        body.append(line("byline", fill(rng, text, pool, place)))
    return Block((*top, *body), "article" if len(body) > 3 else "brief", article=article.id)


def wire_residue(rng: Rng, pool: Pool, table: tuple[str, ...]) -> str:
    """Fill one phrase of a wire file's or broadcast's own furniture."""
    return fill(rng, choose(rng, table), pool, choose(rng, pool.places))
