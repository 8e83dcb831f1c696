#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Run the benchmark of networks, and the time of PyTorch and JAX for the same where they are installed.

    networks.py PROGRAM...

In one thread. Inference is without gradients (no_grad). PyTorch runs eagerly, with a step of Adam by its fused loop over all tensors (foreach), which is
what the bars are about, and from version 2 compiled, too; JAX compiles a whole step. Of a virtual environment:
path/to/bin/python bench/networks.py build/.../networks
"""
import os
import re
import statistics
import subprocess
import sys
import time

# PyTorch's ratio to ours that is promised: the name of a line of the program, and at least so many times faster.
# Sizes are inputs, hidden units, outputs and rows; of a name it is LeNet-5 with 64 images, an encoder layer of 8 sequences, or an LSTM
# of 32 units over 64 steps of 32 sequences.
BARS = [("64-32-10", (64, 32, 10, 32), False, "64-32-10, by hand", 12),
        ("784-128-10", (784, 128, 10, 64), False, "784-128-10, Eigen", 1.7),
        ("784-128-10 with Adam", (784, 128, 10, 64), True, "784-128-10 with Adam, alone", 10),
        ("64-32-10, inference of one row", (64, 32, 10, 1), None, "64-32-10, inference by hand", 20),
        ("784-128-10, inference of one row", (784, 128, 10, 1), None, "784-128-10, inference by hand", 20),
        ("LeNet-5", "LeNet", False, "LeNet-5, in double", 3),
        ("encoder layer", "encoder", False, "encoder layer, in double", 1.1),
        ("LSTM", "LSTM", False, "LSTM, in double", 8)]


def median_time(step, count=400):
    """Microseconds of one step, the median of many after some that warm up."""
    times = []
    for n in range(count + 20):
        start = time.perf_counter()
        step()
        if n >= 20:
            times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def torch_time(sizes, adam, compiled=False):
    import torch
    nn = torch.nn
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if sizes == "encoder":
        model = nn.TransformerEncoderLayer(384, 12, 1536, dropout=0, activation="gelu", batch_first=True)
        x, target = torch.randn(8, 64, 384), torch.randn(8, 64, 384)
    elif sizes == "LSTM":
        class Recurrent(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm, self.out = nn.LSTM(1, 32), nn.Linear(32, 1)

            def forward(self, x):
                return self.out(self.lstm(x)[0][-1])
        model, x, target = Recurrent(), torch.randn(64, 32, 1), torch.randn(32, 1)
    elif sizes == "LeNet":
        x, target = torch.randn(64, 1, 28, 28), torch.randint(10, (64,))
        model = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2),
                              nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))
    else:
        inputs, hidden, outputs, rows = sizes
        x, target = torch.randn(rows, inputs), torch.randint(outputs, (rows,))
        model = nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))
    rule = torch.optim.Adam(model.parameters(), lr=1e-9)
    criterion = nn.MSELoss() if sizes in ("encoder", "LSTM") else nn.CrossEntropyLoss()

    def loss():
        return criterion(model(x), target)
    if compiled:
        loss = torch.compile(loss)

    if adam is None:
        model.eval()
        run = torch.compile(model) if compiled else model
        with torch.no_grad():
            return median_time(lambda: run(x))

    def step():
        rule.zero_grad(set_to_none=True)
        loss().backward()
        if adam:
            rule.step()
    return median_time(step, 40 if sizes == "encoder" else 400)


def jax_dense(sizes):
    """The network's scores and loss, and its parameters."""
    import jax
    import jax.numpy as jnp
    inputs, hidden, outputs, rows = sizes
    keys = jax.random.split(jax.random.PRNGKey(1), 4)
    x = jax.random.normal(keys[0], (rows, inputs))
    target = jax.random.randint(keys[1], (rows,), 0, outputs)

    def score(p):
        return jnp.tanh(x @ p[0] + p[1]) @ p[2] + p[3]

    def loss(p):
        z = score(p)
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, target[:, None], 1)[:, 0])
    return score, loss, [jax.random.normal(keys[2], (inputs, hidden)) / 8, jnp.zeros(hidden),
                         jax.random.normal(keys[3], (hidden, outputs)) / 8, jnp.zeros(outputs)]


def jax_encoder():
    import jax
    import jax.numpy as jnp
    keys = jax.random.split(jax.random.PRNGKey(1), 8)
    x, target = jax.random.normal(keys[0], (8, 64, 384)), jax.random.normal(keys[1], (8, 64, 384))
    shapes = [(384, 384)] * 4 + [(384, 1536), (1536, 384)]
    p = [jax.random.normal(key, shape) / 20 for key, shape in zip(keys[2:], shapes)]
    p += [jnp.zeros(shape[1]) for shape in shapes] + [jnp.ones(384), jnp.zeros(384)] * 2

    def norm(z, scale, shift):
        z = z - z.mean(-1, keepdims=True)
        return z / jnp.sqrt((z * z).mean(-1, keepdims=True) + 1e-5) * scale + shift

    def layer(p):
        q, k, v = ((x @ p[i] + p[6 + i]).reshape(8, 64, 12, 32).transpose(0, 2, 1, 3) for i in range(3))
        weights = jax.nn.softmax(q @ k.swapaxes(2, 3) / 32**0.5)
        h = norm(x + (weights @ v).transpose(0, 2, 1, 3).reshape(8, 64, 384) @ p[3] + p[9], p[12], p[13])
        return norm(h + jax.nn.gelu(h @ p[4] + p[10], approximate=False) @ p[5] + p[11], p[14], p[15])
    return layer, lambda p: ((layer(p) - target)**2).mean(), p


def jax_lstm():
    import jax
    import jax.numpy as jnp
    keys = jax.random.split(jax.random.PRNGKey(1), 5)
    x, target = jax.random.normal(keys[0], (64, 32, 1)), jax.random.normal(keys[1], (32, 1))
    p = [jax.random.normal(keys[2], (1, 128)), jax.random.normal(keys[3], (32, 128)) / 6, jnp.zeros(128), jnp.zeros(128),
         jax.random.normal(keys[4], (32, 1)) / 6, jnp.zeros(1)]

    def score(p):
        def cell(state, given):
            h, c = state
            i, f, g, o = jnp.split(given + h @ p[1] + p[3], 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None
        zero = jnp.zeros((32, 32))
        return jax.lax.scan(cell, (zero, zero), x @ p[0] + p[2])[0][0] @ p[4] + p[5]
    return score, lambda p: ((score(p) - target)**2).mean(), p


def jax_time(sizes, adam):
    if sizes == "LeNet":
        return None
    import jax
    import jax.numpy as jnp
    score, loss, p = jax_encoder() if sizes == "encoder" else jax_lstm() if sizes == "LSTM" else jax_dense(sizes)
    if adam is None:
        compiled = jax.jit(score)
        return median_time(lambda: jax.block_until_ready(compiled(p)))

    def train(p, m, v):
        g = jax.grad(loss)(p)
        if not adam:
            return g, m, v
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        return [a - 1e-9 * b / (jnp.sqrt(c) + 1e-8) for a, b, c in zip(p, m, v)], m, v
    compiled = jax.jit(train)
    zeros = [jnp.zeros_like(a) for a in p]
    return median_time(lambda: jax.block_until_ready(compiled(p, zeros, zeros)), 40 if sizes == "encoder" else 400)


def peers():
    """What is installed: name, time of a step as a function of sizes and whether Adam follows, whether a bar holds."""
    try:
        import torch
        yield "PyTorch " + torch.__version__, torch_time, True
        if hasattr(torch, "compile"):
            yield "torch.compile", lambda sizes, adam: torch_time(sizes, adam, True), False
    except ImportError:
        print("PyTorch is not installed (Debian: python3-torch)")
    try:
        import jax
        yield "jax.jit " + jax.__version__, jax_time, False
    except ImportError:
        pass


def main():
    ran = [subprocess.run([program], capture_output=True, text=True) for program in sys.argv[1:]]
    failed = max(each.returncode for each in ran)
    text = "".join(each.stdout for each in ran)
    print(text, end="")
    if hasattr(os, "sched_setaffinity"):   # JAX takes as many threads as it finds cores
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    own = {name.strip(): float(number) for name, number in re.findall(r"^(.*?) +([0-9.]+) us", text, re.M)}
    os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX" if "avx512f" in open("/proc/cpuinfo").read() else "")
    if not os.environ["OPENBLAS_CORETYPE"]:
        del os.environ["OPENBLAS_CORETYPE"]
    for peer, time_of, barred in peers():
        for name, sizes, adam, line, bar in BARS:
            if line not in own:
                continue
            time_of_peer = time_of(sizes, adam)
            if time_of_peer is None:
                continue
            ratio = time_of_peer / own[line]
            print(f"{name + ', ' + peer:<44} {ratio:6.1f} times slower" +
                  (f"  bar {bar}  {'kept' if ratio >= bar else 'MISSED'}" if barred else ""))
    return failed


if __name__ == "__main__":
    sys.exit(main())
