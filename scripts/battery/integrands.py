"""The battery's integrands as C, for the programs of others.py. A global counter says how often they were called."""
import expression


def source(entries):
    """C: for integral i of one dimension f_i(x, -), of several f_i(n, x) with the innermost variable first, and on the unit cube u_i for cubature."""
    parts = ["#include <math.h>", "long evaluations = 0;"]
    for i, entry in enumerate(entries):
        constants = [f"const double {name} = {value!r};" for name, value in entry.get("parameters", {}).items()]
        value = f"{' '.join(constants)} evaluations++; return {expression.c(entry['nodes'])};"
        names = [axis["name"] for axis in entry["axes"]]
        if len(names) == 1:
            parts.append(f"double f_{i}(double x, void *_none) {{ {value} }}")
            continue
        reversed_names = " ".join(f"const double {name} = _v[{len(names) - 1 - k}];" for k, name in enumerate(names))
        parts.append(f"double f_{i}(int _d, double *_v) {{ {reversed_names} {value} }}")
        mapped = ["double _scale = 1;"] + [mapping(axis, k) for k, axis in enumerate(entry["axes"])]
        order = ", ".join(reversed(names))
        parts.append(
            f"int u_{i}(unsigned _d, const double *_t, void *_none, unsigned _k, double *_out) {{ {' '.join(mapped)} "
            f"double _v[] = {{ {order} }}; *_out = _scale == 0 ? 0 : _scale * f_{i}(_d, _v); return 0; }}"
        )
    return "\n".join(parts) + "\n"


def mapping(axis, k):
    """A variable as a function of t in [0, 1], as cubature's documentation maps infinite ranges, and its factor in the volume."""
    name = axis["name"]
    a, b = (bound_in_c(bound) for bound in axis["range"])
    if a == "-INFINITY":
        return f"const double _s{k} = 2*_t[{k}] - 1, _q{k} = 1 - _s{k}*_s{k}, {name} = _s{k}/_q{k}; _scale *= 2*(1 + _s{k}*_s{k})/(_q{k}*_q{k});"
    if b == "INFINITY":
        return f"const double _q{k} = 1 - _t[{k}], {name} = {a} + _t[{k}]/_q{k}; _scale *= 1/(_q{k}*_q{k});"
    return f"const double _a{k} = {a}, _b{k} = {b}, {name} = _a{k} + (_b{k} - _a{k})*_t[{k}]; _scale *= _b{k} - _a{k};"


def bound_in_c(bound):
    if isinstance(bound, list):
        return expression.c(bound)
    return {"inf": "INFINITY", "-inf": "-INFINITY"}.get(bound) or repr(float(bound))
