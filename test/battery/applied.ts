/**
 * Integrals over several variables that come from physics, probability and geometry, or from manuals: infinite ranges, bounds that depend on other
 * variables, singular corners and diagonals.
 *
 * Source: G. N. Watson, "Three triple integrals", Quarterly J. Math. 10, 1939.
 *         D. H. Bailey, J. M. Borwein, R. E. Crandall, "Integrals of the Ising class", J. Phys. A 39, 2006; "Box integrals", J. CAM 206, 2007.
 *         D. P. Robbins, T. S. Bolis, "Average distance between two points in a box", American Mathematical Monthly 85, 1978.
 *         G. Hummer, "Electrostatic potential of a homogeneously charged square and cube in two and three dimensions", J. Electrostatics 36, 1996.
 *         B. D. Keister, "Multidimensional quadrature algorithms", Computers in Physics 10, 1996.
 *         T. M. Apostol, "A proof that Euler missed", Mathematical Intelligencer 5, 1983; F. Beukers, Bull. London Math. Soc. 11, 1979.
 *         R. P. Feynman, "Space-time approach to quantum electrodynamics", Physical Review 76, 1949: products as integrals over a simplex.
 *         SciPy, documentation of dblquad, tplquad and nquad.
 */
import type { BoxEntry } from "./item.js";

const INFINITY = Number.POSITIVE_INFINITY;
const LINE = [-INFINITY, INFINITY] as const;
const UNIT = [0, 1] as const;
const TO_PI = [0, Math.PI] as const;

/** 1/(A0 ... Ad) as an integral over x1 + ... + xd < 1 (Feynman's parameters), with A_i = i + 1. */
function feynman(dimension: number): BoxEntry {
  const names = Array.from({ length: dimension }, (_, index) => `x${index + 1}`);
  const factorial = names.reduce((product, _, index) => product * (index + 1), 1);
  return {
    name: `feynman d=${dimension}`,
    source: "Feynman, Space-time approach to quantum electrodynamics, 1949: a product of denominators as one integral",
    kind: "smooth",
    text: `${factorial}/(1 + ${names.map((name, index) => `${index + 1}*${name}`).join(" + ")})^${dimension + 1}`,
    ranges: Object.fromEntries(
      names.map((name, index) => [name, [0, index === 0 ? 1 : ["1", ...names.slice(0, index)].join("-")]]),
    ),
    exact: `1/factorial(${dimension + 1})`,
  };
}

/** cos(r) exp(-r^2) over all of space. */
function keister(dimension: number): BoxEntry {
  const names = Array.from({ length: dimension }, (_, index) => `x${index + 1}`);
  const square = names.map((name) => `${name}^2`).join(" + ");
  return {
    name: `keister d=${dimension}`,
    source: "Keister, Multidimensional quadrature algorithms, 1996",
    kind: "infinite range",
    text: `cos(sqrt(${square}))*exp(-(${square}))`,
    ranges: Object.fromEntries(names.map((name) => [name, LINE])),
    exact: `pi^(${dimension}/2)*hyp1f1(${dimension}/2, 1/2, -1/4)`,
  };
}

export const APPLIED: readonly BoxEntry[] = [
  {
    name: "watson-1",
    source: "Watson, Three triple integrals, 1939: I1, the body-centred lattice, times pi^3",
    kind: "end singularity",
    text: "1/(1-cos(x)*cos(y)*cos(z))",
    ranges: { x: TO_PI, y: TO_PI, z: TO_PI },
    exact: "gamma(1/4)^4/4",
  },
  {
    name: "watson-3",
    source: "Watson, Three triple integrals, 1939: I3, the simple cubic lattice, times pi^3",
    kind: "end singularity",
    text: "1/(3-cos(x)-cos(y)-cos(z))",
    ranges: { x: TO_PI, y: TO_PI, z: TO_PI },
    exact: "sqrt(6)/96*gamma(1/24)*gamma(5/24)*gamma(7/24)*gamma(11/24)",
  },
  {
    name: "box-2",
    source: "Bailey, Borwein, Crandall, Box integrals, 2007: B_2(1), mean distance from a corner of the square",
    kind: "end singularity",
    text: "sqrt(x^2+y^2)",
    ranges: { x: UNIT, y: UNIT },
    exact: "(sqrt(2)+log(1+sqrt(2)))/3",
  },
  {
    name: "box-3",
    source: "Bailey, Borwein, Crandall, Box integrals, 2007: B_3(1), mean distance from a corner of the cube",
    kind: "end singularity",
    text: "sqrt(x^2+y^2+z^2)",
    ranges: { x: UNIT, y: UNIT, z: UNIT },
    exact: "sqrt(3)/4+log(2+sqrt(3))/2-pi/24",
  },
  {
    name: "box-distance-2",
    source: "Bailey, Borwein, Crandall, Box integrals, 2007: Delta_2(1), mean distance of two points of the square",
    kind: "inner singularity",
    text: "sqrt((x1-x2)^2+(x3-x4)^2)",
    ranges: { x1: UNIT, x2: UNIT, x3: UNIT, x4: UNIT },
    exact: "(2+sqrt(2)+5*asinh(1))/15",
  },
  {
    name: "robbins",
    source: "Robbins, Bolis, Average distance between two points in a box, 1978",
    kind: "inner singularity",
    text: "sqrt((x1-x2)^2+(x3-x4)^2+(x5-x6)^2)",
    ranges: { x1: UNIT, x2: UNIT, x3: UNIT, x4: UNIT, x5: UNIT, x6: UNIT },
    exact: "4/105+17*sqrt(2)/105-2*sqrt(3)/35+log(1+sqrt(2))/5+2*log(2+sqrt(3))/5-pi/15",
  },
  {
    name: "charged-cube",
    source: "Hummer, J. Electrostatics 36, 1996: the energy of a homogeneously charged cube",
    kind: "inner singularity",
    text: "1/sqrt((x1-x2)^2+(x3-x4)^2+(x5-x6)^2)",
    ranges: { x1: UNIT, x2: UNIT, x3: UNIT, x4: UNIT, x5: UNIT, x6: UNIT },
    exact: "2*((1+sqrt(2)-2*sqrt(3))/5-pi/3+log((1+sqrt(2))*(2+sqrt(3))))",
  },
  {
    name: "zeta-2",
    source: "Apostol, A proof that Euler missed, 1983",
    kind: "end singularity",
    text: "1/(1-x*y)",
    ranges: { x: UNIT, y: UNIT },
    exact: "zeta(2)",
  },
  {
    name: "zeta-3",
    source: "Beukers, 1979",
    kind: "end singularity",
    text: "1/(1-x*y*z)",
    ranges: { x: UNIT, y: UNIT, z: UNIT },
    exact: "zeta(3)",
  },
  {
    name: "ising-3",
    source: "Bailey, Borwein, Crandall, Integrals of the Ising class, 2006: C_3",
    kind: "infinite range",
    text: "2/3/((x+1/x+y+1/y+z+1/z)^2*x*y*z)",
    ranges: { x: [0, INFINITY], y: [0, INFINITY], z: [0, INFINITY] },
    exact: "(zeta(2, 1/3)-zeta(2, 2/3))/9",
  },
  {
    name: "sunrise",
    source: "Feynman, 1949: two loops of three equal masses in two dimensions, without momentum",
    kind: "end singularity",
    text: "1/(x*y+(x+y)*(1-x-y))",
    ranges: { x: UNIT, y: [0, "1-x"] },
    exact: "4/sqrt(3)*clsin(2, pi/3)",
  },
  feynman(3),
  feynman(6),
  keister(2),
  keister(3),
  keister(5),
  {
    name: "gauss-plane",
    source: "Laplace, 1774: the square of the normal integral",
    kind: "infinite range",
    text: "exp(-(x^2+y^2))",
    ranges: { x: LINE, y: LINE },
    exact: "pi",
  },
  {
    name: "orthant-2",
    source: "Sheppard, 1899: two normal variables of correlation 1/2 are both positive, times the norm",
    kind: "infinite range",
    text: "exp(-(x^2-x*y+y^2)*2/3)",
    ranges: { x: [0, INFINITY], y: [0, INFINITY] },
    exact: "2*pi*sqrt(3/4)/3",
  },
  {
    name: "scipy-dblquad",
    source: "SciPy, dblquad, example: x y^2",
    kind: "smooth",
    text: "x*y^2",
    ranges: { x: [0, 2], y: [0, 1] },
    exact: "2/3",
  },
  {
    name: "scipy-between-curves",
    source: "SciPy, dblquad, example: the area between sine and cosine",
    kind: "smooth",
    text: "1",
    ranges: { x: [0, Math.PI / 4], y: ["sin(x)", "cos(x)"] },
    exact: "sqrt(2)-1",
  },
  {
    name: "scipy-triangle",
    source: "SciPy, tutorial of nquad: a bound that depends on the other variable",
    kind: "smooth",
    text: "x*y",
    ranges: { y: [0, 0.5], x: [0, "1-2*y"] },
    exact: "1/96",
  },
  {
    name: "scipy-gaussian",
    source: "SciPy, dblquad, example: two coupled normal variables over the plane",
    kind: "infinite range",
    text: "exp(-(x^2+y^2+x*y))",
    ranges: { x: LINE, y: LINE },
    exact: "2*pi/sqrt(3)",
  },
  {
    name: "scipy-exponential",
    source: "SciPy, tutorial of nquad: the exponential integrals' I_5",
    kind: "infinite range",
    text: "exp(-x*t)/t^5",
    ranges: { x: [0, INFINITY], t: [1, INFINITY] },
    exact: "1/5",
  },
  {
    name: "scipy-tplquad",
    source: "SciPy, tplquad, example: x y z",
    kind: "smooth",
    text: "x*y*z",
    ranges: { x: [1, 2], y: [2, 3], z: [0, 1] },
    exact: "15/8",
  },
  {
    name: "ball-by-bounds",
    source: "Archimedes, On the sphere and cylinder: a ball within bounds that are its surface",
    kind: "end singularity",
    text: "1",
    ranges: { x: [-1, 1], y: ["-sqrt(1-x^2)", "sqrt(1-x^2)"], z: ["-sqrt(1-x^2-y^2)", "sqrt(1-x^2-y^2)"] },
    exact: "4*pi/3",
  },
];
