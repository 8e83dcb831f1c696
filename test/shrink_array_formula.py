#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Shrink a random formula with arrays that fails in array_random to a smaller one that fails, and print it.

    python3 test/shrink_array_formula.py SEED DEPTH -- g++ -std=c++20 -Iinclude

All formulas one level smaller that come from the same seed are tried, of each kind; the first that fails is
shrunk further. What is compiled is COMMAND -Itest FILE test/main.cpp -DBOOST_TEST_DYN_LINK -lboost_unit_test_framework.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ("column", "row", "square", "table")
BRANCHES = (0, 1, 2, 3, 10, 11, 12, 13, 20)   # of array_formulas.hpp


def failing(candidates, command, folder):
    """The positions of the candidates that fail, and what the program printed."""
    cases = "".join(f'BOOST_AUTO_TEST_CASE(c{n}) {{\n  constexpr auto h = {c};\n'
                    f'  if (print) std::cout << "it is " << tg::to_string(h) << std::endl;\n  check_array(h, "element");\n}}\n'
                    for n, c in enumerate(candidates))
    source, program = folder / "candidates.cpp", folder / "candidates"
    source.write_text('#include <cstdlib>\n#include <iostream>\n#include "array_random.hpp"\nusing namespace array_formulas;\n'
                      'const bool print = std::getenv("PRINT") != nullptr;\n' + cases, encoding="utf-8")
    subprocess.run([*command, f"-I{HERE}", source, HERE / "main.cpp", "-DBOOST_TEST_DYN_LINK", "-o", program,
                    "-lboost_unit_test_framework"], check=True)
    found = []
    for n in range(len(candidates)):
        result = subprocess.run([program, f"--run_test=c{n}"], capture_output=True, text=True, env={"PRINT": "1"})
        if result.returncode != 0:
            found.append((n, "\n".join((result.stdout + result.stderr).splitlines()[:5])))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("depth", type=int)
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options = parser.parse_args(sys.argv[1:end])
    command = sys.argv[end + 1:] or ["g++", "-std=c++20", f"-I{HERE.parent / 'include'}"]
    seed, smallest = f"{options.seed}u", None
    with tempfile.TemporaryDirectory() as name:
        for depth in range(options.depth, -1, -1):
            seeds = [f"next({seed}, {branch})" for branch in (BRANCHES if depth > 0 else (0,))]
            candidates = [(f"{kind}<{s}, {depth}>()", s) for s in seeds for kind in KINDS]
            found = failing([c for c, _ in candidates], command, pathlib.Path(name))
            if not found:
                break
            number, output = found[0]
            smallest, seed = output, candidates[number][1]
            print(f"fails: {candidates[number][0]}, and {len(found) - 1} more of its size", flush=True)
    print(smallest or "no formula made of its seeds fails alone: the scalar one is sum(table * table) + sum(column) * k + dot(row, v)")


if __name__ == "__main__":
    main()
