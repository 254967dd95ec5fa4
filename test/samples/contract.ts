/**
 * docs/numerics.md, "Samples", as a program: slow, obvious, and sharing nothing with the library. What the page calls exact is exact here; all else is JavaScript's arithmetic, which is
 * IEEE 754.
 */
import { productRest, sumRest } from "../quad/drivers/exact.js";

/** An unevaluated sum. */
type Pair = readonly [high: number, low: number];

export interface OracleSamples {
  readonly y: Float64Array;
  readonly x?: Float64Array;
  readonly dx?: number;
  readonly rule: "trapezoid" | "simpson" | "romberg";
}

const BLOCK = 4096;
const CHUNK = 65_536;

function exactSum(a: number, b: number): Pair {
  const sum = a + b;
  return [sum, sumRest(a, b, sum)];
}

function exactProduct(a: number, b: number): Pair {
  const product = a * b;
  return [product, productRest(a, b, product)];
}

function pair(term: Pair | number): Pair {
  return typeof term === "number" ? [term, 0] : term;
}

/** (a + b): highs exactly, lows rounded, and the two exactly again. */
function plus(a: Pair, b: Pair): Pair {
  const [high, low] = exactSum(a[0], b[0]);
  return exactSum(high, low + a[1] + b[1]);
}

function total(...terms: (Pair | number)[]): Pair {
  return terms.map(pair).reduce(plus, [0, 0] as Pair);
}

function times([high, low]: Pair, factor: number): Pair {
  return [high * factor, low * factor];
}

function quotient(a: Pair, b: Pair): Pair {
  const rest = (from: Pair, part: number): Pair => {
    const [high, low] = exactProduct(b[0], part);
    return plus(from, times(exactSum(high, low + (b[0] * 0 + b[1] * part)), -1));
  };
  const first = a[0] / b[0];
  const one = rest(a, first);
  const second = one[0] / b[0];
  const [high, low] = exactSum(first, second);
  return exactSum(high, low + rest(one, second)[0] / b[0]);
}

/** total × width / divisor. */
function scaled(sum: Pair, width: number, divisor: number): number {
  const [step, stepLow] = quotient([Math.abs(width), 0], [divisor, 0]);
  const [whole, rest] = exactSum(sum[0], sum[1]);
  const [high, low] = exactProduct(whole, step);
  return Math.sign(width) * (high + (low + (whole * stepLow + rest * step)));
}

function accumulate([sum, errors]: Pair, term: number): Pair {
  const [next, error] = exactSum(sum, term);
  return [next, errors + error];
}

/** A binary tree over chunks, neighbours first. */
function tree(chunks: readonly (readonly Pair[])[]): readonly Pair[] {
  if (chunks.length === 1) return chunks[0]!;
  const half = 2 ** Math.ceil(Math.log2(chunks.length) - 1);
  const [left, right] = [tree(chunks.slice(0, half)), tree(chunks.slice(half))];
  return left.map((a, k) => {
    const b = right[k]!;
    const [sum, error] = exactSum(a[0], b[0]);
    return [sum, a[1] + b[1] + error] as const;
  });
}

/** Sums of `count` terms, cut into chunks and blocks. @param blockSums of the terms from <= i < to */
function sums(count: number, width: number, blockSums: (from: number, to: number) => number[]): readonly Pair[] {
  const chunks: Pair[][] = [];
  for (let chunk = 0; chunk < count; chunk += CHUNK) {
    let slot: Pair[] = Array.from({ length: width }, () => [0, 0]);
    for (let block = chunk; block < Math.min(count, chunk + CHUNK); block += BLOCK) {
      const found = blockSums(block, Math.min(count, block + BLOCK));
      slot = slot.map((before, k) => accumulate(before, found[k]!));
    }
    chunks.push(slot);
  }
  return chunks.length === 0 ? Array.from({ length: width }, () => [0, 0] as const) : tree(chunks);
}

/** Sums of every stride-th sample by index modulo 8. */
function classes(y: Float64Array, stride: number): readonly Pair[] {
  return sums((y.length - 1) / stride + 1, 8, (from, to) => {
    const found = new Array(8).fill(0) as number[];
    for (let i = from; i < to; i++) found[i % 8]! += y[stride * i]!;
    return found;
  });
}

const bend = (h0: number, h1: number, d0: number, d1: number): number =>
  h0 === 0 || h1 === 0 ? 0 : (h0 * d1 - h1 * d0) * (h0 / h1 + h1 / h0 - 1);

/** Six parabolas over both intervals; over the second alone. */
const six = (h0: number, h1: number, y0: number, y1: number, y2: number): number =>
  3 * (h0 * (y0 + y1) + h1 * (y1 + y2)) - bend(h0, h1, y1 - y0, y2 - y1);
const bendOfLast = (h0: number, h1: number, y0: number, y1: number, y2: number): number =>
  h0 === 0 || h1 === 0 ? 0 : (h0 * (y2 - y1) - h1 * (y1 - y0)) * ((h1 / h0) * (h1 / (h0 + h1)));
const sixLast = (h0: number, h1: number, y0: number, y1: number, y2: number): number =>
  3 * (h1 * (y1 + y2)) - bendOfLast(h0, h1, y0, y1, y2);

export function oracle({ y, x, dx = 1, rule }: OracleSamples): { readonly value: number; readonly error: number } {
  const m = y.length - 1;
  const width = (i: number, j: number): number => (x === undefined ? j - i : x[j]! - x[i]!);
  const result = (value: number, difference: number): { value: number; error: number } => ({
    value,
    error: difference + 2 ** -50 * Math.abs(value),
  });
  if (rule === "romberg") return rombergOf(y, m, dx, result);

  // What pairs and quads leave.
  const last = m % 2 === 1 && m > 1 ? sixLast(width(m - 2, m - 1), width(m - 1, m), y[m - 2]!, y[m - 1]!, y[m]!) : 0;
  const kept = y.reduce<number[]>((some, _, i) => (i % 2 === 0 || i === m ? [...some.slice(-2), i] : some), []);
  const [i, j, k] = kept.length < 3 ? [0, 0, m] : (kept as [number, number, number]);
  const intervals = Math.ceil(m / 2);
  let left = 0;
  if (m === 2) left = 3 * (width(0, 2) * (y[0]! + y[2]!));
  else if (intervals % 2 === 1 && m > 1) left = sixLast(width(i, j), width(j, k), y[i]!, y[j]!, y[k]!);
  else if (m % 4 === 3) left = six(width(i, j), width(j, k), y[i]!, y[j]!, y[k]!);

  if (x === undefined) {
    const c = classes(y, 1);
    const trapezoid = scaled(total(...c, -y[0]! / 2, -y[m]! / 2), dx, 1);
    if (m === 1) return result(trapezoid, Infinity);
    const odd = total(c[1]!, c[3]!, c[5]!, c[7]!, m % 2 === 1 ? -y[m]! : 0);
    const even = total(c[0]!, c[2]!, c[4]!, c[6]!);
    const pairs = total(times(odd, 8), times(even, 4), -2 * y[0]!, -2 * y[m - (m % 2)]!);
    const simpson = scaled(total(pairs, last), dx, 6);
    if (rule === "trapezoid") return result(trapezoid, 3 * Math.abs(trapezoid - simpson));
    const end = m - (m % 4);
    const inner = total(c[2]!, c[6]!, m % 4 >= 2 ? -y[end + 2]! : 0);
    const quads = total(times(inner, 16), times(total(c[0]!, c[4]!), 8), -4 * y[0]!, -4 * y[end]!);
    const far = Math.abs(simpson - scaled(total(quads, left), dx, 6));
    if (m === 2) return result(simpson, far);
    const inside = total(even, -y[0]!, m % 2 === 0 ? -y[m]! : 0);
    const all = total(c[1]!, c[3]!, c[5]!, c[7]!);
    const later = total(times(inside, 8), times(all, 4), -2 * y[1]!, -2 * y[m % 2 === 0 ? m - 1 : m]!);
    const first = sixLast(1, 1, y[2]!, y[1]!, y[0]!);
    const shifted = scaled(total(later, first, m % 2 === 0 ? sixLast(1, 1, y[m - 2]!, y[m - 1]!, y[m]!) : 0), dx, 6);
    return result(simpson, far + 2 * Math.abs(simpson - shifted));
  }

  const found = sums(m - (m % 2), 4, (from, to) => {
    const t = [0, 0];
    const c = [0, 0];
    let q = 0;
    const r = [0, 0];
    for (let i = from; i < to; i += 2) {
      const [h0, h1] = [width(i, i + 1), width(i + 1, i + 2)];
      const [y0, y1, y2] = [y[i]!, y[i + 1]!, y[i + 2]!];
      const side = ((i - from) / 2) % 2;
      t[side]! += h0 * (y0 + y1) + h1 * (y1 + y2);
      c[side]! += bend(h0, h1, y1 - y0, y2 - y1);
      if (side === 1) q += six(width(i - 2, i), width(i, i + 2), y[i - 2]!, y0, y2);
      if (i > 0) r[side]! += bend(width(i - 1, i), h0, y0 - y[i - 1]!, y1 - y0);
    }
    return [t[0]! + t[1]!, c[0]! + c[1]!, q, r[0]! + r[1]!];
  });
  const [t, c, q, r] = found as [Pair, Pair, Pair, Pair];
  const end = m % 2 === 1 ? width(m - 1, m) * (y[m - 1]! + y[m]!) : 0;
  const trapezoid = scaled(total(t, end), 1, 2);
  if (m === 1) return result(trapezoid, Infinity);
  const simpson = scaled(total(total(t, times(t, 2), times(c, -1)), last), 1, 6);
  if (rule === "trapezoid") return result(trapezoid, 3 * Math.abs(trapezoid - simpson));
  const far = Math.abs(simpson - scaled(total(q, left), 1, 6));
  if (m === 2) return result(simpson, far);
  const [h0, h1, y0, y1, y2] = [width(m - 2, m - 1), width(m - 1, m), y[m - 2]!, y[m - 1]!, y[m]!];
  const first = bendOfLast(width(1, 2), width(0, 1), y[2]!, y[1]!, y[0]!);
  const ends = first + (m % 2 === 0 ? bendOfLast(h0, h1, y0, y1, y2) : bend(h0, h1, y1 - y0, y2 - y1));
  const shifted = scaled(total(t, times(t, 2), 3 * end, times(r, -1), -ends), 1, 6);
  return result(simpson, far + 2 * Math.abs(simpson - shifted));
}

function rombergOf<R>(y: Float64Array, m: number, dx: number, result: (value: number, difference: number) => R): R {
  const levels: Pair[] = [];
  for (let stride = m; stride >= 1; stride /= 2) {
    // The pass that has this spacing: the one at the next lower power of eight.
    const pass = 8 ** Math.floor(Math.log2(stride) / 3);
    const c = classes(y, pass);
    const some = c.filter((_, k) => k % (stride / pass) === 0);
    levels.push(times(total(...some, -y[0]! / 2, -y[m]! / 2), stride));
  }
  let row = levels;
  let before: Pair | undefined;
  for (let k = 1; row.length > 1; k++) {
    before = row.at(-2);
    const above = row;
    row = above.slice(1).map((fine, j) => {
      return plus(plus([0, 0], fine), quotient(total(fine, times(above[j]!, -1)), total(4 ** k, -1)));
    });
  }
  const value = scaled(row[0]!, dx, 1);
  return result(value, before === undefined ? Infinity : Math.abs(value - scaled(before, dx, 1)));
}

/** Running integrals. */
export function runningOracle({ y, x, dx = 1, rule }: OracleSamples, initial: number): number[] {
  const m = y.length - 1;
  const width = (i: number): number => x![i + 1]! - x![i]!;
  const isSimpson = rule === "simpson" && m > 1;
  const term = (i: number): number => {
    if (!isSimpson) return x === undefined ? y[i]! + y[i + 1]! : width(i) * (y[i]! + y[i + 1]!);
    const isSecond = i % 2 === 1 || i === m - 1;
    const [a, b, c] = isSecond ? [i - 1, i, i + 1] : [i, i + 1, i + 2];
    const [y0, y1, y2] = [y[a]!, y[b]!, y[c]!];
    if (x === undefined) return isSecond ? 5 * y2 + 8 * y1 - y0 : 5 * y0 + 8 * y1 - y2;
    const [h0, h1] = [width(a), width(b)];
    const d = h0 * (y2 - y1) - h1 * (y1 - y0);
    if (isSecond) return 3 * (h1 * (y1 + y2)) - d * ((h1 / h0) * (h1 / (h0 + h1)));
    return 3 * (h0 * (y0 + y1)) - d * ((h0 / h1) * (h0 / (h0 + h1)));
  };
  const scale = x === undefined ? (isSimpson ? dx / 12 : dx / 2) : isSimpson ? 1 / 6 : 1 / 2;
  const found = [initial];
  let carry: Pair = [0, 0];
  for (let chunk = 0; chunk < m; chunk += CHUNK) {
    let local: Pair = [0, 0];
    for (let group = chunk; group < Math.min(m, chunk + CHUNK); group += 8) {
      let sum = 0;
      for (let i = group; i < Math.min(m, group + 8); i++) {
        sum += term(i);
        found.push(initial + scale * (carry[0] + (carry[1] + (local[0] + (local[1] + sum)))));
      }
      local = accumulate(local, sum);
    }
    const [next, error] = exactSum(carry[0], local[0]);
    carry = [next, carry[1] + local[1] + error];
  }
  return found;
}
