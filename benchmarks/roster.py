"""What is compared: a table of methods, and how each is built.

A tool stands here twice where it makes sense: on sentences alone, as it comes, and with line
breaks counted as sentence ends too (``-lines``), which is what this project's segmenter reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from benchmarks import tools
from benchmarks.encoding import SharedEncoder
from benchmarks.pieces import Splitter, sentences, units
from benchmarks.sets import Document
from benchmarks.tools import Cutter
from benchmarks.tuning import tuned_penalty
from pipeline.classify import Classifier
from pipeline.errors import MissingArtifactError, UsageError
from pipeline.sections import Level

LINES = "line breaks end sentences"
SENTENCES = "sentences alone"


class Bench(NamedTuple):
    """What methods are built from; ``tuning`` reads the documents that a penalty is tuned on."""

    encoder: SharedEncoder
    models: Path
    tuning: Callable[[], Sequence[Document]]


class Built(NamedTuple):
    """A method at work; ``encoder`` is the one it asks, ``setting`` what was tuned."""

    cut: Cutter
    encoder: SharedEncoder | None = None
    setting: str = ""


class Method(NamedTuple):
    """A row of the table. ``package`` is the distribution it needs, none for this project's."""

    name: str
    tool: str
    variant: str
    package: str
    build: Callable[[Bench], Built]

    @property
    def label(self) -> str:
        """The heading of its column."""
        return f"{self.tool}, lines" if self.variant == LINES else self.tool

    @property
    def version(self) -> str | None:
        """The installed version of its package; nothing if it is missing or needs none."""
        return installed(self.package) if self.package else None


def installed(package: str) -> str | None:
    """Return the version of a distribution, or nothing if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _ours(level: Level) -> Callable[[Bench], Built]:
    def build(bench: Bench) -> Built:
        classifier = Classifier.load(bench.models)
        encoder = SharedEncoder(classifier.encoder)
        classifier.encoder = encoder
        if level == "section":
            classifier.section_model()  # opened before anything is timed

        def cut(text: str) -> list[int]:
            return [story.start for story in classifier.cut(text, level).stories]

        return Built(cut, encoder)

    return build


def _plain(cutter: Cutter) -> Callable[[Bench], Built]:
    return lambda bench: Built(cutter)


def _lexical(make: Callable[[Splitter], Cutter], split: Splitter) -> Callable[[Bench], Built]:
    return lambda bench: Built(make(split))


def _ruptures(split: Splitter) -> Callable[[Bench], Built]:
    def build(bench: Bench) -> Built:
        penalty = tuned_penalty(split, bench.encoder, bench.tuning())
        cut = tools.changepoints(split, bench.encoder, penalty)
        return Built(cut, bench.encoder, f"penalty {penalty:g}")

    return build


def _langchain(split: Splitter | None) -> Callable[[Bench], Built]:
    return lambda bench: Built(tools.langchain(bench.encoder, split), bench.encoder)


def _chonkie(keep_lines: bool) -> Callable[[Bench], Built]:
    return lambda bench: Built(tools.chonkie(bench.encoder, keep_lines), bench.encoder)


def _llamaindex(split: Splitter | None) -> Callable[[Bench], Built]:
    return lambda bench: Built(tools.llamaindex(bench.encoder, split), bench.encoder)


LANGCHAIN, LLAMAINDEX = "langchain-experimental", "llama-index-core"
OURS, OUR_SECTIONS = "broadsheet", "broadsheet-sections"
NO_CUT = "none"

METHODS = (
    Method(OURS, "Broadsheet", "", "", _ours("story")),
    Method(OUR_SECTIONS, "Broadsheet, sections", "", "", _ours("section")),
    Method("texttiling", "TextTiling", SENTENCES, "nltk", _lexical(tools.texttiling, sentences)),
    Method("texttiling-lines", "TextTiling", LINES, "nltk", _lexical(tools.texttiling, units)),
    Method("u00", "U00", SENTENCES, "nltk", _lexical(tools.u00, sentences)),
    Method("u00-lines", "U00", LINES, "nltk", _lexical(tools.u00, units)),
    Method("ruptures", "ruptures", SENTENCES, "ruptures", _ruptures(sentences)),
    Method("ruptures-lines", "ruptures", LINES, "ruptures", _ruptures(units)),
    Method("langchain", "LangChain", SENTENCES, LANGCHAIN, _langchain(None)),
    Method("langchain-lines", "LangChain", LINES, LANGCHAIN, _langchain(units)),
    Method("chonkie", "chonkie", SENTENCES, "chonkie", _chonkie(False)),
    Method("chonkie-lines", "chonkie", LINES, "chonkie", _chonkie(True)),
    Method("llamaindex", "LlamaIndex", SENTENCES, LLAMAINDEX, _llamaindex(None)),
    Method("llamaindex-lines", "LlamaIndex", LINES, LLAMAINDEX, _llamaindex(units)),
    Method("every-line", "every line break", "", "", _plain(tools.every_line)),
    Method(NO_CUT, "no cut", "", "", _plain(tools.no_cut)),
)


def choose(names: str) -> tuple[Method, ...]:
    """Choose methods by name, separated by commas; nothing is all.

    :raises UsageError: a name is not in the table.
    """
    wanted = {name.strip() for name in names.split(",") if name.strip()}
    known = {method.name for method in METHODS}
    if wanted - known:
        raise UsageError(
            f"no method {', '.join(sorted(wanted - known))}: name some of "
            f"{', '.join(method.name for method in METHODS)}"
        )
    return tuple(method for method in METHODS if not wanted or method.name in wanted)


def build(method: Method, bench: Bench) -> Built | str:
    """Build a method, or say in a few words why it cannot run here."""
    if method.package and method.version is None:
        return f"not run: {method.package} is not installed"
    try:
        return method.build(bench)
    except ImportError as error:
        return f"not run: {method.package} cannot be imported ({error})"
    except MissingArtifactError as error:
        return f"not run: {error}"
