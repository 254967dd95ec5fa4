"""Numerical ways to the battery's values: what references.py holds closed forms against, or against each other.

In one dimension mpmath's tanh-sinh quadrature over the pieces between an entry's cuts: its break points, and where CUTS says more; Gauss's where a second
numerical way is asked for. Several dimensions are the matter of box_ways.py.
"""
from mpmath import cbrt, cos, exp, expj, findroot, inf, lambertw, linspace, log, mp, mpc, mpf, pi, quad, quadosc, sin, sqrt

from box_ways import boxes, longest


def pieces(count):
    return lambda a, b, _: linspace(a, b, count + 1)[1:-1]


def around(*peaks):
    """Cuts at c +- w 8^k around each peak (c, w), inside the range."""
    def cuts(a, b, parameters):
        found = set()
        for peak in peaks:
            c, w = peak(parameters) if callable(peak) else map(mpf, peak)
            found.add(c)
            for k in range(20):
                found.update((c - w * 8**k, c + w * 8**k))
        return sorted(cut for cut in found if a < cut < b)
    return cuts


# By the beginning of a name; the longest that fits.
CUTS = {
    "quadpack-2": around(lambda p: (p["c"], 4 ** -p["alpha"])),
    "quadpack-3": pieces(100),
    "quadpack-6": around((-1, 1e-6)),
    "quadpack-9": pieces(30),
    "quadpack-10": pieces(20),
    "quadpack-12": lambda a, b, p: [1, 10, 100, 1000],
    "kahaner-9": pieces(10),
    "kahaner-13": pieces(40),
    "kahaner-14": around((0, 0.05)),
    "kahaner-15": around((0, 0.05)),
    "kahaner-16": around((0, 0.02)),
    "kahaner-17": pieces(40),
    "kahaner-18": pieces(8),
    "kahaner-21": around((0.2, 0.1), (0.4, 0.01), (0.6, 0.001)),
    "gsl-f454": lambda a, b, p: [mpf(1), sqrt(2)],
    "gsl-f456": pieces(5),
    "gsl-cquad-f21": around((0.2, 0.05), (0.4, 0.0025), (0.6, 0.000125)),
    "gsl-cquad-f24": lambda a, b, p: [log(k) for k in range(2, 21)],
    "gander-gautschi-22": pieces(12),
    "gander-gautschi-23": around((30 / 230, 1 / 230)),
    "lyness-peak": around(lambda p: (p["c"], 10 ** p["alpha"])),
    "lyness-peaks": around(*[(lambda p, c=c: (mpf(c), 10 ** p["alpha"])) for c in (0.10973, 0.31415, 0.57721, 0.86602)]),
    "lyness-oscillation": pieces(20),
    "trefethen-4": pieces(4),
    "trefethen-5": lambda a, b, p: [0],
    "johansson-1": lambda a, b, p: [log(k * 10) for k in range(1, 299)],
    "johansson-2": lambda a, b, p: [findroot(lambda x: x**4 + 10 * x**3 + 19 * x**2 - 6 * x - 6, 0.6)],
    "johansson-4": lambda a, b, p: sorted([mpf(k) for k in range(1, 10)] + [pi / 4, 5 * pi / 4, 9 * pi / 4]),
    "runge": pieces(4),
    "shampine-2": lambda a, b, p: [1, 5, 10, 20, 40],
    "gamma-21/2": lambda a, b, p: [1, 5, 10, 20, 40],
    "option-price": lambda a, b, p: [1, 4, 16],
    "pendulum": around((1.5707963267948966, 0.1)),
    "jacobi-anger": pieces(10),
    "scipy-step": lambda a, b, p: [0],
    "r-normal-20000": lambda a, b, p: [1, 4, 16, 64],
    "far-gaussian": lambda a, b, p: [10, 18, 20, 22, 30],
    "far-normal": lambda a, b, p: [760, 790, 800, 810, 840],
    "wide-normal": lambda a, b, p: [-40000, 0, 40000],
    "fransen-robinson": lambda a, b, p: [1, 2, 4, 8, 16, 32],
    "lipschitz": lambda a, b, p: [1, 4, 16, 64],
    "option-payoff": lambda a, b, p: [-4, (log(mpf(110) / 100) + p["s"] ** 2 / 2) / p["s"], 4, 8],
    "rectified-sine": lambda a, b, p: [pi, 2 * pi, 3 * pi],
    "step-square": lambda a, b, p: [sqrt(k) for k in range(1, 16)],
    "inverse-root-irrational": lambda a, b, p: [sqrt(mpf(1) / 2)],
    "logarithm-irrational": lambda a, b, p: [sqrt(2)],
    "decay-in-seconds": lambda a, b, p: [mpf(10) ** k / 10**12 for k in range(3)],
    "cauchy-quartic": lambda a, b, p: [-1, 0, 1],
    "normal": lambda a, b, p: [cut for cut in (-4, 0, 4, 8) if a < cut],
}


def oscillating_from(a, omega, f):
    """Over [a, inf), where f is a decaying factor times a wave of angular frequency omega."""
    return quadosc(f, [a, inf], omega=omega)


# Integrals over oscillating tails, by substitution where the wave's frequency changes.
TAILS = {
    "quadpack-11": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, f),
    "gsl-f457": lambda f: quad(f, [0, 1]) + oscillating_from(1, mpf(3.141592653589793) / 2, f),
    "hundred-digits-1": lambda f: oscillating_from(0, 1, lambda s: cos(s) * lambertw(s).real / (s * (1 + lambertw(s).real)) if s else mpf(1)),
    "dirichlet": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, f),
    "longman-sine": lambda f: oscillating_from(0, 1, f),
    "laplace-cosine": lambda f: oscillating_from(0, 1, f),
    "ooura-mori-logarithm": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, f),
    "fresnel": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, lambda u: f(sqrt(u)) / (2 * sqrt(u))),
    "fejer": lambda f: quad(f, [0, 1]) + mpf(1) / 2 - oscillating_from(1, 2, lambda x: cos(2 * x) / (2 * x**2)),
    "mehler-sonine": lambda f: quad(f, [1, 2]) + oscillating_from(2, 1, f),
    "bessel-0": lambda f: oscillating_from(0, 1, f),
    "bessel-1": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, f),
    "bertrand-tail": lambda f: quad(lambda t: f(exp(t)) * exp(t), [log(2), 10, inf]),
    "bertrand-end": lambda f: quad(lambda t: f(exp(-t)) * exp(-t), [log(2), 10, inf]),
    "cosine-cube": lambda f: quad(f, [0, 1]) + oscillating_from(1, 1, lambda u: f(cbrt(u)) / (3 * cbrt(u) ** 2)),
    # Along the ray on which the integrand falls like exp(-s^3/3).
    "airy-1": lambda f: quad(lambda s: (expj(pi / 6) * exp(mpc(0, 1) * expj(pi / 6) * s - s**3 / 3)).real, [0, 1, 4, 16]),
    "reciprocal-at-1": lambda f: oscillating_from(1, 1, lambda u: sin(u) / u**2),
    "sine-of-reciprocal": lambda f: oscillating_from(1, 1, lambda u: f(1 / u) / u**2),
}

# Published digits, for what one numerical way alone can reach.
PUBLISHED = {
    # Bornemann and others, The SIAM 100-digit challenge, appendix B.
    "hundred-digits-1": "0.32336743167777876139937008795217044665104662572546966168103644343179",
}


def values(entry, f):
    """One value after another, each by a way of its own."""
    name = entry["name"]
    if len(entry["axes"]) > 1:
        yield from boxes(name, entry, f)
        return
    tail = longest(TAILS, name)
    if tail is not None:
        yield tail(f)
        if name in PUBLISHED:
            yield mpf(PUBLISHED[name])
        return
    a, b = (mpf(bound) for bound in entry["axes"][0]["range"])
    parameters = {key: mpf(value) for key, value in entry.get("parameters", {}).items()}
    cuts = longest(CUTS, name)
    inner = cuts(a, b, parameters) if cuts else [mpf(cut) for cut in entry.get("breakPoints", [])]
    if not inner and a == -inf and b == inf:
        inner = [mpf(0)]
    points = [a, *inner, b]
    yield quad(f, points)
    halves = [p for pair in zip(points, points[1:]) for p in (pair[0], pair[0] + (pair[1] - pair[0]) / mpf(2.7))] + [b]
    yield quad(f, halves, method="gauss-legendre")
