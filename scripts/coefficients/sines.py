#!/usr/bin/env python3
"""Writes assembly/math/sines.ts: sines and cosines at multiples of pi/128.

    pip install mpmath
    python3 scripts/coefficients/sines.py > assembly/math/sines.ts
"""
import struct

from mpmath import cos, mp, pi, sin

mp.prec = 300
QUARTER = 128


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


angles = [j * pi / (2 * QUARTER) for j in range(-QUARTER, QUARTER)]
sines = [float(sin(angle)) for angle in angles]
sines[QUARTER] = -0.0

print(f"""\
/**
 * Sines and cosines from -pi/2 to pi/2: the table under sin, cos and sinc.
 *
 * Source: scripts/coefficients/sines.py prints this file (mpmath, 300 bits).
 * Role:   any thread; read-only.
 *
 *  entry  j + {QUARTER} for j = -{QUARTER} … {QUARTER - 1}, 24 bytes
 *  +0     the double nearest to sin(j pi/{2 * QUARTER}); of 0 it is -0, because -0 added to either zero leaves its sign
 *  +8     1 - cos(j pi/{2 * QUARTER})
 *  +16    sin(j pi/{2 * QUARTER}) less the double at +0
 */
// biome-ignore format: a table
export const SINES: usize = memory.data<u64>([""")
for j in range(-QUARTER, QUARTER):
    angle = j * pi / (2 * QUARTER)
    sine = float(sin(angle)) if j != 0 else -0.0
    print(f"  0x{bits(sine):016x}, 0x{bits(float(1 - cos(angle))):016x}, 0x{bits(float(sin(angle) - sine)):016x},")
print("], 16);")
