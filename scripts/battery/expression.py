"""Heddle's syntax trees (dump.mjs) as source text: of Python for mpmath, and of C.

A tree is a list of nodes, children before parents; the last one is the value. In Python every number is the exact value of its double, and the
operations are mpmath's; in C everything is double.
"""
import math

from mpmath import mpf

# Heddle's names that mpmath or C call otherwise. `{0}` is the first operand.
PYTHON = {
    "abs": "fabs({0})", "min": "min({all})", "max": "max({all})", "log1p": "log1p({0})", "log2": "log({0}, 2)", "cbrt": "cbrt({0})",
    "trunc": "sign({0})*floor(fabs({0}))", "round": "floor({0}+0.5)", "exp2": "mpf(2)**({0})", "atan2": "atan2({all})", "hypot": "hypot({all})",
    "gamma": "gamma({0})", "lgamma": "loggamma({0})", "j0": "besselj(0, {0})", "j1": "besselj(1, {0})",
}
C = {
    "abs": "fabs({0})", "min": "fmin({all})", "max": "fmax({all})", "sign": "((({0}) > 0) - (({0}) < 0))", "round": "floor(({0})+0.5)",
    "sinc": "(({0}) == 0 ? 1 : sin({0})/({0}))", "gamma": "tgamma({0})",
}


def python(nodes, numbers):
    """The tree as an expression of Python; its numbers, as mpf, are appended to the list `numbers`, which the text calls N."""
    def number(value):
        numbers.append(mpf(value))
        return f"N[{len(numbers) - 1}]"

    return render(nodes, number, PYTHON, {
        "^": "({0})**({1})", "&&": "({0} and {1})", "||": "({0} or {1})", "!": "(not {0})", "?": "({1} if {0} else {2})",
    })


def c(nodes):
    """The tree as an expression of C."""
    def number(value):
        return "INFINITY" if math.isinf(value) else repr(float(value))

    return render(nodes, number, C, {
        "^": "pow({0}, {1})", "&&": "({0} && {1})", "||": "({0} || {1})", "!": "(!{0})", "?": "({0} ? {1} : {2})",
    })


def render(nodes, number, functions, operators):
    texts = []
    for node in nodes:
        kind = node["kind"]
        if kind == "number":
            text = number(float(node["value"]))
        elif kind == "name":
            text = node["name"]
        elif kind == "negate":
            text = f"(-{texts[node['operand']]})"
        elif kind == "not":
            text = operators["!"].format(texts[node["operand"]])
        elif kind == "conditional":
            text = operators["?"].format(*(texts[node[key]] for key in ("condition", "whenTrue", "whenFalse")))
        elif kind == "call":
            operands = [texts[operand] for operand in node["operands"]]
            text = functions.get(node["name"], f"{node['name']}({{all}})").format(*operands, all=", ".join(operands))
        else:
            left, right = texts[node["left"]], texts[node["right"]]
            operator = node["operator"]
            text = f"({operators[operator].format(left, right)})" if operator in operators else f"({left} {operator} {right})"
        texts.append(text)
    return texts[-1]
