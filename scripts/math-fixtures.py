#!/usr/bin/env python3
"""Makes test/math/fixtures.json: the functions of the expression language at hard points, exact to 40 digits.

Rows are `[arguments..., value]`: doubles, and the value in decimal. The points are where implementations go wrong: near zeros, at the ends of ranges
and of each other's branches, at subnormal and huge arguments, at results that cancel; and a few random ones of each interval. What is to be seen at
millions of points is the matter of `npm run bench -- ulp`, whose own reference is held against this file.

    apt-get install python3-mpmath      (or pip install mpmath)
    python3 scripts/math-fixtures.py > test/math/fixtures.json
"""
import json
import math
import random
import struct
import sys

import mpmath
from mpmath import mpf

DIGITS = 40
# Bits: for what cancels; an angle of 1e308 loses 1024 of them and more.
PREC = 450
WIDE = 2600

# Random points in each interval.
COUNT = 5
rng = random.Random(2)


def neighbour(x, steps):
    """The double `steps` places above x, in magnitude."""
    bits = struct.unpack("<q", struct.pack("<d", abs(x)))[0]
    return math.copysign(struct.unpack("<d", struct.pack("<q", bits + steps))[0], x)


def signed(x):
    return x if rng.random() < 0.5 else -x


def uniform(a, b):
    return [rng.uniform(a, b) for _ in range(COUNT)]


def magnitudes(a, b, both=True):
    """Log-uniform magnitudes from 10^a to 10^b, of both signs unless told otherwise."""
    points = [10 ** rng.uniform(a, b) for _ in range(COUNT)]
    return [signed(x) for x in points] if both else points


def around(*centres):
    """A centre and a double on each side: where algorithms change branches and where results cancel."""
    return [neighbour(c, k) for c in centres for k in (-1, 0, 1)]


def positive(points):
    return [x for x in points if x > 0]


HUGE = sys.float_info.max
TINY = [5e-324, -1.5e-323, 1e-310, 2.2250738585072014e-308, -3e-308, 1e-200, 1e-20, -1e-17]
# The largest doubles of a range, from its exact end; and the smallest.
OVERFLOW = math.log(HUGE)
QUARTERS = [k * math.pi / 2 for k in (1, -2, 3, 4, 5, 11, 22, 355, 1000, 710000)]
# 6381956970095103 * 2^797 is nearest of all doubles to a multiple of pi/2 (J.-M. Muller, "Elementary Functions", section 11.2.2).
# Below 2^30 these are among the nearest; and the ends of the reductions by parts of a step (assembly/math/angles.ts).
CLOSE = [138200.2316277418, 14461176.67027838, 210122956.91432393, 1010538786.1383369]
ENDS = [200000.0, neighbour(200000.0, 1), neighbour(2.0**30, -1), -(2.0**30)]
ANGLES = TINY + [math.ldexp(6381956970095103, 797), 2.0**1023, -HUGE, 1e22, 1e15, 2.0**20 * math.pi / 2]
ANGLES += CLOSE + ENDS + [k * math.pi / 4 for k in (1, 3, -5)] + around(*QUARTERS) + uniform(-7, 7) + uniform(-1e5, 1e5) + magnitudes(5, 22) + magnitudes(22, 308)
UNIT = TINY + [1.0, -1.0] + around(0.5, -0.5, 0.975, 0.7071067811865476) + [neighbour(1.0, -k) for k in (1, 2, 1000, 2**30)] + [-neighbour(1.0, -1)]
UNIT += uniform(-1, 1) + magnitudes(-9, 0)
POSITIVE = [5e-324, 1.5e-323, 1e-310, 2.2250738585072014e-308, 1e-200, HUGE, 1e300, 10.0, 1000.0] + around(1.0, 2.0, 0.5, 0.7071067811865476, 1.4142135623730951)
POSITIVE += [1 + 2.0**-k for k in (4, 10, 26, 40)] + [1 - 2.0**-k for k in (4, 10, 26, 40)] + uniform(0, 4) + uniform(0.9, 1.1) + magnitudes(-308, 308, False)
REAL = TINY + [neighbour(x, 0) for x in (1.0, -1.0, 0.5)] + uniform(-2, 2) + uniform(-40, 40) + magnitudes(-9, 0)
LOG_2 = math.log(2)


def cbrt(x):
    return mpmath.cbrt(x) if x >= 0 else -mpmath.cbrt(-x)


def sinc(x):
    return mpmath.sin(x) / x


def lgamma(x):
    return mpmath.log(abs(mpmath.gamma(x))) if x < 1000 else mpmath.loggamma(x)


def bessel(order):
    """mpmath's own, and for huge arguments Hankel's first two terms, of which the third is 1e-32 times the first at 1e17."""

    def value(x):
        if abs(x) < 1e24:
            return mpmath.besselj(order, x)
        size = abs(x)
        angle = size - (2 * order + 1) * mpmath.pi / 4
        q = mpf(4 * order * order - 1) / (8 * size)
        wave = mpmath.sqrt(2 / (mpmath.pi * size)) * (mpmath.cos(angle) - q * mpmath.sin(angle))
        return -wave if order == 1 and x < 0 else wave

    return value


def zeros(order, *which):
    with mpmath.workprec(100):
        return [float(mpmath.besseljzero(order, n)) for n in which]


# Zeros of lgamma between the negative integers -3 and -2, -4 and -3, ….
LGAMMA_ZEROS = [-2.4570247382208006, -2.7476826467274127, -3.1435808883499798, -3.9552942848585979, -4.0393618397405485, -4.9915443763124556]
POLES = [-1.0, -2.0, -3.0, -10.0, -100.0, -170.0, -171.0]
NEGATIVE = [signed_pole for pole in POLES for signed_pole in (neighbour(pole, 1), neighbour(pole, -1), pole + 0.5, pole + 0.25)]

ONE = {
    "sin": (mpmath.sin, ANGLES),
    "cos": (mpmath.cos, ANGLES),
    "tan": (mpmath.tan, ANGLES),
    "sinc": (sinc, ANGLES),
    "asin": (mpmath.asin, UNIT),
    "acos": (mpmath.acos, UNIT),
    "atan": (mpmath.atan, REAL + [HUGE, -1e300] + magnitudes(0, 20) + around(0.4375, 0.6875, 1.1875, 2.4375, 1.0)),
    "sinh": (mpmath.sinh, REAL + uniform(-710, 710) + around(0.3465735902799726, 1.0, 22.0, 709.782712893384) + [710.4758600739439, -710.4758600739439]),
    "cosh": (mpmath.cosh, REAL + uniform(-710, 710) + around(LOG_2, 22.0, 709.782712893384) + [710.4758600739439, -710.4758600739439]),
    "tanh": (mpmath.tanh, REAL + around(0.255, 0.5493061443340549, 1.0, 19.0, 20.0, 22.0) + [18.715, HUGE]),
    "asinh": (mpmath.asinh, REAL + [HUGE, -1e300] + magnitudes(0, 300) + around(1.0, 2.0, 2.0**26, 2.0**28)),
    "acosh": (mpmath.acosh, [1 + abs(x) for x in uniform(0, 1) + magnitudes(-12, 0) + magnitudes(0, 300)] + [neighbour(1.0, k) for k in (0, 1, 2, 1000)] + around(2.0, 1.5, 2.0**26, 2.0**28) + [HUGE]),
    "atanh": (mpmath.atanh, [x for x in UNIT if abs(x) < 1]),
    "exp": (mpmath.exp, REAL + uniform(-745, 709) + around(LOG_2, LOG_2 / 2, -LOG_2 / 2, -708.3964185322641) + [OVERFLOW, neighbour(OVERFLOW, -1), -745.1332191019411, -744.4400719213812, -745.0, -709.0]),
    "expm1": (mpmath.expm1, REAL + uniform(-40, 709) + magnitudes(-3, 1) + around(LOG_2, LOG_2 / 2, -LOG_2 / 2, 3 * LOG_2 / 2, -0.25, 0.25, -37.42994775023705) + [OVERFLOW, -709.0, -1e300]),
    "exp2": (lambda x: mpmath.power(2, x), REAL + uniform(-1074, 1023) + around(1.0, 0.5, -0.5, -1022.0) + [neighbour(1024.0, -1), -1074.0, -1074.9, -1073.5]),
    "log": (mpmath.log, POSITIVE),
    "log1p": (mpmath.log1p, TINY + uniform(-0.999, 3) + magnitudes(-15, -1) + magnitudes(0, 308, False) + around(-0.2928932188134524, 0.4142135623730951, 1.0, -0.5) + [neighbour(-1.0, -1), neighbour(-1.0, -1000), HUGE]),
    "log2": (lambda x: mpmath.log(x, 2), POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "cbrt": (cbrt, TINY + uniform(-10, 10) + magnitudes(-308, 308) + around(1.0, 8.0, 27.0, 0.125) + [HUGE, -HUGE]),
    "sqrt": (mpmath.sqrt, POSITIVE),
    "erf": (mpmath.erf, REAL + magnitudes(-3, 1) + around(0.84375, 1.25, 2.0, 3.0, 5.921587195794507) + [6.5, -8.0, 30.0]),
    "erfc": (mpmath.erfc, REAL + uniform(-6, 27) + magnitudes(-3, 1) + around(0.84375, 1.25, 2.0, 3.0, 28.0, 26.543) + [26.0, 26.6, 27.2, 27.226, -6.5, -40.0, 6.0, 10.0]),
    "gamma": (mpmath.gamma, [x for x in TINY if abs(x) > 5.6e-309] + [0.5, 1.5, 171.62437695630271, 171.6, 170.5, 30.0, 22.0] + around(1.0, 2.0, 3.0, 1.4616321449683623) + NEGATIVE + uniform(0, 12) + uniform(12, 171) + uniform(-20, 0) + uniform(-184, -20) + magnitudes(-10, 0)),
    "lgamma": (lgamma, TINY + [0.5, 1.5, HUGE / 800, 1e300, 1e20, 1e10, 171.7, -1e5 - 0.3, -1e10 - 0.25] + around(1.0, 2.0, 3.0, 1.4616321449683623, *LGAMMA_ZEROS) + [1 + 2.0**-k for k in (3, 10, 30)] + [2 - 2.0**-k for k in (3, 10, 30)] + NEGATIVE + uniform(0, 12) + uniform(12, 1000) + uniform(-30, 0) + magnitudes(-10, 0) + magnitudes(1, 300, False)),
    "j0": (bessel(0), TINY + [0.5, 1.0, 2.0, 8.0, 25.0, 39.9, 40.1, 1000.5, -3.0, 1e10, 1e22, 1e300, HUGE] + around(*zeros(0, 1, 2, 3, 8, 13, 100)) + uniform(-10, 10) + uniform(10, 100) + magnitudes(-5, 6) + magnitudes(24, 300)),
    "j1": (bessel(1), TINY + [0.5, 1.0, 2.0, 8.0, 25.0, 39.9, 40.1, 1000.5, -3.0, 1e10, 1e22, 1e300, HUGE] + around(*zeros(1, 1, 2, 3, 8, 13, 100)) + uniform(-10, 10) + uniform(10, 100) + magnitudes(-5, 6) + magnitudes(24, 300)),
}


def pow_points():
    points = [(rng.uniform(0, 10), rng.uniform(-20, 20)) for _ in range(COUNT)]
    points += [(10 ** rng.uniform(-300, 300), rng.uniform(-1, 1)) for _ in range(COUNT)]
    points += [(1 + signed(10 ** rng.uniform(-15, -3)), signed(10 ** rng.uniform(2, 15))) for _ in range(2 * COUNT)]
    points += [(-rng.uniform(0, 10), float(rng.randint(-30, 30))) for _ in range(COUNT)]
    points += [(rng.uniform(0.1, 50), y) for y in (-3.0, -2.0, -1.0, -0.5, 0.5, 1.5, 2.0, 2.5, 3.0, 1 / 3, 20.0)]
    points += [(neighbour(1.0, 1), 3e18), (neighbour(1.0, -1), 3e18), (neighbour(1.0, -1), -6e18), (5e-324, 0.5), (5e-324, -0.9), (HUGE, 0.999), (HUGE, -1.0), (1e-310, 1.03)]
    points += [(2.0, -1073.5), (2.0, 1023.999), (10.0, -320.0), (10.0, 308.0), (-3.0, 601.0), (0.5, 1074.0), (math.e, 709.0), (math.e, -744.0), (1.5, 5e-324), (3.0, 1e-20)]
    # The base is close to 1, so that its logarithm's error counts, and the result close to an end of the range.
    points += [(0.9980447700141823, 344954.9086130871), (0.9980381735995415, -356830.34828903346), (0.9979259359504487, -213307.8954894204), (1.0036987604550516, -183627.2763818779)]
    return points


def plane_points():
    points = [(rng.uniform(-5, 5), rng.uniform(-5, 5)) for _ in range(COUNT)]
    points += [(signed(10 ** rng.uniform(-20, 20)), signed(10 ** rng.uniform(-20, 20))) for _ in range(COUNT)]
    points += [(x, x * (1 + signed(10 ** rng.uniform(-15, -1)))) for x in magnitudes(-5, 5)]
    points += [(x, y) for x in (5e-324, 1e-310, 1e-300, -1.0, 1e308) for y in (1.5e-323, -1e-308, 1.0, -3.0)]
    points += [(1.0, 2.0**-27), (2.0**-26, 1.0), (3e-320, 4e-320), (1.2e308, -1e308), (1e-160, 1e160), (2.0**500, 2.0**474)]
    return points


TWO = {
    "pow": (mpmath.power, pow_points()),
    "atan2": (mpmath.atan2, plane_points()),
    "hypot": (mpmath.hypot, plane_points()),
}


def inside(value):
    """Whether a double is near, and it is not 0."""
    return value != 0 and mpf(2) ** -1076 < abs(value) < mpf(2) ** 1024


table = {}
for name, (function, points) in list(ONE.items()) + list(TWO.items()):
    rows = []
    for point in dict.fromkeys(points):
        arguments = point if isinstance(point, tuple) else (point,)
        with mpmath.workprec(WIDE if abs(arguments[0]) > 1e15 else PREC):
            value = function(*[mpf(a) for a in arguments])
            if inside(value):
                rows.append([*arguments, mpmath.nstr(value, DIGITS, min_fixed=0, max_fixed=0)])
    table[name] = rows

print("{")
for name, rows in table.items():
    body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    print(f'"{name}":[\n{body}\n]' + ("," if name != list(table)[-1] else ""))
print("}")
