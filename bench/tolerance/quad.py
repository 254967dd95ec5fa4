"""SciPy's quad, as a contender: with a callback in Python, or with one in C, which SciPy calls without Python's help.

Usage: quad.py TOLERANCE CYCLE LIBRARY PROBLEMS (JSON: name -> [text, low, high, base]); LIBRARY is "" for Python's callbacks.
Then lines "name integrals threads" in, "seconds mean evaluations" out.
"""

import ctypes
import json
import math
import platform
import sys
import time
import warnings

import scipy
from scipy import LowLevelCallable
from scipy.integrate import quad

INTERVALS = 2000


def main():
    tolerance, cycle, library, problems = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
    warnings.filterwarnings("ignore")
    scope = {name: getattr(math, name) for name in ("sin", "exp", "log", "sqrt", "fabs", "pi")}
    loaded = ctypes.CDLL(library) if library else None
    cell = ctypes.c_double()
    settings = {"epsabs": tolerance, "epsrel": tolerance, "limit": INTERVALS}

    def in_c(name):
        function = getattr(loaded, f"f_{name}")
        function.restype = ctypes.c_double
        function.argtypes = [ctypes.c_double, ctypes.c_void_p]
        pointer = ctypes.cast(ctypes.pointer(cell), ctypes.c_void_p)
        return LowLevelCallable(function, pointer, "double (double, void *)")

    print(f"Python {platform.python_version()}, SciPy {scipy.__version__}", flush=True)
    for line in sys.stdin:
        name, integrals, _threads = line.split()
        integrals = int(integrals)
        text, low, high, base = problems[name]
        total = 0.0
        if loaded:
            f = in_c(name)
            begun = time.perf_counter()
            for i in range(integrals):
                cell.value = base * (1 + (i % cycle) / (2 * cycle))
                total += quad(f, low, high, **settings)[0]
            seconds = time.perf_counter() - begun
            cell.value = base
            evaluations = quad(f, low, high, full_output=1, **settings)[2]["neval"]
        else:
            f = eval(f"lambda x, p: {text}", scope)
            begun = time.perf_counter()
            for i in range(integrals):
                total += quad(f, low, high, args=(base * (1 + (i % cycle) / (2 * cycle)),), **settings)[0]
            seconds = time.perf_counter() - begun
            evaluations = quad(f, low, high, args=(base,), full_output=1, **settings)[2]["neval"]
        print(f"{seconds:.9f} {total / integrals!r} {evaluations}", flush=True)


main()
