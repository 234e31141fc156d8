"""A classifier without models: every line is a story, a line of dashes is residue.

A line that ends in three dots is told in full by the line that goes on from there, if there is one.

Run as a script it is ``classify`` (or, with ``--umbrella`` first, ``broadsheet``) with this
classifier in the place of the trained one.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import BroadsheetError
from pipeline.records import Country, Document, Part, Prediction, Region, Span, Story, Topic


class Cut(NamedTuple):
    stories: tuple[Story, ...]
    residue: tuple[Span, ...]
    single: float


class FakeSegmenter:
    def __init__(self) -> None:
        self.thresholds: list[float | None] = []

    def cut(
        self,
        text: str,
        encoder: object,
        *,
        split: bool = True,
        min_boundary: float | None = None,
    ) -> Cut:
        self.thresholds.append(min_boundary)
        spans = [match.span() for match in re.finditer(r"\S[^\r\n]*", text)]
        if not split and spans:
            spans = [(spans[0][0], spans[-1][1])]
        residue = [Span(*span) for span in spans if set(text[slice(*span)]) == {"-"}]
        kept = [span for span in spans if Span(*span) not in residue]
        lines = [text[start:end] for start, end in kept]
        stories = [
            Story(
                start,
                end,
                "brief",
                line.endswith("..."),
                (Part(start, end, "headline"),),
                0.5,
                same_as=fuller(line, lines),
            )
            for (start, end), line in zip(kept, lines, strict=True)
        ]
        return Cut(tuple(stories), tuple(residue), 0.0312345678)


def fuller(line: str, lines: list[str]) -> int | None:
    head = line.removesuffix("...")
    told = (i for i, other in enumerate(lines) if other != line and other.startswith(head))
    return next(told, None) if line.endswith("...") else None


class FakeClassifier:
    """Labels every story alike; some words in a text make it fail."""

    encoder = None

    def __init__(self) -> None:
        self.segmenter = FakeSegmenter()
        self.calls: list[dict[str, Any]] = []
        self.can_cut_sections = True

    def cut(self, text: str, level: str = "story", min_boundary: float | None = None) -> Cut:
        """Cut into lines; two lines make a section."""
        cut = self.segmenter.cut(text, self.encoder, min_boundary=min_boundary)
        return cut._replace(stories=cut.stories[::2]) if level == "section" else cut

    def section_model(self) -> None:
        if not self.can_cut_sections:
            raise BroadsheetError("these models cannot cut into sections: run `make sections`")

    def document(
        self,
        text: str,
        source: str = "",
        *,
        split: bool = True,
        min_score: float | None = None,
        min_boundary: float | None = None,
    ) -> Document:
        options = {"split": split, "min_score": min_score, "min_boundary": min_boundary}
        self.calls.append({"source": source, **options})
        del self.calls[:-100]
        if "INTERRUPT" in text:
            raise KeyboardInterrupt
        if "BUG" in text:
            raise ValueError("a bug\nof two lines")
        if "REFUSED" in text:
            raise BroadsheetError("the text is refused")
        cut = self.segmenter.cut(text, self.encoder, split=split)
        stories = tuple(
            Prediction(
                index=index,
                start=story.start,
                end=story.end,
                text=text[story.start : story.end],
                kind=story.kind,
                headline=text[story.start : story.end],
                kicker=None,
                truncated=story.truncated,
                same_as=story.same_as,
                boundary=story.boundary,
                parts=story.parts,
                topics=(Topic("medtop:17000000", "weather", 0.75),),
                countries=(
                    Country("FR", "France", 0.9, (Span(story.start, story.end),)),
                    Country("DE", "Germany", 0.6),
                ),
                regions=(Region("155", "Western Europe", 0.9),),
            )
            for index, story in enumerate(cut.stories)
        )
        return Document(source, stories, cut.residue, cut.single)


class SlowClassifier(FakeClassifier):
    """Takes its time for each page."""

    def document(self, text: str, source: str = "", **options: Any) -> Document:
        time.sleep(float(os.environ.get("FAKE_SECONDS_A_PAGE", "0")))
        return super().document(text, source, **options)


def load_slow(models: Path) -> Any:
    """Stand in for what opens models; processes that label find it by its name."""
    return SlowClassifier()


def main() -> None:
    from pipeline import cli, journal

    cli.load_classifier = load_slow
    journal.SECONDS = float(os.environ.get("FAKE_SECONDS_A_COMMIT", journal.SECONDS))
    if sys.argv[1:2] == ["--umbrella"]:
        del sys.argv[1]
        cli.main()
    else:
        cli.classify_main()


if __name__ == "__main__":
    main()
