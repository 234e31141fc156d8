"""The text in blocks: whole, in order, each character with its role and its countries."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given

from pipeline.records import Country, Document, Part, Span
from pipeline.render.blocks import Block, Piece, Run, Section, sections
from tests.documents import Case, cases
from tests.render.pages import newspaper, story


def spelled(section: Section) -> Iterator[tuple[str, str | None, tuple[Country, ...]]]:
    """Each character with its role (None in gaps) and countries."""
    yield from ((character, None, ()) for character in section.before)
    for block in section.blocks:
        for piece in block.pieces:
            for run in piece.runs:
                yield from ((character, block.role, run.countries) for character in run.text)
            yield from ((character, None, ()) for character in piece.gap)


@given(cases())
def test_law_every_character_is_there_once_and_in_order(case: Case) -> None:
    told = [one for section in sections(case.document, case.text) for one in spelled(section)]
    assert "".join(character for character, _, _ in told) == case.text
    named = [s.story for s in sections(case.document, case.text) if s.story is not None]
    assert named == list(case.document.stories)


@given(cases())
def test_law_a_character_has_the_role_and_the_countries_that_the_document_gives_it(
    case: Case,
) -> None:
    at = 0
    for section in sections(case.document, case.text):
        parts = section.story.parts if section.story else case.document.residue
        countries = section.story.countries if section.story else ()
        for character, role, marked in spelled(section):
            covering = [part for part in parts if part.start <= at < part.end]
            if covering:
                assert role == getattr(covering[0], "role", "residue")
            elif role is not None:
                assert role == ("residue" if section.story else "unassigned")
            else:
                assert not character.isalnum()
            if role is not None:
                assert marked == tuple(
                    country
                    for country in countries
                    if any(span.start <= at < span.end for span in country.evidence)
                )
            at += 1


@given(cases())
def test_law_blocks_change_their_role_and_runs_are_not_empty(case: Case) -> None:
    for section in sections(case.document, case.text):
        roles = [block.role for block in section.blocks]
        assert all(a != b for a, b in itertools.pairwise(roles))
        runs = [run for block in section.blocks for p in block.pieces for run in p.runs]
        assert all(run.text for run in runs)


def test_overlapping_evidence_is_laid_flat() -> None:
    text = "Gulf of Oman coast"
    only = story(
        text, 0, [("headline", text)],
        {("OM", "Oman"): ["Gulf of Oman", "Oman"], ("IR", "Iran"): ["Oman coast"]},
    )  # fmt: skip
    oman, iran = only.countries
    assert list(sections(Document("a", (only,), (), 1.0), text)) == [
        Section(
            only,
            "",
            (
                Block(
                    "headline",
                    (
                        Piece(
                            (
                                Run("Gulf of ", (oman,)),
                                Run("Oman", (oman, iran)),
                                Run(" coast", (iran,)),
                            ),
                            "",
                        ),
                    ),
                ),
            ),
        )
    ]


def test_words_that_no_part_covers_are_residue_and_punctuation_is_a_gap() -> None:
    text = "KICKER: A story\n\nAdvertisement\nof two lines"
    parts = [("kicker", "KICKER"), ("body", "A story"), ("body", "of two lines")]
    only = story(text, 0, parts, {})
    (section,) = sections(Document("a", (only,), (), 1.0), text)
    assert [(block.role, [piece.gap for piece in block.pieces]) for block in section.blocks] == [
        ("kicker", [": "]),
        ("body", ["\n\n"]),
        ("residue", ["\n"]),
        ("body", [""]),
    ]


def test_spans_that_overlap_against_the_contract_lose_nothing() -> None:
    text = "one two three"
    first = story(text, 0, [("body", "one two")], {})
    second = story(text, 1, [("body", "two three")], {})
    document = Document("a", (first, second), (Span(0, 13),), 0.5)
    told = [one for section in sections(document, text) for one in spelled(section)]
    assert "".join(character for character, _, _ in told) == text


def test_parts_in_a_row_of_one_role_are_one_block() -> None:
    case = newspaper()
    first = next(s for s in sections(case.document, case.text) if s.story)
    roles = ["headline", "byline", "body", "caption", "credit", "body"]
    assert [block.role for block in first.blocks] == roles
    assert len(first.blocks[-1].pieces) == 5
    assert first.story and first.story.parts[0] == Part(40, 102, "headline")
