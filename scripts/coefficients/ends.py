#!/usr/bin/env python3
"""Makes the nodes and weights of assembly/quad/range/ends.ts.

    pip install mpmath
    python3 scripts/coefficients/ends.py            # a second: the stores of writeEndRule, and the arrays of test/quad/range/ends.ts

The substitution is d = 1/(1 + exp(-pi sinh t)), a distance from one end of [0, 1]; weights are its derivative. t = (n - 38)/8, n = 0 ... 65.
"""
import mpmath
from mpmath import mpf

mpmath.mp.prec = 300
COUNT = 66
STEPS = 8
FIRST = -38


def rule():
    for n in range(COUNT):
        t = mpf(FIRST + n) / STEPS
        grown = mpmath.exp(-mpmath.pi * mpmath.sinh(t))
        distance = 1 / (1 + grown)
        yield float(distance), float(mpmath.pi * mpmath.cosh(t) * grown * distance * distance)


table = list(rule())
for index, (distance, weight) in enumerate(table):
    print(f"  store<f64>(at, {distance!r}, {8 * index});")
    print(f"  store<f64>(at, {weight!r}, {8 * (COUNT + index)});")
print("\nconst DISTANCES = [\n  " + ", ".join(repr(distance) for distance, _ in table) + ",\n];")
print("const WEIGHTS = [\n  " + ", ".join(repr(weight) for _, weight in table) + ",\n];")
