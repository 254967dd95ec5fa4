#!/usr/bin/env python3
"""Writes assembly/math/inverse-tangents.ts: inverse tangents of 178 numbers between 0 and 64.

    pip install mpmath
    python3 scripts/coefficients/inverse-tangents.py > assembly/math/inverse-tangents.ts
"""
import struct

from mpmath import atan, mp, mpf

mp.prec = 300
LEAST, MOST, PARTS = -6, 5, 16


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


centres = [0.0]
for exponent in range(LEAST, MOST):
    centres += [2.0**exponent * (1 + (part + 0.5) / PARTS) for part in range(PARTS)]
centres.append(2.0 ** (MOST + 1))

print(f"""\
/**
 * Inverse tangents of {len(centres)} centres: the table under atan and atan2.
 *
 * Source: scripts/coefficients/inverse-tangents.py prints this file (mpmath, 300 bits).
 * Role:   any thread; read-only.
 *
 *  entry  24 bytes; the first for numbers below 2^{LEAST}, then {PARTS} for each power of 2, the last for numbers from 2^{MOST} on
 *  +0     the centre c: 0; the middle of its interval, which has six bits; 2^{MOST + 1}
 *  +8     the double nearest to atan(c)
 *  +16    atan(c) less that double
 */
// biome-ignore format: a table
export const INVERSE_TANGENTS: usize = memory.data<u64>([""")
for centre in centres:
    exact = atan(mpf(centre))
    value = float(exact)
    print(f"  0x{bits(centre):016x}, 0x{bits(value):016x}, 0x{bits(float(exact - value)):016x},")
print("], 16);")
