#!/usr/bin/env python3
"""Makes the tables of assembly/math/error-function.ts.

    pip install mpmath
    python3 scripts/coefficients/error-function.py > assembly/math/error-function-tables.ts     # two minutes

Each row has a point c, where the function's value is a double but for less than 2^-10 of its last place (S. Gal, "An accurate elementary mathematical
library", 1991), and a polynomial of degree 9 for (f(c + h) - f(c))/h, which takes the function's values at Chebyshev's points.
"""
import struct
import sys

import mpmath
from mpmath import mpf

mpmath.mp.prec = 200
DEGREE = 9
ROWS = 64


def nearest(x):
    return mpf(float(x))


def erfcx(x):
    return mpmath.exp(x * x) * mpmath.erfc(x)


def point(function, middle, width):
    """A double near `middle` whose value is nearly a double. Where the function is flat, the best of those not far away."""
    middle = nearest(middle)
    # The function's last places between steps: many, and not a whole number of them.
    step = width / 2**18
    best = None
    for k in range(1 << 12):
        c = nearest(middle + (-1) ** k * k * step)
        exact = function(c)
        error = abs(exact / nearest(exact) - 1)
        if best is None or error < best[0]:
            best = (error, c, nearest(exact))
        if error < mpf(2) ** -66:
            break
    points.append(best[0])
    return best[1:]


points = []


def polynomial(function, low, high):
    """Coefficients, that of h^0 first, and the largest error at some points between low and high."""
    found = mpmath.chebyfit(function, [low, high], DEGREE + 1)[::-1]
    points = [low + (high - low) * mpf(k) / 40 for k in range(41)]
    return [nearest(c) for c in found], max(abs(mpmath.polyval(found[::-1], h) - function(h)) * abs(h) for h in points if h != 0)


def row(function, low, high, c, value):
    exact = function(c)
    coefficients, error = polynomial(lambda h: (function(c + h) - exact) / h, low - c, high - c)
    return [c, value, *coefficients], error / function(high if function is erfcx else low)


def erf_rows():
    # Below 7/16: erf(a) = a + a p(a^2).
    core, error = polynomial(lambda w: mpmath.erf(mpmath.sqrt(w)) / mpmath.sqrt(w) - 1, mpf(2) ** -40, mpf(7) ** 2 / 256)
    yield [mpf(0), mpf(0), *core], error
    for eighth in range(4, 49):
        c, value = point(mpmath.erf, mpf(eighth) / 8, mpf(1) / 8)
        yield row(mpmath.erf, mpf(2 * eighth - 1) / 16, mpf(2 * eighth + 1) / 16, c, value)


def erfcx_rows():
    for index in range(46):
        width = mpf(2) ** (index // 8 - 4)
        low = (8 + index % 8) * width - mpf(1) / 2
        c, value = point(erfcx, low + width / 2, width) if index > 0 else (mpf(0), mpf(1))
        yield row(erfcx, low, low + width, c, value)


def table(name, comment, rows):
    rows = list(rows)
    print(f"\n/** {comment} */\n// biome-ignore format: a table\nexport const {name}: usize = memory.data<u64>([")
    largest = 0
    for pair in range(0, DEGREE + 3, 2):
        texts = [
            ", ".join(f"0x{struct.unpack('<Q', struct.pack('<d', float(v)))[0]:016x}" for v in values[pair : pair + 2])
            for values, _ in rows
        ]
        if pair == DEGREE + 1:
            texts += ["0, 0"] * (ROWS - len(rows))
        print("\n".join("  " + ", ".join(texts[at : at + 4]) + "," for at in range(0, len(texts), 4)))
    largest = max(error for _, error in rows)
    print("], 16);")
    print(f"export const {name}_STRIDE: usize = {16 * len(rows)};")
    return largest


print("""/**
 * Tables of erf and erfc; the method is in error-function.ts.
 *
 * Source: made by scripts/coefficients/error-function.py, which says what is special about the points.
 * Role:   any thread; read-only, 9 kB.
 *
 *  a table     six columns of rows of 16 bytes: (c, f(c)), then the coefficients (p0, p1), … (p8, p9); a column begins STRIDE bytes after the one
 *              before. The last is filled up, because rows are chosen by 6 bits.
 */""")
errors = [
    table("ERF", "erf: the first row for magnitudes below 7/16, the others for c near 4/8, 5/8, … 48/8.", erf_rows()),
    table("ERFCX", "e^(a^2) erfc(a), for the leading bits of a + 1/2, 8 rows from one power of 2 to the next.", erfcx_rows()),
]
print("largest errors of the polynomials, relative:", *[mpmath.nstr(mpmath.log(e, 2), 5) for e in errors], file=sys.stderr)
print("largest errors of the values at the points, relative:", mpmath.nstr(mpmath.log(max(points), 2), 5), file=sys.stderr)
