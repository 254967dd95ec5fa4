#!/usr/bin/env python3
"""The first guess and the polynomial of cbrt in assembly/math/roots.ts.

    pip install numpy
    python3 scripts/coefficients/roots.py          # sollya must be installed

If h are the upper 32 bits of a double x, those of a double near x^(-1/3) are GUESS - h/3: here GUESS is chosen so that e = 1 - x y^3 is smallest, and then
the polynomial that makes y (1-e)^(-1/3), which is the root, of y and e.
"""
import subprocess

import numpy

# Three exponents, after which all repeats; in each h the middle of what the lower 32 bits may be.
h = numpy.arange(0x3FF00000, 0x3FF00000 + 3 * 0x100000, 5, dtype=numpy.int64)
x = (h << 32 | 0x80000000).view(numpy.float64)


def reach(guess):
    y = (numpy.rint(guess - h / 3.0).astype(numpy.int64) << 32).view(numpy.float64)
    e = 1 - x * y**3
    return e.min(), e.max()


low, high = 0x55300000, 0x55500000
while high - low > 16:
    middle = (low + high) // 2
    # A larger guess makes y larger, and e smaller.
    least, largest = reach(middle)
    low, high = (middle, high) if largest > -least else (low, middle)
least, largest = reach(high)
print(f"GUESS {high:#x}, e from {least:.6f} to {largest:.6f}")
script = f"""prec = 200;
interval = [{least} - 0.00001; {largest} + 0.00001];
target = (1 - x)^(-1/3);
p = remez((target - 1)/x, 5, interval);
print("largest error relative to the root, as a power of 2:", log2(dirtyinfnorm((1 + x * p)/target - 1, interval)));
for i from 0 to 5 do {{ print(i + 1, ":", round(coeff(p, i), D, RN)); }};"""
print(subprocess.run(["sollya"], input=script, capture_output=True, text=True, check=False).stdout)
