#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# Reference values of array operations by PyTorch: writes test/data/array_operations.tsv, with which test/array_truth_*.cpp
# compare. For each row below, with y the operation's value, w fixed weights of y's shape and dx fixed directions, the table
# has y, the gradients g of L = sum(w*y^2) by the operands, and the gradients of sum(g*dx): first and second derivatives.
# The rows named not_finite_* have the value for operands with NaN and infinities alone. Needs Debian's python3-torch.
import inspect
import itertools
import pathlib

import torch

TABLE = pathlib.Path(__file__).resolve().parent / "data/array_operations.tsv"
orders = 2  # of derivatives
torch.set_default_dtype(torch.float64)
nan, inf = float("nan"), float("inf")
generator = torch.Generator().manual_seed(13)


def random(*shape):
    return (2 * torch.rand(shape, generator=generator) - 1).round(decimals=3)


operands = {
    "T": random(4, 3), "W": random(3, 4), "A": random(3, 3) + 2 * torch.eye(3), "B": random(2, 3, 3) + torch.eye(3),
    "C": random(2, 3, 3), "P": random(2, 1, 2, 3), "Q": random(2, 3, 2), "u": random(3), "v": random(3), "t": random(4),
    "s": random(),
    # Equal largest and equal smallest elements, along every axis.
    "E": torch.tensor([[1.0, 1.0, -2.0], [1.0, 0.5, -2.0], [0.25, 1.0, -2.0], [-2.0, 1.0, 1.0]]),
    # Signals and images, weights and biases; those that are tied have few values, so that windows have equal largest elements.
    "signal": random(4, 4, 7), "image": random(2, 4, 6, 5), "signal_weights": random(2, 4, 3), "image_weights": random(4, 4, 3, 2),
    "group_weights": random(4, 2, 2, 3), "depth_weights": random(4, 1, 3, 2), "bias": random(4), "tied": (2 * random(2, 6, 7)).round(),
}

indices = {"i": torch.tensor([2, 0, 2, 1]), "j": torch.tensor([[1, 0, 1], [0, 1, 1]]), "k": torch.tensor([[2, 2, 0], [1, 0, 1]]),
           "m": torch.tensor([[[0, 2], [1, 1], [2, 0]], [[2, 2], [0, 1], [1, 0]]])}

cosine_attention = lambda q, k, v: torch.softmax(q @ k.transpose(-1, -2) / 2, -1) @ v
variance = lambda x, *axes, **keep: torch.var(x, axes or None, unbiased=False, **keep)


def whole(f):
    """f over all axes."""
    return lambda x: f(x, tuple(range(x.dim())))


operations = {
    # Products.
    "matmul": lambda T, W: T @ W,
    "matmul_by_vector": lambda T, u: T @ u,
    "matmul_of_vector": lambda u, W: u @ W,
    "matmul_of_vectors": lambda u, v: u @ v,
    "matmul_batched": lambda B, C: B @ C,
    "matmul_batch_by_matrix": lambda B, A: B @ A,
    "matmul_batch_by_vector": lambda B, u: B @ u,
    "matmul_vector_by_batch": lambda u, B: u @ B,
    "matmul_broadcast": lambda P, Q: P @ Q,
    "matmul_of_three": lambda T, A, W: T @ A @ W,
    "matmul_of_four": lambda u, A, W, t: u @ A @ W @ t,
    "matmul_of_one_twice": lambda A: A @ A @ A,
    "einsum_batched": lambda B, C: torch.einsum("bij,bjk->bik", B, C),
    "einsum_ellipsis": lambda P, B: torch.einsum("...ij,...kj->...ik", P, B),
    "einsum_ellipsis_sum": lambda B, u: torch.einsum("...ij,j->...i", B, u),
    "einsum_repeated": lambda B: torch.einsum("bii->b", B),
    "einsum_repeated_kept": lambda A, u: torch.einsum("ii,i->i", A, u),
    "einsum_repeated_across": lambda B, A: torch.einsum("bij,ij->bj", B, A),
    "einsum_cycle": lambda A, T, W: torch.einsum("ij,jk,kl,li->", A, A, W, T),
    "einsum_weights": lambda B, u, v: torch.einsum("bij,i,j->b", B, u, v),
    "einsum_without_sum": lambda u, t: torch.einsum("i,j->ji", u, t),
    "dot": lambda u, v: torch.dot(u, v),
    "outer": lambda u, t: torch.outer(u, t),
    "outer_of_matrix": lambda T, v: torch.einsum("ij,k->ijk", T, v),
    # Square matrices.
    "trace": lambda A: torch.trace(A),
    "trace_batched": lambda B: B.diagonal(dim1=-2, dim2=-1).sum(-1),
    "diagonal": lambda A: torch.diagonal(A),
    "diagonal_batched": lambda B: B.diagonal(dim1=-2, dim2=-1),
    "inverse": lambda A: torch.inverse(A),
    "inverse_batched": lambda B: torch.inverse(B),
    "determinant": lambda A: torch.det(A),
    "determinant_batched": lambda B: torch.det(B),
    "log_determinant": lambda A: torch.linalg.slogdet(A)[1],
    "log_determinant_batched": lambda B: torch.linalg.slogdet(B)[1],
    "inverse_product": lambda A, u: torch.inverse(A) @ u,
    # Arrangements.
    "transpose": lambda W: W.T,
    "transpose_of_three": lambda B: B.permute(2, 1, 0),
    "permute": lambda B: B.permute(2, 0, 1),
    "reshape": lambda T: T.reshape(2, 6),
    "reshape_of_transpose": lambda T: T.T.reshape(2, 3, 2),
    "broadcast": lambda W: W.broadcast_to(2, 3, 4),
    "broadcast_of_number": lambda s: s.broadcast_to(2, 3),
    "slice": lambda T: T[1:3],
    "slice_last_axis": lambda B: B[..., 0:2],
    "pad": lambda T: torch.nn.functional.pad(T, (0, 0, 2, 1)),
    "pad_last_axis": lambda W: torch.nn.functional.pad(W, (1, 0)),
    "concatenate": lambda T, A: torch.cat((T, A)),
    "concatenate_last_axis": lambda B, Q: torch.cat((B, Q, B), -1),
    "stack": lambda u, v: torch.stack((u, v)),
    "stack_last_axis": lambda B, C: torch.stack((B, C), -1),
    "stack_middle_axis": lambda B, C: torch.stack((B, C), 1),
    # Selections.
    "gather": lambda W, i: W[i],
    "gather_by_table": lambda W, k: W[k],
    "gather_last_axis": lambda T, i: T[:, i],
    "gather_middle_axis": lambda B, k: B[:, k],
    "gather_twice": lambda W, T, i: torch.tanh(W[i]) * T[:, i].sum(-1, keepdim=True),
    "take_along": lambda T, i: T.gather(1, i[:, None])[:, 0],
    "take_along_first_axis": lambda W, i: W.gather(0, i[None])[0],
    "take_along_middle_axis": lambda B, k: B.gather(1, k[:, None])[:, 0],
    "take_several": lambda B, m: B.gather(2, m),
    "scatter_add": lambda T, i: torch.zeros(3, 3).index_add(0, i, T),
    "scatter_add_by_table": lambda B, k: torch.zeros(4, 3).index_add(0, k.reshape(-1), B.reshape(6, 3)),
    "scatter_add_last_axis": lambda W, i: torch.zeros(3, 5).index_add(1, i, W),
    "scatter_add_along": lambda Q, m: torch.zeros(2, 3, 3).scatter_add(2, m, Q),
    "one_hot": lambda W, i: torch.nn.functional.one_hot(i, 3).double() @ W,
    "index_as_numbers": lambda t, i: torch.where(i == 2, torch.sin(t * i), t * t),
    "cross_entropy_of_classes": lambda T, i: torch.nn.functional.cross_entropy(T, i),
    "argmax_as_index": lambda T, W: W[torch.argmax(T, 1)] * T.sum(1, keepdim=True),
    "argmin_along": lambda B: B.gather(1, torch.argmin(B, 1, keepdim=True)),
    "argmax_of_equal": lambda E: E * torch.argmax(E, 1, keepdim=True),
    "argmin_of_all_equal": lambda E: E * torch.argmin(E),
    # Order and places.
    "flip": lambda B: torch.tanh(torch.flip(B, (0, 2))) * B,
    "cumsum": lambda B: torch.cumsum(B, 1),
    "cumsum_of_rows": lambda T: torch.cumsum(T, 0),
    "cumsum_reversed": lambda u: torch.flip(torch.cumsum(torch.flip(torch.exp(u), (0,)), 0), (0,)),
    "lower_triangle": lambda W: torch.tril(W, -1),
    "upper_triangle": lambda B: torch.triu(torch.sin(B), 1),
    "causal_softmax": lambda B: torch.softmax(B.masked_fill(torch.ones(3, 3).tril() == 0, -inf), -1),
    "masked_softmax": lambda B, k: torch.softmax(B.masked_fill(torch.arange(3) > k[..., None], -inf), -1),
    # Element by element.
    "broadcast_product": lambda B, A, u: B * A - u,
    "broadcast_quotient": lambda W, u: W / (2 + u[:, None]),
    "columns_by_rows": lambda t, u: torch.exp(t[:, None] * u),
    "tanh_of_sum": lambda T, u, s: torch.tanh(T * s + u),
    "where": lambda T, u: torch.where(T > u, torch.sin(T), T * u),
    "min_of_two": lambda B, u: torch.minimum(B, u),
    "max_with_number": lambda T, s: torch.maximum(T, s),
    "power": lambda T, u: torch.nn.functional.softplus(T) ** u,
    "atan2": lambda T, u: torch.atan2(T, u),
    "functions": lambda T: torch.erf(T) + torch.sigmoid(T) * torch.log1p(T * T) - torch.nn.functional.gelu(T),
    # Networks.
    "attention": lambda B, C, Q: cosine_attention(B, C, Q),
    "cross_entropy": lambda T, W, t: -(torch.softmax(t, 0) * torch.log_softmax(torch.tanh(T @ W), -1)).sum(-1).mean(),
    "max_of_equal": lambda E: torch.amax(E, 1),
    "max_of_equal_rows": lambda E: torch.amax(E, 0),
    "max_of_all_equal": lambda E: torch.amax(E, (0, 1)),
    "min_of_equal": lambda E: torch.amin(E, 1),
    "min_of_all_equal": lambda E: torch.amin(E, (0, 1)),
}

functional = torch.nn.functional


def padded(x, *before_and_after, mode="constant"):
    """x with padding along its last axes, given in the order of the axes."""
    pairs = [before_and_after[k:k + 2] for k in range(0, len(before_and_after), 2)]
    return functional.pad(x, [count for pair in reversed(pairs) for count in pair], mode=mode)


# Windows. The row's name is in test/array_truth_windows.cpp or array_truth_pooling.cpp.
operations |= {
    "window": lambda T: T.unfold(0, 2, 1).transpose(1, 2),
    "window_apart": lambda signal: signal.unfold(2, 5, 2)[..., ::2],
    "fold": lambda B: sum(padded(B[:, p, s:s + 1], 2 * p + 3 * s, 10 - 2 * p - 3 * s) for p in range(3) for s in range(3)),
    "conv1d": lambda signal, signal_weights: functional.conv1d(signal, signal_weights),
    "conv1d_same": lambda signal, signal_weights: functional.conv1d(signal, signal_weights, padding="same", dilation=2),
    "conv1d_options": lambda signal, signal_weights: functional.conv1d(padded(signal, 3, 1), signal_weights, stride=2, dilation=2),
    "conv1d_groups": lambda signal, bias: functional.conv1d(signal, bias.reshape(4, 1, 1) * torch.tensor([1.0, 2, 3]), bias, groups=4),
    "conv1d_reflected": lambda signal, signal_weights: functional.conv1d(padded(signal, 2, 4, mode="reflect"), signal_weights),
    "conv2d": lambda image, image_weights: functional.conv2d(image, image_weights),
    "conv2d_of_one": lambda image, image_weights: functional.conv2d(image[0], image_weights),
    "conv2d_bias": lambda image, image_weights, bias: functional.conv2d(image, image_weights, bias, padding=1),
    "conv2d_same": lambda image, image_weights, bias: functional.conv2d(image, image_weights, bias, padding="same"),
    "conv2d_stride": lambda image, image_weights: functional.conv2d(image, image_weights, stride=(2, 3), padding=(2, 1)),
    "conv2d_dilation": lambda image, image_weights: functional.conv2d(padded(image, 0, 3, 2, 1), image_weights, dilation=(2, 4)),
    "conv2d_groups": lambda image, group_weights, bias: functional.conv2d(image, group_weights, bias, groups=2, stride=2),
    "conv2d_depth": lambda image, depth_weights: functional.conv2d(image, depth_weights, groups=4, padding=(1, 0)),
    "conv2d_reflected": lambda image, image_weights: functional.conv2d(padded(image, 2, 1, 0, 3, mode="reflect"), image_weights, stride=2),
    "conv_transpose1d": lambda signal, signal_weights: functional.conv_transpose1d(signal[:, :2], signal_weights, stride=2, dilation=3),
    "conv_transpose1d_output_padding": lambda B, A: functional.conv_transpose1d(B, A.reshape(3, 1, 3), dilation=3, output_padding=2),
    "conv_transpose2d": lambda image, image_weights, bias: functional.conv_transpose2d(image, image_weights, bias),
    "conv_transpose2d_options": lambda image, image_weights: functional.conv_transpose2d(
        image, image_weights, stride=(3, 2), padding=(2, 1), output_padding=(2, 0), dilation=(1, 2)),
    "conv_transpose2d_groups": lambda image, group_weights: functional.conv_transpose2d(image, group_weights, groups=2, stride=2),
    "max_pool": lambda image: functional.max_pool2d(image, 2),
    "max_pool_of_signal": lambda signal: functional.max_pool1d(signal, 3),
    "max_pool_overlapping": lambda image: functional.max_pool2d(image, 3, 1),
    "max_pool_options": lambda image: functional.max_pool2d(image, (3, 2), (2, 1), padding=1, dilation=(1, 3)),
    "max_pool_of_equal": lambda tied: functional.max_pool2d(tied, (2, 3)),
    "max_pool_of_equal_overlapping": lambda tied: functional.max_pool2d(tied, 3, 2, padding=1),
    "mean_pool": lambda image: functional.avg_pool2d(image, (3, 2)),
    "mean_pool_of_signal": lambda signal: functional.avg_pool1d(signal, 3, 2, padding=1),
    "mean_pool_overlapping": lambda image: functional.avg_pool2d(image, 3, (2, 1), padding=(1, 0)),
}

reductions = {
    "sum": lambda x, axes, **keep: torch.sum(x, axes, **keep),
    "mean": lambda x, axes, **keep: torch.mean(x, axes, **keep),
    "variance": lambda x, axes, **keep: torch.var(x, axes, unbiased=False, **keep),
    "norm": lambda x, axes, **keep: torch.linalg.vector_norm(x, 2, axes, **keep),
    "max": torch.amax,
    "min": torch.amin,
    "logsumexp": torch.logsumexp,
}
for name, f in reductions.items():
    operations[name] = lambda B, f=f: f(B, (0, 1, 2))
    operations[name + "_over_rows"] = lambda T, f=f: f(T, (0,))
    operations[name + "_over_two"] = lambda B, f=f: f(B, (0, 2))
    operations[name + "_kept"] = lambda B, f=f: f(B, (1,), keepdim=True)


def layer_norm(x, axes):
    centred = x - x.mean(axes, keepdim=True)
    return centred / torch.sqrt((centred**2).mean(axes, keepdim=True) + 1e-5)


maps = {
    "softmax": lambda x, axes: torch.exp(x - torch.logsumexp(x, axes, keepdim=True)),
    "log_softmax": lambda x, axes: x - torch.logsumexp(x, axes, keepdim=True),
    "layer_norm": layer_norm,
}
maps_of_one_axis = {"softmax": torch.softmax, "log_softmax": torch.log_softmax}
for name, f in maps.items():
    one = maps_of_one_axis.get(name, lambda x, axis, f=f: f(x, (axis,)))
    operations[name] = lambda B, f=one: f(B, -1)
    operations[name + "_over_rows"] = lambda T, f=one: f(T, 0)
    operations[name + "_over_two"] = lambda B, f=f: f(B, (0, 2))

# Every row of this matrix has something else that is not finite.
not_finite = torch.tensor([[nan, 1.0, 2.0], [1.0, nan, inf], [inf, 1.0, 2.0], [-inf, 1.0, 2.0], [inf, -inf, 1.0],
                           [inf, inf, 3.0], [-inf, -inf, -inf], [2.0, -inf, 0.5], [1.0, 2.0, 3.0]])
# Where the library's derivatives differ from PyTorch's, in rows of this matrix (docs/arrays.md says so): those of max are 0
# beside a NaN, those of variance NaN beside an infinity; the weights of a softmax are 0 where all elements are -infinity.
documented = {"max": (slice(2), 0), "min": (slice(2), 0), "variance": (slice(2, 8), nan), "logsumexp": (6, 0),
              "softmax": (6, 0), "log_softmax": (6, 1)}


places_and_sums = {"argmax": lambda x, axes: torch.argmax(x, *axes).double(), "argmin": lambda x, axes: torch.argmin(x, *axes).double(),
                   "cumsum": lambda x, axes: torch.cumsum(x, *axes)}


def weights(shape, phase):
    """Numbers in [-1, 1] that both sides know."""
    count = torch.Size(shape).numel()
    return torch.tensor([((7 * i + phase) % 11 - 5) / 8 for i in range(count)]).reshape(shape)


def rows():
    for name, x in operands.items():
        yield "operand", name, x
    yield "operand", "N", not_finite
    for name, x in indices.items():
        yield "index", name, x
    for name, operation in operations.items():
        names = getattr(operation, "names", None) or [p.name for p in inspect.signature(operation).parameters.values() if p.default is p.empty]
        own = [indices[n] for n in names if n in indices]
        names = [n for n in names if n in operands]
        x = [operands[n].clone().requires_grad_() for n in names]
        y = operation(*x, *own)
        yield name, "value", y
        first = torch.autograd.grad((weights(y.shape, 3) * y**2).sum(), x, create_graph=True)
        if orders < 2:
            yield from ((name, "first " + n, g) for n, g in zip(names, first))
            continue
        along = sum((g * weights(g.shape, k)).sum() for k, g in enumerate(first))
        second = torch.autograd.grad(along, x, allow_unused=True)
        for n, each, g, h in zip(names, x, first, second):
            yield name, "first " + n, g
            yield name, "second " + n, torch.zeros_like(each) if h is None else h
    for name, f in itertools.chain(reductions.items(), maps.items(), places_and_sums.items()):
        x = not_finite.clone().requires_grad_()
        y = f(x, (1,))
        first = torch.autograd.grad(y.sum(), x)[0] if y.requires_grad else torch.zeros_like(x)
        y = y.detach()
        if name in documented:
            row, derivative = documented[name]
            first[row] = derivative
        if name == "softmax":
            y[6] = 0
        yield "not_finite_" + name, "value", y
        yield "not_finite_" + name, "first N", first


def write():
    with TABLE.open("w") as table:
        for name, what, x in rows():
            print(name, what, *("%.17g" % v for v in x.detach().reshape(-1).tolist()), sep="\t", file=table)


if __name__ == "__main__":
    write()
