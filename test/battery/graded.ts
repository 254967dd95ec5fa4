/**
 * A slow and obvious way to the battery's values, with nothing adaptive in it: Gauss's rule on panels that halve towards every end and break point, and
 * double outwards where the range is infinite. It shares no idea with the ways of scripts/battery/, and its arithmetic is double.
 *
 * What it reaches: anything that is analytic between its break points, with algebraic or logarithmic singularities at them; at a singular point other
 * than 0 no nearer than doubles come. What it does not: tails that oscillate for long, and peaks far narrower than 1/10000 of a piece.
 */
import { integrateSync } from "../../ts/index.js";
import type { Entry } from "./item.js";

/** Panels in a piece's widest shells, and in each of the others: those are a 32nd of the piece or less. */
const WIDE = 400;
const NARROW = 8;
const WIDE_SHELLS = 4;
/** Shells that add nothing, one after another, before the rest is taken to be nothing. */
const IDLE = 12;
/** 2^-1074 is the smallest double. */
const SHELLS = 1074;

/** The integral of an entry. */
export function graded(entry: Entry): number {
  const [a, b] = entry.range;
  const inside = entry.breakPoints ?? (a === -b ? [0] : []);
  const points = [a, ...inside, b];
  let total = 0;
  for (let i = 0; i + 1 < points.length; i++) total += piece(entry, points[i]!, points[i + 1]!);
  return total;
}

function piece(entry: Entry, a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return -outwards(entry, b, -1);
  if (b === Number.POSITIVE_INFINITY) return outwards(entry, a, 1);
  const half = (b - a) / 2;
  return inwards(entry, a, half) - inwards(entry, b, -half);
}

/** From `end` over `width`, which may be negative: shells from width/2^(k+1) to width/2^k. */
function inwards(entry: Entry, end: number, width: number): number {
  return shells(entry, (k) => [end + width * 2 ** -(k + 1), end + width * 2 ** -k]);
}

/** From `end` to infinity on one side: within 1 of the end as above, then shells from 2^k to 2^(k+1). */
function outwards(entry: Entry, end: number, sign: 1 | -1): number {
  return inwards(entry, end, sign) + shells(entry, (k) => [end + sign * 2 ** k, end + sign * 2 ** (k + 1)]);
}

/** The sum over shells k = 0, 1, 2 ... until they are empty, leave the doubles or have nothing to add. */
function shells(entry: Entry, shell: (k: number) => readonly [a: number, b: number]): number {
  let sum = 0;
  let idle = 0;
  for (let k = 0; k < SHELLS && idle < IDLE; k++) {
    const [a, b] = shell(k);
    if (a === b || !Number.isFinite(b) || !Number.isFinite(a)) break;
    const points = k < WIDE_SHELLS ? WIDE : NARROW;
    const { value } = integrateSync(entry.text, a, b, {
      points: Math.abs(b - a) > 1 ? WIDE : points,
      rule: { gauss: 48 },
      parameters: entry.parameters ?? {},
      threads: 1,
    });
    // So near to a singular point that a node fell onto it.
    if (Number.isNaN(value)) break;
    sum += value;
    idle = Math.abs(value) <= 2 ** -60 * Math.abs(sum) ? idle + 1 : 0;
  }
  return sum;
}
