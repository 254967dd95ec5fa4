/**
 * The workload: ten integrands over [0, 10], each written in the language of each contender, with its exact integral.
 *
 * This table is the only place that names a problem: midpoint.c is compiled from it, the other contenders receive it.
 */

export interface Problem {
  readonly name: string;
  /** As Heddle reads it, and as the tables show it. */
  readonly heddle: string;
  readonly javascript: string;
  readonly c: string;
  /** With NumPy's functions in scope; x is an array. */
  readonly numpy: string;
  /** The integral over [LOW, HIGH], from a closed form. */
  readonly exact: number;
}

export const LOW = 0;
export const HIGH = 10;

/**
 * Largest |value - exact| / |exact| of a right answer.
 *
 * A panel left out of 10^8 shifts a sum by 1e-8 of it, so this notices one. What may differ lies below: the midpoint
 * rule's own error (largest for sqrt: 0.21 h^1.5, 3e-10 of the integral from 10^6 panels on), 4 ulp per value in the
 * vector libraries (1e-15), and plain summing. All together came to 7e-12 at most, in a run of all contenders.
 */
export const TOLERANCE = 1e-9;

export const PROBLEMS: readonly Problem[] = [
  // In each row: what one writes in that language. Nobody's pow is spelled out, so that each shows what it makes of it.
  row("x2", "x^2", "x * x", "x * x", "x**2", 1000 / 3),
  row("rat", "1/(1+x^2)", "1 / (1 + x * x)", "1.0 / (1.0 + x * x)", "1.0 / (1.0 + x * x)", Math.atan(10)),
  row("sin", "sin(x)", "Math.sin(x)", "sin(x)", "sin(x)", 1 - Math.cos(10)),
  // (sqrt(pi) / 2) erf(10), and erf(10) differs from 1 by 2e-45.
  row("gauss", "exp(-x^2)", "Math.exp(-x * x)", "exp(-x * x)", "exp(-x * x)", Math.sqrt(Math.PI) / 2),
  row("log1", "log(1+x)", "Math.log(1 + x)", "log(1.0 + x)", "log(1.0 + x)", 11 * Math.log(11) - 10),
  row("sqrt", "sqrt(x)", "Math.sqrt(x)", "sqrt(x)", "sqrt(x)", (20 / 3) * Math.sqrt(10)),
  row(
    "x3exp",
    "x^3*exp(-x)",
    "x * x * x * Math.exp(-x)",
    "x * x * x * exp(-x)",
    "x * x * x * exp(-x)",
    6 - 1366 * Math.exp(-10),
  ),
  // sin x cos 3x = (sin 4x - sin 2x) / 2, and with u = 1 + x the integral of sin(kx) / (1 + x) is
  // cos k (Si(11k) - Si(k)) - sin k (Ci(11k) - Ci(k)), for k = 4 and 2. The number was computed from that with 30 digits.
  row(
    "sincos",
    "sin(x)*cos(3*x)/(1+x)",
    "Math.sin(x) * Math.cos(3 * x) / (1 + x)",
    "sin(x) * cos(3.0 * x) / (1.0 + x)",
    "sin(x) * cos(3.0 * x) / (1.0 + x)",
    -0.06736595151753909,
  ),
  row("pow25", "x^2.5", "x ** 2.5", "pow(x, 2.5)", "x**2.5", (1000 * Math.sqrt(10)) / 3.5),
  // log(cosh 10), without the large cosh.
  row("tanh", "tanh(x)", "Math.tanh(x)", "tanh(x)", "tanh(x)", 10 + Math.log1p(Math.exp(-20)) - Math.LN2),
];

function row(name: string, heddle: string, javascript: string, c: string, numpy: string, exact: number): Problem {
  return { name, heddle, javascript, c, numpy, exact };
}

/** The problem of that name. @throws when there is none */
export function problemNamed(name: string): Problem {
  const problem = PROBLEMS.find((candidate) => candidate.name === name);
  if (problem === undefined) {
    throw new Error(`heddle: expected one of ${PROBLEMS.map((known) => known.name).join(", ")}, got "${name}"`);
  }
  return problem;
}

/** |value - exact| / |exact| of a contender's answer. */
export function relativeError(problem: Problem, value: number): number {
  return Math.abs(value - problem.exact) / Math.abs(problem.exact);
}
