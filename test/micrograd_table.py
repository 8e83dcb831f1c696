#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes test/data/micrograd.tsv from the points of micrograd's demo (MOONS.csv: x0, x1, y): the losses of its 100 steps as
# the notebook prints them, from its weights, which Python's generator of random numbers draws. By loops over numpy's
# arrays; the first and the last losses are compared with the notebook's. Usage: micrograd_table.py MOONS.csv
import csv
import pathlib
import random
import sys

import numpy as np

TABLE = pathlib.Path(__file__).resolve().parent / "data/micrograd.tsv"
PRINTED = {0: 0.8958441028683222, 1: 1.7235905336972022, 2: 0.7429006313851131, 3: 0.7705641260584198, 4: 0.3692793385976538}

rows = list(csv.reader(open(sys.argv[1])))[1:]
x, y = np.array([[float(r[0]), float(r[1])] for r in rows]), np.array([int(r[2]) for r in rows])
random.seed(1337)
w = [np.array([[random.uniform(-1, 1) for _ in range(n)] for _ in range(m)]) for n, m in ((2, 16), (16, 16), (16, 1))]
b = [np.zeros(len(each)) for each in w]
start = [number for p, q in zip(w, b) for number in (*p.T.reshape(-1), *q)]
losses = []
for k in range(100):
    units, sums = [x], []
    for layer in range(3):
        sums.append(units[-1] @ w[layer].T + b[layer])
        units.append(np.maximum(sums[-1], 0) if layer < 2 else sums[-1])
    margin = 1 - y * units[3][:, 0]
    losses.append(np.maximum(margin, 0).mean() + 1e-4 * sum((p**2).sum() for p in w + b))
    slope = (-(y * (margin > 0)) / len(y))[:, None]
    rate = 1 - 0.9 * k / 100
    for layer in (2, 1, 0):
        slope = slope * (sums[layer] > 0) if layer < 2 else slope
        by_weights, by_biases, below = slope.T @ units[layer], slope.sum(0), slope @ w[layer]
        w[layer] = w[layer] - rate * (by_weights + 2e-4 * w[layer])
        b[layer] = b[layer] - rate * (by_biases + 2e-4 * b[layer])
        slope = below
assert all(abs(losses[k] - printed) < 1e-14 for k, printed in PRINTED.items())
with TABLE.open("w") as table:
    for name, numbers in {"start": start, "losses": losses}.items():
        print(name, *("%.17g" % v for v in numbers), sep="\t", file=table)
