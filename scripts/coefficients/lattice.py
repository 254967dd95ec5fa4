"""
Generating vectors of rank-1 lattices as ts/quad/lattice-vectors.ts has them: for each length 2^10 to 2^20 one of its own, component by component.

The criterion is the mean square error for random shifts followed by the tent, in the space of mixed second derivatives with product weights: component z_j minimises

    sum over i of  prod over k <= j of  1 + g w(i z_k / n),     w(x) = -(2 pi)^2 / 24 B4(x)

with the same weight g for each axis, B4 the Bernoulli polynomial. All odd z are tried: the sums for all of them are correlations over the group of odd
residues, powers of 5 up to the sign, of which w does not depend (D. Nuyens, R. Cools, "Fast component-by-component construction of rank-1 lattice rules with
a non-prime number of points", J. Complexity 22, 2006).

    python3 scripts/coefficients/lattice.py
"""
import numpy

DIMENSIONS = 32
FROM, TO = 10, 20
WEIGHT = 0.3


def kernel(x):
    return -((2 * numpy.pi) ** 2) / 24 * (x**4 - 2 * x**3 + x * x - 1 / 30)


def powers_of_five(length):
    """5^0 ... 5^(length/4 - 1) modulo length."""
    count = max(1, length // 4)
    powers = numpy.empty(count, dtype=numpy.int64)
    value = 1
    for index in range(count):
        powers[index] = value
        value = value * 5 % length
    return powers


def vector(logarithm):
    length = 1 << logarithm
    levels = [(level, powers_of_five(1 << level)) for level in range(2, logarithm + 1)]
    spectra = [numpy.fft.rfft(kernel(powers / (1 << level))) for level, powers in levels]
    product = numpy.ones(length)
    places = numpy.arange(length)
    components = []
    for _ in range(DIMENSIONS):
        sums = numpy.zeros(length // 4)
        for (level, powers), spectrum in zip(levels, spectra):
            # Those i that are an odd number times length / 2^level, both signs together.
            step = length >> level
            both = product[powers * step] + product[length - powers * step]
            part = numpy.fft.irfft(numpy.fft.rfft(both).conj() * spectrum, n=len(powers)) if len(powers) > 1 else both * kernel(0.25)
            sums += numpy.tile(part, len(sums) // len(part))
        # sums[a] belongs to 5^a: the correlation over i gives w at i z, with i = 5^b: index a + b.
        best = 0 if not components else int(numpy.argmin(sums))
        component = int(levels[-1][1][best])
        components.append(component)
        product = product * (1 + WEIGHT * kernel(places * component % length / length))
    return components


if __name__ == "__main__":
    print("const VECTORS = [")
    for logarithm in range(FROM, TO + 1):
        print(f'  "{" ".join(map(str, vector(logarithm)))}",')
    print("];")
