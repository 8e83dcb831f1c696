#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Measures compile time: each translation unit of compile/ as a ratio to one that includes <vector>, <array> and <cmath> only.

The cases are compiled in turn, several rounds, and the median of the compiler's own CPU time (user and system, all its
processes) is taken, with the largest resident size. Usage:
compile_time.py [--include DIR] [--rounds N] [--modes O2,O0,O2g,O0g] [--only WORD] [--check] -- COMPILER [COMPILER ...]
where a COMPILER may carry arguments of its own when it is quoted, as in "ccache g++"; g++ and clang++-19 by default.
"""
import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODES = {"O2": ["-O2"], "O0": ["-O0"], "O2g": ["-O2", "-g"], "O0g": ["-O0", "-g"]}
# What a compiler needs for more than 1,000 traced operations; up to 1,000 no flag may be needed. The flags of docs/tracing.md.
LARGE = {
    "gcc": ["-fconstexpr-ops-limit=4000000000", "-fconstexpr-loop-limit=100000000", "-fconstexpr-cache-depth=8", "--param=ggc-min-expand=1000"],
    "clang": ["-fconstexpr-steps=2000000000"],
}
# No compilation is waited for longer than this many seconds.
PATIENCE = 600
# The growth from 1,000 to 8,000 operations may be this many times linear.
GROWTH_BAR = 1.3


class Case:
    """One translation unit: its name, source, arguments, and the most that it may take as a ratio (in all modes, or by
    mode), in MB, and as a ratio to another one (its name, and the ratio)."""

    def __init__(self, name, source, arguments=(), bar=None, megabytes=None, large=False, beside=None):
        self.name, self.source, self.arguments = name, source, list(arguments)
        self.bar, self.megabytes, self.large, self.beside = bar, megabytes, large, beside


BASELINE = Case("<vector>, <array>, <cmath>", "baseline.cpp")
CASES = [
    Case("umbrella header", "umbrella.cpp", bar=2.2),
    Case("Black-Scholes gradient", "black_scholes_gradient.cpp", bar=4.3),
    Case("Black-Scholes Hessian", "black_scholes_hessian.cpp", bar=6.5),
    Case("arrays header", "arrays.cpp", bar={"O2": 3.0}),
    Case("network 784-128-64-10", "array_network.cpp", bar={"O2": 7.5, "O0g": 7}, megabytes=190),
    Case("LeNet-5", "lenet.cpp", bar={"O2": 12}),
    Case("encoder layer", "encoder.cpp", bar={"O2": 14}, megabytes=300),
    Case("encoder, repeat<1>", "encoder_stack.cpp", ["-DLAYERS=1"]),
    Case("encoder, repeat<12>", "encoder_stack.cpp", ["-DLAYERS=12"], beside=("encoder, repeat<1>", 1.2)),
    Case("LSTM of 10 steps", "lstm.cpp", ["-DSTEPS=10"]),
    Case("LSTM of 1000 steps", "lstm.cpp", ["-DSTEPS=1000"], beside=("LSTM of 10 steps", 1.05)),
    Case("traced, 1000 operations", "traced.cpp", ["-DOPERATIONS=1000"], bar=17, megabytes=280),
    Case("traced, 2000 operations", "traced.cpp", ["-DOPERATIONS=2000"], large=True),
    Case("traced, 4000 operations", "traced.cpp", ["-DOPERATIONS=4000"], large=True),
    Case("traced, 8000 operations", "traced.cpp", ["-DOPERATIONS=8000"], large=True),
    Case("peer: Boost autodiff gradient", "peer_boost.cpp"),
    Case("peer: Ceres Jets gradient", "peer_ceres.cpp", ["-isystem", "/usr/include/eigen3"]),
    Case("peer: Eigen gradient", "peer_eigen.cpp", ["-isystem", "/usr/include/eigen3"]),
    Case("peer: Sacado gradient", "peer_sacado.cpp", ["-isystem", "/usr/include/trilinos", "-DTRILINOS_NO_CONFIG_H"]),
    Case("peer: ADOL-C gradient", "peer_adolc.cpp"),
]


def kind(compiler):
    """'clang' or 'gcc'."""
    version = subprocess.run(compiler + ["--version"], capture_output=True, text=True, check=True).stdout
    return "clang" if "clang" in version else "gcc"


def compile_once(command):
    """Returns (CPU seconds, MB) of one compilation, or the compiler's first error as text."""
    read_end, write_end = os.pipe()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, write_end, 2), (os.POSIX_SPAWN_CLOSE, read_end)])
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) == 124:
        return f"gave up after {PATIENCE} seconds"
    if status != 0:
        errors = [line for line in said.splitlines() if "error" in line]
        return (errors or said.splitlines() or ["no message"])[0][:200]
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(compiler, mode, include, cases, rounds):
    """Returns {case name: (CPU seconds, MB) or an error text}, all cases in turn in each round."""
    program, timeout = shutil.which(compiler[0]), shutil.which("timeout")
    samples, results = {}, {}
    for turn in range(rounds):
        for case in cases:
            # One sample says enough of a case that takes long.
            seen = samples.get(case.name, [])
            if isinstance(results.get(case.name), str) or (turn > 0 and seen and seen[0][0] > 10):
                continue
            limits = LARGE[kind(compiler)] if case.large else []
            command = [timeout, str(PATIENCE), program, *compiler[1:], "-std=c++20", *MODES[mode], *limits, f"-I{include}", *case.arguments,
                       "-c", str(HERE / "compile" / case.source), "-o", "/dev/null"]
            found = compile_once(command)
            if isinstance(found, str):
                results[case.name] = found
                continue
            samples.setdefault(case.name, []).append(found)
    for name, pairs in samples.items():
        if name not in results:
            results[name] = (statistics.median(p[0] for p in pairs), max(p[1] for p in pairs))
    return results


def print_table(title, mode, cases, results):
    """Prints one table and returns whether every bar was kept."""
    print(f"\n{title}")
    print(f"  {'':<34}{'seconds':>9}{'ratio':>9}{'bar':>7}{'MB':>7}")
    base = results[BASELINE.name]
    if isinstance(base, str):
        print(f"  the baseline does not compile: {base}")
        return False
    kept = True
    for case in cases:
        found = results.get(case.name)
        if found is None:
            continue
        if isinstance(found, str):
            absent = case.name.startswith("peer:") and ("not found" in found or "No such file" in found)
            print(f"  {case.name:<34}" + (" skipped (not installed)" if absent else f" FAILED: {found}"))
            kept = kept and absent
            continue
        seconds, megabytes = found
        ratio = seconds / base[0]
        bar = case.bar.get(mode) if isinstance(case.bar, dict) else case.bar
        note = ""
        if bar is not None and ratio > bar:
            note += "  MISSED"
        if case.megabytes is not None and megabytes > case.megabytes:
            note += f"  MISSED: more than {case.megabytes} MB"
        other = results.get(case.beside[0]) if case.beside else None
        if isinstance(other, tuple):
            note += f"  {seconds / other[0]:.2f} of {case.beside[0]}"
            note += f"  MISSED: more than {case.beside[1]}" if seconds / other[0] > case.beside[1] else ""
        kept = kept and "MISSED" not in note
        print(f"  {case.name:<34}{seconds:>9.2f}{ratio:>9.2f}{bar or '':>7}{megabytes:>7.0f}{note}")
    ends = [results.get(f"traced, {n} operations") for n in (1000, 8000)] + [results.get("umbrella header")]
    if all(isinstance(end, tuple) for end in ends):
        small, large, header = (end[0] for end in ends)
        growth = (large - header) / (small - header) / 8
        note = "" if growth <= GROWTH_BAR else "  MISSED"
        kept = kept and not note
        print(f"  growth from 1000 to 8000 operations, less the header: {growth:.2f} times linear (bar {GROWTH_BAR}){note}")
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", default=str(HERE.parent / "include"), help="folder of the library's headers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--modes", default=",".join(MODES), help="some of " + ", ".join(MODES))
    parser.add_argument("--only", default="", help="only the cases whose name contains this word")
    parser.add_argument("--check", action="store_true", help="exit with status 1 where a bar is missed")
    parser.add_argument("compilers", nargs="*", default=[])
    arguments = parser.parse_args()
    compilers = [shlex.split(text) for text in arguments.compilers or ["g++", "clang++-19"]]
    # The growth is reckoned without the header, so the header is measured with the traced cases.
    chosen = [case for case in CASES if arguments.only in case.name]
    header = [case for case in CASES if case.name == "umbrella header" and case not in chosen and any(c.large for c in chosen)]
    cases = [BASELINE] + header + chosen
    kept = True
    for compiler in compilers:
        if shutil.which(compiler[0]) is None:
            print(f"skipped: {compiler[0]} (not installed)")
            continue
        for mode in arguments.modes.split(","):
            results = measure(compiler, mode, arguments.include, cases, arguments.rounds)
            kept = print_table(f"{' '.join(compiler)} {' '.join(MODES[mode])}", mode, cases, results) and kept
    if arguments.check and not kept:
        sys.exit(1)


if __name__ == "__main__":
    main()
