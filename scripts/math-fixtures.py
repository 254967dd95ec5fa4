#!/usr/bin/env python3
"""Makes test/math/fixtures.json: exact values of the elementary functions at chosen points.

Each value is computed with mpmath at 60 digits and kept as `[arguments..., value, rest]`: the value rounded to a double, and
what the rounding left in units of that double's last place (ulp). So a test can tell the error of another double in ulp
without any big arithmetic.

    pip install mpmath
    python3 scripts/math-fixtures.py [COUNT [SEED]] > test/math/fixtures.json

COUNT is the number of random points for each interval (default 40). A file of 5000 and more, kept elsewhere, is what the bounds
in docs/expressions.md were measured with: MATH_FIXTURES=path/to/that.json npm test.
"""
import json
import math
import random
import struct
import sys

import mpmath

mpmath.mp.prec = 200
# An argument such as 1e300 radians needs 1000 bits more.
WIDE = 2400

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 40
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 2
rng = random.Random(SEED)


def neighbour(x, steps):
    """The double `steps` places away from x > 0."""
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    return struct.unpack("<d", struct.pack("<q", bits + steps))[0]


def signed(x):
    return x if rng.random() < 0.5 else -x


def uniform(a, b):
    return [rng.uniform(a, b) for _ in range(COUNT)]


def magnitudes(a, b, both=True):
    """Log-uniform magnitudes from 10^a to 10^b, of both signs unless told otherwise."""
    points = [10 ** rng.uniform(a, b) for _ in range(COUNT)]
    return [signed(x) for x in points] if both else points


def around(*centres):
    """A few doubles on each side of each centre: where algorithms change branches and where results cancel."""
    return [neighbour(abs(c), k) * (1 if c > 0 else -1) for c in centres for k in (-2, -1, 0, 1, 2)]


QUARTERS = [k * math.pi / 4 for k in (1, 2, 3, 4, 5, 6, 7, 8, 11, 22, 355, 1000, 710000)]
# 5.319e255 is the double nearest to a multiple of pi/2 of all (J.-M. Muller, "Elementary Functions", table of worst cases).
CIRCULAR = [5.319372648326541e255, 2.0**1023, 1.6471e6, 1e15] + [neighbour(k * math.pi / 2, 0) for k in range(1, 1000000, 1000000 // COUNT)] + uniform(-1.6e6, 1.6e6) + uniform(-7, 7) + uniform(-1000, 1000) + magnitudes(-12, 0) + magnitudes(0, 22) + magnitudes(22, 308) + around(*QUARTERS) + around(1e22, 2.0**20 * math.pi / 2)
UNIT = uniform(-1, 1) + magnitudes(-12, 0) + around(0.5, -0.5, 0.975, 1e-8) + [-1.0, 1.0, neighbour(1.0, -1), -neighbour(1.0, -1)]
POSITIVE = uniform(0, 4) + uniform(0.9, 1.1) + magnitudes(-308, 308, False) + around(1.0, 2.0, 10.0, 0.5, 1000.0, 0.70710678) + [5e-324, 1e-310]
REAL = uniform(-2, 2) + uniform(-40, 40) + magnitudes(-12, 0)

ONE = {
    "sin": (mpmath.sin, CIRCULAR),
    "cos": (mpmath.cos, CIRCULAR),
    "tan": (mpmath.tan, CIRCULAR),
    "asin": (mpmath.asin, UNIT),
    "acos": (mpmath.acos, UNIT),
    "atan": (mpmath.atan, REAL + magnitudes(0, 20) + around(0.4375, 0.6875, 1.1875, 2.4375, 1.0)),
    "sinh": (mpmath.sinh, REAL + uniform(-710, 710) + around(1.0, 22.0, 709.7, 710.4)),
    "cosh": (mpmath.cosh, REAL + uniform(-710, 710) + around(math.log(2), 709.7, 710.4)),
    "tanh": (mpmath.tanh, REAL + around(0.255, 0.5493, 1.0, 19.0, 20.0, 22.0)),
    "asinh": (mpmath.asinh, REAL + magnitudes(0, 300) + around(1.0, 2.0, 2.0**26)),
    "acosh": (mpmath.acosh, [1 + abs(x) for x in uniform(0, 1) + magnitudes(-12, 0) + magnitudes(0, 300)] + around(2.0, 2.0**26)[1:]),
    "atanh": (mpmath.atanh, [x for x in UNIT if abs(x) < 1]),
    "exp": (mpmath.exp, REAL + uniform(-745, 709) + uniform(-708, -1) + around(math.log(2), 709.78, -708.4, -745.0)),
    "expm1": (mpmath.expm1, REAL + uniform(-40, 709) + magnitudes(-3, 1) + around(0.3466, -0.3466, 1.0397, -0.25, 0.25)),
    "exp2": (lambda x: mpmath.power(2, x), REAL + uniform(-1074, 1023) + around(1.0, 0.5, -1022.0, 1023.5)),
    "log": (mpmath.log, POSITIVE),
    "log1p": (mpmath.log1p, uniform(-0.999, 3) + magnitudes(-15, -1) + magnitudes(0, 308, False) + around(-0.2929, 0.4142, 1.0)),
    "log2": (lambda x: mpmath.log(x, 2), POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "cbrt": (lambda x: mpmath.cbrt(x) if x >= 0 else -mpmath.cbrt(-x), uniform(-10, 10) + magnitudes(-308, 308) + around(1.0, 8.0, 27.0, 0.125) + [5e-324, 1e-310]),
}


def pow_points():
    points = [(rng.uniform(0, 10), rng.uniform(-20, 20)) for _ in range(COUNT)]
    points += [(10 ** rng.uniform(-300, 300), rng.uniform(-1, 1)) for _ in range(COUNT)]
    points += [(1 + signed(10 ** rng.uniform(-15, -3)), signed(10 ** rng.uniform(2, 15))) for _ in range(COUNT)]
    points += [(-rng.uniform(0, 10), float(rng.randint(-30, 30))) for _ in range(COUNT)]
    points += [(rng.uniform(0.1, 50), rng.choice([-3.0, -2.0, -1.0, -0.5, 0.5, 1.5, 2.0, 2.5, 3.0, 1 / 3, 20.0])) for _ in range(COUNT)]
    return points


def plane_points():
    points = [(rng.uniform(-5, 5), rng.uniform(-5, 5)) for _ in range(COUNT)]
    points += [(signed(10 ** rng.uniform(-20, 20)), signed(10 ** rng.uniform(-20, 20))) for _ in range(COUNT)]
    points += [(x, x * (1 + signed(10 ** rng.uniform(-15, -1)))) for x in magnitudes(-5, 5)]
    return points


TWO = {
    "pow": (mpmath.power, pow_points()),
    "atan2": (mpmath.atan2, plane_points()),
    "hypot": (mpmath.hypot, plane_points() + [(x * 1e300, y * 1e300) for x, y in plane_points()[:COUNT]] + [(x * 1e-300, y * 1e-300) for x, y in plane_points()[:COUNT]]),
}


def split(exact):
    """The value as a double and the rest in ulp; None where it is out of range or exactly 0."""
    if exact == 0 or abs(exact) > mpmath.mpf(sys.float_info.max):
        return None
    value = float(exact)
    rest = (exact - mpmath.mpf(value)) / mpmath.mpf(math.ulp(value))
    return value, round(float(rest), 4)


table = {}
for name, (function, points) in list(ONE.items()) + list(TWO.items()):
    rows = []
    for point in points:
        arguments = point if isinstance(point, tuple) else (point,)
        with mpmath.workprec(WIDE if name in ("sin", "cos", "tan") and abs(arguments[0]) > 1e15 else 200):
            parts = split(function(*[mpmath.mpf(a) for a in arguments]))
        if parts is not None and math.isfinite(parts[0]):
            rows.append([*arguments, *parts])
    table[name] = rows

print("{")
names = list(table)
for name in names:
    body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in table[name])
    print(f'"{name}":[\n{body}\n]' + ("," if name != names[-1] else ""))
print("}")
