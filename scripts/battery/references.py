#!/usr/bin/env python3
"""Writes test/battery/references.json: the battery's values to 20 digits, each computed in two ways that must agree to 21.

The first way is the entry's closed form, where there is one. The second is numerical: mpmath's quadrature of the very expression in one dimension
(with cuts where it is difficult), reductions to one dimension in several (ways.py). Where there is no closed form, the ways are two numerical ones.

    apt-get install python3-mpmath python3-gmpy2 python3-numpy
    python3 scripts/battery/references.py               # entries that have no reference yet
    python3 scripts/battery/references.py kahaner gsl   # those whose names contain one of these
    python3 scripts/battery/references.py --all         # some minutes
"""
import ast
import json
import math
import subprocess
import sys
import time
from pathlib import Path

from mpmath import mp, mpf, nstr

import expression
import ways

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "test/battery/references.json"
DIGITS = 20
# What must be left after the comparison: the 20 digits and one more.
AGREEMENT = mpf(10) ** -(DIGITS + 1)
# Digits of the first way.
CLOSED = 60
# Digits of the second, until it agrees: a singular end other than 0 needs many, since distances to it are differences.
LADDER = (40, 80, 160, 320)


class Literals(ast.NodeTransformer):
    """Numbers of a closed form become mpf: 1/3 is a third to all digits, 0.1 is the double."""

    def visit_Constant(self, node):
        if not isinstance(node.value, (int, float)):
            return node
        return ast.Call(ast.Name("mpf", ast.Load()), [node], [])


def closed_form(entry):
    """The value of the entry's closed form, or None."""
    if "exact" not in entry:
        return None
    names = {name: getattr(mp, name) for name in dir(mp) if not name.startswith("_")}
    names.update({name: mpf(value) for name, value in entry.get("parameters", {}).items()})
    if len(entry["axes"]) == 1:
        names["a"], names["b"] = (mpf(bound) for bound in entry["axes"][0]["range"])
    names.update(PI=mpf(math.pi), mpf=mpf)
    tree = ast.fix_missing_locations(Literals().visit(ast.parse(entry["exact"].replace("^", "**"), mode="eval")))
    with mp.workdps(CLOSED):
        return mpf(eval(compile(tree, entry["name"], "eval"), names))


def function(entry):
    """The integrand as a function of mpf."""
    numbers = []
    text = expression.python(entry["nodes"], numbers)
    names = {name: getattr(mp, name) for name in dir(mp) if not name.startswith("_")}
    names.update({name: mpf(value) for name, value in entry.get("parameters", {}).items()})
    names["N"] = numbers
    value = eval(f"lambda {', '.join(axis['name'] for axis in entry['axes'])}: {text}", names)

    def integrand(*point):
        try:
            return value(*point)
        except ZeroDivisionError:
            # A node that rounding moved onto the singular end.
            return mpf(0)
    return integrand


def agree(one, other):
    return abs(one - other) <= AGREEMENT * max(abs(one), mpf(10) ** -6 if one == 0 else 0)


def reference(entry):
    """The value, and how many digits the two ways have in common."""
    first = closed_form(entry)
    second = None
    for digits in LADDER:
        with mp.workdps(digits):
            values = ways.values(entry, function(entry))
            if first is not None:
                second = next(values)
            else:
                # Two numerical ways: the value is the first.
                value, second = values
        if first is None:
            if agree(value, second):
                return value, second
        elif agree(first, second):
            return first, second
    raise ValueError(f"{entry['name']}: {nstr(value if first is None else first, 30)} by one way, {nstr(second, 30)} by another")


def main(arguments):
    dump = json.loads(subprocess.run(["node", "scripts/battery/dump.mjs"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    entries = dump["integrals"] + dump["boxes"]
    known = dump["references"]
    parts = [argument for argument in arguments if argument != "--all"]
    failed = 0
    for entry in entries:
        name = entry["name"]
        if not ("--all" in arguments or (any(part in name for part in parts) if parts else name not in known)):
            continue
        start = time.process_time()
        try:
            value, other = reference(entry)
        except Exception as error:
            failed += 1
            print(f"FAIL {name}: {type(error).__name__} {error}", file=sys.stderr)
            known.pop(name, None)
            continue
        known[name] = nstr(value, DIGITS)
        off = abs(value - other) / (abs(value) or 1)
        digits = "all" if off == 0 else int(-mp.log10(off))
        print(f"ok   {name:44} {known[name]:28} {digits} digits in common ({time.process_time() - start:.1f} s)", file=sys.stderr)
        write(entries, known)
    write(entries, known)
    return 1 if failed else 0


def write(entries, known):
    rows = {entry["name"]: known[entry["name"]] for entry in entries if entry["name"] in known}
    FILE.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
