#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes test/data/training.tsv with PyTorch: the losses of 100 steps of three small networks, each with three rules and schedules, in double.
# Data and first weights are made by the same arithmetic as in test/training_torch.cpp. Needs Debian's python3-torch.
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR, StepLR

torch.set_default_dtype(torch.float64)
mask = (1 << 64) - 1
count, size, steps = 23, 5, 100


def noise(a, b):
    z = ((a + 1) * 0x9E3779B97F4A7C15 + (b + 1) * 0xD1B54A32D192ED03) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return ((z ^ (z >> 31)) >> 11) * 2.0 ** -52 - 1


def rows_of(step):
    batches = -(-count // size)
    epoch, index = divmod(step, batches)
    return [(place * 7 + epoch * 3) % count for place in range(index * size, min(count, index * size + size))]


def inputs(rows, *shape):
    width = torch.Size(shape).numel()
    return torch.tensor([[noise(row, c) for c in range(width)] for row in rows]).reshape(len(rows), *shape)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.cells, self.out = nn.LayerNorm(3), nn.LSTM(3, 5), nn.Linear(5, 1)

    def forward(self, x):
        return self.out(self.cells(self.norm(x))[0][-1])


def classes(rows):
    return torch.tensor([row % 3 for row in rows])


def dense(net, rows):
    return nn.functional.cross_entropy(net(inputs(rows, 6)), classes(rows))


def convolutional(net, rows):
    return nn.functional.cross_entropy(net(inputs(rows, 1, 6, 6)), classes(rows))


def recurrent(net, rows):
    return nn.functional.mse_loss(net(inputs(rows, 4, 3).transpose(0, 1))[:, 0], torch.tensor([noise(row, 99) for row in rows]))


networks = {
    "dense": (lambda: nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3)), dense),
    "convolutional": (lambda: nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 3)), convolutional),
    "recurrent": (Recurrent, recurrent),
}
rules = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), lambda o: StepLR(o, 30, 0.5)),
    "adam": (lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01), lambda o: CosineAnnealingLR(o, steps)),
    "adamw": (lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1),
              lambda o: SequentialLR(o, [LinearLR(o, 0.25, total_iters=10), CosineAnnealingLR(o, 90)], [10])),
}
for name, (make, loss_of) in networks.items():
    for rule, (optimizer_of, schedule_of) in rules.items():
        net = make()
        with torch.no_grad():
            for k, parameter in enumerate(net.parameters()):
                parameter.copy_(torch.tensor([0.5 * noise(i, 1000 + k) for i in range(parameter.numel())]).reshape(parameter.shape))
        optimizer = optimizer_of(net.parameters())
        schedule = schedule_of(optimizer)
        losses = []
        for step in range(steps):
            optimizer.zero_grad()
            loss = loss_of(net, rows_of(step))
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            schedule.step()
            losses.append(repr(loss.item()))
        print(name, rule, *losses, sep="\t")
