# SPDX-License-Identifier: BSL-1.0
"""Formulas as Python objects: read from S-expressions or SymPy text, written as C++.

An expression is a Fraction (an exact number), or a tuple: ('symbol', name), ('constant', 'pi' or 'e'), or (operation, operand, ...).
The C++ is written in one of three dialects: Formula, with symbols and exact constants; Trace, with the literals that one writes in a
template for double; and Number, plain arithmetic on a type T, by which this script and the oracle are tested without the library.
"""
import ast
import re
from fractions import Fraction

UNARY = """sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh
sec csc cot sech csch coth asec acsc acot asech acsch acoth erf erfc tgamma lgamma digamma floor ceil round
sigmoid softplus relu silu gelu sinc abs sign""".split()
BINARY = "pow hypot atan2 fmod min max logsumexp".split()
ALIASES = {"ln": "log", "Abs": "abs", "gamma": "tgamma", "loggamma": "lgamma", "arcsin": "asin", "arccos": "acos",
           "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "ceiling": "ceil", "Min": "min", "Max": "max"}
INFIX = {"+": 1, "-": 1, "*": 2, "/": 2}
CONSTANTS = {"pi": "pi", "Pi": "pi", "E": "e", "e": "e"}
RESERVED = set("""and asm auto bool break case catch char class const delete div do double else enum export extern float for
friend goto if index inline int j0 j1 jn log long mutable new not operator or private public register return short signed sizeof
static struct switch this throw try typedef union unsigned using void while xor y0 y1 yn at T""".split()) | set(UNARY) | set(BINARY)


class Unsupported(Exception):
    """A formula that cannot be written with typegrad's functions; the text is the reason that the report shows."""


def call(name, *operands):
    name = ALIASES.get(name, name)
    if name in INFIX or name in ("pow", "neg") or (name in UNARY and len(operands) == 1) or (name in BINARY and len(operands) >= 2):
        return (name, *operands)
    raise Unsupported(f"function {name} with {len(operands)} operand(s) is not in the library")


# --- reading ---------------------------------------------------------------------------------------------------------------

def from_sexpr(text, symbols):
    """The expression of an S-expression; `symbols` are the names that are variables even where they look like constants."""
    tokens = re.findall(r"[()]|[^\s()]+", text)
    position = 0

    def read():
        nonlocal position
        token = tokens[position]
        position += 1
        if token != "(":
            return atom(token)
        head, operands = tokens[position], []
        position += 1
        while tokens[position] != ")":
            operands.append(read())
        position += 1
        return fold(head, operands)

    def atom(token):
        if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", token):
            return Fraction(token)
        if token in symbols:
            return ("symbol", token)
        if token in CONSTANTS:
            return ("constant", CONSTANTS[token])
        raise Unsupported(f"unknown name {token}")

    result = read()
    if position != len(tokens):
        raise ValueError(f"text after the S-expression: {tokens[position:]}")
    return result


def fold(head, operands):
    """One operation with any number of operands, as binary operations from the left."""
    if head in ("+", "*"):
        result = operands[0]
        for operand in operands[1:]:
            result = (head, result, operand)
        return result
    if head in ("-", "neg") and len(operands) == 1:
        return ("neg", operands[0])
    if head in ("/", "inv") and len(operands) == 1:
        return ("/", Fraction(1), operands[0])
    return call(head, *operands)


def from_sympy(text):
    """The expression of SymPy's text. Sums and products over an index are written out: over numbers term by term, over symbolic
    bounds where the term does not contain the index."""

    def convert(node, bound):
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Name):
            if node.id in bound:
                return bound[node.id]
            return ("constant", CONSTANTS[node.id]) if node.id in ("pi", "E") else ("symbol", node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return ("neg", convert(node.operand, bound))
        if isinstance(node, ast.BinOp):
            head = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "pow"}[type(node.op)]
            return (head, convert(node.left, bound), convert(node.right, bound))
        if isinstance(node, ast.Call):
            if node.func.id in ("Sum", "Product"):
                return iterate(node, bound)
            return call(node.func.id, *(convert(a, bound) for a in node.args))
        raise Unsupported(f"SymPy's {type(node).__name__}")

    def iterate(node, bound):
        head = "+" if node.func.id == "Sum" else "*"
        term, (index, low, high) = node.args[0], node.args[1].elts
        low, high = convert(low, bound), convert(high, bound)
        if isinstance(low, Fraction) and isinstance(high, Fraction):
            return fold(head, [convert(term, bound | {index.id: Fraction(i)}) for i in range(int(low), int(high) + 1)])
        if any(isinstance(n, ast.Name) and n.id == index.id for n in ast.walk(term)):
            raise Unsupported(f"{node.func.id} with symbolic bounds")
        count = ("+", ("-", high, low), Fraction(1))
        return ("*" if head == "+" else "pow", convert(term, bound), count)

    return convert(ast.parse(text, mode="eval").body, {})


def symbols_of(expression):
    """The names of the symbols, in order of appearance."""
    if isinstance(expression, Fraction) or expression[0] == "constant":
        return []
    if expression[0] == "symbol":
        return [expression[1]]
    return list(dict.fromkeys(name for operand in expression[1:] for name in symbols_of(operand)))


def size(expression):
    """The number of operations in the written-out tree."""
    if isinstance(expression, Fraction) or expression[0] in ("symbol", "constant"):
        return 0
    return 1 + sum(size(operand) for operand in expression[1:])


# --- writing ---------------------------------------------------------------------------------------------------------------

def cpp_name(name):
    return name + "_" if name in RESERVED else name


class Formula:
    """The dialect of tg::formula: exact constants, functions found by argument-dependent look-up."""

    def number(self, value):
        if max(abs(value.numerator), value.denominator) >= 2**63:
            raise Unsupported("a number beyond 64 bits")
        if value.denominator == 1:
            return f"{value.numerator}_c" if value >= 0 else f"(-{-value.numerator}_c)"
        return f"tg::rational<{value.numerator}, {value.denominator}>"

    def quotient(self, numerator, denominator):
        return self.number(Fraction(numerator, denominator))

    def constant(self, name):
        return f"tg::{name}"


class Trace:
    """The dialect of the lambda that tg::trace runs: literals as in a template for double, and T for the type of its arguments. A function
    of constants has no spelling there: the functions of double are no constant expressions for every compiler."""

    def number(self, value):
        if max(abs(value.numerator), value.denominator) >= 2**53:
            raise Unsupported("a number beyond 53 bits")
        if value.denominator == 1:
            return f"{value.numerator}.0" if value >= 0 else f"({value.numerator}.0)"
        return f"(T({value.numerator}) / T({value.denominator}))"

    def quotient(self, numerator, denominator):
        return f"(T({numerator.numerator}) / T({denominator.numerator}))"

    def constant(self, name):
        return f"std::numbers::{name}"


class Number:
    """The dialect of plain numbers of a type T; functions that the standard lacks come from test/oracle.hpp."""

    def number(self, value):
        if value.denominator == 1:
            text = f"{abs(value.numerator)}" + ("" if abs(value.numerator) < 2**31 else "LL")
            if abs(value.numerator) >= 2**63:
                raise Unsupported("a number beyond 64 bits")
            return f"T({text})" if value >= 0 else f"(-T({text}))"
        return f"({self.number(Fraction(value.numerator))} / {self.number(Fraction(value.denominator))})"

    def quotient(self, numerator, denominator):
        return f"({self.number(numerator)} / {self.number(denominator)})"

    def constant(self, name):
        return f"oracle::{name}<T>()"


def to_cpp(expression, dialect):
    """The C++ expression, with the parentheses that precedence needs. """

    def write(node, outer):
        if isinstance(node, Fraction):
            return dialect.number(node)
        head, operands = node[0], node[1:]
        if head == "symbol":
            return cpp_name(operands[0])
        if head == "constant":
            return dialect.constant(operands[0])
        if head == "/" and all(isinstance(o, Fraction) and o.denominator == 1 for o in operands) and operands[1] != 0:
            return dialect.quotient(*operands)
        if head == "neg":
            text = "-" + write(operands[0], 3)
            return f"({text})" if outer > 0 else text
        if head in INFIX:
            mine = INFIX[head]
            text = f"{write(operands[0], mine)} {head} {write(operands[1], mine + 1)}"
            return f"({text})" if mine < outer else text
        if isinstance(dialect, Trace) and not symbols_of(node):
            raise Unsupported(f"{head} of a constant in a trace")
        return f"{head}({', '.join(write(o, 0) for o in operands)})"

    return write(expression, 0)
