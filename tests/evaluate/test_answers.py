from __future__ import annotations

from pipeline.evaluate.answers import answer, article_labels, gold_labels, labelled, regions_of
from pipeline.evaluate.classification import Truth
from pipeline.reading import plain_sample
from pipeline.records import Country, Span
from tests.evaluate.fakes import article, fake_classifier


def test_answers_are_plain_labels_with_every_score() -> None:
    said = answer(fake_classifier(), [plain_sample(("A sport match in KR and JP.",))])[0]
    assert said.topics == ("sport",)
    assert said.countries == ("KR", "JP")
    assert said.regions == ("030",)
    assert dict(said.topic_scores)["arts"] < 0.5 < dict(said.topic_scores)["sport"]
    assert said.country_scores == (("KR", 0.8), ("JP", 0.8))


def test_codes_that_are_no_country_are_dropped_on_both_sides() -> None:
    said = answer(fake_classifier(), [plain_sample(("The EU and FR agree.",))])[0]
    assert said.countries == ("FR",)
    assert [code for code, _ in said.country_scores] == ["FR"]
    gold = gold_labels(("politics",), ("EU", "FR"), countries_also=("XX", "DE", "GB"))
    assert gold.countries == Truth(("FR",), frozenset({"DE", "GB"}))
    assert gold.regions.labels == ("155",)
    assert gold.regions.also == {"155", "154"}


def test_what_is_hardly_news_is_placed_by_what_it_mentions_alone() -> None:
    classifier = fake_classifier()
    guessed = (Country("TH", "Thailand", 0.9), Country("FR", "France", 0.8, (Span(0, 2),)))
    for text, codes in (("A sport match.", ["TH", "FR"]), ("Eggs and bread.", ["FR"])):
        (labels,) = classifier.label([plain_sample((text,))])
        named = classifier.named_countries(labels._replace(countries=guessed))
        assert [country.code for country in named] == codes


def test_regions_follow_the_countries_in_order() -> None:
    assert regions_of(("MM", "TW", "TH", "XX")) == ("035", "030")


def test_a_labelled_article_is_gold() -> None:
    gold = article_labels(article(1, "sport", "KR", "text"))
    assert gold.topics.accepted == ("sport",)
    assert gold.countries.labels == ("KR",)


def test_documents_come_in_the_same_labels() -> None:
    classifier = fake_classifier()
    stories = labelled(classifier, classifier.document("A sport match in KR.\nA conflict in SD."))
    assert [(s.topics, s.countries) for s in stories] == [
        (("sport",), ("KR",)),
        (("conflict",), ("SD",)),
    ]
    assert [(s.start, s.end) for s in stories] == [(0, 20), (21, 38)]
