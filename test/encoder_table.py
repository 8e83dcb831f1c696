#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Writes test/data/encoder.tsv, with which test/encoder.cpp compares: a layer of a transformer's encoder by PyTorch's
# nn.TransformerEncoderLayer, with the mean squared distance from a target and its gradients. Needs Debian's python3-torch.
import pathlib

import torch

TABLE = pathlib.Path(__file__).resolve().parent / "data/encoder.tsv"
torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(14)
rows, tokens, width, heads, hidden = 2, 5, 8, 2, 12


def random(*shape):
    return (2 * torch.rand(shape, generator=generator) - 1).round(decimals=3)


layer = torch.nn.TransformerEncoderLayer(width, heads, hidden, dropout=0, activation="gelu", batch_first=True)
x, target = random(rows, tokens, width).requires_grad_(), random(rows, tokens, width)
for p in layer.parameters():
    p.data = random(*p.shape)


def in_our_order(of):
    """Weights as (inputs, outputs): wq, bq, wk, bk, wv, bv, wo, bo, g1, s1, w1, b1, w2, b2, g2, s2."""
    attention = layer.self_attn
    for w, b in zip(of(attention.in_proj_weight).chunk(3), of(attention.in_proj_bias).chunk(3)):
        yield w.t()
        yield b
    for part in (attention.out_proj, layer.norm1, layer.linear1, layer.linear2, layer.norm2):
        yield of(part.weight).t()
        yield of(part.bias)


y = layer(x)
loss = ((y - target)**2).mean()
loss.backward()
flat = lambda parts: torch.cat([each.reshape(-1) for each in parts])
# Attention to the tokens of which the mask is 0: the last two of the second row are left out.
mask = torch.zeros(rows, tokens)
mask[1, 3:] = -torch.inf
masked = layer(x, src_key_padding_mask=mask.isinf())
with TABLE.open("w") as table:
    for name, numbers in {"x": x, "target": target, "parameters": flat(in_our_order(lambda p: p.data)), "value": y,
                          "loss": loss, "slopes": flat(in_our_order(lambda p: p.grad)), "slopes of x": x.grad,
                          "mask": mask, "masked": masked}.items():
        print(name, *("%.17g" % v for v in numbers.detach().reshape(-1).tolist()), sep="\t", file=table)
