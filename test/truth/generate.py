#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Turn a table of derivatives into C++ that differentiates each formula with typegrad and keeps the table's values beside it.

    generate.py TABLE.tsv --out FOLDER [--name NAME] [--parts N] [--dialect formula|number]

Two kinds of table are read, told apart by their header: S-expressions (columns id, var, params, F_sexpr, points(x=f(x)), and
double_rel_err where known) and SymPy text (id, expr, wrt, points). Written are NAME_0.cpp ... NAME_{N-1}.cpp, each with a list of
cases, and NAME_list.cpp, with the list of these lists and of the cases that were skipped, each with its reason.

How accurate a case has to be: 1e-9 relative, in double. Where the table says that forward mode in double is itself wrong by more than
1e-11 the case is ill-conditioned: it is evaluated with 50 digits instead, and must then agree to 1e-15.

With --dialect number the formulas are written for plain 50-digit numbers and differentiated by differences: a test of this script,
without typegrad.
"""
import argparse
import ast
import pathlib
import sys
from dataclasses import dataclass, field
from fractions import Fraction

import expression as ex

ILL_CONDITIONED = 1e-11   # double_rel_err above which 1e-9 is not to be expected of double
TRACE_FROM = 40           # formulas with at least so many operations are traced; of the shorter ones, every fifth
HIGHEST_ORDER = 20        # of a derivative; of the polynomials in the tables the higher ones are zero, too

# Cases whose stated value does not hold for real numbers.
NOT_REAL = {"S0047": "states |x|' = -sign(x), which holds for imaginary x only (S0046 states it for real x)"}


@dataclass
class Case:
    id: str
    formula: object                       # expression
    orders: list                          # (symbol, order) pairs, in the order of differentiation
    symbols: list                         # all names that get a value, in the order of the columns of `points`
    points: list = field(default_factory=list)   # (values, expected) as text
    relative_error: float = 0.0           # of forward mode in double, where the table knows it


@dataclass
class Skipped:
    id: str
    reason: str


def number_text(text):
    """A C++ double literal for a decimal number or a quotient of integers."""
    value = Fraction(text)
    return f"{value.numerator}.0 / {value.denominator}.0" if "/" in text else (text if any(c in text for c in ".eE") else text + ".0")


def read_sexpr_row(row):
    bindings = dict(p.split("=") for p in row["params"].split(";") if p)
    symbols = [row["var"], *bindings]
    points = []
    for point in row["points(x=f(x))"].split(";"):
        at, expected = point.split("=")
        points.append(([at, *bindings.values()], expected))
    return Case(row["id"], ex.from_sexpr(row["F_sexpr"], set(symbols)), [(row["var"], 1)], symbols, points,
                float(row.get("double_rel_err") or 0.0))


def read_wrt(text):
    """SymPy's list of differentiations: x | x,3 | (x, 3) | any sequence of these."""
    orders = []
    for node in ast.parse(f"f({text})", mode="eval").body.args:
        if isinstance(node, ast.Constant):
            orders[-1] = (orders[-1][0], node.value)
        elif isinstance(node, ast.Tuple):
            orders.append((node.elts[0].id, node.elts[1].value))
        else:
            orders.append((node.id, 1))
    return [(name, order) for name, order in orders if order > 0]


def read_sympy_row(row):
    formula, orders = ex.from_sympy(row["expr"]), read_wrt(row["wrt"])
    points = []
    for point in row["points"].split("|"):
        bindings, expected = point.split("->")
        points.append((dict(b.strip().split("=") for b in bindings.split(";") if b.strip()), expected.strip()))
    symbols = list(dict.fromkeys([*points[0][0], *ex.symbols_of(formula), *(name for name, _ in orders)]))
    # A symbol without a value in the table does not matter to the result; it gets one half.
    return Case(row["id"], formula, orders, symbols, [([b.get(s, "0.5") for s in symbols], e) for b, e in points])


def read_table(path):
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split("\t")
    read = read_sexpr_row if "F_sexpr" in header else read_sympy_row
    cases, skipped = [], []
    for line in lines[1:]:
        row = dict(zip(header, line.split("\t")))
        if row["id"] in NOT_REAL:
            skipped.append(Skipped(row["id"], NOT_REAL[row["id"]]))
            continue
        try:
            case = read(row)
            ex.to_cpp(case.formula, ex.Formula())
            cases.append(case)
        except ex.Unsupported as reason:
            skipped.append(Skipped(row["id"], str(reason)))
    return cases, skipped


# --- C++ -------------------------------------------------------------------------------------------------------------------

def derivative_text(case):
    """typegrad refuses a symbol that the formula lacks unless a zero is asked for, as it is here where the table differentiates by one, or
    where an earlier step may have left nothing of it."""
    text, present = "formula", ex.symbols_of(case.formula)
    for step, (name, order) in enumerate(case.orders):
        symbol = ex.cpp_name(name)
        if step == 0 and name in present:
            text = f"tg::diff({text}, {symbol})" if order == 1 else f"tg::diff<{min(order, HIGHEST_ORDER)}>({text}, {symbol})"
        else:
            for _ in range(min(order, HIGHEST_ORDER)):
                text = f"tg::diff({text}, {symbol}, tg::allow_zero)"
    return text


def trace_text(case):
    """The formula as the body of a traced lambda, or None where it cannot be written as one."""
    try:
        return ex.to_cpp(case.formula, ex.Trace())
    except ex.Unsupported:
        return None


def formula_function(case, number):
    """A function of the symbols' values, made by typegrad."""
    name = case.id.lower()
    names = [ex.cpp_name(s) for s in case.symbols]
    used = ex.symbols_of(case.formula)
    lines = [f"template <class T> T {name}(const T* at) {{"]
    lines += [f'  [[maybe_unused]] constexpr auto {n} = tg::symbol<"{s}">;' for n, s in zip(names, case.symbols)]
    traced = trace_text(case) if used and (ex.size(case.formula) >= TRACE_FROM or number % 5 == 0) else None
    if traced:
        labels = ", ".join(f'"{s}"' for s in used)
        arguments = [ex.cpp_name(s) for s in used]
        lines[:0] = [f"constexpr auto {name}_formula = tg::trace<{labels}>([]({', '.join('auto ' + a for a in arguments)}) {{",
                     f"  using T [[maybe_unused]] = decltype({arguments[0]});", f"  return {traced};", "});"]
        lines.append(f"  constexpr auto formula = {name}_formula;")
    else:
        lines.append(f"  constexpr auto formula = {ex.to_cpp(case.formula, ex.Formula())};")
    values = ", ".join(f"at[{i}]" for i in range(len(names)))
    lines.append(f"  return truth::evaluate(tg::inputs({', '.join(names)}), {derivative_text(case)}, {values});")
    lines.append("}")
    return lines


def number_function(case):
    """The same function of plain numbers, differentiated by differences."""
    names = [ex.cpp_name(s) for s in case.symbols]
    lines = [f"template <class T> T {case.id.lower()}_value(const T* at) {{"]
    lines += [f"  [[maybe_unused]] const T {n} = at[{i}];" for i, n in enumerate(names)]
    lines += [f"  return {ex.to_cpp(case.formula, ex.Number())};", "}"]
    orders = [0] * len(names)
    for name, order in case.orders:
        orders[case.symbols.index(name)] += min(order, HIGHEST_ORDER)
    order_list = ", ".join(map(str, orders))
    lines += [f"template <class T> T {case.id.lower()}(const T* at) {{",
              f"  return oracle::derivative<T, {len(names)}>({case.id.lower()}_value<T>, at, {{{order_list}}});", "}"]
    return lines


def part_text(name, part, cases, dialect):
    wide = dialect == "number" or any(c.relative_error > ILL_CONDITIONED for c in cases)
    lines = ["// SPDX-License-Identifier: BSL-1.0", f"// Made by test/truth/generate.py: part {part} of the cases of {name}.",
             '#include "check.hpp"']
    if dialect == "formula":
        lines[2:2] = ["#include <numbers>", ""]
        lines.append('#include "differentiate.hpp"')
    if wide:
        lines.append('#include "wide.hpp"')
    lines += ["", "namespace {", "using namespace tg::literals;" if dialect == "formula" else "using namespace oracle;", ""]
    rows = []
    for number, case in enumerate(cases):
        lines += formula_function(case, number) if dialect == "formula" else number_function(case)
        width = len(case.symbols)
        lines.append(f"constexpr double {case.id.lower()}_points[] = {{")
        lines += ["    " + ", ".join(number_text(t) for t in [*values, expected]) + "," for values, expected in case.points]
        lines += ["};", ""]
        is_wide = dialect == "number" or case.relative_error > ILL_CONDITIONED
        function = f"truth::in_50_digits<{case.id.lower()}<oracle::digits50>, {width}>" if is_wide else f"{case.id.lower()}<double>"
        tolerance = "1e-15" if is_wide else "1e-9"
        rows.append(f'    {{"{case.id}", {function}, {case.id.lower()}_points, {width}, {len(case.points)}, {tolerance}}},')
    lines += ["constexpr truth::test_case cases[] = {", *rows, "};", "}  // namespace", "",
              f"std::span<const truth::test_case> {name}_{part}() {{ return cases; }}", ""]
    return "\n".join(lines)


def list_text(name, parts, skipped):
    lines = ["// SPDX-License-Identifier: BSL-1.0", f"// Made by test/truth/generate.py: all cases of {name}, and the skipped ones with reasons.",
             '#include "check.hpp"', ""]
    lines += [f"std::span<const truth::test_case> {name}_{part}();" for part in range(parts)]
    lines += ["", "std::vector<std::span<const truth::test_case>> truth::all_cases() {",
              "  return {" + ", ".join(f"{name}_{part}()" for part in range(parts)) + "};", "}", "",
              "std::vector<truth::skipped_case> truth::all_skipped() {",
              "  return {" + ", ".join(f'{{"{s.id}", "{s.reason}"}}' for s in skipped) + "};", "}", ""]
    return "\n".join(lines)


def split(cases, parts):
    """Parts of about equal cost, where a formula's cost grows a little faster than its length."""
    result = [[] for _ in range(parts)]
    load = [0.0] * parts
    for case in sorted(cases, key=lambda c: -ex.size(c.formula)):
        lightest = load.index(min(load))
        result[lightest].append(case)
        load[lightest] += 10 + ex.size(case.formula) ** 1.3
    return [sorted(part, key=lambda c: c.id) for part in result]


def write_if_changed(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--name", help="stem of the files; by default the table's")
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--dialect", choices=["formula", "number"], default="formula")
    parser.add_argument("--only", nargs="*", help="ids of the cases to write; all by default")
    options = parser.parse_args()
    name = options.name or options.table.stem
    cases, skipped = read_table(options.table)
    if options.only:
        cases = [c for c in cases if c.id in options.only]
    if not cases:
        sys.exit(f"generate.py: {options.table} has no case that can be written; nothing is made.")
    options.out.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(split(cases, options.parts)):
        write_if_changed(options.out / f"{name}_{number}.cpp", part_text(name, number, part, options.dialect))
    write_if_changed(options.out / f"{name}_list.cpp", list_text(name, options.parts, skipped))
    print(f"{name}: {len(cases)} cases in {options.parts} parts, {len(skipped)} skipped")


if __name__ == "__main__":
    main()
