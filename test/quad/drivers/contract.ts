/**
 * docs/numerics.md as a program: slow, obvious, and sharing nothing with the library. What the page calls exact is exact here (whole
 * numbers of any size); all else is JavaScript's arithmetic, which is IEEE 754.
 *
 * The integrand is a JavaScript function made of + - * / and Math.sqrt: these five are the same everywhere.
 */
import { nearest, productRest, sumRest, toUnits } from "./exact.js";

export interface OraclePass {
  readonly shift: number;
  readonly weight: number;
}

export interface OracleRule {
  readonly passes: readonly OraclePass[];
  readonly ends: readonly [low: number, high: number];
}

/** The table of the page, but for Gauss. */
export const ORACLE_RULES = {
  left: { passes: [{ shift: 1, weight: 1 }], ends: [1, 0] },
  right: { passes: [{ shift: 1, weight: 1 }], ends: [0, 1] },
  midpoint: { passes: [{ shift: 1 / 2, weight: 1 }], ends: [0, 0] },
  trapezoid: { passes: [{ shift: 1, weight: 1 }], ends: [1 / 2, 1 / 2] },
  simpson: {
    passes: [
      { shift: 1 / 2, weight: 4 / 6 },
      { shift: 1, weight: 2 / 6 },
    ],
    ends: [1 / 6, 1 / 6],
  },
  boole: {
    passes: [
      { shift: 1 / 4, weight: 32 / 90 },
      { shift: 1 / 2, weight: 12 / 90 },
      { shift: 3 / 4, weight: 32 / 90 },
      { shift: 1, weight: 14 / 90 },
    ],
    ends: [7 / 90, 7 / 90],
  },
} as const satisfies Record<string, OracleRule>;

export type OracleRuleName = keyof typeof ORACLE_RULES;

/** Gauss by nodes and weights on [-1, 1]; where those come from is the business of another test. */
export function gaussRule(nodes: readonly (readonly [node: number, weight: number])[]): OracleRule {
  return { passes: nodes.map(([node, weight]) => ({ shift: (1 + node) / 2, weight: weight / 2 })), ends: [0, 0] };
}

export interface OracleResult {
  readonly value: number;
  readonly error: number;
  readonly evaluations: number;
  readonly nonFinite: { readonly count: number; readonly x: number } | null;
}

/** A compensated sum, and what was met on the way. */
export interface Sum {
  sum: number;
  rest: number;
}

interface GridResult extends Sum {
  /** The integral that the grid gives. */
  value: number;
  evaluations: number;
  bad: number;
  badX: number;
}

type Integrand = (x: number) => number;

const BLOCK = 4096;
const GROUP = 16;

/** Beyond these the page takes plain products. */
const LARGEST = 2 ** 900;
const SMALLEST = 2 ** -900;

export function contract(f: Integrand, rule: OracleRule, a: number, b: number, panels: number): OracleResult {
  if (a === b) return { value: 0, error: 0, evaluations: 0, nonFinite: null };
  const sign = a > b ? -1 : 1;
  const lo = sign > 0 ? a : b;
  const hi = sign > 0 ? b : a;
  const fine = integrateGrid(f, rule, lo, hi, panels);
  const coarsePanels = Math.ceil(panels / 64);
  const coarse = panels === 1 ? null : integrateGrid(f, rule, lo, hi, coarsePanels);
  const evaluations = fine.evaluations + (coarse?.evaluations ?? 0);
  const nonFinite = fine.bad === 0 ? null : { count: fine.bad, x: fine.badX };
  const value = sign * fine.value;
  if (nonFinite !== null || !Number.isFinite(value)) {
    return { value: Number.NaN, error: Number.POSITIVE_INFINITY, evaluations, nonFinite };
  }
  let error = Number.POSITIVE_INFINITY;
  if (coarse !== null) {
    error = Math.abs(sign * coarse.value - value) / (panels / coarsePanels - 1) + 2 ** -50 * Math.abs(value);
    if (Number.isNaN(error)) error = Number.POSITIVE_INFINITY;
  }
  return { value, error, evaluations, nonFinite };
}

/** h and its rest: the nearest double to (hi - lo) / N, and the nearest to what that leaves. */
export function stepOf(lo: number, hi: number, panels: number): readonly [step: number, rest: number] {
  const plain = (hi - lo) / panels;
  if (hi - lo > LARGEST || plain < SMALLEST) return [plain, 0];
  const width = toUnits(hi) - toUnits(lo);
  const count = BigInt(panels);
  const step = nearest(width, count);
  return [step, nearest(width - toUnits(step) * count, count)];
}

function integrateGrid(f: Integrand, rule: OracleRule, lo: number, hi: number, panels: number): GridResult {
  const result: GridResult = { sum: 0, rest: 0, value: 0, evaluations: 0, bad: 0, badX: 0 };
  const ask = (x: number): number => {
    const y = f(x);
    result.evaluations++;
    if (!Number.isFinite(y)) {
      if (result.bad === 0 || x < result.badX) result.badX = x;
      result.bad++;
    }
    return y;
  };
  let chunkPanels = 2 ** 14;
  while (Math.ceil(panels / chunkPanels) > 2 ** 15) chunkPanels *= 2;
  const chunks: Sum[] = [];
  for (let first = 0; first < panels; first += chunkPanels) {
    chunks.push(sumChunk(ask, rule, lo, hi, panels, first, Math.min(chunkPanels, panels - first)));
  }
  Object.assign(result, tree(chunks));
  const [h, hRest] = stepOf(lo, hi, panels);
  result.value = scale(result, h, hRest);
  return result;
}

/** One chunk: panels `first` to `first + count` of the grid of `panels`. */
export function sumChunk(
  f: Integrand,
  rule: OracleRule,
  lo: number,
  hi: number,
  panels: number,
  first: number,
  count: number,
): Sum {
  const [h, hRest] = stepOf(lo, hi, panels);
  const chunk: Sum = { sum: 0, rest: 0 };
  if (first === 0) {
    if (rule.ends[0] !== 0) addTo(chunk, rule.ends[0] * f(lo));
    if (rule.ends[1] !== 0) addTo(chunk, rule.ends[1] * f(hi));
  }
  for (const { shift, weight } of rule.passes) {
    // The last panel's right end is the end of the range, which has been added.
    const points = shift === 1 && first + count === panels ? count - 1 : count;
    for (let at = 0; at < points; at += BLOCK) {
      const { x, clamped } = blockNodes(lo, hi, h, hRest, first + at, shift, Math.min(BLOCK, points - at));
      addTo(
        chunk,
        weight *
          sumBlock(
            x.map((node) => f(node)),
            clamped,
          ),
      );
    }
  }
  return chunk;
}

/** Nodes of one block: panels `first` and on. `clamped`: the grid is so narrow there that rounding could pass the end. */
export function blockNodes(
  lo: number,
  hi: number,
  h: number,
  hRest: number,
  first: number,
  shift: number,
  count: number,
): { readonly x: number[]; readonly clamped: boolean } {
  const x0 = firstNode(lo, h, hRest, first, shift);
  const clamped = (shift === 1 ? 1 : 1 - shift) * h < Math.max(Math.abs(lo), Math.abs(hi)) * 2 ** -50;
  const x: number[] = [];
  for (let i = 0; i < count; i++) {
    const r = i % GROUP;
    const t = x0 + (i - r) * h;
    const node = t + r * h;
    x.push(clamped ? Math.min(hi, Math.max(lo, node)) : node);
  }
  return { x, clamped };
}

function firstNode(lo: number, h: number, hRest: number, index: number, shift: number): number {
  const product = index * h;
  const productLow = productRest(index, h, product);
  const sum = lo + product;
  const sumLow = sumRest(lo, product, sum);
  return sum + (sumLow + (productLow + index * hRest + shift * h));
}

function sumBlock(y: readonly number[], clamped: boolean): number {
  const whole = clamped ? 0 : y.length - (y.length % GROUP);
  const partial = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i++) partial[i % 8]! += y[i]!;
  const tail = [0, 0];
  for (let i = whole; i < y.length; i++) tail[(i - whole) % 2]! += y[i]!;
  const lane = (k: 0 | 1): number =>
    partial[k]! + partial[2 + k]! + (partial[4 + k]! + partial[6 + k]!) + (tail[k] as number);
  return lane(0) + lane(1);
}

function addTo(sum: Sum, term: number): void {
  const total = sum.sum + term;
  sum.rest += restOfSum(sum.sum, term, total);
  sum.sum = total;
}

function restOfSum(a: number, b: number, sum: number): number {
  // What an overflowing sum leaves behind is nobody's concern: the result is not finite.
  return Number.isFinite(a) && Number.isFinite(b) && Number.isFinite(sum) ? sumRest(a, b, sum) : Number.NaN;
}

/** Neighbours first, then neighbouring pairs: the range is cut at the largest power of two below its length. */
function tree(chunks: readonly Sum[]): Sum {
  if (chunks.length === 1) return chunks[0] as Sum;
  let half = 1;
  while (half * 2 < chunks.length) half *= 2;
  const left = tree(chunks.slice(0, half));
  const right = tree(chunks.slice(half));
  const sum = left.sum + right.sum;
  return { sum, rest: left.rest + right.rest + restOfSum(left.sum, right.sum, sum) };
}

function scale({ sum, rest }: Sum, h: number, hRest: number): number {
  const total = sum + rest;
  const totalLow = restOfSum(sum, rest, total);
  const product = total * h;
  const size = Math.abs(product);
  if (!(size >= SMALLEST && size <= LARGEST && Math.abs(total) <= LARGEST && h <= LARGEST)) return product;
  return product + (productRest(total, h, product) + (total * hRest + totalLow * h));
}
