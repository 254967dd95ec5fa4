/**
 * The rule of regions in one dimension: Gauss-Kronrod with 10 and 21 points, as range/kronrod.ts has it for one component, here for several at the same points.
 *
 *   template   t of the center (0) and of the ten pairs, outermost first
 *   table      weights of the 21 points from the center (11), of the 10 points (5)
 *
 * Value, l1 and error of each component are those of range/kronrod.ts, but that the lanes are c + h t and c - h t.
 *
 * Source and role as there.
 */
import { writeRule } from "../range/kronrod";
import { Cubature, Part, Region, hiOf, loOf, partAt } from "./regions";

/** Doubles of what `writeRule` of range/kronrod.ts writes. */
export const LINE_DOUBLES: u32 = 26;
export const LINE_PAIRS: i32 = 11;
export const LINE_NODES: i32 = 21;
const ROUND_OFF: f64 = 50 * 2.220446049250313e-16;
const NODE_ROUNDING: f64 = 0.5 * 2.220446049250313e-16;
const TINY: f64 = 1e-290;

export function writeLine(table: usize, template: usize): void {
  writeRule(table);
  store<f64>(template, 0);
  memory.copy(template + 8, table, 10 << 3);
}

// @ts-ignore: decorator
@inline
function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Applies the rule to the values, as genz-malik.ts has them.
 *
 * @param parts where a Part of each component goes @param isCleaned whether values that are not finite have become 0 @returns whether all is finite
 */
export function digestLine(c: Cubature, region: Region, y: usize, parts: usize, isCleaned: bool): bool {
  const lo = load<f64>(loOf(region, 0));
  const hi = load<f64>(hiOf(c, region, 0));
  let isFinite = true;
  for (let k = 0; k < c.components; k++) {
    if (!apply(c, partAt(parts, k), y + ((<usize>k) << 4), lo, hi, isCleaned)) isFinite = false;
  }
  return isFinite;
}

function apply(c: Cubature, part: Part, y: usize, lo: f64, hi: f64, isCleaned: bool): bool {
  const rule = <usize>c.ruleAt;
  const step = (<usize>c.components) << 4;
  const half = 0.5 * hi - 0.5 * lo;
  const middle = load<f64>(y);
  const middleWeight = load<f64>(rule, 160);
  let k = f64x2.replace_lane(f64x2.splat(0), 0, middleWeight * middle);
  let a = f64x2.abs(k);
  let g = f64x2.splat(0);
  for (let i: usize = 0; i < 10; i++) {
    const values = v128.load(y + (i + 1) * step);
    const term = f64x2.mul(v128.load64_splat(rule + (i << 3), 80), values);
    k = f64x2.add(k, term);
    a = f64x2.add(a, f64x2.abs(term));
    if (i & 1) g = f64x2.add(g, f64x2.mul(v128.load64_splat(rule + ((i >> 1) << 3), 168), values));
  }
  const sum = both(k);
  const absolute = both(a) * half;
  const isFinite = absolute - absolute == 0;
  if (!isFinite && !isCleaned) return false;
  if (!isFinite) {
    part.value = 0;
    part.l1 = 0;
    part.noise = 0;
    part.error = f64.MAX_VALUE;
    return false;
  }
  const mean = 0.5 * sum;
  let r = f64x2.replace_lane(f64x2.splat(0), 0, middleWeight * abs(middle - mean));
  for (let i: usize = 0; i < 10; i++) {
    const distance = f64x2.abs(f64x2.sub(v128.load(y + (i + 1) * step), f64x2.splat(mean)));
    r = f64x2.add(r, f64x2.mul(v128.load64_splat(rule + (i << 3), 80), distance));
  }
  const variation = both(r);
  const spread = variation * half;
  let error = abs((sum - both(g)) * half);
  if (spread != 0 && error != 0) {
    const ratio = (200 * error) / spread;
    error = ratio < 1 ? spread * (ratio * sqrt(ratio)) : spread;
  }
  const value = sum * half;
  let noise = absolute > TINY ? ROUND_OFF * absolute : 0;
  noise = max(noise, NODE_ROUNDING * max(abs(lo), abs(hi)) * variation);
  if (isCleaned) error = max(error, max(abs(value), absolute));
  part.value = value;
  part.l1 = absolute;
  part.noise = noise;
  part.error = max(error, noise);
  return true;
}
