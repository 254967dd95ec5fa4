/**
 * Genz's six families over the unit cube, each with one trait: oscillation, a peak in the middle, one in a corner, a bell, a kink, a jump.
 *
 * Source: A. Genz, "Testing multidimensional integration routines", in Tools, Methods and Languages for Scientific and Engineering Computation, 1984;
 *         "A package for testing multiple integration subroutines", in Numerical Integration, 1987.
 *
 * The families' weights a_i and places u_i are ours to choose and do not change: a_i is proportional to i, u_i the fraction of i times the golden
 * section, both with 3 decimals. How large the weights are says how hard an integral is; two scales for their sum:
 *
 *   genz-hard   h / d^e with Genz's difficulties of 1987, in 2 to 4 dimensions: finer features than a first look shows
 *   genz        the sums of V. Barthelmann, E. Novak, K. Ritter, "High dimensional polynomial interpolation on sparse grids", 2000, in 2 to 8 and 10
 *               dimensions
 */
import type { BoxEntry, Kind } from "./item.js";

interface Family {
  readonly name: string;
  readonly kind: Kind;
  /** Sum of the weights, any dimension. */
  readonly sum: number;
  /** Genz's (h, e): the sum is h / d^e. */
  readonly hard: readonly [h: number, e: number];
  text(weights: readonly number[], places: readonly number[]): string;
  exact(weights: readonly number[], places: readonly number[]): string;
  /** Whether there are break points, and in how many of the variables. */
  readonly broken?: number;
}

const x = (index: number): string => `x${index + 1}`;
const weighted = (weights: readonly number[]): string => weights.map((a, i) => `${a}*${x(i)}`).join(" + ");

/** sin(a/2)/(a/2) for each weight: what is left of a plane wave over the cube. */
const waves = (weights: readonly number[]): string => weights.map((a) => `sin(${a}/2)/(${a}/2)`).join("*");

/** The sum over the cube's corners, with alternating signs, of 1/(1 + a·corner). */
function corners(weights: readonly number[]): string {
  let terms = [{ sign: 1, sum: "1" }];
  for (const a of weights)
    terms = terms.flatMap(({ sign, sum }) => [
      { sign, sum },
      { sign: -sign, sum: `${sum}+${a}` },
    ]);
  return `fsum([${terms.map(({ sign, sum }) => `${sign}/(${sum})`).join(", ")}])`;
}

const FAMILIES: readonly Family[] = [
  {
    name: "oscillatory",
    kind: "oscillation",
    sum: 9,
    hard: [110, 1.5],
    text: (weights, places) => `cos(2*pi*${places[0]} + ${weighted(weights)})`,
    exact: (weights, places) => `cos(2*PI*${places[0]} + (${weights.join("+")})/2)*${waves(weights)}`,
  },
  {
    name: "product-peak",
    kind: "peak",
    sum: 7.25,
    hard: [600, 2],
    text: (weights, places) => `1/(${weights.map((a, i) => `(${a}^-2 + (${x(i)}-${places[i]})^2)`).join("*")})`,
    exact: (weights, places) =>
      weights.map((a, i) => `${a}*(atan(${a}*(1-${places[i]}))+atan(${a}*${places[i]}))`).join("*"),
  },
  {
    name: "corner-peak",
    kind: "peak",
    sum: 1.85,
    hard: [600, 2],
    text: (weights) => `(1 + ${weighted(weights)})^-${weights.length + 1}`,
    exact: (weights) => `${corners(weights)}/(factorial(${weights.length})*${weights.join("*")})`,
  },
  {
    name: "gaussian",
    kind: "peak",
    sum: 7.03,
    hard: [150, 2],
    text: (weights, places) => `exp(-(${weights.map((a, i) => `(${a}*(${x(i)}-${places[i]}))^2`).join(" + ")}))`,
    exact: (weights, places) =>
      weights.map((a, i) => `sqrt(pi)/(2*${a})*(erf(${a}*(1-${places[i]}))+erf(${a}*${places[i]}))`).join("*"),
  },
  {
    name: "continuous",
    kind: "kink",
    sum: 20.4,
    hard: [100, 1],
    broken: Number.POSITIVE_INFINITY,
    text: (weights, places) => `exp(-(${weights.map((a, i) => `${a}*abs(${x(i)}-${places[i]})`).join(" + ")}))`,
    exact: (weights, places) =>
      weights.map((a, i) => `(2-exp(-${a}*${places[i]})-exp(-${a}*(1-${places[i]})))/${a}`).join("*"),
  },
  {
    name: "discontinuous",
    kind: "jump",
    sum: 4.3,
    hard: [100, 2],
    broken: 2,
    text: (weights, places) => `x1 > ${places[0]} || x2 > ${places[1]} ? 0 : exp(${weighted(weights)})`,
    exact: (weights, places) => weights.map((a, i) => `expm1(${a}*${i < 2 ? places[i] : 1})/${a}`).join("*"),
  },
];

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** With 3 decimals: what is written is what is meant. */
const rounded = (value: number): number => Number(value.toFixed(3));

function member(prefix: string, family: Family, dimension: number, sum: number): BoxEntry {
  const indices = Array.from({ length: dimension }, (_, index) => index + 1);
  const total = (dimension * (dimension + 1)) / 2;
  const weights = indices.map((i) => rounded((sum * i) / total));
  const places = indices.map((i) => rounded((i * GOLDEN) % 1));
  const broken = indices.slice(0, family.broken ?? 0);
  return {
    name: `${prefix}-${family.name} d=${dimension}`,
    source: `Genz, A package for testing multiple integration subroutines, 1987: ${family.name}`,
    kind: family.kind,
    text: family.text(weights, places),
    ranges: Object.fromEntries(indices.map((i) => [`x${i}`, [0, 1] as const])),
    exact: family.exact(weights, places),
    ...(broken.length === 0 ? {} : { breakPoints: Object.fromEntries(broken.map((i) => [`x${i}`, [places[i - 1]!]])) }),
  };
}

export const GENZ: readonly BoxEntry[] = FAMILIES.flatMap((each) => [
  ...[2, 3, 4, 5, 6, 7, 8, 10].map((dimension) => member("genz", each, dimension, each.sum)),
  ...[2, 3, 4].map((dimension) => member("genz-hard", each, dimension, each.hard[0] / dimension ** each.hard[1])),
]);
