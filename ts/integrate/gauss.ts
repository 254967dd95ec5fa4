/**
 * Nodes and weights of Gauss-Legendre quadrature, correct to the last bit or nearly so, and the same on every engine: they
 * are part of the result's bits, so no `Math.cos` of an engine may take part.
 *
 * Method: the roots of P_n by Newton's iteration with the roots found so far divided out (Maehly), each started at 1, from where it comes
 *         down on the next root without passing it; then two steps of plain Newton in double-double. w = 2 / ((1 - t²) P_n'(t)²).
 * Source: H. J. Maehly, "Zur iterativen Auflösung algebraischer Gleichungen" (1954); recurrences: Abramowitz & Stegun 22.7.10, 22.8.5.
 */
import { add, type DoubleDouble, divide, multiply, negate } from "./double-double.js";

export interface GaussNode {
  /** Node in (-1, 1). */
  readonly t: number;
  readonly weight: number;
}

export const GAUSS_POINTS_MAXIMUM = 64;

const ONE: DoubleDouble = [1, 0];
const known = new Map<number, readonly GaussNode[]>();

/** @param n number of nodes, 1 to GAUSS_POINTS_MAXIMUM; @returns them in ascending order */
export function gaussLegendre(n: number): readonly GaussNode[] {
  let nodes = known.get(n);
  if (nodes === undefined) {
    nodes = compute(n);
    known.set(n, nodes);
  }
  return nodes;
}

function compute(n: number): readonly GaussNode[] {
  const upper: GaussNode[] = [];
  const roots: number[] = [];
  for (let k = 0; k < n >> 1; k++) {
    const root = refine(n, nextRoot(n, roots));
    roots.push(root[0]);
    upper.push({ t: root[0], weight: weightAt(n, root) });
  }
  const middle: GaussNode[] = n % 2 === 1 ? [{ t: 0, weight: weightAt(n, [0, 0]) }] : [];
  const lower = upper.map(({ t, weight }) => ({ t: -t, weight }));
  return [...lower, ...middle, ...upper.reverse()];
}

/** The largest root of P_n that is not among `roots`, to about a double's precision. The roots come in pairs ±t. */
function nextRoot(n: number, roots: readonly number[]): number {
  let t = 1;
  for (;;) {
    const { value, derivative } = legendre(n, [t, 0]);
    let divided = derivative[0];
    for (const root of roots) divided -= value[0] * (1 / (t - root) + 1 / (t + root));
    const next = t - value[0] / divided;
    // It comes down on the root from above; when it no longer falls, rounding is all that moves it.
    if (!(next < t)) return t;
    t = next;
  }
}

function refine(n: number, start: number): DoubleDouble {
  let t: DoubleDouble = [start, 0];
  for (let step = 0; step < 2; step++) {
    const { value, derivative } = legendre(n, t);
    t = add(t, negate(divide(value, derivative)));
  }
  return t;
}

function weightAt(n: number, t: DoubleDouble): number {
  const { derivative } = legendre(n, t);
  const square = multiply(derivative, derivative);
  return divide([2, 0], multiply(add(ONE, negate(multiply(t, t))), square))[0];
}

/** P_n(t) and its derivative by the three-term recurrence. At t = ±1 the derivative is n (n + 1) / 2 in size. */
function legendre(n: number, t: DoubleDouble): { value: DoubleDouble; derivative: DoubleDouble } {
  let before: DoubleDouble = ONE;
  let value: DoubleDouble = t;
  if (n === 0) return { value: ONE, derivative: [0, 0] };
  for (let k = 2; k <= n; k++) {
    const next = divide(add(multiply([2 * k - 1, 0], multiply(t, value)), negate(multiply([k - 1, 0], before))), [
      k,
      0,
    ]);
    before = value;
    value = next;
  }
  const gap = add(multiply(t, t), negate(ONE));
  if (gap[0] === 0) return { value, derivative: [(n * (n + 1)) / 2, 0] };
  return { value, derivative: divide(multiply([n, 0], add(multiply(t, value), negate(before))), gap) };
}
