# SPDX-License-Identifier: BSL-1.0
"""Random formulas as short programs: made so that every value stays away from the edges of the functions' domains, written as C++.

A formula is a list of steps, each (operation, operands); an operand is the number of an earlier step, the name of a variable, or a
Fraction. The last step is the result. Steps share operands freely, so that graphs are tested, not only trees.
"""
import math
from fractions import Fraction

VARIABLES = ["x", "y", "z"]
CONSTANTS = [Fraction(t) for t in "1 2 3 4 5 7 1/3 2/7 0.5 0.25 1.5 0.1 0.75 10".split()]
LARGEST = 30.0   # of any intermediate value


def digamma(v):
    return (math.lgamma(v + 1e-5) - math.lgamma(v - 1e-5)) / 2e-5


def cbrt(v):
    return math.copysign(abs(v) ** (1 / 3), v)


def logsumexp(a, b):
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


def away(v, *edges):
    return all(abs(v - edge) > 0.1 for edge in edges)


def between_integers(v, shift=0.0):
    return 0.1 < (v + shift) % 1.0 < 0.9


anywhere = lambda v: True
# operation: (value, where it may be used). Margins of 0.1 keep the conditioning of three derivatives moderate.
UNARY = {
    "neg": (lambda v: -v, anywhere), "sqrt": (math.sqrt, lambda v: v > 0.1), "cbrt": (cbrt, lambda v: away(v, 0)),
    "exp": (math.exp, lambda v: v < 3), "exp2": (lambda v: 2.0**v, lambda v: v < 4), "expm1": (math.expm1, lambda v: v < 3),
    "log": (math.log, lambda v: v > 0.1), "log2": (math.log2, lambda v: v > 0.1), "log10": (math.log10, lambda v: v > 0.1),
    "log1p": (math.log1p, lambda v: v > -0.9), "sin": (math.sin, anywhere), "cos": (math.cos, anywhere),
    "tan": (math.tan, lambda v: abs(math.cos(v)) > 0.2), "sec": (lambda v: 1 / math.cos(v), lambda v: abs(math.cos(v)) > 0.2),
    "csc": (lambda v: 1 / math.sin(v), lambda v: abs(math.sin(v)) > 0.2), "cot": (lambda v: 1 / math.tan(v), lambda v: abs(math.sin(v)) > 0.2),
    "asin": (math.asin, lambda v: abs(v) < 0.9), "acos": (math.acos, lambda v: abs(v) < 0.9), "atan": (math.atan, anywhere),
    "sinh": (math.sinh, lambda v: abs(v) < 3), "cosh": (math.cosh, lambda v: abs(v) < 3), "tanh": (math.tanh, anywhere),
    "asinh": (math.asinh, anywhere), "acosh": (math.acosh, lambda v: v > 1.1), "atanh": (math.atanh, lambda v: abs(v) < 0.9),
    "erf": (math.erf, anywhere), "erfc": (math.erfc, lambda v: v < 3), "tgamma": (math.gamma, lambda v: 0.3 < v < 4),
    "lgamma": (math.lgamma, lambda v: 0.3 < v), "digamma": (digamma, lambda v: 0.3 < v),
    "sigmoid": (sigmoid, anywhere), "softplus": (lambda v: logsumexp(v, 0.0), anywhere), "silu": (lambda v: v * sigmoid(v), anywhere),
    "gelu": (lambda v: v * math.erfc(-v / math.sqrt(2)) / 2, anywhere), "sinc": (lambda v: math.sin(v) / v if v else 1.0, anywhere),
    "relu": (lambda v: max(v, 0.0), lambda v: away(v, 0)), "abs": (abs, lambda v: away(v, 0)),
    "sign": (lambda v: math.copysign(1.0, v), lambda v: away(v, 0)),
    "floor": (math.floor, between_integers), "ceil": (math.ceil, between_integers),
    "round": (lambda v: math.floor(v + 0.5), lambda v: between_integers(v, 0.5)),
}
BINARY = {
    "+": (lambda a, b: a + b, lambda a, b: True), "-": (lambda a, b: a - b, lambda a, b: True),
    "*": (lambda a, b: a * b, lambda a, b: True), "/": (lambda a, b: a / b, lambda a, b: abs(b) > 0.1),
    "pow": (lambda a, b: a**b, lambda a, b: a > 0.1 and abs(b) < 5), "hypot": (math.hypot, lambda a, b: abs(a) + abs(b) > 0.2),
    "atan2": (math.atan2, lambda a, b: abs(a) > 0.1 or b > 0.1), "logsumexp": (logsumexp, lambda a, b: True),
    "min": (min, lambda a, b: abs(a - b) > 0.1), "max": (max, lambda a, b: abs(a - b) > 0.1),
}
EXPONENTS = [Fraction(t) for t in "2 3 4 5 -1 -2 -3 1/2 3/2 -1/2 1/3 5/3".split()]
ARITHMETIC = ["+", "-", "*", "/"]


def values_of(formula, point):
    """The value of every step at the point, or None where a step is outside of its comfortable domain."""
    values = []

    def of(operand):
        return values[operand] if isinstance(operand, int) else point[operand] if isinstance(operand, str) else float(operand)

    for operation, operands in formula:
        arguments = [of(o) for o in operands]
        try:
            if operation == "power":    # exact exponent
                base, exponent = arguments
                integer = operands[1].denominator == 1
                if not (abs(base) > 0.1 if integer and exponent < 0 else integer or base > 0.1):
                    return None
                value = base**exponent
            elif operation == "where":  # where(a < b, c, d)
                if abs(arguments[0] - arguments[1]) < 0.1:
                    return None
                value = arguments[2] if arguments[0] < arguments[1] else arguments[3]
            else:
                function, allowed = (UNARY if operation in UNARY else BINARY)[operation]
                if not allowed(*arguments):
                    return None
                value = function(*arguments)
        except (ValueError, OverflowError, ZeroDivisionError):
            return None
        if isinstance(value, complex) or not abs(value) < LARGEST:
            return None
        values.append(value)
    return values


def operands_of(formula):
    return [o for _, operands in formula for o in operands]


def variables_of(formula):
    used = operands_of(formula)
    return [v for v in VARIABLES if v in used]


def prune(formula, result=None):
    """Only the steps that the result (by default the last step) needs, renumbered."""
    result = len(formula) - 1 if result is None else result
    needed, stack = set(), [result]
    while stack:
        step = stack.pop()
        if step not in needed:
            needed.add(step)
            stack += [o for o in formula[step][1] if isinstance(o, int)]
    order = sorted(needed)
    number = {old: new for new, old in enumerate(order)}
    return [(formula[s][0], tuple(number[o] if isinstance(o, int) else o for o in formula[s][1])) for s in order]


def random_formula(random, steps):
    """A formula of about so many steps, and three points at which it and all its steps are well defined."""
    while True:
        variables = VARIABLES[: random.randint(1, 3)]
        points = [{v: random.randint(20, 110) / 64 for v in VARIABLES} for _ in range(3)]
        formula, unused, tries = [], [], 0

        def operand(number_share):
            """Steps that nothing uses yet first, so that most of them matter to the result; sometimes any step, which is then shared."""
            choice = random.random()
            if unused and choice < 0.55:
                return random.choice(unused)
            if formula and choice < 0.7:
                return random.randrange(len(formula))
            return random.choice(CONSTANTS) if random.random() < number_share else random.choice(variables)

        while len(formula) < steps and tries < 40 * steps:
            tries += 1
            kind = random.random()
            if kind < 0.45:
                step = (random.choice(ARITHMETIC), (operand(0.3), operand(0.3)))
            elif kind < 0.53:
                step = ("power", (operand(0), random.choice(EXPONENTS)))
            elif kind < 0.65:
                step = (random.choice([b for b in BINARY if b not in ARITHMETIC]), (operand(0), operand(0)))
            elif kind < 0.69:
                step = ("where", (operand(0), operand(0.5), operand(0), operand(0)))
            else:
                step = (random.choice(list(UNARY)), (operand(0),))
            if all(isinstance(o, Fraction) for o in step[1]) or not all(values_of(formula + [step], p) for p in points):
                continue
            formula.append(step)
            unused = [u for u in unused if not any(isinstance(o, int) and o == u for o in step[1])] + [len(formula) - 1]
        formula = prune(formula)
        if variables_of(formula) and len(formula) >= steps // 2:
            return formula, points


# --- C++ -------------------------------------------------------------------------------------------------------------------

def exact_constant(value):
    if value.denominator == 1:
        return f"{value.numerator}_c" if value >= 0 else f"(-{-value.numerator}_c)"
    if 10**6 % value.denominator == 0:
        return f"{float(value)}_c" if value > 0 else f"(-{-float(value)}_c)"
    return f"tg::rational<{value.numerator}, {value.denominator}>"


def plain_constant(value):
    """A number as a user types it, where that is the same number; exact otherwise."""
    return f"{float(value)}" if 10**6 % value.denominator == 0 else exact_constant(value)


def traced_constant(value):
    return f"{float(value)}" if 10**6 % value.denominator == 0 else f"(T({value.numerator}) / {value.denominator})"


def wide_constant(value):
    return f"(T({value.numerator}) / {value.denominator})" if value.denominator != 1 else f"T({value.numerator})"


def statements(formula, type_name, constant, exponent, where="where({0} < {1}, {2}, {3})"):
    """One declaration per step, and the name of the result."""
    lines = []

    def text(operand):
        return f"t{operand}" if isinstance(operand, int) else operand if isinstance(operand, str) else constant(operand)

    for number, (operation, operands) in enumerate(formula):
        if operation == "power":
            right = f"pow({text(operands[0])}, {exponent(operands[1])})"
        elif operation == "where":
            right = where.format(*(text(o) for o in operands))
        elif operation == "neg":
            right = f"-{text(operands[0])}"
        elif operation in ARITHMETIC:
            right = f"{text(operands[0])} {operation} {text(operands[1])}"
        else:
            right = f"{operation}({', '.join(text(o) for o in operands)})"
        lines.append(f"{type_name} t{number} = {right};")
    return lines, f"t{len(formula) - 1}"


def exact_text(formula):
    """With symbols and exact constants."""
    return statements(formula, "constexpr auto", exact_constant, exact_constant)


def plain_text(formula):
    """With symbols and ordinary numbers; exponents stay exact."""
    return statements(formula, "constexpr auto", plain_constant, exact_constant)


def traced_text(formula):
    """The body of a lambda for tg::trace, with arguments of type T."""
    return statements(formula, "const auto", traced_constant, traced_constant)


def oracle_text(formula):
    """For plain numbers of type T."""
    return statements(formula, "const T", wide_constant, wide_constant, "{0} < {1} ? {2} : {3}")


def one_line(formula):
    """The formula as a reader would write it, with shared steps named."""
    lines, result = exact_text(formula)
    return "; ".join([line.removeprefix("constexpr auto ").rstrip(";") for line in lines] + [result])
