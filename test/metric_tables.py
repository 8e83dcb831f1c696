#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Reference values of metrics by scikit-learn: writes test/data/metrics.tsv, with which test/metrics.cpp compares. A row is the metric, its truth, what
# is judged, weights, options as words, and the values; numbers stand between spaces, '-' is nothing, and lines of a text end with '|'.
# Needs Debian's python3-sklearn (1.2).
import pathlib
import warnings

import numpy as np
import sklearn.metrics as m
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
rng = np.random.default_rng(20)
rows = []


def short(values):
    """Numbers that a short text gives back exactly."""
    return np.array([float("%.4g" % v) for v in np.ravel(values)]).reshape(np.shape(values))


def write(values):
    if values is None:
        return "-"
    if isinstance(values, str):
        return values.replace("\n", "|")
    values = np.ravel(values)
    return " ".join(str(int(v)) if float(v).is_integer() and abs(v) < 1e15 else repr(float(v)) for v in values) if len(values) else "-"


def row(name, truth, judged, weights, options, expected):
    rows.append("\t".join([name, write(truth), write(judged), write(weights), options or "-", write(expected)]))


def labelled(truth, judged, weights=None, subset=None):
    row("accuracy", truth, judged, weights, "", m.accuracy_score(truth, judged, sample_weight=weights))
    row("balanced_accuracy", truth, judged, weights, "", m.balanced_accuracy_score(truth, judged, sample_weight=weights))
    if len(set(truth)) > 1:
        row("balanced_accuracy", truth, judged, weights, "adjusted", m.balanced_accuracy_score(truth, judged, sample_weight=weights, adjusted=True))
    row("adjusted_rand_index", truth, judged, None, "", m.adjusted_rand_score(truth, judged))
    for classes in [None, subset] if subset is not None else [None]:
        chosen = "" if classes is None else " classes=" + ",".join(map(str, classes))
        for normalise in [None, "true", "pred", "all"]:
            row("confusion", truth, judged, weights, f"normalise={normalise}" + chosen,
                m.confusion_matrix(truth, judged, labels=classes, sample_weight=weights, normalize=normalise))
        for zero in (0, 1):
            for beta in (1, 2):
                scores = [m.precision_recall_fscore_support(truth, judged, beta=beta, labels=classes, sample_weight=weights, zero_division=zero)]
                for average in ("micro", "macro", "weighted"):
                    scores.append(m.precision_recall_fscore_support(truth, judged, beta=beta, labels=classes, average=average, sample_weight=weights,
                                                                    zero_division=zero)[:3])
                row("per_class", truth, judged, weights, f"zero={zero} beta={beta}" + chosen, np.concatenate([np.ravel(s) for s in scores]))
            for digits, names in ((2, None), (4, "names")):
                count = len(classes) if classes is not None else len(set(truth) | set(judged))
                target = ["%s %d" % ("a long name of a class é" if k == 1 else "name", k) for k in range(count)] if names else None
                row("report", truth, judged, weights, f"zero={zero} digits={digits}" + chosen + (" names" if names else ""),
                    m.classification_report(truth, judged, labels=classes, target_names=target, sample_weight=weights, digits=digits, zero_division=zero))


def scored(truth, scores, weights=None, positive=1):
    option = "" if positive == 1 else f"positive={positive}"
    for drop in (True, False):
        f, t, at = m.roc_curve(truth, scores, pos_label=positive, sample_weight=weights, drop_intermediate=drop)
        at = np.concatenate([[np.inf], at[1:]])  # as of version 1.3
        row("roc", truth, scores, weights, option + ("" if drop else " all"), np.concatenate([f, t, at]))
    if 0 < sum(np.array(truth) == positive) < len(truth):
        row("roc_auc", truth, scores, weights, option, m.roc_auc_score(np.array(truth) == positive, scores, sample_weight=weights))
    row("precision_recall", truth, scores, weights, option,
        np.concatenate(m.precision_recall_curve(truth, scores, pos_label=positive, sample_weight=weights)))
    row("average_precision", truth, scores, weights, option, m.average_precision_score(np.array(truth) == positive, scores, sample_weight=weights))


def probable(truth, p, weights=None):
    row("brier", truth, p, weights, "", m.brier_score_loss(truth, p, sample_weight=weights, pos_label=1))
    row("log_loss", truth, p, weights, "", m.log_loss(truth, p, sample_weight=weights, labels=[0, 1]))
    for bins in (3, 10):
        observed, predicted = calibration_curve(truth, p, n_bins=bins, pos_label=1) if len(set(truth)) > 1 else ([np.mean(truth)], [np.mean(p)])
        if len(set(truth)) > 1:
            row("calibration", truth, p, None, f"bins={bins}", np.concatenate([observed, predicted]))


def of_classes(truth, scores, weights=None):
    count = scores.shape[1]
    for k in (1, 2):
        if count > 2:
            row("top_k", truth, scores, weights, f"k={k}", m.top_k_accuracy_score(truth, scores, k=k, sample_weight=weights, labels=range(count)))
    p = short(np.exp(scores))
    row("log_loss", truth, p / 1024, weights, "", m.log_loss(truth, p / 1024, sample_weight=weights, labels=range(count)))
    if len(set(truth)) == count > 2:
        p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        for average in ("macro", "weighted"):
            row("roc_auc_one_vs_rest", truth, p, weights, average,
                m.roc_auc_score(truth, p, multi_class="ovr", average=average, sample_weight=weights))


def numeric(truth, predicted, weights=None):
    for name, score in (("mae", m.mean_absolute_error), ("mse", m.mean_squared_error), ("r2", m.r2_score), ("explained_variance", m.explained_variance_score)):
        row(name, truth, predicted, weights, "", score(truth, predicted, sample_weight=weights))
    row("rmse", truth, predicted, weights, "", m.mean_squared_error(truth, predicted, sample_weight=weights, squared=False))


labelled([0, 1, 2, 2, 2], [0, 0, 2, 2, 1])
labelled([1], [1])
labelled([3, 3], [7, 7])
labelled([-1, 5, 5, -1], [5, 5, 2, 2], subset=[5, 9])
labelled([0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0], subset=[1])
for size, classes in ((12, 2), (20, 3), (60, 4), (90, 9)):
    truth = rng.integers(0, classes, size)
    judged = np.where(rng.random(size) < 0.6, truth, rng.integers(0, classes, size))
    labelled(truth, judged, subset=[classes - 1, 0])
    labelled(truth, judged, weights=short(rng.random(size) * (rng.random(size) < 0.8)), subset=list(range(classes + 1)))
scored([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
scored([1, 1], [0.5, 0.25])
scored([0, 0, 0], [1, 2, 2])
for size, levels in ((7, 1), (25, 3), (40, 8), (60, 1000)):
    truth = rng.integers(0, 2, size)
    scores = short(np.floor(levels * (rng.random(size) + 0.3 * truth)) / 8)
    scored(truth, scores)
    scored(2 * truth + 1, -scores, weights=short(rng.random(size) * (rng.random(size) < 0.7)), positive=3)
probable([0, 1, 1], [0, 0.3, 1])
probable([1, 0], [0, 1])
for size in (30, 120):
    truth = rng.integers(0, 2, size)
    probable(truth, short(np.clip(rng.random(size) * 0.6 + 0.4 * truth, 0, 1)))
    probable(truth, np.round(rng.random(size), 1), weights=short(rng.random(size)))
for size, classes in ((10, 2), (30, 3), (40, 6)):
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, size - classes)])
    scores = np.round(2 * rng.standard_normal((size, classes)) + np.eye(classes)[truth]) / 2
    of_classes(truth, scores)
    of_classes(truth, scores, weights=short(rng.random(size)))
numeric([1, 2, 3], [1, 2, 4])
numeric([2, 2, 2], [2, 2, 2])
numeric([2, 2, 2], [1, 2, 3])
numeric([1, 2, 3], [2, 3, 4])
numeric([3], [4])
for size in (10, 150):
    truth = short(5 * rng.standard_normal(size))
    numeric(truth, short(truth + rng.standard_normal(size)))
    numeric(truth, short(truth + rng.standard_normal(size)), weights=short(rng.random(size)))
table = pathlib.Path(__file__).resolve().parent / "data/metrics.tsv"
table.write_text("\n".join(rows) + "\n")
print(f"{len(rows)} rows, {table.stat().st_size} bytes")
