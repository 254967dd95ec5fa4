"""
Integrals of samples by SciPy, for test/samples/scipy.test.ts:

    python3 scripts/sample-fixtures.py > test/samples/fixtures.json

SciPy 1.12 or later: Simpson's rule has another last interval before 1.11, and no running form before 1.12.

Each case: samples, `x` or `dx`, and what SciPy makes of them: trapezoid, simpson, romb where there are 2^k + 1 samples, and the running forms with `initial=0`.
"""

import json
import random
import sys

import numpy as np
import scipy
from scipy import integrate

if tuple(int(part) for part in scipy.__version__.split(".")[:2]) < (1, 12):
    sys.exit(f"expected SciPy 1.12 or later, got {scipy.__version__}")

random.seed(20260118)


def places(n, kind):
    """n places: jittered, over scales, or descending."""
    widths = [random.uniform(0.2, 1.8) if kind != "scales" else 10 ** random.uniform(-2, 1) for _ in range(n)]
    x = np.cumsum(widths) - random.uniform(0, n)
    return x[::-1].copy() if kind == "descending" else x


def case(n, kind):
    y = np.array([random.uniform(-1, 1) + 3 * (n % 2) for _ in range(n)])
    where = {"dx": random.choice([1.0, 0.1, 0.37, -2.5])} if kind == "equal" else {"x": places(n, kind)}
    found = {
        "trapezoid": integrate.trapezoid(y, **where),
        "simpson": integrate.simpson(y, **where),
        "runningTrapezoid": integrate.cumulative_trapezoid(y, initial=0, **where).tolist(),
    }
    # Of two samples SciPy makes none, nor of places that descend.
    if n > 2 and kind != "descending":
        found["runningSimpson"] = integrate.cumulative_simpson(y, initial=0, **where).tolist()
    if kind == "equal" and n >= 2 and (n - 1) & (n - 2) == 0:
        found["romberg"] = integrate.romb(y, **where)
    given = {name: value if name == "dx" else value.tolist() for name, value in where.items()}
    return {"y": y.tolist(), **given, **{name: value if isinstance(value, list) else float(value) for name, value in found.items()}}


sizes = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, 19, 20, 33]
cases = [case(n, kind) for kind in ("equal", "jittered", "scales", "descending") for n in sizes]
print(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=None, separators=(",", ":")).replace('{"y"', '\n{"y"'))
