#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
# The coefficients in include/typegrad/lanes/: polynomials, and one quotient of two, whose greatest error relative to the
# function that they serve is least (Remez's exchange), in numbers of 70 digits. Prints each as an array, lowest power first,
# with the error that it has before its coefficients are rounded; says which of them the headers do not have. Needs mpmath.
import pathlib
import re
import sys

from mpmath import cos, erf, erfc, exp, log, lu_solve, matrix, mp, mpf, nstr, pi, polyval, sin, sqrt

mp.dps = 70
HEADERS = pathlib.Path(__file__).resolve().parent.parent / "include/typegrad/lanes"


def largest(error, low, high):
    """Where |error| is largest in [low, high], by thirds: there is one such place between two zeros."""
    for _ in range(30):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (a, high) if abs(error(a)) < abs(error(b)) else (low, b)
    return (low + high) / 2


def fit(f, weight, low, high, degree, below=0):
    """The quotient of polynomials of these degrees, the lower one beginning with 1, for which max |weight (p/q - f)| on
    [low, high] is least, and that maximum."""
    count, low, high = degree + below + 2, mpf(low), mpf(high)
    nodes = lambda n: [(low + high) / 2 - (high - low) / 2 * cos(pi * i / (n - 1)) for i in range(n)]
    at, fine = nodes(count), nodes(40 * count)
    exact = {x: (f(x), weight(x)) for x in fine}
    size = mpf(0)
    for _ in range(20):
        for _ in range(6 if below else 1):  # the size of the error times q is not linear: by the size found before
            rows, right = matrix(count, count), matrix(count, 1)
            for i, x in enumerate(at):
                sign, right[i] = (-1)**i / weight(x), f(x)
                for j in range(degree + 1):
                    rows[i, j] = x**j
                for j in range(1, below + 1):
                    rows[i, degree + j] = -(right[i] - sign * size) * x**j
                rows[i, count - 1] = sign
            solution = list(lu_solve(rows, right))
            size = solution[-1]
        p, q = solution[:degree + 1], [mpf(1), *solution[degree + 1:-1]]
        error = lambda x: (polyval(p[::-1], x) / polyval(q[::-1], x) - f(x)) * weight(x)
        found = [(polyval(p[::-1], x) / polyval(q[::-1], x) - exact[x][0]) * exact[x][1] for x in fine]
        cuts = [0] + [i for i in range(1, len(fine)) if found[i] * found[i - 1] < 0] + [len(fine)]
        peaks = [max(range(a, b), key=lambda i: abs(found[i])) for a, b in zip(cuts, cuts[1:])]
        while len(peaks) > count:
            peaks.pop(0 if abs(found[peaks[0]]) < abs(found[peaks[-1]]) else -1)
        if len(peaks) < count:
            sys.exit("fit_lanes: the error has too few changes of sign.")
        at = [fine[i] if i in (0, len(fine) - 1) else largest(error, fine[i - 1], fine[i + 1]) for i in peaks]
        sizes = [abs(error(x)) for x in at]
        if max(sizes) < min(sizes) * mpf("1.001"):
            break
    return p, q, max(sizes)


def rounded(x, bits):
    """The nearest number of that many bits, as C++ writes it."""
    with mp.workprec(bits):
        text = float(+x).hex()
    return re.sub(r"\.?0*p", "p", text) + ("f" if bits == 24 else "")


SMALL = mpf(10)**-20
half_log_2 = log(2) / 2 * mpf("1.001")  # a quotient is rounded to an integer with an error of its own
eighth_turn = (pi / 4 * mpf("1.09"))**2  # in float x 2/pi has an error up to 0.04
largest_s = ((sqrt(2) - 1) / (sqrt(2) + 1))**2 * mpf("1.0001")


def tail(f, terms):
    """(f(x) - the given terms of its power series) / x^n, beyond 10^-20."""
    away = lambda x: x if abs(x) > SMALL else SMALL
    return lambda x: (f(away(x)) - sum(c * away(x)**i for i, c in enumerate(terms))) / away(x)**len(terms)


root = lambda s: sqrt(abs(s))
log_of = lambda z: log((1 + root(z)) / (1 - root(z))) / root(z)  # log((1+s)/(1-s))/s by z = s^2
erf_of = lambda s: erf(root(s)) / root(s)

# name: function, weight, interval, degree in float, degree in double
polynomials = {
    # e^r = 1 + r + r^2 p(r), relative to e^r - 1
    "exponential_fit": (tail(exp, [1, 1]), lambda r: (abs(r) + mpf("0.03")) / (1 + r / 2), -half_log_2, half_log_2, 4, 9),
    # log((1+s)/(1-s)) = 2s + s z p(z), z = s^2
    "logarithm_fit": (tail(log_of, [2]), lambda z: z / log_of(z), SMALL, largest_s, 2, 6),
    # sin r = r - r s p(s), s = r^2, relative to sin r
    "sine_fit": (lambda s: (1 - sin(root(s)) / root(s)) / s, lambda s: s * root(s) / sin(root(s)), mpf(10)**-9, eighth_turn, 2, 5),
    # cos r = 1 - s/2 + s^2 p(s)
    "cosine_fit": (lambda s: (cos(root(s)) - 1 + s / 2) / s**2, lambda s: s**2, mpf(10)**-9, eighth_turn, 2, 5),
    # erf z = z + z p(s), s = z^2 <= 1
    "erf_fit": (lambda s: erf_of(s) - 1, lambda s: 1 / erf_of(s), SMALL, mpf("1.001"), 6, 11),
    # erf(x/sqrt(2)) = 7/8 x + x p(s), s = x^2 <= 2, relative to 1
    "normal_fit": (lambda s: erf(root(s) / sqrt(2)) / root(s) - mpf("0.875"), lambda s: root(s) + mpf("0.05"), SMALL, mpf("2.001"), 6, 12),
    # erfc z = e^(-z p(z)) for z >= 1, relative to 1
    "erfc_fit": (lambda z: -log(erfc(z)) / z, lambda z: z * erfc(z), 1, 6, None, 17),
    "erfc_fit ": (lambda z: -log(erfc(z)) / z, lambda z: z * erfc(z), 1, 4, 5, None),
}


def mills(high, degree):
    """e^(t^2/2) erfc(t/sqrt(2)) = p(t - 1)/q(t - 1) for 1 <= t <= high, q of the higher degree by one. Found in v
    between -1 and 1, where 4/(4 + t) is a + b v: there it is 4/(4 + t) p(v)/q(v), and the powers have no large coefficients."""
    f = lambda t: exp(t * t / 2) * erfc(t / sqrt(2))
    most, least = 4 / mpf("4.99"), 4 / (4 + mpf(high))
    a, b = (most + least) / 2, (most - least) / 2
    u = lambda v: a + b * v
    g = lambda v: f(4 / u(v) - 4) / u(v)
    p, q, error = fit(g, lambda v: 1 / g(v), -1, 1, degree, degree + 1)
    middle = mpf(5)

    def by_d(powers, factor):
        """factor * sum of powers[j] v^j (4 + t)^n in d = t - 1: (4 + t) v = (4 - a (4 + t))/b, and 4 + t = middle + d."""
        result = [mpf(0)] * len(powers)
        for j, c in enumerate(powers):
            term = [factor * c]
            for x, y in [((4 - a * middle) / b, -a / b)] * j + [(middle, mpf(1))] * (len(powers) - 1 - j):
                term = [x * (term[i] if i < len(term) else 0) + y * (term[i - 1] if i else 0) for i in range(len(term) + 1)]
            result = [r + t for r, t in zip(result, term)]
        return result

    p, q = by_d(p, mpf(4)), by_d(q, mpf(1))
    return [c / q[0] for c in p], [c / q[0] for c in q], error


def arrays():
    """Name, error and coefficients of each array."""
    for name, (f, weight, low, high, *degrees) in polynomials.items():
        for bits, degree in zip((24, 53), degrees):
            if degree is None:
                continue
            p, _, error = fit(f, weight, low, high, degree)
            yield f"{name.strip()}, {bits} bits", error, [rounded(c, bits) for c in p]
    for bits, high, degree in ((24, "14.5", 4), (53, "38.6", 9)):
        p, q, error = mills(high, degree)
        yield f"mills_numerator, {bits} bits", error, [rounded(c, bits) for c in p]
        yield f"mills_denominator, {bits} bits", error, [rounded(c, bits) for c in q]


text = re.sub(r"\s+", " ", " ".join(path.read_text() for path in sorted(HEADERS.glob("*.hpp"))))
missing = 0
for name, error, values in arrays():
    print(f"{name}: error 2^{nstr(log(error, 2), 4)}\n  {', '.join(values)}")
    if "{" + ", ".join(values) + "}" not in text:
        print("  is not in the headers")
        missing += 1
sys.exit(missing > 0)
