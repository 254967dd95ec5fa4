#!/usr/bin/env python3
"""Makes the tables of assembly/math/bessel.ts.

    pip install mpmath
    python3 scripts/coefficients/bessel.py > assembly/math/bessel-tables.ts     # a minute

Polynomials take their functions' values at Chebyshev's points, to 60 digits; coefficients are then rounded to doubles.
"""
import sys

import mpmath
from mpmath import mpf

mpmath.mp.prec = 200
ROWS = 26
DEGREE = 13
FAR = 25


def j0(x):
    return mpmath.besselj(0, x)


def j1_slope(x):
    return mpmath.besselj(1, x) / x if x != 0 else mpf(1) / 2


def coefficients(function, low, high, count):
    found = mpmath.chebyfit(function, [low, high], count)[::-1]
    points = [low + (high - low) * (mpf(k) + mpf("0.37")) / 40 for k in range(40)]
    return found, max(abs(mpmath.polyval(found[::-1], p) - function(p)) for p in points)


def row(function, centre):
    """In h = a - centre. Around 0 the functions are even, and stay so."""
    if centre == 0:
        even, error = coefficients(lambda w: function(mpmath.sqrt(w)), mpf(2) ** -200, mpf(1) / 4, (DEGREE + 1) // 2)
        even[0] = function(mpf(0))
        return [c for pair in zip(even, [mpf(0)] * len(even)) for c in pair], error
    return coefficients(lambda h: function(centre + h), -mpf(1) / 2, mpf(1) / 2, DEGREE + 1)


def hankel(order):
    """(P - 1)/w and Q x, w = x^-2: what the wave's amplitude and phase are beyond sqrt(2/(pi x)) cos(x - …)."""

    def both(w):
        x = 1 / mpmath.sqrt(w)
        angle = x - (2 * order + 1) * mpmath.pi / 4
        j, y = mpmath.besselj(order, x), mpmath.bessely(order, x)
        scale = mpmath.sqrt(mpmath.pi * x / 2)
        p = scale * (j * mpmath.cos(angle) + y * mpmath.sin(angle))
        q = scale * (y * mpmath.cos(angle) - j * mpmath.sin(angle))
        return (p - 1) / w, q * x

    return lambda w: both(w)[0], lambda w: both(w)[1]


def numbers(values):
    texts = [repr(float(v)) for v in values]
    return "\n".join("  " + ", ".join(texts[at : at + 4]) + "," for at in range(0, len(texts), 4))


print("""/**
 * Tables of the Bessel functions; the method is in bessel.ts.
 *
 * Source: made by scripts/coefficients/bessel.py.
 * Role:   any thread; read-only, 6 kB.
 */""")
for name, title, function in (("J0", "j0(a)", j0), ("J1", "j1(a)/a", j1_slope)):
    rows, errors = zip(*(row(function, centre) for centre in range(ROWS)))
    # Relative to what the function swings between.
    swings = [mpf(1) / (1 if name == "J0" else 2)] + [mpmath.sqrt(2 / (mpmath.pi * c)) / (1 if name == "J0" else c) for c in range(1, ROWS)]
    print(name, mpmath.nstr(mpmath.log(max(e / s for e, s in zip(errors, swings)), 2), 4), file=sys.stderr)
    print(f"\n/** {title}: for each whole number c, 14 coefficients of the polynomial in a - c. */")
    print(f"// biome-ignore format: a table\nexport const {name}: usize = memory.data<f64>([")
    print("\n".join(numbers(values) for values in rows))
    print("], 16);")
    for part, function in zip(("P", "Q"), hankel(int(name[1]))):
        found, error = coefficients(function, mpf(2) ** -40, mpf(1) / FAR**2, 8)
        print(name, part, mpmath.nstr(mpmath.log(error, 2), 4), file=sys.stderr)
        print(f"\n/** {'(P - 1) x^2' if part == 'P' else 'Q x'} of {name.lower()} in x^-2, x >= {FAR}. */")
        print(f"// biome-ignore format: a table\nexport const {name}_{part}: usize = memory.data<f64>([\n{numbers(found)}\n], 16);")
