#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes test/data/attention.tsv, with which test/attention.cpp compares: attention with masks and layers of encoders by
# PyTorch's nn.MultiheadAttention and nn.TransformerEncoderLayer, weighted sums of what they give, and their gradients.
# Needs Debian's python3-torch.
import pathlib

import torch

TABLE = pathlib.Path(__file__).resolve().parent / "data/attention.tsv"
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(5)
rows, time, width, heads, hidden = 4, 5, 8, 2, 12
all_rows = {}


def random(*shape):
    return (2 * torch.rand(shape, generator=generator) - 1).round(decimals=3)


def put(name, numbers):
    all_rows[name] = numbers.detach().reshape(-1).tolist()


def put_parameters(name, layers):
    """Those of one layer, or of several stacked, and their slopes."""
    for own, _ in layers[0].named_parameters():
        both = [dict(layer.named_parameters())[own] for layer in layers]
        put(f"{name} {own}", torch.stack([p.data for p in both]))
        put(f"{name} slopes {own}", torch.stack([p.grad for p in both]))


def with_numbers(layer):
    for p in layer.parameters():
        p.data = random(*p.shape) / 2
    return layer


x, w = random(rows, time, width).requires_grad_(), random(rows, time, width)
mask = (torch.rand((rows, time), generator=generator) < 0.6).long()
mask[:, 0], mask[2] = 1, 0
put("x", x), put("w", w), put("mask", mask)


def finish(name, y, layers):
    x.grad = None
    (w * y).sum().backward()
    put(f"{name} value", y), put(f"{name} slopes x", x.grad)
    put_parameters(name, layers)


# The third row has no place that may be looked at: PyTorch says NaN, here it is the last bias.
attention = with_numbers(torch.nn.MultiheadAttention(width, heads, batch_first=True))
causal = torch.ones(time, time).triu(1).bool()
seen = [0, 1, 3]
some = attention(x[seen], x[seen], x[seen], key_padding_mask=mask[seen] == 0, attn_mask=causal, need_weights=False)[0]
nothing = attention.out_proj.bias.expand(1, time, width)
finish("attention", torch.cat([some[:2], nothing, some[2:]]), [attention])


def layer(**options):
    return with_numbers(torch.nn.TransformerEncoderLayer(width, heads, hidden, batch_first=True, **options))


post = layer(dropout=0)
finish("post", post(x, src_mask=causal), [post])
pre = [layer(dropout=0, norm_first=True, activation=lambda v: torch.nn.functional.gelu(v, approximate="tanh"), layer_norm_eps=1e-3)
       for _ in range(3)]
lengths = torch.tensor([5, 3, 1, 4])
put("lengths", lengths)
h = x
for each in pre:
    h = each(h, src_key_padding_mask=torch.arange(time) >= lengths[:, None])
finish("pre", h, pre)

# Positions and pooling.
angle = torch.arange(time)[:, None] / 10000**(2 * (torch.arange(width) // 2) / width)
put("positions", torch.where(torch.arange(width) % 2 == 0, angle.sin(), angle.cos()))
m = mask[..., None].double()
put("mean", (x * m).sum(1) / m.sum(1).clamp(min=1e-9))
put("first", x[:, 0])
with TABLE.open("w") as table:
    for name, numbers in all_rows.items():
        print(name, *("%.14g" % v for v in numbers), sep="\t", file=table)
