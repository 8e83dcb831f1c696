#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Reference values of recurrent layers by PyTorch: writes test/data/recurrent.tsv, with which test/array_truth_recurrent.cpp
# compares. Rows as array_tables.py describes them, without second derivatives. Needs Debian's python3-torch.
import pathlib

import array_tables as tables
import torch

tables.TABLE = pathlib.Path(__file__).resolve().parent / "data/recurrent.tsv"
hidden, inputs = 4, 3
gates = {"rnn": 1, "lstm": 4, "gru": 3}
shapes = {"weight_ih_l0": (hidden, inputs), "weight_hh_l0": (hidden, hidden), "bias_ih_l0": (hidden,), "bias_hh_l0": (hidden,)}
tables.operands = {"xs": tables.random(5, 2, inputs)}
for layer, count in gates.items():
    for name, (rows, *columns) in shapes.items():
        tables.operands[layer + "." + name] = tables.random(count * rows, *columns)
tables.indices = {}
# What torch.nn.RNN, LSTM and GRU call.
functions = {"rnn": torch._VF.rnn_tanh, "lstm": torch._VF.lstm, "gru": torch._VF.gru}


def row(layer, choose, backwards=False):
    """A layer of its inputs and parameters, by their names."""
    names = ["xs"] + [layer + "." + name for name in shapes]

    def run(xs, *parameters):
        zeros = torch.zeros(1, xs.shape[1], hidden)
        first = (zeros, zeros) if layer == "lstm" else zeros
        states, *_ = functions[layer](xs.flip(0) if backwards else xs, first, parameters, True, 1, 0.0, False, False, False)
        return choose(states.flip(0) if backwards else states)
    run.names = names
    return run


tables.operations = {}
for layer in gates:
    tables.operations[layer] = row(layer, lambda states: states)
    tables.operations[layer + "_last"] = row(layer, lambda states: states[-1])
    tables.operations[layer + "_reversed"] = row(layer, lambda states: states, backwards=True)
tables.reductions, tables.maps, tables.orders = {}, {}, 1

if __name__ == "__main__":
    tables.write()
