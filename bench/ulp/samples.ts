/**
 * Where a function is looked at: ways to draw arguments.
 *
 * A draw gets a place, which goes evenly from 0 to 1 over the samples of a range with a little chance in each step, so that a range is covered densely and
 * no two runs with other seeds look at the same points; and random numbers for the rest.
 *
 * Role: the bench's workers and tests.
 */
import { shifted } from "./reference/exact.js";

/** Numbers from 0 up to 1. */
export type Random = () => number;
export type Draw<T = number> = (place: number, random: Random) => T;
export type Pair = readonly [x: number, y: number];

/** T. Ettinger's Mulberry32, two numbers for the 53 bits of one. */
export function randomNumbers(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
}

/** A seed from a text: FNV-1a, 32 bits. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Evenly between two numbers. */
export function uniform(from: number, to: number): Draw {
  return (place) => from + (to - from) * place;
}

/** Magnitudes from 2^from to 2^to, as many in each power of two; -1074 to 1024 is all there are. */
export function magnitudes(from: number, to: number, signs: "both" | "positive" | "negative" = "both"): Draw {
  return (place, random) => {
    const power = from + (to - from) * place;
    const whole = Math.floor(power);
    const size = Math.min(Number.MAX_VALUE, shifted(2 ** (power - whole), whole));
    return signs === "negative" || (signs === "both" && random() < 0.5) ? -size : size;
  };
}

/** Around each of some numbers: mostly the next doubles on both sides, up to 2^bits of them away. */
export function around(centres: readonly number[], bits: number): Draw {
  return (place, random) => near(centres[Math.floor(place * centres.length)]!, bits, random);
}

/** Around points that have one argument or two, each argument by itself. */
export function aroundPoints(points: readonly (readonly number[])[], bits: number): Draw<number | Pair> {
  return (place, random) => {
    const [x, y] = points[Math.floor(place * points.length)]!;
    return y === undefined ? near(x!, bits, random) : [near(x!, bits, random), near(y, bits, random)];
  };
}

/** Around the multiples of a number, the first `last` of them; small ones as often as large ones. */
export function multiples(unit: number, last: number, bits: number): Draw {
  return (place, random) => {
    const centre = unit * Math.round(last ** place);
    return near(random() < 0.5 ? centre : -centre, bits, random);
  };
}

/** Beside whole numbers, from 1/2 away down to the next double; beside 0 down to 2^-60. */
export function besideIntegers(from: number, to: number): Draw {
  return (place, random) => {
    const whole = Math.floor(from + (to - from + 1) * place);
    const bits = whole === 0 ? 59 : 51 - Math.floor(Math.log2(Math.abs(whole)));
    const distance = 2 ** (-1 - bits * random());
    return whole + (random() < 0.5 ? distance : -distance);
  };
}

/** Any finite double, as many of each exponent. */
export function anyDouble(): Draw {
  return (place, random) => {
    words[1] = Math.floor(place * 2 ** 32);
    words[0] = Math.floor(random() * 2 ** 32);
    // Infinities and NaN become numbers of ordinary size.
    if ((words[1]! & 0x7ff00000) === 0x7ff00000) words[1]! &= ~0x40000000;
    return numbers[0]!;
  };
}

/** Two draws that do not know each other. */
export function both(first: Draw, second: Draw): Draw<Pair> {
  return (place, random) => [first(place, random), second(random(), random)];
}

const numbers = new Float64Array(1);
const words = new Uint32Array(numbers.buffer);
const integers = new BigInt64Array(numbers.buffer);

/** The double so many places above x, across 0 if need be. */
export function stepped(x: number, steps: number): number {
  numbers[0] = x;
  const bits = integers[0]!;
  const order = (bits >= 0n ? bits : -(bits & 0x7fffffffffffffffn)) + BigInt(steps);
  integers[0] = order >= 0n ? order : -order | (-1n << 63n);
  return numbers[0]!;
}

function near(centre: number, bits: number, random: Random): number {
  const steps = Math.floor(2 ** (bits * random())) - 1;
  const found = stepped(centre, random() < 0.5 ? steps : -steps);
  // Beyond the largest double there is nothing to see.
  return Number.isFinite(found) ? found : centre;
}
