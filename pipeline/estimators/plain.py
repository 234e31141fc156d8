"""From what scikit-learn has fitted to plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.estimators.blend import Blend
from pipeline.estimators.linear import Linear
from pipeline.estimators.trees import Trees

Estimator = Linear | Trees | Blend


def plain(fitted: Any) -> Any:
    """Take over a fitted estimator of scikit-learn, with its answers.

    Logistic regression, boosted trees by histogram, and :func:`plain_blend` of the two are known.

    :raises TypeError: it is of another kind.
    """
    kind = type(fitted).__name__
    if kind == "LogisticRegression":
        return Linear(fitted.classes_, fitted.coef_, fitted.intercept_)
    if kind == "HistGradientBoostingClassifier":
        return _trees(fitted)
    raise TypeError(f"{kind} is not among the estimators that can be written as arrays")


def plain_line(imputer: Any, scaler: Any, regression: Any) -> Linear:
    """Fold a mean imputer and a standard scaler into the logistic regression behind them."""
    planes = regression.coef_.astype(np.float64) / scaler.scale_
    bias = regression.intercept_ - planes @ scaler.mean_
    return Linear(regression.classes_, planes, bias, np.asarray(imputer.statistics_, np.float64))


def _trees(fitted: Any) -> Trees:
    tables, roots, count = [], [], 0
    for iteration in fitted._predictors:
        for tree in iteration:
            tables.append(tree.nodes)
            roots.append(count)
            count += len(tree.nodes)
    nodes = np.concatenate(tables)
    if nodes["is_categorical"].any():
        raise TypeError("categorical splits cannot be written as arrays")
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(count)
    offset = np.repeat(roots, [len(table) for table in tables])
    return Trees(
        classes_=np.asarray(fitted.classes_),
        feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
        missing=nodes["missing_go_to_left"].astype(bool),
        left=np.where(leaf, own, nodes["left"] + offset).astype(np.int32),
        right=np.where(leaf, own, nodes["right"] + offset).astype(np.int32),
        value=np.ascontiguousarray(nodes["value"]),
        roots=np.array(roots, dtype=np.int32).reshape(-1, fitted.n_trees_per_iteration_),
        start=np.asarray(fitted._baseline_prediction, dtype=np.float64).ravel(),
        depth=int(nodes["depth"].max()),
    )
