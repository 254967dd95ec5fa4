"""
Sobol's direction numbers as ts/quad/sobol-numbers.ts has them.

They are S. Joe's and F. Y. Kuo's ("Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008: new-joe-kuo-6.21201),
read from SciPy's copy of that table: a line for each dimension from the second on, the coefficients of its primitive polynomial as a binary number, without
the first and the last, which are 1, then m_1 ... m_s.

    python3 scripts/coefficients/sobol.py [path of _sobol_direction_numbers.npz]
"""
import glob
import sys
import numpy

DIMENSIONS = 64

paths = sys.argv[1:] or glob.glob("/usr/lib/python3/dist-packages/scipy/stats/_sobol_direction_numbers.npz")
table = numpy.load(paths[0])
rows = []
for dimension in range(1, DIMENSIONS):
    polynomial = int(table["poly"][dimension])
    degree = polynomial.bit_length() - 1
    inner = (polynomial >> 1) & ((1 << (degree - 1)) - 1)
    initial = [int(m) for m in table["vinit"][dimension][:degree]]
    assert all(m % 2 == 1 and m < 2 << k for k, m in enumerate(initial))
    rows.append(" ".join(map(str, [inner] + initial)))

lines, line = [], ""
for row in rows:
    part = row + ", "
    if len(line) + len(part) > 112:
        lines.append(line)
        line = ""
    line += part
lines.append(line.rstrip(", "))
print("const NUMBERS =")
print(" +\n".join(f'  "{line}"' for line in lines) + ";")
