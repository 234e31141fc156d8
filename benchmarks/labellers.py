"""What is compared: this project's models, and what people put together today.

A labeller learns from items and names each text's labels, the main one first. SetFit alone does
not learn from all of them: contrastive training on tens of thousands of texts is hours of work on
two cores, and few examples a label are what it is made for.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.labelled import FOLDS, Item, Task
from benchmarks.roster import installed
from benchmarks.toponyms import HALF
from pipeline.classify import Classifier
from pipeline.encoder import Encoder, packaged_folder
from pipeline.evaluate.answers import answer, real_countries
from pipeline.labels import IPTC, Label, read_taxonomy
from pipeline.params import Params
from pipeline.places.gazetteer import Gazetteer, common_words, compile_names
from pipeline.places.sources import city_names, country_names, table_names
from pipeline.reading import article_sample, plain_sample
from pipeline.records import Article
from pipeline.taxonomy import is_country
from pipeline.train.region import train_region
from pipeline.train.topic import train_topic

Named = list[tuple[str, ...]]
Learn = Callable[["Bench", Task, Sequence[Item], Sequence[Item]], Named]
NEIGHBOURS = 15
SHOTS = 8  # of each label, for SetFit; its authors' own number
STEPS = 40  # of 16 pairs
TOKENS = 128  # of a text that SetFit reads
SEED = 19


class Bench(NamedTuple):
    """What labellers are built from: the trained bundle, and the packaged encoder as it came."""

    classifier: Classifier
    plain: Encoder
    params: Params


class Labeller(NamedTuple):
    """A column of the table; ``package`` is the distribution it needs beside the project's.

    One that is ``taught`` learns a set's own labels where the others do not.
    """

    name: str
    learn: Learn
    package: str = ""
    taught: bool = False

    @property
    def there(self) -> bool:
        """Whether it can be run."""
        return not self.package or installed(self.package) is not None


def ours_topics(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """Ask the bundle; on another label set, train its head as for a user's own corpus."""
    if task.bundle:
        samples = [plain_sample((item.text,), item.headline) for item in test]
        return [found.topics for found in answer(bench.classifier, samples)]
    encoder = bench.classifier.encoder
    articles = _corpus(train)
    names = sorted({label for item in train for label in item.labels})
    taxonomy = [Label(name, name, name) for name in names]
    head = train_topic(articles, encoder, bench.params.topic, taxonomy=taxonomy)
    texts = [plain_sample((item.text,), item.headline).readable() for item in test]
    scores = head.probabilities(encoder.encode(texts), texts)
    return [(head.labels[int(row.argmax())],) for row in scores]


def _corpus(items: Sequence[Item]) -> list[Article]:
    """Put a set as a user's corpus: its labels are topics to one head, countries to the other."""
    return [
        Article(
            str(i), item.labels, item.labels, (item.text,), headline=item.headline, fold=i % FOLDS
        )
        for i, item in enumerate(items)
    ]


def linear(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """TF-IDF and a linear support vector machine."""
    from sklearn.svm import LinearSVC

    return _words(LinearSVC(), train, test)


def bayes(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """TF-IDF and complement naive Bayes (Rennie et al. 2003)."""
    from sklearn.naive_bayes import ComplementNB

    return _words(ComplementNB(), train, test)


def _words(model: Any, train: Sequence[Item], test: Sequence[Item]) -> Named:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, stop_words="english")
    whole = make_pipeline(words, model)
    whole.fit([item.whole for item in train], [item.labels[0] for item in train])
    return [(str(label),) for label in whole.predict([item.whole for item in test])]


def regression(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """The encoder as it came, and logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return _vectors(bench, LogisticRegression(max_iter=1000), train, test)


def neighbours(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """The encoder as it came, and the nearest neighbours."""
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(min(NEIGHBOURS, len(train)), metric="cosine", weights="distance")
    return _vectors(bench, model, train, test)


def _vectors(bench: Bench, model: Any, train: Sequence[Item], test: Sequence[Item]) -> Named:
    own = bench.plain.encode([item.whole for item in train])
    model.fit(own, [item.labels[0] for item in train])
    found = model.predict(bench.plain.encode([item.whole for item in test]))
    return [(str(label),) for label in found]


def zero_shot(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """The label whose description is most like the text; nothing is learned."""
    labels = sorted({item.labels[0] for item in train})
    known = {label.key: label.phrases for label in read_taxonomy(Path(IPTC.source)).labels}
    described = [known.get(label, (f"news about {label.lower()}",)) for label in labels]
    prototypes = np.stack([bench.plain.encode(phrases).mean(axis=0) for phrases in described])
    found = (bench.plain.encode([item.whole for item in test]) @ prototypes.T).argmax(axis=1)
    return [(labels[i],) for i in found]


def setfit(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """SetFit (Tunstall et al. 2022): the encoder as it came, taught by pairs of a few examples."""
    import tempfile

    from datasets import Dataset
    from sentence_transformers import SentenceTransformer
    from setfit import SetFitModel, Trainer, TrainingArguments
    from sklearn.linear_model import LogisticRegression

    few = few_shots(train)
    labels = sorted({item.labels[0] for item in few})
    body = SentenceTransformer(str(packaged_folder()), device="cpu")
    body.max_seq_length = TOKENS
    model = SetFitModel(
        model_body=body, model_head=LogisticRegression(max_iter=1000), labels=labels
    )
    rows = {
        "text": [item.whole for item in few],
        "label": [labels.index(item.labels[0]) for item in few],
    }
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            output_dir=folder,
            batch_size=16,
            max_steps=STEPS,
            report_to="none",
            save_strategy="no",
            show_progress_bar=False,
            seed=SEED,
        )
        Trainer(model=model, args=settings, train_dataset=Dataset.from_dict(rows)).train()
    return [(str(label),) for label in model.predict([item.whole for item in test])]


def few_shots(train: Sequence[Item]) -> list[Item]:
    """Draw the same few items of each main label."""
    rng = np.random.default_rng(SEED)
    few: list[Item] = []
    for label in sorted({item.labels[0] for item in train}):
        own = [item for item in train if item.labels[0] == label]
        few.extend(own[i] for i in rng.permutation(len(own))[:SHOTS])
    return few


def ours_places(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """Ask the bundle."""
    samples = [plain_sample((item.text,), item.headline) for item in test]
    return [found.countries for found in answer(bench.classifier, samples)]


def taught_places(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """Train the country ranker on the set's own stories alone, as on a user's own corpus."""
    encoder = bench.classifier.encoder
    articles = _corpus(train)
    vectors = encoder.encode([article_sample(article).readable() for article in articles])
    ranker = train_region(articles, vectors, bench.params.region)
    samples = [plain_sample((item.text,), item.headline) for item in test]
    ranked = ranker.rank(samples, encoder.encode([sample.readable() for sample in samples]))
    return [real_countries(c.code for c in ranker.named(own)) for own in ranked]


def counted(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """This project's gazetteer, every mention a vote for its likeliest country."""
    gazetteer = Gazetteer(compile_names(common_words([item.whole for item in test])))
    votes = [
        Counter(toponym.candidates[0][0] for toponym in gazetteer.find(item.whole)) for item in test
    ]
    return [_most_named(own) for own in votes]


def geotext(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """The package geotext: countries and cities by name."""
    from geotext import GeoText

    return [_most_named(Counter(GeoText(item.whole).country_mentions)) for item in test]


def flashgeotext(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """The package flashgeotext: countries, and cities, which it leaves without one.

    A city is here the most populous one of the name that stands in the text.
    """
    from flashgeotext.geotext import GeoText

    finder = GeoText()
    countries, cities = _by_name()
    named: Named = []
    for item in test:
        found = finder.extract(item.whole)
        votes: Counter[str] = Counter()
        for name, own in found["countries"].items():
            votes[countries.get(name, "")] += own["count"]
        for own in found["cities"].values():
            votes.update(cities.get(name, "") for name in own["found_as"])
        named.append(_most_named(votes))
    return named


def _by_name() -> tuple[dict[str, str], dict[str, str]]:
    countries = {
        name.name: name.country
        for name in (*country_names(), *table_names())
        if name.kind == "country"
    }
    cities: dict[str, tuple[float, str]] = {}
    for name in city_names():
        cities[name.name] = max(cities.get(name.name, (0.0, "")), (name.mass, name.country))
    return countries, {name: country for name, (_, country) in cities.items()}


def _most_named(votes: Counter[str]) -> tuple[str, ...]:
    kept = {code: n for code, n in votes.items() if is_country(code)}
    least = HALF * max(kept.values(), default=0)
    return tuple(code for code, n in Counter(kept).most_common() if n >= least)


_WORD = re.compile(r"[A-Za-z][\w'-]+")


def newsmap(bench: Bench, task: Task, train: Sequence[Item], test: Sequence[Item]) -> Named:
    """Words tied to countries by seeds (after newsmap, Watanabe 2018), learned on the texts.

    Seeds are names and demonyms of countries; a text in which one country's stand teaches all
    its capitalised words. One country a story, as newsmap has it.
    """
    names = compile_names(frozenset())
    seeds = {n: m for n, m in names.items() if m.kind in {"country", "demonym"}}
    gazetteer = Gazetteer(seeds)
    tied: defaultdict[str, Counter[str]] = defaultdict(Counter)
    texts = [set(_WORD.findall(item.whole)) for item in test]
    for item, words in zip(test, texts, strict=True):
        for code in {toponym.candidates[0][0] for toponym in gazetteer.find(item.whole)}:
            tied[code].update(word for word in words if word[0].isupper())
    every = Counter[str]()
    for own in tied.values():
        every.update(own)
    strength = {code: _strength(own, every) for code, own in tied.items()}
    return [_likeliest(words, strength) for words in texts]


def _strength(own: Counter[str], every: Counter[str]) -> dict[str, float]:
    """Weigh a country's words: how much likelier with it than with the others, add-one smoothed."""
    inside = sum(own.values()) + len(every)
    outside = sum(every.values()) - sum(own.values()) + len(every)
    return {
        word: float(np.log((own[word] + 1) / inside) - np.log((count - own[word] + 1) / outside))
        for word, count in every.items()
    }


def _likeliest(words: set[str], strength: dict[str, dict[str, float]]) -> tuple[str, ...]:
    scores = {code: sum(own.get(word, 0.0) for word in words) for code, own in strength.items()}
    return (max(scores, key=lambda code: scores[code]),) if scores else ()


TOPIC_LABELLERS = (
    Labeller("Broadsheet", ours_topics),
    Labeller("TF-IDF + LinearSVC", linear),
    Labeller("TF-IDF + complement NB", bayes),
    Labeller("MiniLM + logistic regression", regression),
    Labeller("MiniLM + kNN", neighbours),
    Labeller("MiniLM, label descriptions", zero_shot),
    Labeller(f"SetFit, {SHOTS} a label", setfit, "setfit"),
)
PLACE_LABELLERS = (
    Labeller("Broadsheet", ours_places),
    Labeller("Broadsheet, taught", taught_places, taught=True),
    Labeller("gazetteer count", counted),
    Labeller("geotext", geotext, "geotext"),
    Labeller("flashgeotext", flashgeotext, "flashgeotext"),
    Labeller("seeded words (newsmap)", newsmap),
)
