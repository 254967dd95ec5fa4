#!/usr/bin/env python3
"""Writes test/battery/others.json: what SciPy, GSL and cubature answer to the battery.

Integrands are compiled C for all of them (the answers are those of a Python callback, sooner). Each integral runs in a process of its own that ends after
LIMIT seconds of processor time. An answer is [value, error, status, evaluations]; the status is "converged" where the program claims success, else what it
says; "gave up" when time was up. Who is right is for test/battery/score.ts to say.

    apt-get install python3-scipy python3-mpmath libgsl-dev libcubature-dev gcc
    python3 scripts/battery/others.py                 # all, some minutes
    python3 scripts/battery/others.py gsl kahaner     # only programs or integrals whose names contain one of these; the rest stays
"""
import ctypes
import json
import math
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import scipy
from scipy import LowLevelCallable
from scipy.integrate import nquad, quad

import expression
import integrands

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "test/battery/others.json"
LIMIT = 5
# What an integrator is allowed where it has such a cap: GSL's and QUADPACK's intervals, cubature's evaluations.
INTERVALS = 1000
EVALUATIONS = 4_000_000
TIGHT = 1e-10
BOX = 1e-6
# nquad needs 21^d evaluations at least: 9e7 in 6 dimensions.
NQUAD_DIMENSIONS = 5

c_double_p = ctypes.POINTER(ctypes.c_double)
DOUBLE_OF_DOUBLE = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_void_p)
REASONS = {11: "maximum", 14: "tolerance", 18: "round-off", 21: "singularity", 22: "divergent"}


def compiled(entries, folder):
    (folder / "f.c").write_text(integrands.source(entries))
    subprocess.run(["gcc", "-O2", "-w", "-shared", "-fPIC", "-o", folder / "f.so", folder / "f.c", "-lm"], check=True)
    return ctypes.CDLL(str(folder / "f.so"))


# ---- programs of one dimension: (entry, function) -> (value, error, status)


def scipy_quad(**options):
    def solve(entry, function, with_points=False):
        a, b = (float(bound) for bound in entry["axes"][0]["range"])
        points = entry.get("breakPoints") if with_points and math.isfinite(a) and math.isfinite(b) else None
        function.argtypes, function.restype = (ctypes.c_double, ctypes.c_void_p), ctypes.c_double
        given = {**options, **({"points": points} if points else {})}
        value, error, _, *trouble = quad(LowLevelCallable(function, signature="double (double, void *)"), a, b, full_output=1, **given)
        return value, error, "converged" if not trouble else trouble[0].split(".")[0].split("\n")[0][:60]
    return solve


class GslFunction(ctypes.Structure):
    _fields_ = [("function", DOUBLE_OF_DOUBLE), ("params", ctypes.c_void_p)]


def gsl_library():
    ctypes.CDLL("libgslcblas.so.0", mode=ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL("libgsl.so.27")
    library.gsl_set_error_handler_off()
    for name in ("gsl_integration_workspace_alloc", "gsl_integration_cquad_workspace_alloc"):
        getattr(library, name).restype = ctypes.c_void_p
        getattr(library, name).argtypes = [ctypes.c_size_t]
    return library


def gsl(method, relative):
    """qags and its like for infinite ranges, qagp where break points are to be used, or cquad (finite ranges alone)."""
    def solve(entry, function):
        library = gsl_library()
        a, b = (float(bound) for bound in entry["axes"][0]["range"])
        f = GslFunction(ctypes.cast(function, DOUBLE_OF_DOUBLE), None)
        value, error, used = ctypes.c_double(), ctypes.c_double(), ctypes.c_size_t()
        number, size = ctypes.c_double, ctypes.c_size_t
        goal = (number(0), number(relative))
        out = (ctypes.byref(value), ctypes.byref(error))
        points = entry.get("breakPoints") if method == "qagp" else None
        if method == "cquad":
            if not (math.isfinite(a) and math.isfinite(b)):
                return None, None, "finite ranges only"
            space = ctypes.c_void_p(library.gsl_integration_cquad_workspace_alloc(100))
            code = library.gsl_integration_cquad(ctypes.byref(f), number(a), number(b), *goal, space, *out, ctypes.byref(used))
        else:
            space = ctypes.c_void_p(library.gsl_integration_workspace_alloc(INTERVALS))
            rest = (*goal, size(INTERVALS), space, *out)
            if math.isinf(a) and math.isinf(b):
                code = library.gsl_integration_qagi(ctypes.byref(f), *rest)
            elif math.isinf(b):
                code = library.gsl_integration_qagiu(ctypes.byref(f), number(a), *rest)
            elif math.isinf(a):
                code = library.gsl_integration_qagil(ctypes.byref(f), number(b), *rest)
            elif points:
                array = (number * (len(points) + 2))(a, *points, b)
                code = library.gsl_integration_qagp(ctypes.byref(f), array, size(len(array)), *rest)
            else:
                code = library.gsl_integration_qags(ctypes.byref(f), number(a), number(b), *rest)
        return value.value, error.value, "converged" if code == 0 else REASONS.get(code, f"error {code}")
    return solve


# ---- programs of several dimensions


def scipy_nquad(entry, function):
    axes = entry["axes"]
    if len(axes) > NQUAD_DIMENSIONS:
        return None, None, "gave up"
    function.argtypes, function.restype = (ctypes.c_int, c_double_p), ctypes.c_double

    def limits(index):
        """From the innermost: bounds as numbers, or as a function of the variables outside, the next one first."""
        axis = axes[index]
        if not any(isinstance(bound, list) for bound in axis["range"]):
            return [float(bound) for bound in axis["range"]]
        outer = [each["name"] for each in axes[:index]]
        made = []
        for bound in axis["range"]:
            numbers = []
            text = expression.python(bound, numbers) if isinstance(bound, list) else repr(float(bound))
            made.append(eval(f"lambda {', '.join(outer)}: {text}", {**vars(math), "N": [float(n) for n in numbers]}))
        # Rounding must not make a bound complex: sqrt(1-x^2-y^2) where that is -1e-17.
        return lambda *values: [bound_at(bound, values[::-1]) for bound in made]

    value, error = nquad(LowLevelCallable(function, signature="double (int, double *)"), [limits(k) for k in reversed(range(len(axes)))])
    return value, error, "converged"


def bound_at(bound, values):
    try:
        return bound(*values)
    except ValueError:
        return 0.0


def cubature(entry, function):
    """hcubature: Genz and Malik's rule, in boxes."""
    d = len(entry["axes"])
    value, error = ctypes.c_double(), ctypes.c_double()
    low, high = (ctypes.c_double * d)(*[0] * d), (ctypes.c_double * d)(*[1] * d)
    library = ctypes.CDLL("libcubature.so.0")
    cap = EVALUATIONS
    code = library.hcubature(
        ctypes.c_uint(1), function, None, ctypes.c_uint(d), low, high, ctypes.c_size_t(cap), ctypes.c_double(0), ctypes.c_double(BOX), ctypes.c_int(0),
        ctypes.byref(value), ctypes.byref(error),
    )
    # It says 0 also where the cap ended it: its own estimate says whether it is there.
    reached = code == 0 and error.value <= BOX * abs(value.value)
    return value.value, error.value, "converged" if reached else "budget"


QUAD_TIGHT = scipy_quad(epsabs=0, epsrel=TIGHT, limit=INTERVALS)
SINGLE = {
    "scipy quad": ("quad with its defaults: to 1.5e-8 absolutely or relatively, 50 intervals", scipy_quad()),
    "scipy quad tight": ("epsabs=0, epsrel=1e-10, limit=1000", QUAD_TIGHT),
    "scipy quad points": ("the same, with the break points where the range is finite", lambda *what: QUAD_TIGHT(*what, with_points=True)),
    "gsl qags": ("qags, qagi, qagiu, qagil; relatively to 1e-8, 1000 intervals", gsl("qags", 1e-8)),
    "gsl qags tight": ("the same to 1e-10", gsl("qags", TIGHT)),
    "gsl qagp": ("to 1e-10, with the break points where the range is finite", gsl("qagp", TIGHT)),
    "gsl cquad": ("to 1e-10, finite ranges", gsl("cquad", TIGHT)),
}
SEVERAL = {
    "scipy nquad": (f"with its defaults; up to {NQUAD_DIMENSIONS} dimensions, {LIMIT} s each", scipy_nquad),
    "cubature": (f"hcubature, to 1e-6, at most {EVALUATIONS:.0e} evaluations, infinite ranges and bounds mapped to the unit cube", cubature),
}


def answer(solve, entry, library, symbol):
    """The answer of a child process, as a row of the file."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 1))
        try:
            value, error, status = solve(entry, getattr(library, symbol))
            count = ctypes.c_long.in_dll(library, "evaluations").value
            os.write(writer, json.dumps([finite(value), finite(error, digits=3), status, count]).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    _, ended = os.waitpid(child, 0)
    if text:
        return json.loads(text)
    return [None, None, "gave up" if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) in (signal.SIGXCPU, signal.SIGKILL) else "crashed", None]


def finite(number, digits=17):
    """JSON has no infinities: those, and NaN, are null."""
    return float(f"{number:.{digits}g}") if number is not None and math.isfinite(number) else None


def main(parts):
    dump = json.loads(subprocess.run(["node", "scripts/battery/dump.mjs"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    old = json.loads(FILE.read_text())["programs"] if FILE.exists() else {}
    single, boxes = dump["integrals"] + dump["divergent"], dump["boxes"]
    entries = single + boxes
    programs = {}
    with tempfile.TemporaryDirectory() as folder:
        library = compiled(entries, Path(folder))
        for name, (about, solve) in {**SINGLE, **SEVERAL}.items():
            known = old.get(name, {}).get("answers", {})
            answers = {}
            for index, entry in enumerate(entries):
                if (entry in boxes) != (name in SEVERAL):
                    continue
                item = entry["name"]
                if parts and not any(part in name or part in item for part in parts):
                    if item in known:
                        answers[item] = known[item]
                    continue
                answers[item] = answer(solve, entry, library, f"{'u' if name == 'cubature' else 'f'}_{index}")
            programs[name] = {"about": about, "answers": answers}
            print(name, len(answers), file=sys.stderr)
    write({"versions": versions(), "programs": programs})


def versions():
    gsl_version = ctypes.c_char_p.in_dll(gsl_library(), "gsl_version").value.decode()
    cubature_version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libcubature0"], capture_output=True, text=True).stdout
    return {"python": platform.python_version(), "scipy": scipy.__version__, "gsl": gsl_version, "cubature": cubature_version or "unknown"}


def write(result):
    """One answer on a line."""
    lines = ["{", f'  "versions": {json.dumps(result["versions"])},', '  "programs": {']
    for p, (name, program) in enumerate(result["programs"].items()):
        lines += [f"    {json.dumps(name)}: {{", f'      "about": {json.dumps(program["about"])},', '      "answers": {']
        rows = [f"        {json.dumps(item)}: {json.dumps(row)}" for item, row in program["answers"].items()]
        lines += [row + "," for row in rows[:-1]] + rows[-1:]
        lines += ["      }", "    }" + ("," if p + 1 < len(result["programs"]) else "")]
    FILE.write_text("\n".join([*lines, "  }", "}"]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
