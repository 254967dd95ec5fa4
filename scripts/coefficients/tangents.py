#!/usr/bin/env python3
"""Writes assembly/math/hyperbolic-tangents.ts: points near j/8 whose hyperbolic tangents are nearly doubles, and a rational function for the rest.

    pip install mpmath
    python3 scripts/coefficients/tangents.py > assembly/math/hyperbolic-tangents.ts
"""
import math
import random
import struct

from mpmath import cos, lu_solve, matrix, mp, mpf, pi, sqrt, tanh

mp.prec = 160
rng = random.Random(1)
STEP = mpf(1) / 8
# tanh(20) is 1 to a double.
LAST = 160
# What an index of 8 bits can name.
SIZE = 256
TRIES = 4000


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def lacking(c):
    """tanh(c) as a double, and how far that is from it, in ulp."""
    exact = tanh(mpf(c))
    value = float(exact)
    return value, abs(float((exact - mpf(value)) / mpf(math.ulp(value))))


def entry(j):
    """A point with a tangent that is nearly a double: within 2^-12 of j/8, or, where the function is nearly flat, as far as two ulp of it take."""
    if j in (0, LAST):
        return j / 8, float(tanh(j * STEP))
    slope = 1 - tanh(j * STEP) ** 2
    reach = float(min(max(2**-12, 2**-52 / slope), 2**-4))
    best = None
    for _ in range(TRIES):
        c = j / 8 + round(rng.uniform(-reach, reach) * 2**44) / 2**44
        value, rest = lacking(c)
        if best is None or rest < best[2]:
            best = (c, value, rest)
        if rest < 2**-10:
            break
    return best[:2]


def fraction():
    """
    tanh(d) = d p/q for |d| <= 1/16 + 2^-12, y = d^2: p = 1 + A y, q = p - y (B + C y). The error is 0 at y = 0 and at three points more,
    which lie as the zeros of a Chebyshev polynomial do.
    """
    end = (STEP / 2 + mpf(2) ** -12) ** 2
    zeros = [cos((2 * i + 1) * pi / 8) for i in range(4)]
    points = [end * (z - zeros[3]) / (1 - zeros[3]) for z in zeros[:3]]
    # q f = p with f = tanh(d)/d, that is (1 + A y)(f - 1) = y (B + C y) f
    rows, right = [], []
    for y in points:
        f = tanh(sqrt(y)) / sqrt(y)
        rows.append([y * (f - 1), -y * f, -y * y * f])
        right.append([1 - f])
    a, b, c = [float(v) for v in lu_solve(matrix(rows), matrix(right))]
    worst = 0
    for i in range(1, 2001):
        y = end * i / 2000
        p = 1 + mpf(a) * y
        worst = max(worst, abs(p / (p - y * (mpf(b) + mpf(c) * y)) / (tanh(sqrt(y)) / sqrt(y)) - 1))
    return a, b, c, float(worst * 2**53)


a, b, c, worst = fraction()
print(f"""\
/**
 * Hyperbolic tangents: the table and the rational function under tanh.
 *
 * Source: scripts/coefficients/tangents.py prints this file (mpmath, 160 bits). Points that are chosen so that the function's value is nearly a double
 *         need no second one for what it lacks: S. Gal, "Computing elementary functions: a new approach for achieving high accuracy and good
 *         performance" (1986).
 * Role:   any thread; read-only.
 */

/** tanh(d) = d p/q, p = 1 + A y, q = p - y (B + C y), y = d^2, |d| <= 1/16 + 2^-12: to {worst:.2f} * 2^-53. */
export const TANH_A: f64 = {a!r};
export const TANH_B: f64 = {b!r};
export const TANH_C: f64 = {c!r};

/** Entry j = 0 … {LAST}, 16 bytes: a point near j/8, and the double nearest to its tangent. The rest, to {SIZE}, is read for NaN alone. */
// biome-ignore format: a table
export const TANGENTS: usize = memory.data<u64>([""")
for j in range(LAST + 1):
    point, value = entry(j)
    print(f"  0x{bits(point):016x}, 0x{bits(value):016x},")
rest = 2 * (SIZE - LAST - 1)
for start in range(0, rest, 38):
    print("  " + " ".join(["0,"] * min(38, rest - start)))
print("], 16);")
