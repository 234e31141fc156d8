"""Broadcasts as transcripts give them: a host leads each story, reporters and guests speak."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.mix.draws import FIRST, LAST, Pool, Rng, chance, choose, fill
from pipeline.mix.sheet import Block, Line, line
from pipeline.mix.voices import HOSTS, QUESTIONS
from pipeline.mix.wording import first_sentences, grouped
from pipeline.records import Article

DIRECTIONS = (
    "(MUSIC)", "(SOUNDBITE OF MUSIC)", "[MUSIC]", "(COMMERCIAL BREAK)", "[Theme music]", "* * *",
    "You're listening to {c}.", "This is the {s} hour on {c}.", "It's {h}. The news, read by {n}.",
    "You are watching {c}.", "Stay with us.", "We'll be right back after this.", "[BREAK]",
    "Good evening. Here is the news.", "Now to the rest of the day's news.", "(END VIDEO CLIP)",
    "Here are the headlines this hour.", "And that's the news. Good night.", "{c}, {p}.",
)  # fmt: skip
GREETINGS = (
    "Good evening. I'm {n}.", "Good evening. Here is the news.", "Good morning, welcome to {c}.",
    "Hello, this is {c}. I'm {n} with the news.", "It's {h}. The news, read by {n}.",
    "From {c}, this is the {s} hour.", "Welcome back to {c}.", "Hi, you're listening to {c}.",
    "Thanks for joining us tonight.", "Here are the headlines this hour.",
)  # fmt: skip
GOODBYES = (
    "And that is the news this hour.", "And that's the news. Good night.", "That's all.",
    "For all of us at {c}, thank you and good night.", "I'm {n}. Thanks for watching.",
    "More news at {h}.", "That's it for this edition of {c}.", "Join us again tomorrow.",
    "And that's the way it is on {d}.", "You can find more on our website. Goodbye.",
)  # fmt: skip
LEADS = (
    "In other news:", "In other news tonight,", "Also tonight:", "Also today:", "Meanwhile,",
    "And finally:", "Finally,", "Finally tonight:", "Next:", "Now to {p}.", "Our top story:",
    "We begin tonight with this.", "Elsewhere:", "Now this.", "Moving on.", "Overseas now.",
    "And this just in.", "Turning to {s} now.", "In {s} news:", "Now {s}.", "Let's go to {p} now.",
    "Here at home,", "We turn now to this.", "A different story now.", "The day's other top story:",
    "Still in {p},", "And in {p} today:", "Let's turn to {s}.",
)  # fmt: skip
HANDOFFS = (
    "{n} reports.", "{n} has our report.", "{n} has more.", "{n} has the story from {p}.",
    "Our correspondent {n} is there.", "Here's {n}.", "{n} joins us now from {p}.",
    "For more, I'm joined by {n}.", "{n} has been following the story.", "Let's go to {n}.",
    "{n} of {c} reports from {p}.", "Joining me now is {n}.", "{n}, what do we know?",
)  # fmt: skip
REPLIES = ("Right.", "I see.", "Mm-hmm.", "Yes.", "Indeed.", "Okay.", "So this is serious.")
THANKS = ("{n}, thank you.", "Thank you, {n}.", "{n}, thanks for joining us.", "Thanks, {n}.")
WELCOMES = ("You're welcome.", "Thank you.", "Thanks for having me.", "My pleasure.", "Thank you.")
SIGN_OFFS = (
    "For {c}, I'm {n}.", "{n}, {c}, {p}.", "I'm {n} in {p}.", "This is {n} reporting from {p}.",
    "Back to you.", "{n}, {c} News.",
)  # fmt: skip
BITES = (
    "MAN", "WOMAN", "RESIDENT", "WITNESS", "UNIDENTIFIED MALE", "UNIDENTIFIED WOMAN", "PROTESTER",
    "MAN (through translator)", "WOMAN (voice-over)", "FARMER", "ANALYST", "PROFESSOR", "EXPERT",
    "VOICE OF {N}", "MINISTER", "{N} (on camera)", "STUDENT", "{N}, {s} analyst", "{N}",
)  # fmt: skip
STYLES = ("colon",) * 6 + ("own line", "chevrons", "chevrons", "arrows", "bare", "brackets")
NAMINGS = ("role", "role", "full", "full", "full", "title", "last")


class Studio(NamedTuple):
    """Who leads a broadcast, and how its transcript marks who speaks.

    :ivar host: as a mark of who speaks; ``name`` as others address them.
    :ivar style: one of ``STYLES``: ``arrows`` are the captions' ``>>``, and ``>>>`` for a story.
    :ivar naming: one of ``NAMINGS``.
    :ivar marked: the chance that a speaker who goes on is named again.
    """

    host: str
    name: str
    style: str
    naming: str
    marked: float

    @classmethod
    def draw(cls, rng: Rng) -> Studio:
        """Draw one."""
        name = _a_name(rng)
        style, naming = choose(rng, STYLES), choose(rng, NAMINGS)
        host = choose(rng, HOSTS) if naming == "role" else _marked_as(name, naming)
        return cls(host, name, style, naming, choose(rng, (0.0, 0.5, 1.0)))

    def say(self, who: str, text: str, opens: bool = False) -> list[Line]:
        """Set what someone says as lines of a story's body.

        :param opens: it opens a story.
        """
        if self.style == "own line":
            return [line("body", who), line("body", text)]
        forms = {
            "colon": f"{who}: {text}", "chevrons": f">> {who}: {text}", "bare": text,
            "arrows": f"{'>>>' if opens else '>>'} {text}", "brackets": f"[{who}] {text}",
        }  # fmt: skip
        return [line("body", forms[self.style])]


def _a_name(rng: Rng) -> str:
    return f"{choose(rng, FIRST)} {choose(rng, LAST)}"


def _marked_as(name: str, naming: str) -> str:
    marks = {"title": name, "last": name.split(maxsplit=1)[1].upper()}
    return marks.get(naming, name.upper())


def broadcast(article: Article, rng: Rng, pool: Pool, studio: Studio) -> Block:
    """Print one story as broadcast: the host leads it, then reads on, hands over or asks."""
    entries = first_sentences(article, int(rng.integers(2, 20)))
    place, guest = pool.place_of(article, rng), _a_name(rng)
    told = choose(rng, (_read, _reported, _reported, _interview))
    first = entries[: 1 if chance(rng, 0.6) else 2]
    lead = " ".join(first)
    if chance(rng, 0.35):
        lead = f"{fill(rng, choose(rng, LEADS), pool, place)} {lead}"
    if told is not _read and chance(rng, 0.6):
        lead += " " + fill(rng, choose(rng, HANDOFFS).replace("{n}", guest), pool, place)
    spoken = studio.style == "arrows" or chance(rng, 0.8)
    lines = studio.say(studio.host, lead, opens=True) if spoken else [line("body", lead)]
    lines += told(entries[len(first) :], rng, pool, place, studio, guest)
    return Block(tuple(lines), "article" if len(entries) > 4 else "brief", article=article.id)


def _read(
    entries: list[str], rng: Rng, pool: Pool, place: str, studio: Studio, guest: str
) -> list[Line]:
    """Let the host read on, named again or not."""
    lines: list[Line] = []
    for text in grouped(entries, rng, 3):
        again = chance(rng, studio.marked * 0.6)
        lines += studio.say(studio.host, text) if again else [line("body", text)]
    return lines


def _reported(
    entries: list[str], rng: Rng, pool: Pool, place: str, studio: Studio, guest: str
) -> list[Line]:
    """Let a reporter tell it, with the voices of others between."""
    role = studio.naming == "role" and chance(rng, 0.7)
    who = choose(rng, HOSTS[-3:]).upper() if role else _marked_as(guest, studio.naming)
    lines: list[Line] = []
    speaker = ""
    for text in grouped(entries, rng, 3):
        bite = bool(speaker) and chance(rng, 0.3)
        now = fill(rng, choose(rng, BITES), pool, place) if bite else who
        named = now != speaker or chance(rng, studio.marked * 0.5)
        lines += studio.say(now, text) if named else [line("body", text)]
        speaker = now
    if lines and chance(rng, 0.3):
        words = fill(rng, choose(rng, SIGN_OFFS).replace("{n}", guest), pool, place)
        lines += studio.say(who, words) if chance(rng, 0.4) else [line("body", words)]
    return lines


def _interview(
    entries: list[str], rng: Rng, pool: Pool, place: str, studio: Studio, guest: str
) -> list[Line]:
    """Let the host ask and a guest answer."""
    who = _marked_as(guest, studio.naming)
    lines: list[Line] = []
    for number, text in enumerate(grouped(entries, rng, 4)):
        if number or chance(rng, 0.5):
            lines += studio.say(studio.host, choose(rng, QUESTIONS if number else REPLIES))
        lines += studio.say(who, text)
    if lines and chance(rng, 0.5):
        lines += studio.say(studio.host, choose(rng, THANKS).replace("{n}", guest))
        lines += studio.say(who, choose(rng, WELCOMES)) if chance(rng, 0.6) else []
    return lines
