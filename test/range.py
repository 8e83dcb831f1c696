# SPDX-License-Identifier: BSL-1.0
# Every primitive to third order over the whole range of float and double: log-spaced sweeps of both signs, and towards each edge of a domain,
# against closed forms of thousands of bits by mpmath, whose exponents have no end and whose sine of 1e60 is right.
# range.py PROGRAM, where PROGRAM is the compiled test/range.cpp. `--show` lists the worst points of every function instead of failing.
import functools
import math
import random
import re
import struct
import subprocess
import sys

import mpmath
from mpmath import mp, mpf

# Enough for the square of the smallest double beside 1, and where more is cancelled for its sixth power.
mp.prec, many_bits = 2400, 7200
NUMBER = {"d": (53, -1074, 1024), "f": (24, -149, 128)}  # bits, exponent of the least number, of what is too large
ORDERS = 6  # terms of a Taylor series: to the fourth derivative, and one more for functions that are derivatives

# --- Taylor series in one variable: lists of coefficients

def variable(x):
    return [x, mpf(1)] + [mpf(0)] * (ORDERS - 2)

def number(c):
    return [mpf(c)] + [mpf(0)] * (ORDERS - 1)

def plus(a, b):
    return [p + q for p, q in zip(a, b)]

def scale(c, a):
    return [c * p for p in a]

def times(a, b):
    return [mp.fsum(a[i] * b[k - i] for i in range(k + 1)) for k in range(ORDERS)]

def over(a, b):
    q = []
    for k in range(ORDERS):
        q.append((a[k] - mp.fsum(q[i] * b[k - i] for i in range(k))) / b[0])
    return q

def exponential(a):
    e = [mp.exp(max(min(a[0], 3000), -3000))]  # beyond which it is infinite or 0, and so are its derivatives
    for k in range(1, ORDERS):
        e.append(mp.fsum(j * a[j] * e[k - j] for j in range(1, k + 1)) / k)
    return e

def sine_and_cosine(a):
    s, c = [mp.sin(a[0])], [mp.cos(a[0])]
    for k in range(1, ORDERS):
        s.append(mp.fsum(j * a[j] * c[k - j] for j in range(1, k + 1)) / k)
        c.append(-mp.fsum(j * a[j] * s[k - j] for j in range(1, k + 1)) / k)
    return s, c

def power(a, p):  # a[0] is not 0; the real branch of a root of odd degree
    r = [a[0] ** p if a[0] > 0 or p == int(p) else mpf("nan")]
    for k in range(1, ORDERS):
        r.append(mp.fsum((p * j - (k - j)) * a[j] * r[k - j] for j in range(1, k + 1)) / (k * a[0]))
    return r

def integral(value, slope):  # the function with that value and derivative
    return [value] + [slope[k] / (k + 1) for k in range(ORDERS - 1)]

def slope(a):  # the derivative of a series, one term shorter: what is missing is never read
    return [(k + 1) * a[k + 1] for k in range(ORDERS - 1)] + [mpf(0)]

def shortly(f, *at):  # a value that nothing is subtracted from
    with mp.workprec(160):
        return +f(*at)

# --- The functions, by x alone. None: outside the domain.

def of_square(x, sign):  # 1 + x^2 or 1 - x^2
    return plus(number(1), scale(sign, times(variable(x), variable(x))))

def hyperbolic(x):
    up, down = exponential(variable(x)), exponential(scale(-1, variable(x)))
    return scale(mpf(1) / 2, plus(up, scale(-1, down))), scale(mpf(1) / 2, plus(up, down))

def when(holds, f):
    return lambda x: f(x) if holds(x) else None

def far(x):  # exp(-x) is below the range
    return abs(x) > 800

def tanh(x):
    return number(mp.sign(x)) if far(x) else over(*hyperbolic(x))

def sigmoid(x):
    if far(x): return number(x > 0)
    return over(number(1), plus(number(1), exponential(scale(-1, variable(x)))))

def normal_slope(x, factor):
    return scale(factor / mp.sqrt(mp.pi), exponential(scale(-1, times(variable(x), variable(x)))))

def erf(x):
    return number(mp.sign(x)) if far(x) else integral(shortly(mp.erf, x), normal_slope(x, 2))

def erfc(x):
    return number(0 if x > 0 else 2) if far(x) else integral(shortly(mp.erfc, x), normal_slope(x, -2))

def gelu(x):
    if far(x): return variable(x) if x > 0 else number(0)
    phi = integral(shortly(mp.ncdf, x), scale(1 / mp.sqrt(2), normal_slope(x / mp.sqrt(2), 1)))
    root_half = 1 / mp.sqrt(2)  # the series of exp(-x^2/2): that of exp(-u^2) at u = x/sqrt(2), stretched
    density = [c * root_half**k for k, c in enumerate(scale(root_half, normal_slope(x * root_half, 1)))]
    return times(variable(x), integral(phi[0], density))

@functools.lru_cache(None)
def psi(n, x):
    return shortly(mp.psi, n, x)

def polygamma(n, x):  # psi^(n), whose own derivatives are the next ones
    if x < -20:  # DLMF 5.15.6, the reflection
        s, c = sine_and_cosine(scale(mp.pi, V(x)))
        cot = [c * mp.factorial(k) for k, c in enumerate(over(c, s))]
        return [((-1) ** (n + k) * psi(n + k, 1 - x) - mp.pi * (cot[n + k] if n + k < ORDERS else 0)) / mp.factorial(k) for k in range(ORDERS)]
    return [psi(n + k, x) / mp.factorial(k) for k in range(ORDERS)]

def lgamma(x):
    return integral(shortly(lambda v: mp.re(mp.loggamma(v)), x), polygamma(0, x))

def tgamma(x):
    if abs(x) > 1000: return None  # infinite, or with a pole next to every number
    log = lgamma(x)
    return scale(shortly(mp.gamma, x), exponential([mpf(0)] + log[1:]))

# f(x)/x, with many bits for what is cancelled near 0
over_itself = lambda f: mp.workprec(many_bits)(lambda x: over(f(variable(x)), variable(x)))
sinc, exprel = over_itself(lambda v: sine_and_cosine(v)[0]), over_itself(lambda v: plus(exponential(v), number(-1)))

def mish(x):
    w = times(exponential(variable(x)), plus(exponential(variable(x)), number(2)))
    return over(times(variable(x), w), plus(w, number(2)))

def is_pole_of_gamma(x):
    return x <= 0 and x == int(x)

def step(f):
    return lambda x: number(f(x))

def nearest(x):
    return mp.sign(x) * mp.floor(abs(x) + mpf(1) / 2)

def exact_power(p):
    return when(lambda x: x > 0 or p == int(p), lambda x: power(variable(x), p))

TWO = mpf(2)
V = variable
UNARY = {
    "negate": lambda x: scale(-1, V(x)),
    "power": exact_power(2), "power 3": exact_power(3), "power 7": exact_power(7), "power -1": exact_power(-1), "power -2": exact_power(-2),
    "power -3": exact_power(-3), "power 1/3": exact_power(mpf(1) / 3), "power -1/2": exact_power(mpf(-1) / 2),
    "power 3/2": exact_power(mpf(3) / 2), "power 7/2": exact_power(mpf(7) / 2), "sqrt": exact_power(mpf(1) / 2),
    "cbrt": lambda x: scale(mp.sign(x), [c * mp.sign(x) ** k for k, c in enumerate(power(V(abs(x)), mpf(1) / 3))]),
    "exp": lambda x: exponential(V(x)), "exp2": lambda x: exponential(scale(mp.ln2, V(x))),
    "expm1": lambda x: plus(exponential(V(x)), number(-1)),
    "log": when(lambda x: x > 0, lambda x: integral(shortly(mp.log, x), power(V(x), -1))),
    "log2": when(lambda x: x > 0, lambda x: integral(shortly(mp.log, x, 2), scale(1 / mp.ln2, power(V(x), -1)))),
    "log10": when(lambda x: x > 0, lambda x: integral(shortly(mp.log, x, 10), scale(1 / mp.ln10, power(V(x), -1)))),
    "log1p": when(lambda x: x > -1, lambda x: integral(shortly(mp.log1p, x), power(V(1 + x), -1))),
    "sin": lambda x: sine_and_cosine(V(x))[0], "cos": lambda x: sine_and_cosine(V(x))[1],
    "tan": lambda x: over(*sine_and_cosine(V(x))), "cot": lambda x: over(*sine_and_cosine(V(x))[::-1]),
    "sec": lambda x: over(number(1), sine_and_cosine(V(x))[1]), "csc": lambda x: over(number(1), sine_and_cosine(V(x))[0]),
    "asin": when(lambda x: abs(x) < 1, lambda x: integral(shortly(mp.asin, x), power(of_square(x, -1), mpf(-1) / 2))),
    "acos": when(lambda x: abs(x) < 1, lambda x: integral(shortly(mp.acos, x), scale(-1, power(of_square(x, -1), mpf(-1) / 2)))),
    "atan": lambda x: integral(shortly(mp.atan, x), power(of_square(x, 1), -1)),
    "acot": lambda x: integral(mp.atan(1 / x), scale(-1, power(of_square(x, 1), -1))),
    "asec": when(lambda x: abs(x) > 1, lambda x: integral(mp.acos(1 / x), over(power(scale(-1, of_square(x, -1)), mpf(-1) / 2), scale(mp.sign(x), V(x))))),
    "acsc": when(lambda x: abs(x) > 1, lambda x: integral(mp.asin(1 / x), over(power(scale(-1, of_square(x, -1)), mpf(-1) / 2), scale(-mp.sign(x), V(x))))),
    "sinh": lambda x: hyperbolic(x)[0], "cosh": lambda x: hyperbolic(x)[1], "tanh": tanh,
    "sech": lambda x: number(0) if far(x) else over(number(1), hyperbolic(x)[1]),
    "csch": lambda x: number(0) if far(x) else over(number(1), hyperbolic(x)[0]),
    "coth": lambda x: number(mp.sign(x)) if far(x) else over(*hyperbolic(x)[::-1]),
    "asinh": lambda x: integral(shortly(mp.asinh, x), power(of_square(x, 1), mpf(-1) / 2)),
    "acosh": when(lambda x: x > 1, lambda x: integral(mp.acosh(x), power(scale(-1, of_square(x, -1)), mpf(-1) / 2))),
    "atanh": when(lambda x: abs(x) < 1, lambda x: integral(shortly(mp.atanh, x), power(of_square(x, -1), -1))),
    "asech": when(lambda x: 0 < x < 1, lambda x: integral(mp.acosh(1 / x), over(power(of_square(x, -1), mpf(-1) / 2), scale(-1, V(x))))),
    "acsch": lambda x: integral(mp.asinh(1 / x), over(power(of_square(x, 1), mpf(-1) / 2), scale(-mp.sign(x), V(x)))),
    "acoth": when(lambda x: abs(x) > 1, lambda x: integral(mp.atanh(1 / x), power(of_square(x, -1), -1))),
    "abs": lambda x: scale(mp.sign(x), V(x)), "sign": step(mp.sign), "abs_slope": step(mp.sign), "relu": lambda x: V(x) if x > 0 else number(0),
    "floor": step(mp.floor), "ceil": step(mp.ceil), "round": step(nearest), "trunc": step(lambda x: mp.sign(x) * mp.floor(abs(x))),
    "erf": erf, "erfc": erfc, "gelu": gelu, "sigmoid": sigmoid,
    "tgamma": when(lambda x: not is_pole_of_gamma(x), tgamma), "lgamma": when(lambda x: not is_pole_of_gamma(x), lgamma),
    "digamma": when(lambda x: not is_pole_of_gamma(x), lambda x: polygamma(0, x)),
    "polygamma_1": when(lambda x: not is_pole_of_gamma(x), lambda x: polygamma(1, x)),
    "softplus": lambda x: integral(max(x, mpf(0)) + (0 if far(x) else mp.log1p(mp.exp(-abs(x)))), sigmoid(x)), "silu": lambda x: times(V(x), sigmoid(x)),
    "sinc": sinc, "sinc_derivative_1": lambda x: slope(sinc(x)), "exprel": exprel, "exprel_derivative_1": lambda x: slope(exprel(x)),
    "log_sigmoid": lambda x: [-c * (-1) ** k for k, c in enumerate(UNARY["softplus"](-x))], "mish": mish,
    "sinpi": lambda x: sine_and_cosine(scale(mp.pi, V(x % 2)))[0], "cospi": lambda x: sine_and_cosine(scale(mp.pi, V(x % 2)))[1],
}
for name, of in (("sigmoid", "sigmoid"), ("tanh", "tanh"), ("asec", "asec"), ("acsch", "acsch")):
    UNARY[name + "_slope"] = lambda x, f=UNARY[of]: None if (s := f(x)) is None else slope(s)

# --- By x and y: partial(i, j) at (x, y). None: outside the domain.

def falling(p, k):  # p (p-1) ... (p-k+1)
    return mp.fprod(p - i for i in range(k))

def product_rule(f, g):  # of f(x) g(y)
    return lambda i, j: f(i) * g(j)

def mono(p, v):  # the derivatives of v^p
    return lambda k: falling(p, k) * v ** (p - k) if v != 0 or p >= k else (mpf(0))

def by_angle(y, x):  # atan2(y, x) is the imaginary part of log(x + iy); the symbols of the formula are (x, y) = (its y, its x)
    def partial(i, j):
        n = i + j
        if n == 0: return shortly(mp.atan2, y, x)
        with mp.workprec(many_bits): return mp.im(mp.mpc(0, 1) ** i * (-1) ** (n - 1) * mp.factorial(n - 1) / mp.mpc(x, y) ** n)
    return partial

class polynomial:  # in the distances from (x, y), to total order 5
    def __init__(self, c): self.c = {k: v for k, v in c.items() if sum(k) <= 5}
    def __mul__(self, o):
        r = {}
        for (a, b), v in self.c.items():
            for (c, d), w in o.c.items():
                if a + b + c + d <= 5: r[a + c, b + d] = r.get((a + c, b + d), 0) + v * w
        return polynomial(r)
    def __add__(self, o): return polynomial({k: self.c.get(k, 0) + o.c.get(k, 0) for k in {*self.c, *o.c}})
    def inside(self, series):  # series, of a function at the constant term, as a function of this
        rest = polynomial({k: v for k, v in self.c.items() if k != (0, 0)})
        sum_ = polynomial({(0, 0): series[5]})
        for k in range(4, -1, -1): sum_ = sum_ * rest + polynomial({(0, 0): series[k]})
        return sum_
    def partial(self, i, j): return self.c.get((i, j), mpf(0)) * mp.factorial(i) * mp.factorial(j)

def hypot(x, y):
    with mp.workprec(many_bits): square = polynomial({(0, 0): x * x + y * y, (1, 0): 2 * x, (2, 0): mpf(1), (0, 1): 2 * y, (0, 2): mpf(1)})
    with mp.workprec(many_bits): return square.inside(power(variable(square.c[0, 0]), mpf(1) / 2)).partial

def pow_(x, y):
    if x <= 0: return None
    log = polynomial({(k, 0): c for k, c in enumerate(UNARY["log"](x))})
    exponent = log * polynomial({(0, 0): y, (0, 1): mpf(1)})
    return exponent.inside([exponential(number(exponent.c.get((0, 0), mpf(0))))[0] / mp.factorial(k) for k in range(ORDERS)]).partial

def logsumexp(x, y):
    largest, gap = max(x, y), abs(x - y)
    weight = sigmoid(x - y)
    value = largest + (0 if far(gap) else mp.log1p(mp.exp(-gap)))
    def partial(i, j):
        if i + j == 0: return value
        if i + j == 1: return weight[0] if i else sigmoid(y - x)[0]
        return (-1) ** j * weight[i + j - 1] * mp.factorial(i + j - 1)
    return partial

def of_three(x, y):  # log(e^x + e^y + e) by x
    largest = max(x, y, mpf(1))
    terms = [exponential([v - largest] + [mpf(1)] + [mpf(0)] * 5) for v in (x, y)]
    sum_ = polynomial({(0, 0): mp.exp(max(1 - largest, mpf(-3000)))})
    for at, series in enumerate(terms): sum_ = sum_ + polynomial({((k, 0) if at == 0 else (0, k)): c for k, c in enumerate(series)})
    log = sum_.inside(integral(mpf(0), power(variable(sum_.c[0, 0]), -1)))
    return lambda i, j: largest + mp.log(sum_.c[0, 0]) if i + j == 0 else log.partial(i, j)

def linear(value, dx, dy):
    return lambda i, j: value if i + j == 0 else (dx if i else dy) if i + j == 1 else mpf(0)

def fmod(x, y):
    whole = int(abs(x) / abs(y)) * mp.sign(x) * mp.sign(y)
    return linear(x - y * whole, mpf(1), mpf(-whole))

BINARY = {
    "add": lambda x, y: linear(x + y, mpf(1), mpf(1)), "multiply": lambda x, y: product_rule(mono(1, x), mono(1, y)),
    "divide": lambda x, y: product_rule(mono(1, x), mono(-1, y)), "pow": pow_, "atan2": by_angle, "hypot": hypot, "fmod": fmod,
    "min": lambda x, y: linear(x, mpf(1), mpf(0)) if x < y else linear(y, mpf(0), mpf(1)),
    "max": lambda x, y: linear(x, mpf(1), mpf(0)) if x > y else linear(y, mpf(0), mpf(1)), "logsumexp": logsumexp,
    "inversion": lambda x, y: lambda i, j, f=by_angle(y, x): f(j + 1, i), "logsumexp 3": of_three,
    "copysign": lambda x, y: linear(abs(x) * mp.sign(y), mp.sign(x) * mp.sign(y), mpf(0)),
    "pair_weight": lambda x, y: lambda i, j, f=logsumexp(x, y): f(i + 1, j), "pair_slope": lambda x, y: lambda i, j, f=logsumexp(x, y): f(i + 2, j),
    "hypot_slope": lambda x, y: lambda i, j, h=hypot(x, y): h(i + 1, j),
}
def add_notation(name, c):
    """A function of x without a row above: its notation in C, read by mpmath and differentiated by differences of many digits."""
    code = re.sub(r"\b\d+\.\d*", r"mpf('\g<0>')", c.replace("$1", "x"))

    def series(x):
        with mp.workprec(1000):
            try:
                terms = mp.taylor(lambda v: eval(code, {**vars(mpmath), "x": v}), x, ORDERS - 1, h=abs(x) * mpf(2) ** -120)
            except (ArithmeticError, ValueError):
                return None
        return terms if all(isinstance(v, mpf) for v in terms) else None
    try:
        eval(code, {**vars(mpmath), "x": mpf("0.3")})
    except Exception as problem:
        sys.exit(f"test/range.py cannot read the notation '{c}' of {name} ({problem}); give it a row in UNARY or BINARY.")
    UNARY[name] = series

# What has no range to leave: choices, conditions, constants, and what a row under another name stands for.
WITHOUT = {"where", "less", "less_equal", "equal", "logical_and", "logical_or", "logical_not", "pi", "e", "corner", "logsumexp_weight", "fma"}

# --- Points

def rounded(v, kind):
    """v as a number of that kind, written in hexadecimal; None for zero and infinity."""
    r = float(v) if kind == "d" else struct.unpack("f", struct.pack("f", float(v)))[0] if abs(v) < 3.4e38 else 0.0
    return r.hex() if r != 0 and abs(r) < math.inf else None

def magnitudes(kind):  # the points need not be exact, so ordinary numbers do
    bits, least, most = NUMBER[kind]
    most -= 4  # times a small factor they have to be in range, too
    step = 41 if kind == "d" else 9
    for k in range(least, most, step): yield math.ldexp(1.37, k)
    for k in range(-15, 19): yield 1.093 * 10 ** (k / 5)

def unary_points(kind):
    bits, least, most = NUMBER[kind]
    for m in magnitudes(kind): yield from (m, -m)
    for k in range(1, bits, 4):
        for edge in (1, -1): yield from (edge + math.ldexp(1.21, -k), edge - math.ldexp(1.21, -k))

def binary_points(kind):
    bits, least, most = NUMBER[kind]
    draw = random.Random(7)
    span = lambda a, b: math.ldexp(draw.uniform(1, 2) * draw.choice((-1, 1)), min(most - 1, int(draw.uniform(a, b))))
    least += bits  # the normal numbers: beside smaller ones hypot itself has few digits
    for _ in range(60): yield span(least, most), span(least, most)
    for _ in range(40):
        common = int(draw.uniform(least, most))
        yield span(max(common - 6, least), common + 6), span(max(common - 6, least), common + 6)
    for _ in range(40): yield span(-10, 10), span(-10, 10)
    for _ in range(30): yield abs(span(least, most)), span(-6, 6)  # ordinary powers

# --- What docs/edges.md says of derivatives whose parts leave the range before they do

def leaves_early(name, kind, at, order):
    least, most = (1e-300, 1e300) if kind == "d" else (1e-37, 1e37)
    size = [abs(mpf(v)) for v in at]
    if name == "divide": return not least < size[1] ** (order + 1) < most
    if name == "pow": return not 1e-6 < size[1] < 1e12 or size[0] < least
    if name in ("hypot", "hypot_slope"): return order + (name != "hypot") > 2 and (min(size) < max(size) * least ** 0.25 or max(size) ** 2 < least)
    if name in ("sqrt", "power -1/2"): return order > 1 and not least < size[0] ** (3 * (order - (name == "sqrt"))) < most
    return False

# --- The comparison

def largest_error(name, kind, at, order, found, true, condition):
    """The error in units of epsilon (|d| + condition |x|), of which 8 are allowed. Below the normal numbers digits are lost,
    and a result may be 0; where it is beyond the largest number, it need not be finite."""
    bits, least, most = NUMBER[kind]
    true, condition = +true, +condition  # of fewer digits
    allowed = mp.ldexp(abs(true) + condition, 1 - bits)
    if leaves_early(name, kind, at, order): return 0
    if not math.isfinite(found): return 0 if abs(true) + 8 * allowed >= mp.ldexp(mpf("0.999"), most) else mp.inf
    error = abs(mpf(found) - true) - mp.ldexp(mpf(1), least + bits - 1)
    return 0 if error <= 0 else error / allowed if allowed != 0 else mp.inf

# x^(y-1) has the rounding of y - 1, also where y is far smaller than 1; a derivative of mish is a sum of larger terms.
ALLOWED = {"pow": 16, "mish": 16}

def check(name, kind, at, found):
    x = [mpf(v) for v in at]
    if len(x) == 1:
        series = UNARY[name](x[0])
        if series is None: return []
        d = [series[k] * mp.factorial(k) for k in range(5)]
        with mp.workprec(200): return [largest_error(name, kind, at, k, found[k], d[k], abs(d[k + 1] * x[0])) for k in range(4)]
    partial = BINARY[name](*x)
    if partial is None: return []
    rounding = abs(partial(0, 0)) if name == "logsumexp 3" else 0  # which a weight of more than two terms has
    orders = [(i, total - i) for total in range(4) for i in range(total + 1)]
    with mp.workprec(200): return [largest_error(name, kind, at, i + j, found[k], partial(i, j), abs(partial(i + 1, j) * x[0]) + abs(partial(i, j + 1) * x[1]) + rounding * abs(partial(i, j))) for k, (i, j) in enumerate(orders)]

def main(program, show):
    listed = subprocess.run([program, "--list"], check=True, capture_output=True, text=True).stdout.splitlines()
    for name, c in (line.split("|", 1) for line in listed):
        if name not in {*UNARY, *BINARY, *WITHOUT}: add_notation(name, c or f"{name}($1)")
    only = show.split(",") if show else None
    lines = []
    for kind in NUMBER:
        for name in UNARY:
            if only and only != ["all"] and name not in only: continue
            lines += [f"{name}|{kind}|{p}" for v in unary_points(kind) if (p := rounded(v, kind)) is not None]
        for name in BINARY:
            if only and only != ["all"] and name not in only: continue
            for v, w in binary_points(kind):
                p, q = rounded(v, kind), rounded(w, kind)
                if p is not None and q is not None: lines.append(f"{name}|{kind}|{p}|{q}")
    answers = subprocess.run([program], input="\n".join(dict.fromkeys(lines)) + "\n", check=True, capture_output=True, text=True).stdout
    worst, failures = {}, {}
    for line in answers.splitlines():
        name, kind, *numbers = line.split("|")
        arity = 1 if name in UNARY else 2
        at, found = [float.fromhex(v) for v in numbers[:arity]], [float.fromhex(v) for v in numbers[arity:]]
        for k, error in enumerate(check(name, kind, at, found)):
            worst[name, kind, k] = max(worst.get((name, kind, k), 0), error)
            if error > ALLOWED.get(name, 8): failures.setdefault((name, kind, k), []).append((at, found[k], float(error)))
    for (name, kind, k), points in sorted(failures.items()):
        at, found, error = max(points, key=lambda p: p[2])
        print(f"{name}, {'double' if kind == 'd' else 'float'}, partial {k}: {len(points)} points are off, most at {at}: is {found}, error {error:.3g} units")
        if show:
            for p in points[:: max(1, len(points) // 12)]: print("    ", p)
    return len(failures)

if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "") else 0)
