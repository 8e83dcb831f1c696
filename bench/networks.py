#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Run the benchmark of networks, and PyTorch's time for the same where it is installed.

    networks.py PROGRAM

PyTorch runs eagerly, in one thread, with a step of Adam by its fused loop over all tensors (foreach).
"""
import os
import re
import statistics
import subprocess
import sys
import time

# PyTorch's ratio to ours that is promised: the name of a line of the program, and at least so many times faster.
BARS = [("64-32-10", (64, 32, 10, 32), False, "64-32-10, by hand", 12),
        ("784-128-10", (784, 128, 10, 64), False, "784-128-10, Eigen", 1.7),
        ("784-128-10 with Adam", (784, 128, 10, 64), True, "784-128-10 with Adam, alone", 10)]


def torch_time(sizes, adam):
    """Microseconds of one step, the median of many."""
    import torch
    inputs, hidden, outputs, rows = sizes
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x = torch.randn(rows, inputs)
    target = torch.randint(outputs, (rows,))
    model = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, outputs))
    rule = torch.optim.Adam(model.parameters(), lr=1e-9)
    loss = torch.nn.CrossEntropyLoss()
    times = []
    for _ in range(400):
        start = time.perf_counter()
        rule.zero_grad(set_to_none=True)
        loss(model(x), target).backward()
        if adam:
            rule.step()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def main():
    ran = subprocess.run([sys.argv[1]], capture_output=True, text=True)
    print(ran.stdout, end="")
    own = {name.strip(): float(number) for name, number in re.findall(r"^(.*?) +([0-9.]+) us", ran.stdout, re.M)}
    os.environ.setdefault("OPENBLAS_CORETYPE", "SKYLAKEX" if "avx512f" in open("/proc/cpuinfo").read() else "")
    if not os.environ["OPENBLAS_CORETYPE"]:
        del os.environ["OPENBLAS_CORETYPE"]
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed (Debian: python3-torch)")
        return ran.returncode
    for name, sizes, adam, line, bar in BARS:
        if line in own:
            ratio = torch_time(sizes, adam) / own[line]
            print(f"{name + ', PyTorch ' + torch.__version__:<40} {ratio:6.1f} times slower  bar {bar}  "
                  f"{'kept' if ratio >= bar else 'MISSED'}")
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main())
