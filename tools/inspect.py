#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# ./run inspect FORMULA SYMBOL...: compiles a formula and shows it with its derivatives by the symbols in every notation. The formula is
# parsed here and written out anew as C++, so nothing of the command line reaches the compiler or a shell as it was typed.
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"
MOST_TERMS = 8  # of a function that takes any number of operands


def functions():
    """The functions of the library, as its headers declare them: name: (least, most operands)."""
    declared = re.compile(r"^(?:template <(?!int)[^\n]* )?constexpr auto (\w+)\((const [^)]*)\) \{", re.M)
    found = {}
    for header in sorted((INCLUDE / "typegrad" / "primitive").glob("*.hpp")):
        for name, operands in declared.findall(header.read_text()):
            found[name] = (2, MOST_TERMS) if "..." in operands else (operands.count("const "),) * 2
    return found


FUNCTIONS = functions()
SYNONYMS = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sgn": "sign", "gamma": "tgamma"}
LONGEST, DEEPEST, MOST_TOKENS, MOST_SYMBOLS = 2000, 60, 400, 20
TOKEN = re.compile(r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
                   r"|(?P<sign>\*\*|<=|>=|==|&&|\|\||[-+*/^(),<>!]))")


class Refused(Exception):
    """A sentence for the user."""


class Parser:
    """A recursive descent over the grammar of C's expressions, with ^ and ** for powers; yields C++."""

    BINARY = [["||"], ["&&"], ["<", "<=", ">", ">=", "=="], ["+", "-"], ["*", "/"]]

    def __init__(self, source):
        if not source.strip():
            raise Refused("the formula is empty; give one such as 'x*sin(y)'.")
        if len(source) > LONGEST:
            raise Refused(f"the formula has {len(source)} characters; at most {LONGEST} are taken here. Longer ones are traced: see docs on tracing.")
        self.source, self.at, self.depth = source, 0, 0
        self.tokens, self.symbols = self.scan(), []

    def scan(self):
        tokens, at = [], 0
        end = len(self.source.rstrip())
        while at < end:
            match = TOKEN.match(self.source, at)
            if not match:
                column = at + len(self.source[at:]) - len(self.source[at:].lstrip())
                raise Refused(f"'{printable(self.source[column])}' at column {column + 1} does not belong in a formula.")
            kind = match.lastgroup
            tokens.append((kind, match.group(kind), match.start(kind) + 1))
            at = match.end()
        if len(tokens) > MOST_TOKENS:
            raise Refused(f"the formula has {len(tokens)} numbers, names and signs; at most {MOST_TOKENS} are taken here.")
        return tokens + [("end", "the end", end + 1)]

    def peek(self):
        return self.tokens[self.at][1] if self.tokens[self.at][0] == "sign" else None

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, sign, after):
        kind, found, column = self.take()
        if kind != "sign" or found != sign:
            raise Refused(f"'{sign}' is missing {after}, at column {column}, where {quoted(kind, found)} stands.")

    def parse(self):
        code = self.binary(0)
        kind, found, column = self.tokens[self.at]
        if kind != "end":
            hint = " Write a product with '*'." if kind in ("name", "number") or found == "(" else ""
            raise Refused(f"the formula does not parse at column {column}: {quoted(kind, found)} is not expected there.{hint}")
        if len(self.symbols) > MOST_SYMBOLS:
            raise Refused(f"the formula has {len(self.symbols)} symbols; at most {MOST_SYMBOLS} are taken here.")
        return code

    def binary(self, level):
        if level == len(self.BINARY):
            return self.unary()
        left, count = self.binary(level + 1), 0
        while self.peek() in self.BINARY[level]:
            sign, column = self.take()[1:]
            count += 1
            if level == 2 and count > 1:
                raise Refused(f"'{sign}' at column {column} compares a comparison; write two of them with '&&' between.")
            right = self.binary(level + 1)
            left = f"equal({left}, {right})" if sign == "==" else f"({left} {sign} {right})"
        return left

    def unary(self):
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(f"the formula is nested more than {DEEPEST} deep; at most that is taken here.")
        if self.peek() in ("-", "+", "!"):
            sign = self.take()[1]
            inner = self.unary()
            code = inner if sign == "+" else f"({sign}{inner})"
        else:
            code = self.primary()
            if self.peek() in ("^", "**"):
                self.take()
                code = f"pow({code}, {self.unary()})"
        self.depth -= 1
        return code

    def primary(self):
        kind, found, column = self.take()
        if kind == "number":
            return self.number(found, column)
        if kind == "name":
            return self.call(found, column) if self.peek() == "(" else self.symbol(found, column)
        if found == "(":
            inner = self.binary(0)
            self.expect(")", f"after the '(' at column {column}")
            return inner
        raise Refused(f"the formula does not parse at column {column}: {quoted(kind, found)} stands where a number, a symbol or '(' is expected.")

    def number(self, found, column):
        mantissa, _, exponent = found.lower().partition("e")
        if len(mantissa.replace(".", "").lstrip("0")) > 18 or abs(int(exponent or 0)) > 300:
            raise Refused(f"the number {found[:40]} at column {column} is too long; at most 18 digits and exponents to 300 are exact here.")
        mantissa = mantissa.rstrip(".") or "0"  # '2.' is 2; a leading zero would be octal to nobody but is dropped all the same
        whole, _, part = mantissa.partition(".")
        return (whole.lstrip("0") or "0") + ("." + part if part else "") + ("e" + exponent if exponent else "") + "_c"

    def symbol(self, name, column):
        if name in FUNCTIONS or name in SYNONYMS:
            raise Refused(f"'{name}' at column {column} is a function; its arguments are missing, as in '{name}(x)'.")
        if name in ("pi", "e"):
            return f"tg::{name}"
        if len(name) > 60:
            raise Refused(f"the name at column {column} has {len(name)} characters; at most 60 are taken here.")
        if name not in self.symbols:
            self.symbols.append(name)
        return f"s_{name}"

    def call(self, name, column):
        function = SYNONYMS.get(name, name)
        if function not in FUNCTIONS:
            close = nearest(name)
            raise Refused(f"there is no function '{name[:60]}' (column {column})" + (f"; did you mean '{close}'?" if close else "; for a product write '*'."))
        self.take()
        arguments = [self.binary(0)]
        while self.peek() == ",":
            self.take()
            arguments.append(self.binary(0))
        self.expect(")", f"after the arguments of '{name}'")
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            raise Refused(f"'{name}' at column {column} takes {count} argument{'s' if most > 1 else ''}, not {len(arguments)}.")
        return f"tg::{function}({', '.join(arguments)})"


def quoted(kind, found):
    return "the end" if kind == "end" else f"'{found}'"


def printable(character):
    return character if character.isprintable() else f"\\x{ord(character):02x}"


def nearest(name):
    import difflib
    found = difflib.get_close_matches(name, [*FUNCTIONS, *SYNONYMS], 1)
    return found[0] if found else None


def program(formula, symbols, by, hessian):
    """The C++ program that prints everything."""
    lines = ["#include <typegrad/typegrad.hpp>", "#include <iostream>", "using namespace tg::literals;", "using tg::equal, tg::pow;"]
    lines += [f'constexpr auto s_{name} = tg::symbol<"{name}">;' for name in symbols]
    lines += [f"constexpr auto formula = {formula};", r"""
template <class F>
void show(std::string_view title, const F& f) {
  const tg::operation_count c = tg::cost(f);
  std::cout << title << "\n  infix   " << tg::to_string(f) << "\n  latex   " << tg::to_latex(f) << "\n  type    " << tg::type_name<F>();
  if constexpr (tg::detail::tree_size<F>() <= 60) std::cout << "\n  tree    " << tg::type_name<tg::tree_t<F>>();
  std::cout << "\n  domain  " << tg::domain(f) << "\n  cost    " << c.additions << " additions, " << c.multiplications << " multiplications, " << c.divisions << " divisions, "
            << c.transcendental << " library calls; depth " << c.depth << ", " << c.stack_bytes << " bytes\n\n";
}
void show_text(std::string_view title, std::string_view all) {
  std::cout << title << "\n";
  while (!all.empty()) {
    const auto end = all.find('\n');
    std::cout << "  " << all.substr(0, end) << "\n";
    all.remove_prefix(end == all.npos ? all.size() : end + 1);
  }
  std::cout << "\n";
}
int main() {"""]
    lines += ['  show("f", formula);']
    lines += [f'  show("df/d{s}", tg::diff(formula, s_{s}, tg::allow_zero));' for s in by]
    if hessian:
        lines += [f'  show("d2f/d{a} d{b}", tg::diff(formula, s_{a}, s_{b}, tg::allow_zero));'
                  for i, a in enumerate(by) for b in by[i:]]
    outputs = f"tg::outputs(formula, tg::gradient(formula, {', '.join('s_' + s for s in by)}, tg::allow_zero))" if by else "formula"
    lines += [f"  constexpr auto all = {outputs};",
              f'  show_text("C, {"the value and the gradient" if by else "the value"}", tg::to_c(all, "evaluate").view());',
              '  show_text("Graphviz (dot -Tsvg)", tg::to_dot(formula).view());', "}"]
    return "\n".join(lines) + "\n"


def compile_and_run(source):
    compiler = os.environ.get("CXX", "g++").split()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "formula.cpp").write_text(source)
        try:
            built = subprocess.run([*compiler, "-std=c++20", f"-I{INCLUDE}", "formula.cpp", "-o", "formula"], cwd=folder, capture_output=True, text=True, errors="replace")
        except OSError as problem:
            raise Refused(f"the compiler '{compiler[0]}' cannot be started ({problem.strerror}); set CXX to a C++20 compiler.")
        if built.returncode:
            errors = [line for line in built.stderr.splitlines() if "error" in line]
            raise Refused("the formula parses, but the compiler refuses it: " + (errors[0][:300] if errors else built.stderr[:300]))
        subprocess.run([str(path / "formula")], check=True)


def main():
    options = argparse.ArgumentParser(prog="./run inspect", description="Shows a formula and its derivatives in every notation.",
                                      epilog="example: ./run inspect 'x*sin(y)' x y")
    options.add_argument("formula", nargs="?", default="", help="such as 'x*sin(y)'; ^ and ** are powers, numbers are exact")
    options.add_argument("symbols", nargs="*", help="the symbols to differentiate by; without any: all")
    options.add_argument("--hessian", action="store_true", help="second derivatives, too")
    options.add_argument("--source", action="store_true", help="print the C++ program instead of running it")
    arguments, more = options.parse_known_args()
    # A formula may begin with a minus sign, which looks like an option.
    words = [w for w in sys.argv[1:] if w not in ("--hessian", "--source", "--")] if more else [arguments.formula, *arguments.symbols]
    parser = Parser(words[0])
    formula = parser.parse()
    by = list(dict.fromkeys(words[1:])) or parser.symbols
    for name in by:
        if name not in parser.symbols:
            has = "; it has " + ", ".join(parser.symbols) if parser.symbols else "; it has no symbols"
            raise Refused(f"the symbol '{name[:60]}' is not in the formula{has}.")
    if not parser.symbols:
        formula = f"(0_c + {formula})"
    source = program(formula, parser.symbols, by, arguments.hessian)
    if arguments.source:
        print(source, end="")
    else:
        compile_and_run(source)


if __name__ == "__main__":
    try:
        main()
    except Refused as sentence:
        sys.exit(f"inspect: {sentence}")
    except RecursionError:
        sys.exit("inspect: the formula is nested too deep.")
