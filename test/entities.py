#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Scores of entities by seqeval (PyPI, 1.2.2). entities.py writes test/data/entities.tsv, with which test/language.cpp compares; entities.py PROGRAM ROWS
# lets that program read a table of so many random rows instead. A row: scheme of the strict mode or '-', zero_division, digits, tags, predicted tags
# (sentences between '|'), precision, recall, F1 of the micro, macro and weighted averages, and the report with '|' for the ends of its lines.
import pathlib
import random
import subprocess
import sys
import tempfile
import warnings

from seqeval import scheme
from seqeval.metrics import classification_report
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support
from seqeval.metrics.v1 import precision_recall_fscore_support as strict_scores

warnings.simplefilter("ignore")
schemes = {"iob1": (scheme.IOB1, "OIB"), "iob2": (scheme.IOB2, "OIB"), "ioe1": (scheme.IOE1, "OIE"), "ioe2": (scheme.IOE2, "OIE"),
           "iobes": (scheme.IOBES, "OIBES"), "bilou": (scheme.BILOU, "OIBLU"), "-": (None, "OIBES")}
types = ["PER", "ORG", "LOC", "a-very-long-type-of-name"]


def tag(rng, letters, count):
    letter = rng.choice(letters)
    if letter == "O":
        return "O"
    return letter if rng.random() < 0.03 else letter + "-" + rng.choice(types[:count])


def row(name, truth, predicted, zero=0, digits=2):
    kind = schemes[name][0]
    scores = []
    for average in ("micro", "macro", "weighted"):
        all = (strict_scores(truth, predicted, average=average, zero_division=zero, scheme=kind) if kind else
               precision_recall_fscore_support(truth, predicted, average=average, zero_division=zero))
        scores += [float(each) for each in all[:3]]
    try:
        text = classification_report(truth, predicted, mode="strict" if kind else None, scheme=kind, zero_division=zero, digits=digits)
    except ValueError:  # no entities at all
        return None
    return "\t".join([name, str(zero), str(digits), *("|".join(" ".join(each) for each in all) for all in (truth, predicted)),
                      " ".join(map(repr, scores)), text.replace("\n", "|")])


def random_row(rng):
    name = rng.choice(list(schemes))
    letters, count = schemes[name][1] + rng.choice(["", "O", "I"]), rng.randrange(1, 5)
    truth = [[tag(rng, letters, count) for _ in range(rng.randrange(1, 9))] for _ in range(rng.randrange(1, 4))]
    kept = rng.random()
    predicted = [[each if rng.random() < kept else tag(rng, letters, count) for each in sentence] for sentence in truth]
    return row(name, truth, predicted, rng.randrange(2), rng.choice([2, 2, 4, 14]))


def rows(rng, count):
    all = []
    while len(all) < count:
        made = random_row(rng)
        all += [made] if made else []
    return all


if len(sys.argv) == 1:
    known = [row(name, [["B-NP", "I-NP", "O"]], [["I-NP", "I-NP", "O"]]) for name in ("-", "iob1")]
    known.append(row("iob2", [["B-NP", "I-NP", "O"], ["B-VP", "O"]], [["I-NP", "I-NP", "O"], ["B-VP", "O"]]))
    (pathlib.Path(__file__).resolve().parent / "data/entities.tsv").write_text("\n".join(known + rows(random.Random(4), 150)) + "\n")
else:
    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / "entities.tsv"
        path.write_text("\n".join(rows(random.Random(5), int(sys.argv[2]))) + "\n")
        sys.exit(subprocess.run([sys.argv[1], "--run_test=entities_are_scored_as_by_seqeval", "--", path]).returncode)
