#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Run the random formulas' test program; when a formula fails, shrink it to a small one that still fails and print that.

    run.py PROGRAM --seed N --count N --steps N -- COMMAND...

Shrinking tries every subformula, every step replaced by one of its operands, and every operand replaced by a variable or by 1. The
candidates of a round are compiled together, with COMMAND and the sources appended; the smallest that fails goes into the next round.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import formulas as fm
import generate

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 12
CANDIDATES = 60   # of one round, smallest first
SHRUNK = 3        # failing formulas that are shrunk; the rest are named only


def smaller(formula, points):
    """Formulas that are one step simpler in some way, defined at the same points, smallest first."""
    found = []

    def add(candidate, result=None):
        candidate = fm.prune(candidate, result)
        constant = any(all(isinstance(o, fm.Fraction) for o in operands) for _, operands in candidate)
        usable = not constant and fm.variables_of(candidate) and all(fm.values_of(candidate, p) for p in points)
        if usable and weight(candidate) < weight(formula) and candidate not in found:
            found.append(candidate)

    for step, (_, operands) in enumerate(formula):
        add(formula, step)
        for position, operand in enumerate(operands):
            if formula[step][0] == "power" and position == 1:
                continue   # an exact exponent stays
            if isinstance(operand, int):
                # The step's users take its operand instead.
                add([(o, tuple(operand if isinstance(a, int) and a == step else a for a in args)) for o, args in formula])
            for simple in (*fm.VARIABLES[:1], fm.Fraction(1)):
                changed = (formula[step][0], tuple(simple if p == position else a for p, a in enumerate(operands)))
                add([*formula[:step], changed, *formula[step + 1:]])
    return sorted(found, key=weight)[:CANDIDATES]


def weight(formula):
    """Fewer steps first, then fewer operands that are not simply x or 1."""
    return len(formula), sum(isinstance(o, int) or o not in ("x", 1) for o in fm.operands_of(formula))


def failing_of(candidates, points, style, request, compile_command, folder):
    """Those of the candidates that fail, and the program's output."""
    entries = [(n, f, points, style, request) for n, f in enumerate(candidates)]
    (folder / "part.cpp").write_text(generate.part_text(entries, 0), encoding="utf-8")
    (folder / "list.cpp").write_text(generate.list_text(0, 1), encoding="utf-8")
    program = folder / "candidates"
    sources = [folder / "part.cpp", folder / "list.cpp", HERE / "check.cpp"]
    compiled = subprocess.run([*compile_command, f"-I{HERE}", *sources, "-o", program], capture_output=True, text=True)
    if compiled.returncode != 0:
        print(f"shrinking stops: the candidates do not compile\n{compiled.stderr[:2000]}")
        return [], ""
    output = subprocess.run([program], capture_output=True, text=True).stdout
    return [candidates[n] for n in failing_numbers(output)], output


def failing_numbers(output):
    line = re.search(r"^failing:(.*)$", output, re.MULTILINE)
    return [int(n) for n in line.group(1).split()] if line else []


def shrink(number, formula, points, compile_command):
    style, request = generate.style_and_request(number)
    message = ""
    with tempfile.TemporaryDirectory() as name:
        for _ in range(ROUNDS):
            candidates = smaller(formula, points)
            if not candidates:
                break
            failing, output = failing_of(candidates, points, style, request, compile_command, pathlib.Path(name))
            if not failing:
                break
            formula = min(failing, key=weight)
            message = re.search(rf"^FAILED formula {candidates.index(formula)}, (.*)$", output, re.MULTILINE).group(1)
    print(f"formula {number} ({generate.STYLES[style]}, {request}) shrinks to {len(formula)} step(s): {fm.one_line(formula)}\n  {message}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options = parser.parse_args(sys.argv[1:end])
    compile_command = sys.argv[end + 1:]
    result = subprocess.run([options.program], capture_output=True, text=True)
    print(result.stdout, end="")
    print(result.stderr, end="", file=sys.stderr)
    everything = {n: (f, p) for n, f, p in generate.make_all(options.seed, options.count, options.steps)}
    failing = failing_numbers(result.stdout)
    for number in sorted(failing, key=lambda n: len(everything[n][0]))[:SHRUNK] if compile_command else []:
        shrink(number, *everything[number], compile_command)
    if failing:
        print(f"the seed is {options.seed}: random_seed in test/random_formulas/meson.build")
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
