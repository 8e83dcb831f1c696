#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Reference values of losses by PyTorch: writes test/data/losses.tsv, with which test/array_truth_losses.cpp compares. Rows as
# array_tables.py describes them, without second derivatives. Targets that PyTorch does not differentiate by are made of indices. Needs Debian's
# python3-torch.
import inspect
import pathlib

import array_tables as tables
import torch

tables.TABLE = pathlib.Path(__file__).resolve().parent / "data/losses.tsv"
F = torch.nn.functional
random = tables.random
tables.operands = {
    "X": 2 * random(4, 3), "Y": 2 * random(4, 3), "Z": random(4, 3), "U": (random(4, 3) + 1.1) / 2.2, "V": random(4, 3).abs() + 0.5,
    "B": 2 * random(2, 3, 5),
    # Far out, where exponentials overflow.
    "H": torch.tensor([[1000.0, -1000.0, 0.0], [-1000.0, 999.0, 1000.0], [3.0, 1000.0, -2.0], [-1000.0, 0.5, -1000.0]]),
}
tables.indices = {
    "i": torch.tensor([2, 0, 2, 1]), "j": torch.tensor([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]]),
    "k": torch.tensor([[2, 1, 0, 2, 2], [0, 0, 1, 2, 1]]), "s": torch.tensor([1, 0, 1, 1]),
    "w": torch.tensor([1, 4, 3]), "g": torch.tensor([2, -100, 1, -100]),
}
probabilities = lambda Y: torch.softmax(Y, 1)
signs = lambda j: 2.0 * j - 1


def multi_margin(x, i, p=1, margin=1, weight=None, reduction="mean"):
    """F.multi_margin_loss, which has no second derivative, in other words."""
    batch, at = (x, i) if x.dim() > 1 else (x[None], i[None])
    own = F.one_hot(at, batch.shape[1]).bool()
    each = torch.where(own, torch.zeros(()), (margin - batch.gather(1, at[:, None]) + batch).clamp(min=0)**p).mean(1)
    each = each if weight is None else each * weight[at]
    y = {"mean": each.mean(), "sum": each.sum(), "none": each}[reduction]
    assert torch.allclose(y, F.multi_margin_loss(x, i, p, margin, weight, reduction=reduction).reshape(y.shape))
    return y


losses = {
    "mse": lambda X, Y, **r: F.mse_loss(X, Y, **r),
    "l1": lambda X, Y, **r: F.l1_loss(X, Y, **r),
    "smooth_l1": lambda X, Y, **r: F.smooth_l1_loss(X, Y, **r),
    "huber": lambda X, Y, **r: F.huber_loss(X, Y, **r),
    "cross_entropy": lambda X, i, **r: F.cross_entropy(X, i, **r),
    "cross_entropy_of_probabilities": lambda X, Y, **r: F.cross_entropy(X, probabilities(Y), **r),
    "nll": lambda X, i, **r: F.nll_loss(X, i, **r),
    "binary_cross_entropy": lambda U, j, **r: F.binary_cross_entropy(U, j.double(), **r),
    "binary_cross_entropy_with_logits": lambda X, j, **r: F.binary_cross_entropy_with_logits(X, j.double(), **r),
    "multi_margin": lambda X, i, **r: multi_margin(X, i, **r),
    "soft_margin": lambda X, j, **r: F.soft_margin_loss(X, signs(j), **r),
    "hinge_embedding": lambda V, j, **r: F.hinge_embedding_loss(V, signs(j), **r),
    "margin_ranking": lambda X, Y, j, **r: F.margin_ranking_loss(X, Y, signs(j), **r),
    "kl_divergence": lambda X, V, **r: F.kl_div(X, V, **r),
    "poisson_nll": lambda X, j, **r: F.poisson_nll_loss(X, j.double(), **r),
    "gaussian_nll": lambda X, Y, V, **r: F.gaussian_nll_loss(X, Y, V, **r),
    "cosine_embedding": lambda X, Y, s, **r: F.cosine_embedding_loss(X, Y, signs(s), **r),
    "triplet": lambda X, Y, Z, **r: F.triplet_margin_loss(X, Y, Z, **r),
}


def reduced(loss, reduction):
    """A loss with a reduction and the loss's own parameters, which alone are those of a row."""
    names = [p for p in inspect.signature(loss).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]
    row = lambda *arrays: loss(*arrays, reduction=reduction)
    row.__signature__ = inspect.Signature(names)
    return row


operations = {name: reduced(loss, "mean") for name, loss in losses.items()}
operations |= {name + "_" + way: reduced(losses[name], way) for name in ("mse", "cross_entropy", "triplet") for way in ("sum", "none")}
operations |= {
    "smooth_l1_beta": lambda X, Y: F.smooth_l1_loss(X, Y, beta=0.5),
    "smooth_l1_of_no_width": lambda X, Y: F.smooth_l1_loss(X, Y, beta=0),
    "huber_delta": lambda X, Y: F.huber_loss(X, Y, delta=0.5),
    "cross_entropy_of_sequences": lambda B, k: F.cross_entropy(B, k),
    "cross_entropy_weights": lambda X, i, w: F.cross_entropy(X, i, w / 2),
    "cross_entropy_weights_sum": lambda X, i, w: F.cross_entropy(X, i, w / 2, reduction="sum"),
    "cross_entropy_weights_of_sequences": lambda B, k, w: F.cross_entropy(B, k, w / 2),
    "cross_entropy_smooth": lambda X, i: F.cross_entropy(X, i, label_smoothing=0.15),
    "cross_entropy_smooth_weights": lambda X, i, w: F.cross_entropy(X, i, w / 2, label_smoothing=0.15),
    "cross_entropy_of_weighted_probabilities": lambda X, Y, w: F.cross_entropy(X, probabilities(Y), w / 2, label_smoothing=0.2),
    "cross_entropy_ignored": lambda X, g: F.cross_entropy(X, g),
    "cross_entropy_ignored_sum": lambda X, g: F.cross_entropy(X, g, reduction="sum"),
    "cross_entropy_ignored_weights": lambda X, g, w: F.cross_entropy(X, g, w / 2, label_smoothing=0.15),
    "nll_ignored": lambda X, g: F.nll_loss(X, g),
    "cross_entropy_far_out": lambda H, i: F.cross_entropy(H, i),
    "nll_weights": lambda X, i, w: F.nll_loss(X, i, w / 2),
    "binary_cross_entropy_far_out": lambda H, j: F.binary_cross_entropy_with_logits(H, j.double()),
    "binary_cross_entropy_pos_weight": lambda X, j, w: F.binary_cross_entropy_with_logits(X, j.double(), pos_weight=w / 2),
    "multi_margin_options": lambda X, i, w: multi_margin(X, i, p=2, margin=0.75, weight=w / 2),
    "soft_margin_far_out": lambda H, j: torch.logaddexp(torch.zeros(()), -signs(j) * H).mean(),  # F.soft_margin_loss overflows
    "hinge_embedding_margin": lambda V, j: F.hinge_embedding_loss(V, signs(j), margin=0.7),
    "margin_ranking_margin": lambda X, Y, j: F.margin_ranking_loss(X, Y, signs(j), margin=0.5),
    "kl_divergence_of_logarithms": lambda X, Y: F.kl_div(X, Y, log_target=True),
    "kl_divergence_batch_mean": lambda X, V: F.kl_div(X, V, reduction="batchmean"),
    "cosine_embedding_margin": lambda X, Y, s: F.cosine_embedding_loss(X, Y, signs(s), margin=-0.4),
    "triplet_options": lambda X, Y, Z: F.triplet_margin_loss(X, Y, Z, margin=2, swap=True),
    "triplet_l1": lambda X, Y, Z: F.triplet_margin_loss(X, Y, Z, p=1),
    "mse_sample_weights": lambda X, Y, s: (F.mse_loss(X, Y, reduction="none") * s[:, None]).sum() / (3 * s.sum()),
    "cross_entropy_sample_weights": lambda X, i, w, s: (F.cross_entropy(X, i, w / 2, reduction="none") * s).sum() / (w[i] / 2 * s).sum(),
    "triplet_p3": lambda X, Y, Z: F.triplet_margin_loss(X, Y, Z, p=3),
}
tables.operations, tables.reductions, tables.maps, tables.orders = operations, {}, {}, 1

if __name__ == "__main__":
    tables.write()
