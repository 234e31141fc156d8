"""The one path from text to labelled stories: segment, embed, predict.

Evaluation and the command line both come through :class:`Classifier`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pipeline.encoder import Encoder, MemoEncoder
from pipeline.errors import MissingArtifactError
from pipeline.places.ranker import CountryRanker
from pipeline.places.regions import roll_up
from pipeline.reading import Sample
from pipeline.records import Country, Document, Prediction, Topic
from pipeline.sections import Level
from pipeline.segment.segmenter import Cut, Segmenter
from pipeline.serving.network import Export
from pipeline.serving.pages import open_reader
from pipeline.serving.stories import open_encoder
from pipeline.store.bundle import Bundle, open_bundle
from pipeline.store.layout import ENCODER, MODELS
from pipeline.store.vectors import Vectors
from pipeline.topics.head import TopicHead

if TYPE_CHECKING:
    from pipeline.sections.model import SectionModel


class Labels(NamedTuple):
    """What one story is about and where, best first, each with a calibrated probability.

    Every topic and every candidate country is here; what is named depends on the threshold.
    """

    topics: tuple[Topic, ...]
    countries: tuple[Country, ...]


class Classifier:
    """A trained bundle at work.

    :param encoder: the encoder the bundle was trained with.
    :param open_sections: opens what cuts running prose, where the bundle can; called when it is
        first asked for.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        topics: TopicHead,
        places: CountryRanker,
        encoder: Encoder,
        open_sections: Callable[[], SectionModel | None] = lambda: None,
    ) -> None:
        self.segmenter = segmenter
        self._open_sections = open_sections
        self.topics = topics
        self.places = places
        self.encoder = encoder

    @classmethod
    def load(cls, models: Path = MODELS, known: dict[bytes, Vectors] | None = None) -> Classifier:
        """Open a bundle, checking its files and the encoder against its manifest.

        :param known: vectors by the hash of their text, which need not be encoded again.
        :raises MissingArtifactError: there is no bundle; the message says to run ``make repro``.
        :raises CorruptArtifactError: a file or the encoder is not the one in the manifest.
        """
        bundle: Bundle = open_bundle(models)
        export = Export(bundle.folder / ENCODER)
        encoder, reader = open_encoder(export), open_reader(export)
        bundle.check_encoder(encoder.fingerprint)
        export.prepare()  # while the heads are read
        return cls(
            Segmenter.load(bundle, reader),
            TopicHead.load(bundle),
            CountryRanker.load(bundle),
            encoder if known is None else MemoEncoder(encoder, known),
            partial(_open_sections, bundle, encoder.fingerprint),
        )

    def label(self, samples: Sequence[Sample], encoder: Encoder | None = None) -> list[Labels]:
        """Score every topic and candidate country of each story.

        :param encoder: the classifier's own, or one in front of it that remembers.
        """
        if not samples:
            return []
        texts = [sample.readable() for sample in samples]
        vectors = (encoder or self.encoder).encode(texts)
        probabilities = self.topics.probabilities(vectors, texts)
        rankings = self.places.rank(samples, vectors)
        return [
            Labels(self._topics(row), countries)
            for row, countries in zip(probabilities, rankings, strict=True)
        ]

    def cut(self, text: str, level: Level = "story", min_boundary: float | None = None) -> Cut:
        """Cut ``text`` and no more.

        :param level: into the stories that run together in it, or, of prose that is one text,
            into the sections in which it keeps to a subject.
        :param min_boundary: see :meth:`Segmenter.cut` and :meth:`SectionModel.cut`.
        :raises MissingArtifactError: the bundle cannot cut into sections.
        """
        if level == "story":
            return self.segmenter.cut(text, self.encoder, min_boundary=min_boundary)
        return self.section_model().cut(text, self.encoder, min_boundary=min_boundary)

    @cached_property
    def _sections(self) -> SectionModel | None:
        return self._open_sections()

    def section_model(self) -> SectionModel:
        """Return what cuts into sections.

        :raises MissingArtifactError: the bundle has none for its encoder.
        """
        if self._sections is None:
            raise MissingArtifactError(
                "these models cannot cut into sections: run `make sections`, which teaches that "
                "with their encoder, then `make repro`"
            )
        return self._sections

    def document(
        self,
        text: str,
        source: str = "",
        *,
        split: bool = True,
        min_score: float | None = None,
        min_boundary: float | None = None,
    ) -> Document:
        """Cut ``text`` into stories and label each.

        :param split: false takes the whole text as one story.
        :param min_score: the probability from which a further topic or a country is named;
            by default each head's own, from ``params.yaml``.
        :param min_boundary: the probability of a boundary below which nothing is cut (see
            :meth:`Segmenter.cut`).
        """
        encoder = MemoEncoder(self.encoder)  # a page repeats itself; a short story is one unit
        cut = self.segmenter.cut(text, encoder, split=split, min_boundary=min_boundary)
        return self.of_cut(text, cut, source, min_score=min_score, encoder=encoder)

    def of_cut(
        self,
        text: str,
        cut: Cut,
        source: str = "",
        *,
        min_score: float | None = None,
        encoder: Encoder | None = None,
    ) -> Document:
        """Label each story of ``text``, which has been cut (see :meth:`document`).

        :param encoder: the classifier's own, or one in front of it that remembers.
        """
        samples = [Sample(text, story) for story in cut.stories]
        predictions = tuple(
            self._prediction(index, sample, labels, min_score)
            for index, (sample, labels) in enumerate(
                zip(samples, self.label(samples, encoder), strict=True)
            )
        )
        return Document(source, predictions, cut.residue, round(cut.single, 6))

    def named_topics(
        self, topics: Sequence[Topic], min_score: float | None = None
    ) -> tuple[Topic, ...]:
        """Keep the main topic and every further one above the threshold."""
        least = self.topics.min_score if min_score is None else min_score
        return tuple(t for i, t in enumerate(topics) if i == 0 or t.score >= least)

    def named_countries(
        self, labels: Labels, min_score: float | None = None
    ) -> tuple[Country, ...]:
        """Keep every country above the threshold; of text that is hardly news, what it mentions."""
        named = self.places.named(labels.countries, min_score)
        if self.uncertain(labels):
            return tuple(country for country in named if country.evidence)
        return named

    def uncertain(self, labels: Labels) -> bool:
        """Tell whether the best topic is hardly more than a guess."""
        return labels.topics[0].score < self.topics.uncertain

    def topic_keys(self, topics: Sequence[Topic]) -> tuple[str, ...]:
        """Return what the corpus calls these topics."""
        keys = {entry.id: entry.key for entry in self.topics.entries}
        return tuple(keys[topic.id] for topic in topics)

    def _topics(self, row: Sequence[float]) -> tuple[Topic, ...]:
        scored = sorted(zip(self.topics.entries, row, strict=True), key=lambda pair: -pair[1])
        return tuple(Topic(entry.id, entry.name, round(float(score), 6)) for entry, score in scored)

    def _prediction(
        self, index: int, sample: Sample, labels: Labels, min_score: float | None
    ) -> Prediction:
        countries = self.named_countries(labels, min_score)
        return msgspec.structs.replace(
            unlabelled(index, sample),
            topics=self.named_topics(labels.topics, min_score),
            countries=countries,
            regions=roll_up(countries),
            uncertain=self.uncertain(labels),
        )


def _open_sections(bundle: Bundle, encoder: str) -> SectionModel | None:
    from pipeline.sections.model import SectionModel  # no other level needs it

    return SectionModel.of(bundle, encoder)


def unlabelled(index: int, sample: Sample) -> Prediction:
    """Describe a story as cut; its topics and places stay empty."""
    story = sample.story
    return Prediction(
        index=index,
        start=story.start,
        end=story.end,
        text=sample.text[story.start : story.end],
        kind=story.kind,
        headline=sample.first("headline"),
        kicker=sample.first("kicker"),
        truncated=story.truncated,
        same_as=story.same_as,
        boundary=round(story.boundary, 6),
        parts=story.parts,
        topics=(),
        countries=(),
        regions=(),
    )
