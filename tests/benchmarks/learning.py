"""Fits and cross-validates weights: softmax over candidates, logistic regression, folds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

FOLDS = 5
RIDGE = 0.003
LOGISTIC_RIDGE = 0.001  # weak: shrunk weights would make all confidences moderate


@dataclass(frozen=True)
class Case:
    """The candidates of one question: the features of each (a row), and which are right.

    `kind` names its set of questions; cases of one `group` are in the same fold.
    """

    kind: str
    group: str
    features: Floats
    right: NDArray[np.bool_]


def folds(groups: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """The indices of the cases to fit on and to measure, with no group in both."""
    names = sorted(set(groups))
    for fold in range(FOLDS):
        held_back = set(names[fold::FOLDS])
        yield (
            [at for at, group in enumerate(groups) if group not in held_back],
            [at for at, group in enumerate(groups) if group in held_back],
        )


def softmax(cases: Sequence[Case], columns: NDArray[np.intp], mix: Mapping[str, float]) -> Floats:
    """The weights of the features in `columns` of greatest likelihood for the right candidates.

    `mix` has the total importance of each kind of case.
    """
    usable = [case for case in cases if case.right.any()]
    number = {kind: sum(case.kind == kind for case in usable) for kind in mix}
    importance = np.array([mix[case.kind] / number[case.kind] for case in usable])
    features = np.concatenate([case.features[:, columns] for case in usable])
    right = np.concatenate([case.right for case in usable])
    sizes = [len(case.right) for case in usable]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    question = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        raw = features @ weights
        likely = np.exp(raw - np.maximum.reduceat(raw, starts)[question])
        total = np.add.reduceat(likely, starts)
        won = np.add.reduceat(likely * right, starts)
        value = -(importance * np.log(won / total)).sum() + RIDGE * (weights @ weights) / 2
        pull = (likely / total[question] - likely * right / won[question]) * importance[question]
        return value, features.T @ pull + RIDGE * weights

    return np.asarray(minimize(loss, np.zeros(len(columns)), jac=True).x)


def held_back_scores(
    cases: Sequence[Case], columns: NDArray[np.intp], mix: Mapping[str, float]
) -> list[Floats]:
    """The scores of each case's candidates, by weights fitted without its group."""
    scores: list[Floats] = [np.empty(0)] * len(cases)
    for training, held_back in folds([case.group for case in cases]):
        weights = softmax([cases[at] for at in training], columns, mix)
        for at in held_back:
            scores[at] = cases[at].features[:, columns] @ weights
    return scores


def logistic(features: Floats, target: NDArray[np.bool_], importance: Floats) -> Floats:
    """The weights of the columns of `features`, and the bias last, that predict the target."""
    rows = np.column_stack([features, np.ones(len(features))])
    share = importance / importance.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights
        value = share @ np.logaddexp(0, np.where(target, -odds, odds))
        ridge = LOGISTIC_RIDGE * (weights[:-1] @ weights[:-1]) / 2
        slope = rows.T @ (share * (1 / (1 + np.exp(-odds)) - target))
        return value + ridge, slope + LOGISTIC_RIDGE * np.append(weights[:-1], 0)

    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True).x)


def auroc(positives: Floats, negatives: Floats) -> float:
    """The chance that a positive scores higher than a negative, ties counting half."""
    more = (positives[:, None] > negatives).mean()
    return float(more + (positives[:, None] == negatives).mean() / 2)
