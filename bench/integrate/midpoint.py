"""The midpoint rule with NumPy, as a contender: chunk by chunk, an array of nodes, the expression, its sum.

Two forms of it:
  plain   the nodes of each chunk from np.arange, as one writes it
  reused  the offsets within a chunk are made once per call, a chunk's nodes are base + offsets
Each is timed with two chunk sizes, one for the caches and one that spares Python's share; the faster one is kept,
per problem and number of threads. Threads take runs of neighbouring panels: NumPy lets go of the interpreter's lock.

Usage: midpoint.py LOW HIGH FORM EXPRESSIONS (JSON: name -> text); then lines "name points threads" in,
"seconds value" out.
"""

import json
import platform
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

CHUNKS = (16_384, 1_000_000)
# What each size is tried on: a few large chunks per thread.
TRIAL_POINTS = 4_000_000
TRIALS = 3


def plain(f, start, end, low, step, chunk):
    total = 0.0
    for i in range(start, end, chunk):
        x = low + (np.arange(i, min(end, i + chunk)) + 0.5) * step
        total += float(np.sum(f(x)))
    return total


def reused(f, start, end, low, step, chunk):
    offsets = np.arange(min(chunk, end - start)) * step
    total = 0.0
    for i in range(start, end, chunk):
        x = (low + (i + 0.5) * step) + offsets[: end - i]
        total += float(np.sum(f(x)))
    return total


FORMS = {"plain": plain, "reused": reused}


class Contender:
    def __init__(self, low, high, form, expressions):
        self.low, self.high, self.form = low, high, FORMS[form]
        scope = {name: getattr(np, name) for name in ("sin", "cos", "exp", "log", "sqrt", "tanh")}
        self.functions = {name: eval(f"lambda x: {text}", scope) for name, text in expressions.items()}
        self.pools = {}
        self.chunks = {}

    def time(self, name, points, threads):
        """(seconds, value) with the chunk size that suits the problem."""
        if (name, threads) not in self.chunks:
            self.chunks[name, threads] = min(
                CHUNKS,
                key=lambda chunk: min(self.time_with(chunk, name, TRIAL_POINTS * threads, threads)[0] for _ in range(TRIALS)),
            )
        return self.time_with(self.chunks[name, threads], name, points, threads)

    def time_with(self, chunk, name, points, threads):
        f = self.functions[name]
        step = (self.high - self.low) / points
        begun = time.perf_counter()
        if threads == 1:
            total = self.form(f, 0, points, self.low, step, chunk)
        else:
            bounds = [points * k // threads for k in range(threads + 1)]
            total = sum(
                self.pool(threads).map(
                    lambda start, end: self.form(f, start, end, self.low, step, chunk), bounds[:-1], bounds[1:]
                )
            )
        value = total * step
        return time.perf_counter() - begun, value

    def pool(self, threads):
        if threads not in self.pools:
            self.pools[threads] = ThreadPoolExecutor(threads)
        return self.pools[threads]


def main():
    low, high, form, expressions = sys.argv[1:]
    contender = Contender(float(low), float(high), form, json.loads(expressions))
    print(f"Python {platform.python_version()}, NumPy {np.__version__}", flush=True)
    for line in sys.stdin:
        name, points, threads = line.split()
        seconds, value = contender.time(name, int(points), int(threads))
        print(f"{seconds:.9f} {value!r}", flush=True)


main()
