"""What the classifier says of a story, and what it should say, in the same plain labels.

Topics are named by their keys, countries by ISO 3166-1 alpha-2, regions by UN M49. Regions of
gold follow from the gold countries, as they do in a prediction. Codes that stand for no country
(``XX`` for nowhere, ``EU``) are left out on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.classify import Classifier
from pipeline.evaluate.classification import Labels, Truth
from pipeline.evaluate.end_to_end import GoldLabels, Labelled
from pipeline.places.regions import roll_up
from pipeline.reading import Sample
from pipeline.records import Article, Document
from pipeline.taxonomy import is_country, region_of

Scored = tuple[tuple[str, float], ...]


class Answer(NamedTuple):
    """The labels named for a story, best first, and the score of everything considered."""

    topics: Labels
    countries: Labels
    regions: Labels
    topic_scores: Scored
    country_scores: Scored


def answer(classifier: Classifier, samples: Sequence[Sample]) -> list[Answer]:
    """Label gold stories, one answer a story."""
    answers: list[Answer] = []
    for labels in classifier.label(samples):
        topics = classifier.named_topics(labels.topics)
        countries = classifier.named_countries(labels)
        answers.append(
            Answer(
                topics=classifier.topic_keys(topics),
                countries=real_countries(country.code for country in countries),
                regions=tuple(region.code for region in roll_up(countries)),
                topic_scores=tuple(
                    (key, topic.score)
                    for key, topic in zip(
                        classifier.topic_keys(labels.topics), labels.topics, strict=True
                    )
                ),
                country_scores=tuple(
                    (country.code, country.score)
                    for country in labels.countries
                    if is_country(country.code)
                ),
            )
        )
    return answers


def labelled(classifier: Classifier, document: Document) -> list[Labelled]:
    """Put the stories of a document in plain labels."""
    return [
        Labelled(
            start=story.start,
            end=story.end,
            topics=classifier.topic_keys(story.topics),
            countries=real_countries(country.code for country in story.countries),
            regions=tuple(region.code for region in story.regions),
        )
        for story in document.stories
    ]


def gold_labels(
    topics: Labels,
    countries: Labels,
    *,
    main: Labels = (),
    topics_also: Iterable[str] = (),
    countries_also: Iterable[str] = (),
) -> GoldLabels:
    """Say what a story should be labelled; the two ``also`` are neither right nor wrong."""
    real, also = real_countries(countries), real_countries(countries_also)
    return GoldLabels(
        Truth(topics, frozenset(topics_also), main),
        Truth(real, frozenset(also)),
        Truth(regions_of(real), frozenset(regions_of(also))),
    )


def article_labels(article: Article) -> GoldLabels:
    """Say what a labelled article should be labelled."""
    return gold_labels(article.topics, article.countries)


def real_countries(codes: Iterable[str]) -> Labels:
    """Keep the codes of countries.

    >>> real_countries(["XX", "KR", "EU"])
    ('KR',)
    """
    return tuple(code for code in codes if is_country(code))


def regions_of(countries: Labels) -> Labels:
    """Roll countries up to their M49 sub-regions, each once, in order.

    >>> regions_of(("KR", "FR", "JP"))  # Eastern Asia, Western Europe
    ('030', '155')
    """
    found = (region_of(code) for code in countries)
    return tuple(dict.fromkeys(region[0] for region in found if region))
