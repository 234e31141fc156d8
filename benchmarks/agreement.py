"""Do two paths to a document say the same? What differs in it, and by how much its scores do."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.records import Document, Prediction


def differing(one: Document, other: Document) -> list[str]:
    """Name what differs but for scores: ``stories``, ``residue``, or a field of some story."""
    if len(one.stories) != len(other.stories):
        return ["stories"]
    found = [] if one.residue == other.residue else ["residue"]
    pairs = list(zip(one.stories, other.stories, strict=True))
    for field in Prediction.__struct_fields__:
        if any(_without_scores(a, field) != _without_scores(b, field) for a, b in pairs):
            found.append(field)
    return found


def largest_difference(one: Document, other: Document) -> float:
    """Return how far apart two scores of the same thing are at most, in documents of one form."""
    pairs = zip(_scores(one), _scores(other), strict=True)
    return max((abs(a - b) for a, b in pairs), default=0.0)


def _without_scores(story: Prediction, field: str) -> object:
    value = getattr(story, field)
    if field == "boundary":
        return None
    if field == "topics":
        return [topic.id for topic in value]
    if field == "countries":
        return [(country.code, country.evidence) for country in value]
    return [region.code for region in value] if field == "regions" else value


def _scores(document: Document) -> Iterator[float]:
    yield document.single
    for story in document.stories:
        yield story.boundary
        yield from (topic.score for topic in story.topics)
        yield from (country.score for country in story.countries)
        yield from (region.score for region in story.regions)
