/**
 * Where each function is looked at. Each range gets as many samples as the others of its function.
 *
 * Role: the bench's workers and tests.
 */
import {
  anyDouble,
  around,
  besideIntegers,
  both,
  type Draw,
  magnitudes,
  multiples,
  type Pair,
  uniform,
} from "./samples.js";

export interface Range<T> {
  /** For the report. */
  readonly name: string;
  readonly draw: Draw<T>;
}

export type Ranges =
  | { readonly arity: 1; readonly ranges: readonly Range<number>[] }
  | { readonly arity: 2; readonly ranges: readonly Range<Pair>[] };

function one(ranges: Readonly<Record<string, Draw>>): Ranges {
  return { arity: 1, ranges: Object.entries(ranges).map(([name, draw]) => ({ name, draw })) };
}

function two(ranges: Readonly<Record<string, Draw<Pair>>>): Ranges {
  return { arity: 2, ranges: Object.entries(ranges).map(([name, draw]) => ({ name, draw })) };
}

/** Sizes of all doubles, as powers of two. */
const SMALLEST = -1074;
const LARGEST = 1024;
const LOG_2 = Math.LN2;

const circular = one({
  "to 10": uniform(-10, 10),
  "to 1e5": uniform(-1e5, 1e5),
  "multiples of pi/4": multiples(Math.PI / 4, 2 ** 21, 45),
  "far multiples of pi/2": multiples(Math.PI / 2, 2 ** 52, 8),
  small: magnitudes(SMALLEST, 3),
  huge: magnitudes(20, LARGEST),
  "any double": anyDouble(),
});

const exponential = {
  "to 1": uniform(-1, 1),
  "whole range": uniform(-745.2, 709.79),
  "multiples of log(2)/2": multiples(LOG_2 / 2, 2048, 45),
  magnitudes: magnitudes(SMALLEST, 10),
  "any double": anyDouble(),
};

const logarithm = {
  "to 4": uniform(0, 4),
  "near 1": around([1], 52),
  "0.5 to 2": uniform(0.5, 2),
  magnitudes: magnitudes(SMALLEST, LARGEST, "positive"),
  subnormal: magnitudes(SMALLEST, -1022, "positive"),
  "powers of 2": around(
    Array.from({ length: 2098 }, (_, k) => 2 ** (k - 1074)),
    30,
  ),
};

const unit = {
  "to 1": uniform(-1, 1),
  "near ±1": around([1, -1], 52),
  "near ±1/2": around([0.5, -0.5, Math.SQRT1_2, -Math.SQRT1_2], 48),
  small: magnitudes(SMALLEST, 0),
  medium: magnitudes(-30, 0),
};

const plane = {
  "to 5": both(uniform(-5, 5), uniform(-5, 5)),
  magnitudes: both(magnitudes(SMALLEST, LARGEST), magnitudes(SMALLEST, LARGEST)),
  "like sizes": alike(30),
  "the diagonal": diagonal(),
  subnormal: both(magnitudes(SMALLEST, -1000), magnitudes(SMALLEST, -1000)),
  "the largest": both(magnitudes(1000, LARGEST), magnitudes(990, LARGEST)),
  "any double": both(anyDouble(), anyDouble()),
};

const bessel = one({
  "to 10": uniform(-10, 10),
  "to 100": uniform(0, 100),
  "to 1e5": uniform(-1e5, 1e5),
  zeros: besselZeros(),
  small: magnitudes(SMALLEST, 3),
  huge: magnitudes(10, LARGEST),
});

export const RANGES: Readonly<Record<string, Ranges>> = {
  sin: circular,
  cos: circular,
  tan: circular,
  sinc: circular,
  asin: one(unit),
  acos: one(unit),
  atanh: one(unit),
  atan: one({
    "to 4": uniform(-4, 4),
    "to 100": uniform(-100, 100),
    branches: around([0.4375, 0.5, 0.6875, 1, 1.1875, 2, 2.4375], 48),
    magnitudes: magnitudes(SMALLEST, LARGEST),
    medium: magnitudes(-30, 60),
  }),
  atan2: two(plane),
  hypot: two(plane),
  sinh: one({
    ...exponential,
    "whole range": uniform(-710.5, 710.5),
    "to 25": uniform(-25, 25),
    overflow: uniform(709, 710.48),
  }),
  cosh: one({
    ...exponential,
    "whole range": uniform(-710.5, 710.5),
    "to 25": uniform(-25, 25),
    overflow: uniform(709, 710.48),
  }),
  tanh: one({ ...exponential, "whole range": uniform(-20, 20), medium: magnitudes(-30, 6) }),
  asinh: one({
    "to 4": uniform(-4, 4),
    magnitudes: magnitudes(SMALLEST, LARGEST),
    medium: magnitudes(-30, 60),
    "any double": anyDouble(),
  }),
  acosh: one({
    "1 to 4": uniform(1, 4),
    "above 1": (place) => 1 + 2 ** (-52 * place),
    "next to 1": (place) => 1 + Math.floor(2 ** (30 * place)) * 2 ** -52,
    magnitudes: magnitudes(0, LARGEST, "positive"),
    medium: magnitudes(0, 60, "positive"),
  }),
  exp: one({ ...exponential, "subnormal results": uniform(-745.14, -708.39) }),
  expm1: one({ ...exponential, medium: magnitudes(-30, 5), "to -40": uniform(-40, 1) }),
  exp2: one({
    "to 1": uniform(-1, 1),
    "whole range": uniform(-1075.1, 1024),
    "subnormal results": uniform(-1075, -1022),
    "multiples of 1/2": multiples(0.5, 2048, 45),
    magnitudes: magnitudes(SMALLEST, 11),
    "any double": anyDouble(),
  }),
  log: one(logarithm),
  log2: one(logarithm),
  log10: one({
    ...logarithm,
    "powers of 10": around(
      Array.from({ length: 617 }, (_, k) => Number(`1e${k - 308}`)),
      30,
    ),
  }),
  log1p: one({
    "to 4": uniform(-1, 4),
    small: magnitudes(-60, -2),
    magnitudes: magnitudes(SMALLEST, LARGEST, "positive"),
    "near -1": around([-1], 52),
    branches: around([Math.SQRT2 - 1, Math.SQRT1_2 - 1, -0.5, 1], 48),
    "any double": anyDouble(),
  }),
  sqrt: one({ "to 4": uniform(0, 4), magnitudes: magnitudes(SMALLEST, LARGEST, "positive") }),
  cbrt: one({
    "to 10": uniform(-10, 10),
    magnitudes: magnitudes(SMALLEST, LARGEST),
    subnormal: magnitudes(SMALLEST, -1020),
    cubes: around(
      Array.from({ length: 1000 }, (_, k) => (k + 1) ** 3),
      30,
    ),
    "any double": anyDouble(),
  }),
  pow: two({
    ordinary: both(uniform(0, 10), uniform(-20, 20)),
    magnitudes: both(magnitudes(SMALLEST, LARGEST, "positive"), magnitudes(-30, 4)),
    "every result": everyPower(magnitudes(SMALLEST, LARGEST, "positive"), -1075, 1024.1),
    "base near 1": everyPower(around([1], 52), -1075, 1024.1),
    "base about 1": everyPower(uniform(0.95, 1.05), -1075, 1024.1),
    "near 1": everyPower(magnitudes(-20, 20, "positive"), -1, 1),
    "whole exponents": both(uniform(-50, 50), (_, random) => Math.floor(81 * random()) - 40),
    "halves and thirds": both(
      uniform(0, 50),
      (_, random) => (Math.floor(241 * random()) - 120) / (random() < 0.5 ? 6 : 4),
    ),
    "any double": both(anyDouble(), anyDouble()),
  }),
  erf: one({
    "to 1": uniform(-1, 1),
    "to 6": uniform(-6, 6),
    branches: around([0.5, 0.84375, 1, 1.25, 2, 3, 4, 5.9215871957945], 48),
    magnitudes: magnitudes(SMALLEST, 3),
    medium: magnitudes(-30, 3),
    "any double": anyDouble(),
  }),
  erfc: one({
    "to 6": uniform(-6, 6),
    "0 to 28": uniform(0, 28),
    "subnormal results": uniform(26.5, 27.3),
    branches: around([0.5, 0.84375, 1, 1.25, 2, 3, 4, 6, 8, 26.543], 48),
    magnitudes: magnitudes(SMALLEST, 5),
    medium: magnitudes(-30, 5),
  }),
  gamma: one({
    "0 to 20": uniform(0, 20),
    "20 to 172": uniform(20, 172),
    "-20 to 0": uniform(-20, 0),
    "-185 to -20": uniform(-185, -20),
    "beside integers": besideIntegers(-180, 20),
    "around 1 and 2": around([1, 2, 1.4616321449683622], 52),
    magnitudes: magnitudes(SMALLEST, 8),
  }),
  lgamma: one({
    "0 to 4": uniform(0, 4),
    "around 1 and 2": around([1, 2], 52),
    "4 to 200": uniform(4, 200),
    magnitudes: magnitudes(SMALLEST, LARGEST, "positive"),
    "-30 to 0": uniform(-30, 0),
    "-1000 to -30": uniform(-1000, -30),
    "beside integers": besideIntegers(-180, 20),
    negative: magnitudes(SMALLEST, 52, "negative"),
  }),
  j0: bessel,
  j1: bessel,
};

/** Two numbers whose sizes differ by at most so many powers of two, of all sizes. */
function alike(apart: number): Draw<Pair> {
  const size = magnitudes(-1000, 990);
  const ratio = magnitudes(-apart, apart);
  return (place, random) => {
    const x = size(place, random);
    return [x, x * ratio(random(), random)];
  };
}

/** Two numbers that are nearly the same, but for their signs. */
function diagonal(): Draw<Pair> {
  const size = magnitudes(-1000, 1000);
  return (place, random) => {
    const x = size(place, random);
    const away = 2 ** (-53 * random());
    return [x, x * (random() < 0.5 ? 1 + away : -1 - away)];
  };
}

/** A base, and the exponent with which the result is 2^t, t evenly between two numbers. */
function everyPower(base: Draw, from: number, to: number): Draw<Pair> {
  return (place, random) => {
    const x = base(random(), random);
    const y = (from + (to - from) * place) / Math.log2(x);
    return [x, Number.isFinite(y) ? y : 1];
  };
}

/** Around the zeros of both j0 and j1, which lie near (k + 1/4) pi/2 (McMahon's expansion, two terms), up to 1e5 of them. */
function besselZeros(): Draw {
  return (place, random) => {
    const k = Math.round(1e5 ** place);
    const isFirst = random() < 0.5;
    const middle = (k + (isFirst ? -0.25 : 0.25)) * Math.PI;
    const zero = middle + (isFirst ? 1 : -3) / (8 * middle);
    return zero * (1 + (random() - 0.5) * 2 ** (-40 * random()));
  };
}
