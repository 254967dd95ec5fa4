"""Numerical ways to the battery's values in several dimensions: what brings an integral down to one or to a small grid.

Products, densities of sums and products, polar coordinates, Laplace's transform, and Gauss's rule where everything is analytic.
"""
import re

from numpy.polynomial.legendre import leggauss
from mpmath import atan, besseli, besselk, cos, exp, expj, inf, linspace, log, mp, mpf, pi, quad, sin, sqrt


def longest(table, name):
    """What the longest key says that the name begins with, or None."""
    keys = [key for key in table if name.startswith(key)]
    return table[max(keys, key=len)] if keys else None


def tensor(f, *ranges, nodes):
    """Gauss-Legendre on a grid, for what is analytic: `nodes` gives how many on each axis."""
    rules = []
    for (a, b), count in zip(ranges, nodes):
        rules.append([((a + b) / 2 + (b - a) / 2 * t, (b - a) / 2 * w) for t, w in legendre(count)])

    def sum_over(axis, point):
        if axis == len(rules):
            return f(*point)
        return mp.fsum(w * sum_over(axis + 1, (*point, t)) for t, w in rules[axis])
    return sum_over(0, ())


def legendre(count):
    """Nodes and weights on [-1, 1]: NumPy's, and Newton's steps from there."""
    key = (count, mp.prec)
    if key not in LEGENDRE:
        rule = []
        for start in leggauss(count)[0]:
            t = mpf(float(start))
            # Each step doubles the digits; one more than it takes.
            for _ in range(mp.prec // 50 + 2):
                value, derivative = polynomial(count, t)
                t -= value / derivative
            rule.append((t, 2 / ((1 - t * t) * polynomial(count, t)[1] ** 2)))
        LEGENDRE[key] = rule
    return LEGENDRE[key]


def polynomial(n, t):
    """Legendre's polynomial and its derivative."""
    before, value = mpf(1), t
    for k in range(2, n + 1):
        before, value = value, ((2 * k - 1) * t * value - (k - 1) * before) / k
    return value, n * (t * value - before) / (t * t - 1)


LEGENDRE = {}
UNIT = (mpf(0), mpf(1))


def separable(entry, f):
    """A product of functions of one variable each: the product of the integrals along each axis through one point, over f(point)^(d-1)."""
    axes = entry["axes"]
    # Where each of the battery's products is positive.
    point = [mpf(0) if axis["range"][0] == "-inf" else mpf(axis["range"][0]) + mpf("0.21") for axis in axes]
    value = mpf(1)
    for index, axis in enumerate(axes):
        a, b = (mpf(bound) for bound in axis["range"])
        cuts = [mpf(cut) for cut in axis.get("breakPoints") or []] or ([a + (b - a) * k / 7 for k in range(1, 7)] if b < inf else [mpf(0)])
        value *= quad(lambda t: f(*point[:index], t, *point[index + 1:]), [a, *cuts, b])
    return value / f(*point) ** (len(axes) - 1)


def oscillatory(entry, _):
    """cos(2 pi u + a x): the real part of a product. The numbers are read from the text."""
    place = mpf(float(re.search(r"2\*pi\*([\d.]+)", entry["text"])[1]))
    wave = expj(2 * mpf(3.141592653589793) * place)
    for weight in weights(entry):
        wave *= quad(lambda t: expj(weight * t), [0, mpf(1) / 2, 1])
    return wave.real


def corner(entry, _):
    """(1 + a x)^-(d+1) is Laplace's transform of t^d exp(-t a x) at 1, over d!."""
    d = len(entry["axes"])
    decays = weights(entry)

    def integrand(t):
        value = t**d * exp(-t)
        for weight in decays:
            value *= -mp.expm1(-t * weight) / (t * weight)
        return value
    return quad(integrand, [0, 1, 4, 16, 64, inf]) / mp.factorial(d)


def weights(entry):
    return [mpf(float(weight)) for weight in re.findall(r"([\d.]+)\*x\d", entry["text"])]


def ball(entry, _):
    """Slices: the volume in d dimensions is that in d-1 times the integral of (1-x^2)^((d-1)/2)."""
    value = mpf(1)
    for d in range(1, len(entry["axes"]) + 1):
        value *= quad(lambda x: (1 - x * x) ** (mpf(d - 1) / 2), [-1, 0, 1])
    return value


def product_density(g, d):
    """The mean of g(x1 ... xd) over the unit cube: the product has the density (-log t)^(d-1)/(d-1)!."""
    return quad(lambda t: g(t) * (-log(t)) ** (d - 1), [0, mpf(1) / 2, 1]) / mp.factorial(d - 1)


def pyramid(d, radial):
    """The mean of |x|^n w(x) over the unit cube, by the pyramid where x1 is the largest coordinate and d = 2 or 3: the cube is d of these.

    radial(t, p, q): the integrand at (t, t p, t q) without the factor sqrt(1 + p^2 + q^2)^n, which is analytic.
    """
    ranges = [UNIT] * d
    return d * tensor(radial, *ranges, nodes=[8, 40, 40][:d])


def angular(entry, f):
    """exp(-q(x, y)) with a quadratic form q: the integral of 1/(2 q) over the angles."""
    positive = entry["axes"][0]["range"][0] == 0
    return quad(lambda t: -1 / (2 * log(f(cos(t), sin(t)))), linspace(0, pi / 2, 4) if positive else linspace(0, 2 * pi, 9))


def keister(entry, _):
    d = len(entry["axes"])
    sphere = 2 * pi ** (mpf(d) / 2) / mp.gamma(mpf(d) / 2)
    return sphere * quad(lambda r: r ** (d - 1) * cos(r) * exp(-r * r), [0, 1, 3, 9, inf])


def simplex(entry, f):
    """Over a corner of the cube, each variable as a part of what the others left."""
    def mapped(*parts):
        left, point, scale = mpf(1), [], mpf(1)
        for part in parts:
            point.append(left * part)
            scale *= left
            left -= point[-1]
        return scale * f(*point)
    d = len(entry["axes"])
    if d > 3:
        # The same formula as in 3 dimensions; a grid would be too large. Laplace: a simplex is a convolution of exponentials.
        return divided_difference(d)
    return tensor(mapped, *[UNIT] * d, nodes=[40] * d)


def divided_difference(d):
    """Hermite and Genocchi: the integral of g^(d) over the simplex with values A_i at its corners is g's divided difference at them; g = (-1)^d / A."""
    points = [mpf(i + 1) for i in range(d + 1)]
    table = [(-1) ** d / point for point in points]
    for level in range(1, d + 1):
        table = [(table[i + 1] - table[i]) / (points[i + level] - points[i]) for i in range(len(table) - 1)]
    return table[0]


def hahn_2(f):
    """The two outer integrals; cos(y) exp(z) leave the one over x, which is known."""
    s = sqrt(mpf(0.003))
    inner = lambda y: (atan((1 + y) / s) - atan(y / s)) / s * cos(y)
    return (exp(1) - 1) * quad(inner, [0, s, 4 * s, 1])


def hahn_2_again(f):
    s = sqrt(mpf(0.003))
    # x + y = r: the other variable's integral is a sine.
    parts = [(0, s), (s, 4 * s), (4 * s, 1), (1, 2)]
    return (exp(1) - 1) * sum(
        quad(lambda r: (sin(min(r, 1)) - sin(max(r - 1, 0))) / (r * r + mpf(0.003)), part) for part in parts
    )


PI = mpf(3.141592653589793)


def hahn_3(f):
    return quad(lambda t: exp(-mpf(3.75) * t) * quad(lambda x: exp(t * cos(PI * x)), [0, 0.5, 1]) ** 3, [0, 1, 4, 16, 64, 128])


def hahn_9(f):
    """y + z = s has a triangle as its density."""
    inner = lambda x, s: x**2 / (cos(x + s + 1) + 5)
    return tensor(lambda x, s: s * inner(x, s), UNIT, UNIT, nodes=(30, 30)) + tensor(
        lambda x, s: (1 - s) * inner(x, s + 1), UNIT, UNIT, nodes=(30, 30)
    )


def hahn_7(_):
    """The integral over z is known; x - y has a triangle as its density."""
    third = mpf(2) / 3
    inner = lambda s: third * (s**1.5 + (1 - s) ** 1.5) if s > 0 else third * ((1 - s) ** 1.5 - (-s) ** 1.5)
    return quad(lambda s: (1 - abs(s)) * inner(s), [-1, 0, 1])


SEPARABLE = (
    "genz-product-peak", "genz-gaussian", "genz-continuous", "genz-discontinuous",
    "genz-hard-product-peak", "genz-hard-gaussian", "genz-hard-continuous", "genz-hard-discontinuous",
    "cosines", "tsuda", "morokoff-caflisch", "bratley-fox-niederreiter d", "roos-arnold", "sobol-g", "hahn-5",
    "gauss-plane", "scipy-dblquad", "scipy-tplquad",
)

distance = lambda p, q=0: sqrt(1 + p * p + q * q)

# Each takes the entry and its integrand.
BOXES = {
    "genz-oscillatory": [oscillatory],
    "genz-hard-oscillatory": [oscillatory],
    "genz-corner-peak": [corner],
    "genz-hard-corner-peak": [corner],
    "ball d": [ball],
    "two-bells": [lambda e, f: 2 * quad(lambda x: exp(-(((x - mpf(1) / 3) / mpf(0.1)) ** 2)), [0, mpf(1) / 3, 1]) ** 4],
    # Linear in each variable: the mean is the value in the middle.
    "bratley-fox-niederreiter-sum": [lambda e, f: f(*[mpf(1) / 2] * 5)],
    "hahn-2": [lambda e, f: hahn_2(f), lambda e, f: hahn_2_again(f)],
    "hahn-3": [lambda e, f: hahn_3(f), lambda e, f: tensor(f, UNIT, UNIT, UNIT, nodes=(56, 56, 56))],
    "hahn-6": [lambda e, f: product_density(lambda t: 1 / (1 + mpf(1e-10) - t), 3)],
    "hahn-7": [lambda e, f: hahn_7(f)],
    "hahn-8": [lambda e, f: product_density(lambda t: exp(-t), 3)],
    "hahn-9": [lambda e, f: hahn_9(f), lambda e, f: tensor(f, UNIT, UNIT, UNIT, nodes=(30, 30, 30))],
    # Two of the variables leave complete elliptic integrals, and exponentials Bessel functions.
    "watson-1": [lambda e, f: quad(lambda z: pi**2 / mp.agm(1, sin(z)), [0, pi / 2]) * 2],
    "watson-3": [lambda e, f: quad(lambda t: (pi * exp(-t) * besseli(0, t)) ** 3, [0, 1, 4, 16, inf])],
    "box-2": [lambda e, f: pyramid(2, lambda t, p: t * t * distance(p))],
    "box-3": [lambda e, f: pyramid(3, lambda t, p, q: t**3 * distance(p, q))],
    "box-distance-2": [lambda e, f: pyramid(2, lambda t, p: 4 * (1 - t) * (1 - t * p) * t * t * distance(p))],
    "robbins": [lambda e, f: pyramid(3, lambda t, p, q: 8 * (1 - t) * (1 - t * p) * (1 - t * q) * t**3 * distance(p, q))],
    "charged-cube": [lambda e, f: pyramid(3, lambda t, p, q: 8 * (1 - t) * (1 - t * p) * (1 - t * q) * t / distance(p, q))],
    "zeta-2": [lambda e, f: product_density(lambda t: 1 / (1 - t), 2)],
    "zeta-3": [lambda e, f: product_density(lambda t: 1 / (1 - t), 3)],
    "ising-3": [lambda e, f: mpf(8) / 6 * quad(lambda t: t * besselk(0, t) ** 3, [0, 1, 4, 16, inf])],
    # Cheng and Wu: any one of the parameters may be 1, the others from 0 to infinity; one of these two integrals is known.
    "sunrise": [lambda e, f: quad(lambda a: log((1 + a) ** 2 / a) / (1 + a + a * a), [0, 1, inf])],
    "feynman": [simplex],
    "keister": [keister],
    "orthant-2": [angular],
    "scipy-gaussian": [angular],
    "scipy-between-curves": [lambda e, f: quad(lambda x: cos(x) - sin(x), [0, mpf(3.141592653589793) / 4])],
    "scipy-triangle": [lambda e, f: quad(lambda y: y * (1 - 2 * y) ** 2 / 2, [0, 0.5])],
    "scipy-exponential": [lambda e, f: quad(lambda t: t**-6, [1, inf])],
    "ball-by-bounds": [lambda e, f: quad(lambda x: pi * (1 - x * x), [-1, 1])],
}
BOXES.update({name: [separable] for name in SEPARABLE})


def boxes(name, entry, f):
    for way in longest(BOXES, name):
        yield way(entry, f)
