#!/usr/bin/env python3
"""Makes the tables, the polynomial and the constants of assembly/math/logarithm-parts.ts and logarithm.ts.

    pip install mpmath
    python3 scripts/coefficients/logarithm.py > assembly/math/logarithm-tables.ts     # seconds
    python3 scripts/coefficients/logarithm.py polynomial                              # asks for sollya
    python3 scripts/coefficients/logarithm.py constants

Significands z from 0.6875 + 2^-17 - 2^-25 to twice that fall into 256 intervals, 2^-9 wide below 1 and 2^-8 above: equally many doubles each.
Each has a point c, near its middle, such that (S. Gal, "An accurate elementary mathematical library", 1991)

    log(c)  is a multiple of 2^-43, but for less than 2^-58 of itself, and
    1/c     is a double, but for less than 2^-57 of itself.

So one double is log(c) as well as two would be, and its sum with a multiple of 2^-43 is exact. In the three intervals next to 1, c is 1;
what 2^-17 - 2^-25 is for: they reach so far that the logarithms of all others are at least 2^-8, whose ulp is twice that of the numbers below.
"""
import subprocess
import sys

import mpmath
from mpmath import mpf

mpmath.mp.prec = 160

FIRST = 0x3FE6000FF << 28
BITS = 8
GRID = mpf(2) ** -43
# Bits after the point of the fixed-point numbers of the search.
FIXED, FRACTION = 120, 60


def from_bits(bits):
    exponent, significand = bits >> 52, bits & ((1 << 52) - 1)
    return mpf(significand + (1 << 52)) * mpf(2) ** (exponent - 1075)


def nearest(x):
    return mpf(float(x))


def entry(index):
    """(c, 1/c, log c) of one interval."""
    low = from_bits(FIRST + (index << 52 - BITS))
    high = from_bits(FIRST + (index + 1 << 52 - BITS))
    if max(abs(low - 1), abs(high - 1)) < mpf(2) ** -8 * 1.005:
        return mpf(1), mpf(1), mpf(0)
    middle = (low + high) / 2
    ulp = mpf(2) ** (-53 if middle < 1 else -52)
    nearest_multiple = mpmath.nint(mpmath.log(middle) / GRID)
    # Powers of e^GRID in fixed point, in units of ulp * 2^-FRACTION, outwards from the middle.
    up = int(mpmath.nint(mpmath.exp(GRID) * (1 << FIXED)))
    down = int(mpmath.nint(mpmath.exp(-GRID) * (1 << FIXED)))
    upper = lower = int(mpmath.nint(mpmath.exp(nearest_multiple * GRID) / ulp * (1 << FRACTION)))
    half = 1 << FRACTION - 1
    allowed = int(mpf(2) ** -58 * abs(nearest_multiple * GRID) * middle / ulp * (1 << FRACTION))
    for step in range(1 << 22):
        for exact, multiple in ((upper, nearest_multiple + step), (lower, nearest_multiple - step)):
            if abs((exact + half) % (1 << FRACTION) - half) > allowed:
                continue
            c = ((exact + half) >> FRACTION) * ulp
            inverse = nearest(1 / c)
            if abs(c * inverse - 1) < mpf(2) ** -57:
                return c, inverse, multiple * GRID
        upper, lower = upper * up >> FIXED, lower * down >> FIXED
    raise ValueError(f"no point in interval {index}")


def table():
    return [entry(index) for index in range(1 << BITS)]


def numbers(values):
    """Rows of a table in the source, four numbers each."""
    texts = [repr(float(value)) for value in values]
    return "\n".join("  " + ", ".join(texts[at : at + 4]) + "," for at in range(0, len(texts), 4))


HEADER = """/**
 * Tables of the logarithm; the method is in logarithm.ts.
 *
 * Source: made by scripts/coefficients/logarithm.py, which says what is special about the points.
 * Role:   any thread; 6 kB.
 */

/** For each of the 256 intervals of significands: a point c, and 1/c. */
// biome-ignore format: a table
export const POINTS: usize = memory.data<f64>([
{points}
], 16);

/** log(c), a multiple of 2^-43. */
// biome-ignore format: a table
export const LOGARITHMS: usize = memory.data<f64>([
{logarithms}
], 16);
"""

# log(1 + r) = r + r^2 P(r): the error counts relative to r, which only next to 1 is the whole result.
SOLLYA = """
prec = 200;
p = fpminimax((log(1+x)-x)/x, [|1,2,3,4,5|], [|D...|], [-2^-8; 2^-8 + 2^-16], absolute);
for k from 1 to 5 do print(coeff(p, k));
print("relative error", dirtyinfnorm((x+x*p)/log(1+x)-1, [-2^-8; 2^-8 + 2^-16]));
quit;
"""


def constants():
    """Heads and tails: of log(2) a multiple of GRID and the rest, of the others 26 bits and the rest."""
    head = mpmath.nint(mpmath.log(2) / GRID) * GRID
    print("LN2", float(head), float(mpmath.log(2) - head))
    for name, base in (("LOG2_E", 2), ("LOG10_E", 10)):
        value = 1 / mpmath.log(base)
        significand, exponent = mpmath.frexp(value)
        head = mpmath.ldexp(mpmath.nint(significand * 2**26), exponent - 26)
        print(name, float(head), float(value - head), float(value))


if __name__ == "__main__":
    if sys.argv[1:] == ["polynomial"]:
        subprocess.run(["sollya"], input=SOLLYA, text=True, check=True)
    elif sys.argv[1:] == ["constants"]:
        constants()
    else:
        rows = table()
        points = numbers(value for c, inverse, _ in rows for value in (c, inverse))
        logarithms = numbers(logarithm for _, _, logarithm in rows)
        print(HEADER.replace("{points}", points).replace("{logarithms}", logarithms), end="")
