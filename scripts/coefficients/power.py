#!/usr/bin/env python3
"""Makes the table and the polynomial of assembly/math/power.ts.

    pip install mpmath
    python3 scripts/coefficients/power.py > assembly/math/power-table.ts
    python3 scripts/coefficients/power.py polynomial                        # sollya must be installed

Significands z from FIRST to 2 FIRST fall into 128 intervals by the leading bits of z - FIRST as doubles lie. Each has a number 1/c of few bits,
such that r = z/c - 1 is small and exact in a double: z is a multiple of 2^-53 below 1 and of 2^-52 above, so 1/c is one of 2^-7 and 2^-8.
"""
import struct
import subprocess
import sys

import mpmath
from mpmath import mpf

mpmath.mp.prec = 160

FIRST = 0x3FE61000 << 32
BITS = 7
# Grid of the leading part of log c and of ln 2: sums with up to 1100 times ln 2 are exact.
GRID = mpf(2) ** -43


def to_bits(x):
    return struct.unpack("<Q", struct.pack("<d", float(x)))[0]


def from_bits(bits):
    return mpf(struct.unpack("<d", struct.pack("<Q", bits))[0])


def entry(index):
    """(1/c, the leading part of log c, the rest of it, largest |r|) of one interval."""
    low = from_bits(FIRST + (index << 52 - BITS))
    high = from_bits(FIRST + (index + 1 << 52 - BITS))

    def reach(inverse):
        return max(abs(low * inverse - 1), abs(high * inverse - 1))

    # The interval below that of 1 takes the same c = 1: with another, r would be three times log x at its end.
    if low <= 1 <= high or low < 1 and reach(mpf(1)) <= mpf(3) / 512:
        return mpf(1), mpf(0), mpf(0), reach(mpf(1))
    step = mpf(2) ** (-7 if low < 1 else -8)
    middle = mpmath.nint(2 / (low + high) / step) * step
    inverse = min((middle - step, middle, middle + step), key=reach)
    exact = -mpmath.log(inverse)
    leading = mpmath.nint(exact / GRID) * GRID
    return inverse, leading, exact - leading, reach(inverse)


def table():
    return [entry(index) for index in range(1 << BITS)]


HEADER = """/**
 * Table of the logarithm under pow; the method is in power.ts.
 *
 * Source: made by scripts/coefficients/power.py.
 * Role:   any thread; read-only, 2 kB.
 *
 *  entry  for each of the 128 intervals of significands, 16 bytes
 *  +0     log c to a multiple of 2^-43, a double
 *  +8     in the upper 20 bits those of 1/c, whose others are 0; in the lower 44 the upper ones of a double, which is what log c lacks
 */
// biome-ignore format: a table
export const LOGARITHMS: usize = memory.data<u64>(["""


def packed(inverse, rest):
    bits = to_bits(inverse)
    assert bits & ((1 << 44) - 1) == 0
    # To the nearest double with 32 bits after the point.
    return bits | (to_bits(rest) + (1 << 19) >> 20)


if sys.argv[1:] == ["polynomial"]:
    reach = max(entry[3] for entry in table())
    print(f"|r| < {mpmath.nstr(reach, 8)}; 2 log(1 + r) - 2 r + r^2 = r^3 p(r)")
    script = f"""prec = 300;
    series = 0; for n from 3 to 24 do {{ series = series + 2 * (-1)^(n + 1) * x^(n - 3) / n; }};
    reach = {mpmath.nstr(reach, 20)};
    p = fpminimax(series, 5, [|D...|], [-reach; reach], absolute);
    print("largest error of the logarithm, relative, in units of 2^-53:", dirtyinfnorm((p - series) * x^2 / 2, [-reach; reach]) / 2^-53);
    display = decimal;
    for i from 0 to 5 do {{ print(i + 3, ":", round(coeff(p, i), D, RN)); }};"""
    print(subprocess.run(["sollya"], input=script, capture_output=True, text=True).stdout)
    leading = mpmath.nint(mpmath.log(2) / GRID) * GRID
    print("ln 2:", repr(float(leading)), repr(float(mpmath.log(2) - leading)))
else:
    print(HEADER)
    for inverse, leading, rest, _ in table():
        print(f"  0x{to_bits(leading):016x}, 0x{packed(inverse, rest):016x},")
    print("], 16);")
