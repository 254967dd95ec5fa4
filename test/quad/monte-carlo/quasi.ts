/**
 * Quasi-Monte Carlo in plain JavaScript, as docs/numerics.md tells it: points by their index, with big integers; sums in the order that is promised.
 */
import { latticeVectors } from "../../../ts/quad/lattice-vectors.js";
import { directionNumbers } from "../../../ts/quad/sobol-numbers.js";

const MASK = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;
export const REPLICATES = 16;
const FIRST = 10;

function mix(value: bigint): bigint {
  value = ((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  value = ((value ^ (value >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return value ^ (value >> 31n);
}

/** Number `index` of a stream of a seed. */
export function random(seed: number, stream: number, index: number): bigint {
  const key = mix((BigInt(seed) + BigInt(stream + 1) * GOLDEN) & MASK);
  return mix((key + BigInt(index + 1) * GOLDEN) & MASK);
}

const DIGITS = (1n << 52n) - 1n;

/** (bits + 1/2) 2^-52, exactly. */
export function fraction(bits: bigint): number {
  return Number(2n * bits + 1n) / 2 ** 53;
}

export class Scrambled {
  private readonly directions: Uint32Array;
  private readonly columns = new Map<number, bigint>();

  constructor(
    private readonly seed: number,
    private readonly dimensions: number,
  ) {
    this.directions = directionNumbers(dimensions);
  }

  /** The 52 bits of a coordinate of point `index`. */
  bits(replicate: number, index: number, dimension: number): bigint {
    const place = replicate * this.dimensions + dimension;
    let bits = random(this.seed, 2, place) & DIGITS;
    const gray = index ^ (index >>> 1);
    for (let column = 0; column < 32; column++)
      if ((gray >>> column) & 1) bits ^= this.column(place, dimension, column);
    return bits;
  }

  private column(place: number, dimension: number, column: number): bigint {
    const key = place * 32 + column;
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    const direction = this.directions[dimension * 32 + column]!;
    let bits = 0n;
    for (let j = 0; j < 32; j++) {
      if (((direction >>> (31 - j)) & 1) === 0) continue;
      const diagonal = 1n << BigInt(51 - j);
      bits ^= diagonal | (random(this.seed, 1, place * 32 + j) & (diagonal - 1n));
    }
    this.columns.set(key, bits);
    return bits;
  }
}

export interface SlowSpec {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly relative: number;
  readonly isComplex: boolean;
  readonly maximum: number;
  readonly seed: number;
  readonly points: "sobol" | "lattice" | "either";
}

export interface SlowResult {
  readonly status: "converged" | "budget";
  readonly values: readonly number[];
  readonly errors: readonly number[];
  readonly evaluations: number;
  readonly rounds: number;
  readonly points: "sobol" | "lattice";
}

/** One box, an integrand that is finite and not 0 everywhere. */
export function quasiSlowly(f: (x: readonly number[]) => readonly number[], spec: SlowSpec): SlowResult {
  const { lo, hi, relative, isComplex, maximum, seed } = spec;
  const dimensions = lo.length;
  const volume = lo.reduce((product, from, axis) => product * (hi[axis]! - from), 1);
  const scrambled = new Scrambled(seed, dimensions);
  const vectors = latticeVectors(Math.min(32, dimensions));
  const place = (axis: number, u: number): number => lo[axis]! + (hi[axis]! - lo[axis]!) * u;
  const sobolPoint = (replicate: number, index: number): number[] =>
    lo.map((_, axis) => place(axis, fraction(scrambled.bits(replicate, index, axis))));
  const latticePoint = (replicate: number, index: number, logarithm: number): number[] =>
    lo.map((_, axis) => {
      const component = vectors[(logarithm - FIRST) * dimensions + axis]!;
      const shift = random(seed, 2, replicate * dimensions + axis) & DIGITS;
      const bits = (BigInt(index) * (BigInt(component) << BigInt(52 - logarithm)) + shift) & DIGITS;
      return place(axis, 1 - Math.abs(2 * fraction(bits) - 1));
    });

  interface Sums {
    method: "sobol" | "lattice";
    had: number;
    sums: number[][];
    sizes: number;
    l1: number;
    variance: number;
  }
  let evaluations = 0;
  let rounds = 0;
  /** A round: the sums of all randomisations with 2^now points. */
  const compute = (method: "sobol" | "lattice", now: number, before: Sums | undefined): Sums => {
    rounds++;
    const goesOn = before !== undefined && method === "sobol";
    const from = goesOn ? 2 ** before.had : 0;
    const block = Math.max(1024, 2 ** now / 64);
    const sums: number[][] = [];
    let sizes = 0;
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      let own: number[] | undefined = goesOn ? before.sums[replicate] : undefined;
      for (let first = from; first < 2 ** now; first += block) {
        const unit = blockSums(
          (index) => f(method === "sobol" ? sobolPoint(replicate, index) : latticePoint(replicate, index, now)),
          first,
          block,
          dimensions,
        );
        own = unit.sums.map((sum, component) => (own?.[component] ?? 0) + sum);
        sizes += unit.sizes;
      }
      sums.push(own!);
    }
    const points = 2 ** now - from;
    evaluations += points * REPLICATES;
    const mean = (sizes / (points * REPLICATES)) * volume;
    const l1 = goesOn ? before.l1 + (mean - before.l1) * (points / 2 ** now) : mean;
    const factor = volume / 2 ** now;
    let variance = 0;
    sums[0]!.forEach((_, component) => {
      const mean = sums.reduce((sum, own) => sum + own[component]!, 0) / REPLICATES;
      const squares = sums.reduce((sum, own) => sum + ((own[component]! - mean) * factor) ** 2, 0);
      variance = Math.max(variance, squares / (REPLICATES * (REPLICATES - 1)));
    });
    return { method, had: now, sums, sizes, l1, variance };
  };

  const pilots = (spec.points === "either" ? (["lattice", "sobol"] as const) : [spec.points]).map((method) =>
    compute(method, FIRST, undefined),
  );
  const [first, other] = pilots;
  let now = other !== undefined && first!.variance > 0.4 * other.variance ? other : first!;
  let goal = Number.POSITIVE_INFINITY;
  let sharp = Number.NaN;
  for (;;) {
    const values: number[] = [];
    const errors: number[] = [];
    now.sums[0]!.forEach((_, component) => {
      const own = now.sums.map((sums) => (sums[component]! / 2 ** now.had) * volume);
      const mean = own.reduce((sum, value) => sum + value, 0) / REPLICATES;
      const squares = own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
      values.push(mean);
      errors.push(5.239 * Math.sqrt(squares / (REPLICATES * (REPLICATES - 1))) + 16 * 2 ** -52 * now.l1);
    });
    const modulus = (parts: readonly number[]): number => Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0));
    const off = isComplex
      ? modulus(errors) / (relative * modulus(values))
      : Math.max(...errors.map((error, component) => error / (relative * Math.abs(values[component]!))));
    const result = { values, errors, evaluations, rounds, points: now.method };
    if (off <= 1) {
      const rounding = 2 * 16 * 2 ** -52 * now.l1;
      const isConfirmed = errors.some((error) => error > rounding) || Math.abs(values[0]! - sharp) <= 2 * errors[0]!;
      if (isConfirmed) return { ...result, status: "converged" };
      sharp = values[0]!;
    }
    let leap = 1;
    for (let reach = 2.8; leap < (now.method === "lattice" ? 5 : 3) && off > reach; reach *= 2.8) leap++;
    const cost = (by: number): number =>
      now.method === "lattice" && now.had + by > 20
        ? Number.POSITIVE_INFINITY
        : (2 ** (now.had + by) - (now.method === "lattice" ? 0 : 2 ** now.had)) * REPLICATES;
    while (leap > 0 && cost(leap) > maximum - evaluations) leap--;
    const mayTurn = now.method === "lattice" && spec.points === "either";
    if (mayTurn && (off > goal || leap === 0)) {
      const { had } = now;
      const length = [had + 1, had].find((each) => 2 ** each * REPLICATES <= maximum - evaluations);
      if (length !== undefined) {
        now = compute("sobol", length, undefined);
        continue;
      }
    }
    if (leap === 0) return { ...result, status: "budget" };
    goal = off * Math.sqrt(1 / 2 ** leap);
    now = compute(now.method, now.had + leap, now);
  }
}

/** In batches of pairs, lane by lane. */
function blockSums(
  f: (index: number) => readonly number[],
  first: number,
  points: number,
  dimensions: number,
): { sums: number[]; sizes: number } {
  const batch = 2 * Math.max(16, Math.min(128, 2 ** Math.floor(Math.log2(Math.trunc(1024 / dimensions)))));
  let totals: number[][] | undefined;
  for (let from = first; from < first + points; from += batch) {
    const values = Array.from({ length: Math.min(batch, first + points - from) }, (_, index) => f(from + index));
    const components = values[0]!.length;
    const sums = Array.from({ length: components + 1 }, () => [0, 0]);
    for (let component = 0; component < components; component++) {
      values.forEach((value, index) => {
        sums[component]![index % 2]! += value[component]!;
        sums[components]![index % 2]! += Math.abs(value[component]!);
      });
    }
    totals = totals?.map((lanes, row) => lanes.map((sum, lane) => sum + sums[row]![lane]!)) ?? sums;
  }
  const folded = totals!.map(([low, high]) => low! + high!);
  return { sums: folded.slice(0, -1), sizes: folded.at(-1)! };
}
