"""Pages arranged: for each layout, the blocks of its stories and the residue that is part of it."""

from __future__ import annotations

from pipeline.mix.broadcast import DIRECTIONS, GOODBYES, GREETINGS, Studio, broadcast
from pipeline.mix.desk import Arrange, Desk, amounts, count
from pipeline.mix.draws import chance, choose, some
from pipeline.mix.printing import whole
from pipeline.mix.residue_tables import HEADINGS
from pipeline.mix.sheet import Block, by_sentence, line, residue_block, run_on
from pipeline.mix.short import (
    BRIEFS,
    BULLETS,
    ITEMS,
    LINKS,
    NUMBERS,
    TEASERS,
    brief,
    chunk,
    entry,
    excerpt,
    headline_link,
    item,
    read_on,
    teaser,
)
from pipeline.mix.voices import HEADERS, SEPARATORS, take, wire_residue
from pipeline.mix.wording import tag_of
from pipeline.records import Article

LENGTH = 24_000
LINKED = 0.1
ENTRIES = (
    "ht", "ht", "hdt", "hdt", "Ht", "hbt", "khdt", "kht", "hdbt", "dht", "hbdt", "htd", "Hdt", "dt",
    "th", "tb", "kt",
)  # fmt: skip
DIGEST_HEADS = (
    "World", "In brief", "News in brief", "WORLD BRIEFS", "World in brief", "Briefs", "Briefly",
    "Digest", "Round-up", "The day in brief", "Business briefs", "Sports digest",
    "Around the world", "Elsewhere", "At home", "Abroad", "News digest", "Regional round-up",
)  # fmt: skip


def _fitting(hand: list[Article]) -> list[Article]:
    """Keep the first articles of a hand: two, and more while the page stays under ``LENGTH``."""
    kept: list[Article] = []
    length = 0
    for article in hand:
        length += len(article.body)
        if len(kept) > 1 and length > LENGTH:
            break
        kept.append(article)
    return kept


def teasers(style: str) -> Arrange:
    """Arrange an article in full and the teasers of others, of one style or of all."""

    def arrange(desk: Desk) -> list[Block]:
        rng = desk.rng
        hand = desk.draw(count(desk, 3, 9))
        lead = desk.print_whole(hand[0], *amounts(desk))
        styles = [
            choose(rng, TEASERS) if style == "mixed" or chance(rng, 0.1) else style for _ in hand
        ]
        if style == "kicker" and chance(rng, 0.15):
            styles = ["kicker above"] * len(hand)
        rest = [teaser(a, rng, s, desk.pool) for a, s in zip(hand[1:], styles, strict=False)]
        if chance(rng, 0.2):
            rest = [by_sentence(block) for block in rest]
            lead = by_sentence(lead) if chance(rng, 0.6) else lead
        if rest and not chance(rng, 0.9):
            return rest
        if chance(rng, LINKED):
            linked = teaser(hand[0], rng, styles[0], desk.pool)
            rest.insert(int(rng.integers(len(rest) + 1)), linked)
        return [lead, *rest]

    return arrange


def unlinked_teasers(desk: Desk) -> list[Block]:
    """Arrange teasers of one style, perhaps behind an article in full; no story stands twice."""
    style = choose(desk.rng, TEASERS)
    hand = desk.draw(count(desk, 3, 9))
    rest = [teaser(article, desk.rng, style, desk.pool) for article in hand[1:]]
    lead = [desk.print_whole(hand[0], *amounts(desk))] if not rest or chance(desk.rng, 0.7) else []
    return [*lead, *rest]


def digest(desk: Desk) -> list[Block]:
    """Arrange briefs of one style, with a head above them or between them now and then."""
    rng, style = desk.rng, choose(desk.rng, BRIEFS)
    hand = desk.draw(count(desk, 3, 14))
    longest = int(rng.choice([1, 2, 4], p=[0.3, 0.3, 0.4]))
    form = choose(rng, NUMBERS) if style == "number" else choose(rng, BULLETS) + " "
    start = 1 if chance(rng, 0.9) else count(desk, 2, 40)
    blocks = [
        brief(article, rng, style, form.format(n), desk.pool, longest)
        for n, article in enumerate(hand, start=start)
    ]
    if chance(rng, 0.12):
        blocks = [by_sentence(block) for block in blocks]
    if chance(rng, 0.25):
        for head in some(rng, DIGEST_HEADS, count(desk, 1, 3)):
            at = 0 if chance(rng, 0.5) else int(rng.integers(len(blocks)))
            blocks.insert(at, residue_block([head]))
    return blocks


def newsletter(desk: Desk) -> list[Block]:
    """Arrange a greeting, items in sections, and a farewell."""
    rng, style = desk.rng, choose(desk.rng, ITEMS)
    hand = desk.draw(count(desk, 3, 12))
    every = choose(rng, (0, 0, 1, 2, 3))
    tails = chance(rng, 0.5)
    blocks = [desk.residue("greeting")] if chance(rng, 0.8) else []
    for number, article in enumerate(hand):
        section = tag_of(article, rng) if every and number % every == 0 else ""
        tail = read_on(rng, desk.pool) if tails and chance(rng, 0.7) else None
        blocks.append(item(article, rng, style, desk.pool, section, tail))
    if chance(rng, 0.15):
        blocks = [by_sentence(block) for block in blocks]
    return [*blocks, desk.residue("farewell")] if chance(rng, 0.6) else blocks


def index(desk: Desk) -> list[Block]:
    """Arrange the entries of a section's page; now and then a story is given twice."""
    rng, style = desk.rng, choose(desk.rng, ENTRIES)
    hand = desk.draw(count(desk, 3, 15))
    tail = read_on(rng, desk.pool) if chance(rng, 0.6) else None
    varied = tail is not None and chance(rng, 0.3)

    def print_entry(article: Article) -> Block:
        words = read_on(rng, desk.pool) if varied else tail
        return entry(article, rng, style, desk.pool, words if chance(rng, 0.9) else None)

    blocks = [print_entry(article) for article in hand]
    if chance(rng, 0.15):
        again = int(rng.integers(len(hand)))
        block = blocks[again] if chance(rng, 0.4) else print_entry(hand[again])
        blocks.insert(int(rng.integers(len(blocks) + 1)), block)
    elif chance(rng, LINKED):
        blocks.insert(0, desk.print_whole(choose(rng, hand), *amounts(desk)))
    if chance(rng, 0.12):
        blocks = [by_sentence(block) for block in blocks]
    return blocks


def headlines(desk: Desk) -> list[Block]:
    """Arrange headlines that lead to stories elsewhere, behind an article in full or alone."""
    rng, style = desk.rng, choose(desk.rng, LINKS)
    led = chance(rng, 0.5)
    hand = desk.draw(count(desk, 4, 14))
    led = led and len(hand) > 1
    mark = choose(rng, BULLETS) + " "
    listed = hand[1:] if led else hand
    blocks = [headline_link(a, rng, style, mark, n, desk.pool) for n, a in enumerate(listed, 1)]
    for _ in range(int(rng.choice([0, 1, 2], p=[0.3, 0.6, 0.1]))):
        at = 0 if chance(rng, 0.8) else int(rng.integers(len(blocks)))
        over = wire_residue(rng, desk.pool, HEADINGS)
        blocks.insert(at, residue_block([over.upper() if chance(rng, 0.25) else over]))
    if not led:
        return blocks
    # It stands below with its headline alone: nothing else would tell it from the list.
    below = bool(hand[0].headline) and chance(rng, 0.1)
    furnished, headed = amounts(desk)
    lead = desk.print_whole(hand[0], furnished, 1.0 if below else headed)
    return [*blocks, lead] if below else [lead, *blocks]


def run_together(desk: Desk) -> list[Block]:
    """Arrange whole articles one after another, half of the time with nothing around them."""
    rng = desk.rng
    furnished, headed = (0.0, 0.0) if chance(rng, 0.5) else amounts(desk)
    hand = _fitting(desk.draw(count(desk, 2, 8)))
    blocks = [desk.print_whole(article, furnished, headed) for article in hand]
    reshape = choose(rng, (None, None, None, None, by_sentence, run_on))
    return [reshape(block) for block in blocks] if reshape else blocks


def bare(desk: Desk) -> list[Block]:
    """Arrange whole articles without headlines or anything else."""
    hand = _fitting(desk.draw(count(desk, 2, 6)))
    return [whole(a, desk.rng, desk.pool, furnished=0.0, headed=0.0) for a in hand]


def chunks(desk: Desk) -> list[Block]:
    """Arrange the first sentences of articles, up to 15 of each."""
    longest = 4 if chance(desk.rng, 0.3) else 15
    headed = choose(desk.rng, (0.0, 0.0, 1.0))
    return [chunk(a, desk.rng, longest, headed) for a in desk.draw(count(desk, 2, 9))]


def openings(desk: Desk) -> list[Block]:
    """Arrange the first sentences of articles, up to 4 of each, or up to 15."""
    longest = int(desk.rng.choice([4, 15], p=[0.6, 0.4]))
    headed = amounts(desk)[1]
    blocks = [chunk(a, desk.rng, longest, headed) for a in desk.draw(count(desk, 2, 9))]
    reshape = choose(desk.rng, (None, None, by_sentence, run_on)) if not headed else None
    return [reshape(block) for block in blocks] if reshape else blocks


def excerpts(desk: Desk) -> list[Block]:
    """Arrange sentences from the middle of articles, each on its own line or running on."""
    own_lines = chance(desk.rng, 0.6)
    return [excerpt(a, desk.rng, own_lines) for a in desk.draw(count(desk, 2, 11))]


def lines(desk: Desk) -> list[Block]:
    """Arrange articles a sentence a line, with nothing around them: whole, or a run of each."""
    rng = desk.rng
    hand = _fitting(desk.draw(count(desk, 2, 9)))
    if chance(rng, 0.6):
        blocks = [whole(a, rng, desk.pool, furnished=0.0, headed=0.0) for a in hand]
    else:
        blocks = [chunk(a, rng, 15, 0.0) for a in hand]
    return [by_sentence(block) for block in blocks]


def wire(desk: Desk) -> list[Block]:
    """Arrange a wire file: takes with slugs and datelines, and marks between them."""
    rng, pool = desk.rng, desk.pool
    slugged, mark = chance(rng, 0.6), choose(rng, SEPARATORS)
    shown = choose(rng, (0.0, 0.7, 1.0))
    blocks = [residue_block([wire_residue(rng, pool, HEADERS)])] if chance(rng, 0.5) else []
    for article in _fitting(desk.draw(count(desk, 2, 7))):
        blocks.append(take(article, rng, pool, slugged))
        if chance(rng, shown):
            blocks.append(residue_block([mark]))
        if chance(rng, 0.1):
            blocks.append(residue_block([wire_residue(rng, pool, HEADERS)]))
    return blocks


def transcript(desk: Desk) -> list[Block]:
    """Arrange a broadcast: its host leads each story."""
    rng, pool, studio = desk.rng, desk.pool, Studio.draw(desk.rng)
    hand = desk.draw(count(desk, 2, 8))
    shown = choose(rng, (0.0, 0.2, 0.5))
    blocks = [_spoken(desk, studio, GREETINGS)] if chance(rng, 0.3) else []
    for article in hand:
        if chance(rng, shown):
            blocks.append(residue_block([wire_residue(rng, pool, DIRECTIONS)]))
        blocks.append(broadcast(article, rng, pool, studio))
    return [*blocks, _spoken(desk, studio, GOODBYES)] if chance(rng, 0.3) else blocks


def _spoken(desk: Desk, studio: Studio, table: tuple[str, ...]) -> Block:
    """Set what the host says of no story."""
    words = wire_residue(desk.rng, desk.pool, table)
    said = studio.say(studio.host, words) if chance(desk.rng, 0.8) else [line("body", words)]
    return residue_block([piece.text for pieces in said for piece in pieces])
