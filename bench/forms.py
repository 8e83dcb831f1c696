#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares the cost of typegrad's derivatives with that of SymPy's, over a table of antiderivatives.

    forms.py TABLE.tsv [--only ID ...] [--every N] [--list COUNT] [--batch N] [--patience S] [--memory FILE] [--compiler COMPILER]

Each F of the table (columns id, var, params, F_sexpr, f_sexpr, as in the tables that test/truth reads) is differentiated by
typegrad, and what tg::cost says of the derivative's program is compared with what the same weights say of SymPy's cse(diff(F)), of
the better of that and cse(simplify(diff(F))), and of the integrand f as the table writes it, with equal parts shared. An addition
or multiplication costs 1, a division 4, a call 20, and what no symbol enters nothing. Printed are ratios of sums and geometric
means over the cases, and the cases that lose most. simplify is given up after --patience seconds and its result then not
counted; as it takes most of the time, SymPy's costs are kept in the file --memory.
"""
import argparse
import json
import math
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

try:
    import sympy
except ImportError:
    print("skipped: SymPy is not installed (Debian: python3-sympy)")
    sys.exit(77)

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "truth"))
import expression as ex  # noqa: E402
import generate  # noqa: E402

CALL, DIVISION = 20, 4


# --- SymPy -----------------------------------------------------------------------------------------------------------------

def functions():
    """What SymPy has for each function of the tables."""
    s = sympy
    found = {name: getattr(s, name) for name in """sqrt cbrt exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sec csc
        cot sech csch coth asec acsc acot asech acsch acoth erf erfc gamma loggamma digamma floor sinc atan2""".split()}
    found |= {"tgamma": s.gamma, "lgamma": s.loggamma, "ceil": s.ceiling, "abs": s.Abs, "sign": s.sign, "min": s.Min, "max": s.Max,
              "exp2": lambda x: 2**x, "expm1": lambda x: s.exp(x) - 1, "log1p": lambda x: s.log(1 + x), "log2": lambda x: s.log(x, 2),
              "log10": lambda x: s.log(x, 10), "hypot": lambda x, y: s.sqrt(x**2 + y**2), "pow": lambda x, y: x**y,
              "sigmoid": lambda x: 1 / (1 + s.exp(-x)), "neg": lambda x: -x, "+": lambda x, y: x + y, "-": lambda x, y: x - y,
              "*": lambda x, y: x * y, "/": lambda x, y: x / y}
    return found


FUNCTIONS = functions()


def in_sympy(expression):
    if isinstance(expression, Fraction):
        return sympy.Rational(expression.numerator, expression.denominator)
    head, operands = expression[0], expression[1:]
    if head == "symbol":
        return sympy.Symbol(operands[0])
    if head == "constant":
        return sympy.pi if operands[0] == "pi" else sympy.E
    return FUNCTIONS[head](*map(in_sympy, operands))


def squarings(k):
    return 0 if k <= 1 else 1 + k % 2 + squarings(k // 2)


class Weights:
    """The cost of SymPy expressions, written as a careful person writes them in C: x^-2 as a divisor, x^(3/2) as x*sqrt(x)."""

    def __init__(self):
        self.fixed = set()   # names that cse gave to what no symbol enters

    def of_shared(self, expressions):
        names, rest = sympy.cse(expressions)
        total = 0
        for name, value in names:
            if self.is_fixed(value):
                self.fixed.add(name)
            else:
                total += self.of(value)
        return total + sum(self.of(e) for e in rest)

    def is_fixed(self, e):
        return e.free_symbols <= self.fixed

    def of(self, e):
        if e.is_Atom or self.is_fixed(e):
            return 0
        if e.is_Add:
            return self.sum(e)
        if e.is_Mul:
            return self.product(e)
        if e.is_Pow:
            return self.product(e) if self.is_divisor(e) else self.power(*e.as_base_exp())
        below = sum(self.of(a) for a in e.args)
        if isinstance(e, (sympy.Min, sympy.Max)):
            return below + len(e.args) - 1
        cheap = (sympy.Abs, sympy.sign, sympy.floor, sympy.ceiling, sympy.Heaviside, sympy.Piecewise)
        return below + (1 if isinstance(e, cheap) or e.is_Boolean or e.is_Relational else CALL)

    def sum(self, e):
        total, terms, minus, fixed = 0, 0, 0, False
        for a in e.args:
            if self.is_fixed(a):
                fixed = True
                continue
            terms += 1
            coefficient, rest = a.as_coeff_Mul()
            minus += coefficient.is_negative is True
            total += self.of(-a if coefficient.is_negative else a)
        only_minus = minus == terms and not fixed and all(a.as_coeff_Mul()[0] == -1 for a in e.args)
        return total + terms + fixed - 1 + only_minus

    @staticmethod
    def is_divisor(e):
        return e.is_Pow and e.exp.as_coeff_Mul()[0].is_negative is True and e.base is not sympy.E and e.exp.is_Number

    def product(self, e):
        above = below = total = 0
        number = sympy.Integer(1)
        for a in e.args if e.is_Mul else [e]:
            if self.is_fixed(a):
                number *= a
            elif self.is_divisor(a):
                below += 1
                total += self.power(a.base, -a.exp)
            else:
                above += 1
                total += self.of(a)
        minus = number == -1 and above > 0
        above += number not in (1, -1)
        return total + max(above - 1, 0) + max(below - 1, 0) + (DIVISION if below else 0) + minus

    def power(self, base, exponent):
        if base is sympy.E:   # as SymPy writes exp(x)
            return self.of(exponent) + CALL
        below = self.of(base)
        if exponent.is_Integer:
            return below + squarings(int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            whole = int(exponent.p) // 2
            return below + CALL + squarings(whole) + (whole > 0)
        return below + self.of(exponent) + CALL


class OutOfTime(Exception):
    pass


def within(seconds, function):
    def give_up(*_):
        raise OutOfTime

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        return function()
    finally:
        signal.alarm(0)


def sympy_costs(case, patience):
    """[of cse(diff), of cse(simplify(diff)) or None, of the integrand]"""
    derivative = sympy.diff(in_sympy(case.formula), sympy.Symbol(case.orders[0][0]))
    plain = Weights().of_shared([derivative])
    try:
        simple = within(patience, lambda: Weights().of_shared([sympy.simplify(derivative)]))
    except Exception:   # out of time, or one of SymPy's own faults
        simple = None
    return [plain, simple, Weights().of_shared([in_sympy(case.integrand)])]


# --- typegrad --------------------------------------------------------------------------------------------------------------

def program(cases):
    lines = ["#include <iostream>", "#include <typegrad/typegrad.hpp>", "using namespace tg::literals;", ""]
    for c in cases:
        lines.append(f"void {c.id}() {{")
        lines += [f'  [[maybe_unused]] constexpr auto {ex.cpp_name(s)} = tg::symbol<"{s}">;' for s in c.symbols]
        lines.append(f"  constexpr auto formula = {ex.to_cpp(c.formula, ex.Formula())};")
        lines.append(f"  constexpr auto derivative = {generate.derivative_text(c)};")
        inputs = ", ".join(ex.cpp_name(s) for s in c.symbols)
        lines.append(f"  constexpr auto function = tg::function(tg::inputs({inputs}), tg::outputs(derivative));")
        lines.append(f'  std::cout << "{c.id}\\t" << tg::cost(function).weight() << "\\t" << tg::to_string(derivative) << "\\n";')
        lines.append("}")
    return "\n".join([*lines, "int main() {", *(f"  {c.id}();" for c in cases), "}", ""])


def typegrad_costs(cases, compiler, batch):
    """id: (cost, text of the derivative)"""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder) / "forms.cpp", Path(folder) / "forms"
        for first in range(0, len(cases), batch):
            print(f"\rtypegrad: {first} of {len(cases)} ", end="", file=sys.stderr, flush=True)
            source.write_text(program(cases[first:first + batch]), encoding="utf-8")
            subprocess.run([*compiler, "-std=c++20", "-O0", "-w", f"-I{ROOT / 'include'}", str(source), "-o", str(binary)], check=True)
            for line in subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout.splitlines():
                name, cost, text = line.split("\t")
                found[name] = int(cost), text
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return found


# --- comparing -------------------------------------------------------------------------------------------------------------

def read(table, only, every):
    lines = table.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header, cases = lines[0].split("\t"), []
    for line in lines[1::every]:
        row = dict(zip(header, line.split("\t")))
        if only and row["id"] not in only:
            continue
        try:
            case = generate.read_sexpr_row(row)
            case.integrand = ex.from_sexpr(row["f_sexpr"], set(case.symbols))
            ex.to_cpp(case.formula, ex.Formula())
            in_sympy(case.formula)
            cases.append(case)
        except (ex.Unsupported, KeyError) as reason:
            print(f"left out: {row['id']}, {reason}", file=sys.stderr)
    return cases


def has_root(expression, inside=False):
    """Whether a root or another function of numbers alone occurs."""
    if isinstance(expression, Fraction) or expression[0] in ("symbol", "constant"):
        return False
    if expression[0] not in ("neg", *ex.INFIX) and not ex.symbols_of(expression):
        return expression[0] != "pow" or not (isinstance(expression[2], Fraction) and expression[2].denominator == 1)
    return any(map(has_root, expression[1:]))


def line(name, ours, theirs):
    """The ratio of the sums, and the geometric mean of the ratios."""
    pairs = [(o, t) for o, t in zip(ours, theirs) if t is not None]
    mean = math.exp(sum(math.log((o + 1) / (t + 1)) for o, t in pairs) / len(pairs))
    print(f"  {name:<34} {sum(o for o, _ in pairs) / max(sum(t for _, t in pairs), 1):8.3f} {mean:12.3f} {len(pairs):8}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--every", type=int, default=1, help="every N-th row")
    parser.add_argument("--list", type=int, default=20, help="how many of the worst cases are shown")
    parser.add_argument("--batch", type=int, default=60)
    parser.add_argument("--patience", type=int, default=20)
    parser.add_argument("--memory", type=Path, default=ROOT / "build" / "forms-sympy.json")
    parser.add_argument("--sympy-only", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    options = parser.parse_args()
    cases = read(options.table, options.only, options.every)

    memory = json.loads(options.memory.read_text()) if options.memory.exists() else {}
    options.memory.parent.mkdir(parents=True, exist_ok=True)
    for k, c in enumerate(cases):
        if c.id not in memory:
            print(f"\rSymPy: {k} of {len(cases)} ", end="", file=sys.stderr, flush=True)
            memory[c.id] = sympy_costs(c, options.patience)
            options.memory.write_text(json.dumps(memory))
    if options.sympy_only:
        return
    found = typegrad_costs(cases, shlex.split(options.compiler), options.batch)

    plain, simple, integrand = ([memory[c.id][k] for c in cases] for k in range(3))
    better = [p if s is None else min(p, s) for p, s in zip(plain, simple)]
    ours = [found[c.id][0] for c in cases]
    for title, chosen in (("all cases", [True] * len(cases)), ("without functions of numbers", [not has_root(c.formula) for c in cases])):
        pick = lambda values: [v for v, yes in zip(values, chosen) if yes]
        print(f"{title}\n  {'typegrad against':<34} {'of sums':>8} {'of each, mean':>12} {'cases':>8}")
        line("SymPy, cse(diff(F))", pick(ours), pick(plain))
        line("the better of that and simplify", pick(ours), pick(better))
        line("the textbook's integrand", pick(ours), pick(integrand))
    worst = sorted(range(len(cases)), key=lambda k: better[k] - ours[k])[:options.list]
    print("\nthe cases that lose most (typegrad, cse(diff), better, integrand)")
    for k in worst:
        print(f"  {cases[k].id}  {ours[k]:5} {plain[k]:5} {better[k]:5} {integrand[k]:5}  {found[cases[k].id][1]}")


if __name__ == "__main__":
    main()
