"""The encoders alone, as the limit of what any program round them can reach.

Arrays are recorded beforehand and put through the networks with nothing else round them. Of
``encoders`` they are those that serving passes: windows of each page, which is read in context, and
the texts of the stories that were cut, so that most words are read twice; what the heads are asked
of pieces is left out. Of
``units`` they are the page's units, each by itself through the network of stories: every word is
read once, without its context, and what stands on several pages once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import UsageError
from pipeline.reader.reader import PageReader, PageUnits
from pipeline.serving.network import Floats, Network
from pipeline.serving.pages import PageNetwork
from pipeline.serving.stories import StoryEncoder
from pipeline.threads import in_order
from pipeline.units import find_units

if TYPE_CHECKING:
    from pipeline.classify import Classifier


class Pass(NamedTuple):
    """One pass of sequences, shape (b, t, d), through a network."""

    network: Network
    embedded: Floats


class Served(NamedTuple):
    """What a classifier encodes with: the exported encoders of pages and of stories."""

    reader: PageReader
    pages: Network
    stories: StoryEncoder


def served(classifier: Classifier) -> Served:
    """Take the encoders out of a classifier.

    :raises UsageError: they are not exported ones.
    """
    reader, stories = classifier.segmenter.reader, classifier.encoder
    pages = reader and reader.network
    if (
        reader is None
        or not isinstance(pages, PageNetwork)
        or not isinstance(stories, StoryEncoder)
    ):
        raise UsageError("the limits are those of exported encoders: name a bundle that has both")
    return Served(reader, pages.network, stories)


def of_serving(classifier: Classifier, texts: Sequence[str]) -> list[Pass]:
    """Record every pass that labelling these texts takes."""
    encoders = served(classifier)
    with recording(encoders.pages, encoders.stories.network) as passes:
        for text in texts:
            classifier.document(text)
    return passes


def of_units(classifier: Classifier, texts: Sequence[str]) -> list[Pass]:
    """Record a pass for each unique unit, as the reader of pages splits them, by length."""
    encoders = served(classifier)
    pages = [PageUnits(text, find_units(text)) for text in texts]
    readings = encoders.reader.read(pages)
    units = {
        piece
        for page, reading in zip(pages, readings, strict=True)
        for piece in PageUnits(page.text, reading.units).pieces
    }
    with recording(encoders.stories.network) as passes:
        encoders.stories.encode(sorted(units))
    return sorted(passes, key=lambda each: each.embedded.shape[1])


def replay(passes: Sequence[Pass]) -> None:
    """Make the passes again, a core each."""
    for _ in in_order(_again, passes):
        pass


def _again(each: Pass) -> None:
    each.network.run(each.embedded)


@contextmanager
def recording(*networks: Network) -> Iterator[list[Pass]]:
    """Keep what goes through networks."""
    passes: list[Pass] = []
    for network in networks:
        _record(network, passes)
    try:
        yield passes
    finally:
        for network in networks:
            vars(network).pop("run")  # the class has its own


def _record(network: Any, passes: list[Pass]) -> None:
    run = network.run

    def kept(embedded: Floats) -> list[Floats]:
        passes.append(Pass(network, embedded))
        outputs: list[Floats] = run(embedded)
        return outputs

    network.run = kept
