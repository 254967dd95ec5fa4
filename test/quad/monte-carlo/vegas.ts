/** VEGAS in plain JavaScript, as docs/numerics.md tells it: one component, an integrand that is finite and not 0 everywhere. */
import { fraction, random } from "./quasi.js";

const BINS = 128;
const CUBES = 2 ** 16;
const UNITS = 64;
const EPSILON = 2 ** -52;

export interface SlowVegasSpec {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly relative: number;
  readonly maximum: number;
  readonly seed: number;
}

export interface SlowVegas {
  readonly status: "converged" | "budget";
  readonly values: readonly [number];
  readonly errors: readonly [number];
  readonly l1: number;
  readonly evaluations: number;
  readonly rounds: number;
  readonly iterations: number;
}

interface Iteration {
  readonly samples: number;
  readonly value: number;
  readonly variance: number;
  readonly l1: number;
}

export function vegasSlowly(f: (x: readonly number[]) => number, spec: SlowVegasSpec): SlowVegas {
  const { lo, hi, relative, maximum, seed } = spec;
  const dimensions = lo.length;
  const edges = lo.map((from, axis) =>
    Array.from({ length: BINS + 1 }, (_, bin) => {
      if (bin === 0 || bin === BINS) return bin === 0 ? from : hi[axis]!;
      return from * (1 - bin / BINS) + hi[axis]! * (bin / BINS);
    }),
  );
  const iterations: Iteration[] = [];
  let wanted = Math.max(1000, Math.min(100_000, 0.05 * maximum));
  let strata = 0;
  let variances: number[] = [];
  let evaluations = 0;
  for (;;) {
    // Cubes, and pairs of samples in each.
    let next = 1;
    while ((next + 1) ** dimensions <= CUBES && 4 * (next + 1) ** dimensions <= wanted) next++;
    if (next !== strata) {
      strata = next;
      variances = new Array(strata ** dimensions).fill(1);
    }
    const cubes = variances.length;
    const needs = variances.map((variance) => Math.sqrt(Math.sqrt(variance) * Math.sqrt(Math.sqrt(variance))));
    const all = needs.reduce((sum, need) => sum + need, 0);
    const free = 0.5 * wanted - cubes;
    const pairs = needs.map((need) => 1 + Math.trunc(all > 0 ? (free * need) / all : free / cubes));

    const units = Math.min(UNITS, cubes);
    const share = 1 / cubes;
    let [value, variance, l1] = [0, 0, 0];
    const squares = edges.map(() => new Array<number>(BINS).fill(0));
    const counts = edges.map(() => new Array<number>(BINS).fill(0));
    let pair = 0;
    for (let unit = 0; unit < units; unit++) {
      const own = { value: 0, variance: 0, l1: 0 };
      const ownSquares = edges.map(() => new Array<number>(BINS).fill(0));
      for (let cube = Math.floor((cubes * unit) / units); cube < Math.floor((cubes * (unit + 1)) / units); cube++) {
        const place = lo.map((_, axis) => Math.floor(cube / strata ** axis) % strata);
        const sums = [0, 0];
        const sumsOfSquares = [0, 0];
        const sizes = [0, 0];
        for (let left = pairs[cube]!; left > 0; left--, pair++) {
          const bins: number[][] = [[], []];
          const squared = [0, 1].map((lane) => {
            let weight = 1;
            const x = lo.map((_, axis) => {
              const u = fraction(random(seed, 16 + iterations.length, 2 * (pair * dimensions + axis) + lane) >> 12n);
              const t = (place[axis]! + u) * (BINS / strata);
              const bin = Math.min(Math.floor(t), BINS - 1);
              const width = edges[axis]![bin + 1]! - edges[axis]![bin]!;
              bins[lane]!.push(bin);
              weight *= width * BINS;
              return edges[axis]![bin]! + width * (t - bin);
            });
            const product = f(x) * weight;
            sums[lane]! += product;
            sumsOfSquares[lane]! += product * product;
            sizes[lane]! += Math.abs(product);
            return product * product;
          });
          for (let axis = 0; axis < dimensions; axis++) {
            for (const lane of [0, 1]) {
              ownSquares[axis]![bins[lane]![axis]!]! += squared[lane]!;
              counts[axis]![bins[lane]![axis]!]! += 1;
            }
          }
        }
        const samples = 2 * pairs[cube]!;
        const sum = sums[0]! + sums[1]!;
        const within = Math.max(0, sumsOfSquares[0]! + sumsOfSquares[1]! - (sum * sum) / samples) / (samples - 1);
        variances[cube] = within;
        own.value += (sum / samples) * share;
        own.variance += (within / samples) * share * share;
        own.l1 += ((sizes[0]! + sizes[1]!) / samples) * share;
      }
      value += own.value;
      variance += own.variance;
      l1 += own.l1;
      for (const [axis, list] of ownSquares.entries()) {
        for (const [bin, each] of list.entries()) squares[axis]![bin]! += each;
      }
    }
    const samples = 2 * pair;
    evaluations += samples;
    iterations.push({ samples, value, variance, l1 });

    const result = combine(iterations);
    const state = { ...result, evaluations, rounds: iterations.length };
    const off = result.errors[0] / (relative * Math.abs(result.values[0]));
    if (iterations.length >= 7 && off <= 1) return { ...state, status: "converged" };
    const left = maximum - evaluations;
    const usual = 1.15 * wanted;
    wanted = left < usual + 1.15 * usual ? left : usual;
    if (wanted < 0.5 * usual) return { ...state, status: "budget" };
    for (const [axis, own] of edges.entries()) move(own, squares[axis]!, counts[axis]!);
  }
}

function combine(iterations: readonly Iteration[]): Pick<SlowVegas, "values" | "errors" | "l1" | "iterations"> {
  const varianceOf = (kept: readonly Iteration[]): number => {
    const samples = kept.reduce((sum, each) => sum + each.samples, 0);
    return kept.reduce((sum, each) => sum + each.samples * each.samples * each.variance, 0) / (samples * samples);
  };
  const first = Math.min(3, Math.max(0, iterations.length - 4));
  let kept = iterations.slice(first);
  for (let from = first + 1; from + 4 <= iterations.length; from++) {
    const fewer = iterations.slice(from);
    if (varianceOf(fewer) < varianceOf(kept)) kept = fewer;
  }
  const samples = kept.reduce((sum, each) => sum + each.samples, 0);
  let [value, variance, l1] = [0, 0, 0];
  for (const each of kept) {
    value += (each.samples / samples) * each.value;
    variance += (each.samples / samples) * (each.samples / samples) * each.variance;
    l1 += each.samples * each.l1;
  }
  l1 /= samples;
  const chi = kept.reduce((sum, each) => sum + ((each.value - value) * (each.value - value)) / each.variance, 0);
  const consistency = kept.length > 1 ? chi / (kept.length - 1) : 0;
  const error = 3.9 * Math.sqrt(variance * Math.max(1, consistency)) + 16 * EPSILON * l1;
  return { values: [value], errors: [error], l1, iterations: kept.length };
}

/** Moves the edges of an axis. */
function move(edges: number[], squares: readonly number[], counts: readonly number[]): void {
  const means = squares.map((sum, bin) => (counts[bin]! > 0 ? sum / counts[bin]! : 0));
  const needs = means.map((own, bin) => {
    const [before, after] = [means[bin - 1] ?? own, means[bin + 1] ?? own];
    return Math.sqrt(Math.sqrt(0.125 * before + 0.75 * own + 0.125 * after));
  });
  const all = needs.reduce((sum, need) => sum + need, 0);
  const even = (0.1 * all) / BINS;
  const share = (1.1 * all) / BINS;
  const moved = [...edges];
  let sum = 0;
  let bin = 0;
  for (let edge = 1; edge < BINS; edge++) {
    const goal = edge * share;
    while (sum + (needs[bin]! + even) < goal && bin < BINS - 1) sum += needs[bin++]! + even;
    const part = Math.min(1, (goal - sum) / (needs[bin]! + even));
    const at = edges[bin]! + (edges[bin + 1]! - edges[bin]!) * part;
    moved[edge] = Math.max(edges[0]!, Math.min(edges[BINS]!, at));
  }
  edges.splice(0, edges.length, ...moved);
}
