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
 * Sines and cosines from -pi/2 to pi/2: the tables under sin, cos and sinc.
 *
 * Source: scripts/coefficients/sines.py prints this file (mpmath, 300 bits).
 * Role:   any thread; read-only.
 */
// biome-ignore-start format: tables

/** Of j = -{QUARTER} … {QUARTER - 1}: sin(j pi/{2 * QUARTER}), where that of 0 is -0, because -0 added to either zero leaves its sign; and 1 - cos(j pi/{2 * QUARTER}). */
export const SINES: usize = memory.data<u64>([""")
for angle, sine in zip(angles, sines):
    print(f"  0x{bits(sine):016x}, 0x{bits(float(1 - cos(angle))):016x},")
print("""\
], 16);

/** What the sines, as doubles, are too small by. */
export const LACKS: usize = memory.data<u64>([""")
for angle, sine in zip(angles, sines):
    print(f"  0x{bits(float(sin(angle) - sine)):016x},")
print("""\
], 16);

// biome-ignore-end format: tables""")
