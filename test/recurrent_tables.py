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
directions = ["", "_reverse"]
for layer, count in gates.items():
    for suffix in directions:
        for name, (rows, *columns) in shapes.items():
            tables.operands[f"{layer}.{name}{suffix}"] = tables.random(count * rows, *columns)
lengths = torch.tensor([3, 5])
tables.indices = {"lengths": lengths}
# What torch.nn.RNN, LSTM and GRU call.
functions = {"rnn": torch._VF.rnn_tanh, "lstm": torch._VF.lstm, "gru": torch._VF.gru}


def row(layer, choose, backwards=False, both=False, padded=False):
    """A layer of its inputs and parameters, by their names; choose makes the row of the states and the last ones of each direction."""
    names = ["xs"] + [f"{layer}.{name}{suffix}" for suffix in directions[:1 + both] for name in shapes]

    def run(xs, *parameters):
        zeros = torch.zeros(1 + both, xs.shape[1], hidden)
        first = (zeros, zeros) if layer == "lstm" else zeros
        if padded:
            packed = torch.nn.utils.rnn.pack_padded_sequence(xs, lengths, enforce_sorted=False)
            first = (zeros[:, packed.sorted_indices],) * 2 if layer == "lstm" else zeros
            states, last, *_ = functions[layer](packed.data, packed.batch_sizes, first, parameters, True, 1, 0.0, False, both)
            states, _ = torch.nn.utils.rnn.pad_packed_sequence(torch.nn.utils.rnn.PackedSequence(
                states, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices), total_length=len(xs))
            last = last[:, packed.unsorted_indices]
        else:
            states, last, *_ = functions[layer](xs.flip(0) if backwards else xs, first, parameters, True, 1, 0.0, False, both, False)
        return choose(states.flip(0) if backwards else states, torch.cat(tuple(last), -1))
    run.names = names
    return run


tables.operations = {}
joined = lambda states, last: torch.cat((states, last[None]))
for layer in gates:
    tables.operations[layer] = row(layer, joined)
tables.operations["gru_reversed"] = row("gru", lambda states, last: states, backwards=True)
tables.operations["lstm_last"] = row("lstm", lambda states, last: last)
tables.operations["gru_both"] = row("gru", joined, both=True)
tables.operations["gru_padded"] = row("gru", joined, padded=True)
for layer in ("rnn", "lstm"):
    tables.operations[layer + "_padded_both"] = row(layer, joined, both=True, padded=True)
tables.reductions, tables.maps, tables.orders = {}, {}, 1

if __name__ == "__main__":
    tables.write()
