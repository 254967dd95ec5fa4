#!/usr/bin/env python3
"""Writes assembly/math/powers-of-two.ts: 2^(j/256) for j = 0 … 255, each as the nearest double and what it lacks, relative to it.

    pip install mpmath
    python3 scripts/coefficients/powers-of-two.py > assembly/math/powers-of-two.ts
"""
import struct

from mpmath import mp, mpf

mp.prec = 300
SIZE = 256


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


print(f"""\
/**
 * Powers of 2: the table under exp, exp2, expm1, sinh and cosh.
 *
 * Source: scripts/coefficients/powers-of-two.py prints this file (mpmath, 300 bits).
 * Role:   any thread; read-only.
 *
 *  entry  j = 0 … {SIZE - 1}, 16 bytes
 *  +0     the bits of T, the double nearest to 2^(j/{SIZE}), less j shifted by 44: adding k shifted by 44 to the entry of k mod {SIZE} gives
 *         the bits of T 2^m with m = floor(k/{SIZE}), because what was taken away is the part of k that is not m
 *  +8     2^(j/{SIZE}) / T - 1, a double
 */
// biome-ignore format: a table
export const POWERS_OF_TWO: usize = memory.data<u64>([""")
for j in range(SIZE):
    exact = mpf(2) ** (mpf(j) / SIZE)
    value = float(exact)
    rest = float(exact / mpf(value) - 1)
    print(f"  0x{bits(value) - (j << 44):016x}, 0x{bits(rest):016x},")
print("], 16);")
