"""The model as MLflow serves it: a column of texts in, one JSON document each out.

MLflow stores this file and runs it to load the model ("models from code"), so running it has an
effect, as no other module here has: it announces the model. Nothing imports it.

    model = mlflow.pyfunc.load_model("models:/broadsheet/1")
    model.predict(pandas.DataFrame({"text": [page]}))  # ['{"source": "", "stories": [...], ...}']

The documents follow ``contract/stories.schema.json``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.classify import Classifier
from pipeline.plain import scalar
from pipeline.tracking import Predict, serve


def open_bundle(folder: Path) -> Predict:
    """Load the classifier and return what turns ``n`` texts into ``n`` JSON documents."""
    classifier = Classifier.load(folder)

    def predict(texts: Sequence[str]) -> list[str]:
        return [msgspec.json.encode(classifier.document(scalar(text))).decode() for text in texts]

    return predict


serve(open_bundle)
