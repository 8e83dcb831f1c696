#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Reference values of batch normalisation by PyTorch: writes test/data/batch_norm.tsv, with which test/batch_norm.cpp compares.
# A network with two such layers is trained for three steps by gradient descent; of the third batch only 4 of 6 rows are given. The table has for each
# step the loss, the gradients, the parameters and the states after it, and the outputs for evaluation at the end. Needs Debian's python3-torch.
import pathlib

import array_tables as tables
import torch

TABLE = pathlib.Path(__file__).resolve().parent / "data/batch_norm.tsv"


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm2 = torch.nn.Conv2d(2, 3, 3, padding=1), torch.nn.BatchNorm2d(3)
        self.dense, self.norm1 = torch.nn.Linear(3 * 4 * 3, 4), torch.nn.BatchNorm1d(4, eps=1e-3, momentum=0.25)

    def forward(self, x):
        return self.norm1(self.dense(torch.relu(self.norm2(self.conv(x))).flatten(1)))


def flat(tensors):
    return torch.cat([each.detach().reshape(-1) for each in tensors])


def rows():
    net = Network()
    for p in net.parameters():
        p.data = tables.random(*p.shape)
    states = lambda: flat(b for name, b in net.named_buffers() if "running" in name)
    images, classes = tables.random(18, 2, 4, 3), torch.randint(4, (18,), generator=tables.generator)
    yield "images", images
    yield "classes", classes
    yield "start", flat(net.parameters())
    descent = torch.optim.SGD(net.parameters(), 0.1)
    for step, batch in enumerate((slice(0, 6), slice(6, 12), slice(12, 16))):
        descent.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(images[batch]), classes[batch])
        loss.backward()
        yield f"loss {step}", loss
        yield f"gradient {step}", flat(p.grad for p in net.parameters())
        descent.step()
        yield f"states {step}", states()
    yield "weights", flat(net.parameters())
    yield "scores", net.eval()(images)


if __name__ == "__main__":
    with TABLE.open("w") as file:
        for name, values in rows():
            print("network", name, *(f"{each:.17g}" for each in values.detach().double().reshape(-1).tolist()), sep="\t", file=file)
