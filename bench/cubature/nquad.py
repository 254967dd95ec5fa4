"""SciPy's nquad with integrands in C, as a contender.

Usage: nquad.py TOLERANCE LIBRARY; then lines "family-dimensions integrals threads" in, "seconds mean evaluations" out.
"""

import ctypes
import platform
import sys
import time
import warnings

import scipy
from scipy import LowLevelCallable
from scipy.integrate import nquad


def main():
    tolerance, library = float(sys.argv[1]), ctypes.CDLL(sys.argv[2])
    warnings.filterwarnings("ignore")
    settings = {"epsabs": tolerance, "epsrel": tolerance}
    print(f"Python {platform.python_version()}, SciPy {scipy.__version__}", flush=True)
    for line in sys.stdin:
        name, integrals, _threads = line.split()
        family, dimensions = name.split("-")
        function = getattr(library, family)
        function.restype = ctypes.c_double
        function.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_double)]
        f, d, total, evaluations = LowLevelCallable(function), int(dimensions), 0.0, 0
        begun = time.perf_counter()
        for _ in range(int(integrals)):
            value, _error, about = nquad(f, [[0, 1]] * d, opts=[settings] * d, full_output=True)
            total += value
            evaluations = about["neval"]
        seconds = time.perf_counter() - begun
        print(f"{seconds:.9f} {total / int(integrals)!r} {evaluations}", flush=True)


main()
