#!/usr/bin/env python3
"""Makes the polynomials of assembly/math/gamma.ts.

    pip install mpmath
    python3 scripts/coefficients/gamma.py > assembly/math/gamma-coefficients.ts

Each takes its function's values at Chebyshev's points, to 60 digits; coefficients are then rounded to doubles.
"""
import sys

import mpmath
from mpmath import mpf

mpmath.mp.prec = 200


def stirling(w):
    """What log gamma(x) is beyond (x - 1/2) log x - x + log(2 pi)/2, times x, for w = x^-2."""
    x = 1 / mpmath.sqrt(w)
    # The series' own error at 10 is 1e-27; beyond, and here, mpmath's.
    return x * (mpmath.loggamma(x) - (x - mpf(1) / 2) * mpmath.log(x) + x - mpmath.log(2 * mpmath.pi) / 2)


POLYNOMIALS = [
    ("GAMMA", "(gamma(2 + u) - 1)/u, |u| <= 1/2", lambda u: (mpmath.gamma(2 + u) - 1) / u, -0.5, 0.5, 20),
    ("LOG_GAMMA_TWO", "log(gamma(2 + u))/u, |u| <= 1/2", lambda u: mpmath.loggamma(2 + u) / u, -0.5, 0.5, 20),
    ("LOG_GAMMA_ONE", "log(gamma(1 + u))/u, -1/5 <= u <= 1/4", lambda u: mpmath.loggamma(1 + u) / u, -0.2, 0.25, 18),
    ("LOG_GAMMA_MIDDLE", "log(gamma(3/2 + u)), -1/4 <= u <= 3/10", lambda u: mpmath.loggamma(mpf(3) / 2 + u), -0.25, 0.3, 18),
    ("STIRLING", "Stirling's series times x in 1/x^2, x >= 10", stirling, mpf(2) ** -100, mpf(1) / 100, 8),
    ("SINE", "(pi u/sin(pi u) - 1)/u^2 in u^2, |u| <= 1/2", lambda w: (mpmath.pi * mpmath.sqrt(w) / mpmath.sin(mpmath.pi * mpmath.sqrt(w)) - 1) / w, mpf(2) ** -60, 0.25, 16),
]

print("""/**
 * Coefficients of gamma and lgamma; the method is in gamma.ts.
 *
 * Source: made by scripts/coefficients/gamma.py. After each, its largest error relative to the values of what it stands for.
 * Role:   any thread; read-only, 2 kB. Pairs of coefficients, that of the power 0 first.
 */""")
for name, title, function, low, high, count in POLYNOMIALS:
    # Not at 0 itself, where the quotients are not defined.
    low, high = mpf(low), mpf(high) + mpf(2) ** -90
    coefficients = [float(c) for c in mpmath.chebyfit(function, [low, high], count)[::-1]]
    points = [low + (high - low) * (mpf(k) + mpf("0.37")) / 60 for k in range(60)]
    error = max(abs(mpmath.polyval([mpf(c) for c in coefficients[::-1]], p) / function(p) - 1) for p in points)
    print(f"\n/** {title}: to {mpmath.nstr(error * mpf(2) ** 53, 2)} * 2^-53. */")
    print(f"// biome-ignore format: a table\nexport const {name}: usize = memory.data<f64>([")
    print("\n".join("  " + ", ".join(map(repr, coefficients[at : at + 4])) + "," for at in range(0, count, 4)))
    print(f"], 16);\nexport const {name}_PAIRS: i32 = {count // 2};")
