#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs a run-time benchmark program and prints one table per problem: time per evaluation and ratio to the hand-written code.

All ways of computing are measured in one run, in random interleaved order with repetitions, because machines are noisy and
shared; medians of the CPU time are compared. With --instructions, valgrind counts instructions instead, which do not wobble.
Usage: report.py PROGRAM [--filter REGEX] [--repetitions N] [--instructions] [--check] [--json FILE]
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

# The most that typegrad may take, as a multiple of the hand-written code.
BARS = {
    "black_scholes_greeks": 1.02,
    "black_scholes_hessian": 1.07,
    "reprojection_jacobian": 1.00,
    "tanh_network_gradient": 0.90,
    "traced_program_gradient": 0.95,
}
REFERENCE = "hand"
OURS = "typegrad"


def measure(program, pattern, repetitions, min_time):
    """Returns {problem: {name: [nanoseconds per evaluation, one for each repetition]}}."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [
            program,
            f"--benchmark_filter={pattern}",
            f"--benchmark_repetitions={repetitions}",
            f"--benchmark_min_time={min_time}",
            "--benchmark_enable_random_interleaving=true",
            f"--benchmark_out={out.name}",
            "--benchmark_out_format=json",
        ]
        finished = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        for line in finished.stderr.splitlines():
            if line.startswith(("skipped:", "bench:")):
                print(line)
        if finished.returncode != 0:
            print(f"report: {program} ended with status {finished.returncode}; nothing to report.")
            sys.exit(1)
        results = json.load(open(out.name, encoding="utf-8"))
    times = {}
    for run in results["benchmarks"]:
        if run.get("run_type") != "iteration":
            continue
        problem, name = run["run_name"].split("/", 1)
        times.setdefault(problem, {}).setdefault(name, []).append(run["cpu_time"])
    return times


def count_instructions(program, pattern):
    """Returns {problem: {name: [instructions per evaluation]}}: those of 600 evaluations less those of 100, by 500."""
    listed = subprocess.run([program, "--benchmark_list_tests=true", f"--benchmark_filter={pattern}"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout.splitlines()
    counts = {}
    for full_name in listed:
        totals = []
        for times in (100, 600):
            command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
                       program, "--evaluate", full_name, str(times)]
            said = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr
            totals.append(int(re.search(r"I\s+refs:\s+([\d,]+)", said).group(1).replace(",", "")))
        problem, name = full_name.split("/", 1)
        counts.setdefault(problem, {})[name] = [(totals[1] - totals[0]) / 500]
    return counts


def print_table(problem, times, unit="ns"):
    """Prints one problem and returns whether typegrad keeps its bar (True where it was not measured)."""
    medians = {name: statistics.median(samples) for name, samples in times.items()}
    fastest = {name: min(samples) for name, samples in times.items()}
    print(f"\n{problem}")
    if REFERENCE not in medians:
        print("  no hand-written code was measured, so there are no ratios")
    print(f"  {'':<24}{unit:>14}{'ratio':>9}{'of fastest':>12}{'spread':>9}")
    kept = True
    for name, median in sorted(medians.items(), key=lambda item: item[1]):
        samples = sorted(times[name])
        spread = (samples[-1 - len(samples) // 4] - samples[len(samples) // 4]) / median
        ratio = best = ""
        if REFERENCE in medians:
            ratio = f"{median / medians[REFERENCE]:.3f}"
            best = f"{fastest[name] / fastest[REFERENCE]:.3f}"
        note = ""
        if unit == "ns" and name == OURS and problem in BARS and REFERENCE in medians:
            kept = median / medians[REFERENCE] <= BARS[problem]
            note = f"   bar {BARS[problem]:.2f}: {'kept' if kept else 'MISSED'}"
        print(f"  {name:<24}{median:>14.1f}{ratio:>9}{best:>12}{spread:>8.0%}{note}")
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--filter", default=".*", help="regular expression of the benchmarks to run")
    parser.add_argument("--repetitions", type=int, default=25)
    parser.add_argument("--min-time", type=float, default=0.02, help="seconds for each repetition of each benchmark")
    parser.add_argument("--instructions", action="store_true", help="count instructions with valgrind instead of measuring time")
    parser.add_argument("--check", action="store_true", help="exit with status 1 where a bar is missed")
    parser.add_argument("--json", help="write the samples to this file")
    arguments = parser.parse_args()
    if not os.access(arguments.program, os.X_OK):
        sys.exit(f"report: there is no program {arguments.program}; build it first (meson setup -Dbench=true).")
    if arguments.instructions and shutil.which("valgrind") is None:
        sys.exit("report: --instructions needs valgrind, which is not installed.")
    if arguments.instructions:
        for problem, counts in sorted(count_instructions(arguments.program, arguments.filter).items()):
            print_table(problem, counts, "instructions")
        return
    times = measure(arguments.program, arguments.filter, arguments.repetitions, arguments.min_time)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump(times, out, indent=1)
    print("CPU nanoseconds for one evaluation, median of the repetitions; ratio to the hand-written code in the same run;")
    print("'of fastest' is the same ratio between the fastest repetitions; 'spread' is the interquartile range over the median.")
    kept = [print_table(problem, samples) for problem, samples in sorted(times.items())]
    if arguments.check and not all(kept):
        sys.exit(1)


if __name__ == "__main__":
    main()
