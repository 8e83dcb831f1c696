#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Write random formulas as C++ test cases: each with its derivatives by typegrad and, beside them, the same formula of 50-digit
numbers, which cases.hpp differentiates by differences.

    generate.py --seed N --count N --steps N --out FOLDER --parts N

A third of the formulas is written with operators on symbols and exact constants, a third with operators and ordinary numbers, a third
as a traced lambda; the derivatives are asked for one by one, as a gradient, or as a Hessian, in turn.
"""
import argparse
import pathlib
import random

import formulas as fm

STYLES = ["operators, exact constants", "operators, ordinary numbers", "traced"]


def make_all(seed, count, steps):
    """The formulas of a seed: (number, formula, points)."""
    generator = random.Random(seed)
    return [(n, *fm.random_formula(generator, generator.randint(2, steps))) for n in range(count)]


def case_text(number, formula, points, style, request):
    variables = fm.variables_of(formula)
    count = len(variables)
    name = f"formula_{number}"
    lines = [f"// {number} ({STYLES[style]}): {fm.one_line(formula)}"]
    body, result = [fm.exact_text, fm.plain_text, fm.traced_text][style](formula)
    wide, wide_result = fm.oracle_text(formula)
    lines += [f"template <class T> T {name}(const T* at) {{", "  using namespace oracle;"]
    lines += [f"  const T {v} = at[{i}];" for i, v in enumerate(variables)]
    lines += [f"  {line}" for line in wide] + [f"  return {wide_result};", "}"]
    symbols = [f'  constexpr auto {v} = tg::symbol<"{v}">;' for v in variables]
    if style == 2:
        labels = ", ".join(f'"{v}"' for v in variables)
        lines += [f"constexpr auto {name}_traced = tg::trace<{labels}>([]({', '.join('auto ' + v for v in variables)}) {{",
                  f"  using T [[maybe_unused]] = decltype({variables[0]});", *(f"  {line}" for line in body), f"  return {result};", "});"]
        body, result = [], f"{name}_traced"
    lines += [f"const char* {name}_by_library(const double* at, double* out) {{", *symbols, *(f"  {line}" for line in body), f"  constexpr auto formula = {result};"]
    lines.append(f"  return random_formulas::evaluate<random_formulas::request::{request}>(formula, tg::inputs({', '.join(variables)}), at, out, {', '.join(variables)});")
    lines.append("}")
    values = ", ".join(repr(p[v]) for p in points for v in variables)
    lines.append(f"constexpr double {name}_points[] = {{{values}}};")
    text = fm.one_line(formula).replace('"', '\\"')
    row = (f'    random_formulas::make_case<{count}>({number}, random_formulas::request::{request}, {name}_by_library, {name}<oracle::digits50>, '
           f'{name}_points, {len(points)}, "{text}"),')
    return lines, row


def part_text(entries, part):
    lines = ["// SPDX-License-Identifier: BSL-1.0", "// Made by test/random_formulas/generate.py.", '#include "cases.hpp"', "", "namespace {",
             "using namespace tg::literals;", ""]
    rows = []
    for number, formula, points, style, request in entries:
        text, row = case_text(number, formula, points, style, request)
        lines += [*text, ""]
        rows.append(row)
    return "\n".join([*lines, "}  // namespace", "", f"std::vector<random_formulas::random_case> random_formulas_{part}() {{", "  return {", *rows, "  };", "}", ""])


def list_text(seed, parts):
    return "\n".join(["// SPDX-License-Identifier: BSL-1.0", "// Made by test/random_formulas/generate.py.", '#include "cases.hpp"', "",
                      *(f"std::vector<random_formulas::random_case> random_formulas_{p}();" for p in range(parts)), "",
                      f"unsigned long long random_formulas::seed() {{ return {seed}ULL; }}", "",
                      "std::vector<std::vector<random_formulas::random_case>> random_formulas::all_cases() {",
                      "  return {" + ", ".join(f"random_formulas_{p}()" for p in range(parts)) + "};", "}", ""])


def style_and_request(number):
    return number % 3, ["each", "gradient", "hessian"][number // 3 % 3]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--steps", type=int, default=20, help="operations in the longest formula")
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    entries = [(n, f, p, *style_and_request(n)) for n, f, p in make_all(options.seed, options.count, options.steps)]
    for part in range(options.parts):
        (options.out / f"random_formulas_{part}.cpp").write_text(part_text(entries[part::options.parts], part), encoding="utf-8")
    (options.out / "random_formulas_list.cpp").write_text(list_text(options.seed, options.parts), encoding="utf-8")


if __name__ == "__main__":
    main()
