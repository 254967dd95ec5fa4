/**
 * The rule of regions in two dimensions and more: of degree 9 (rule-table.ts).
 *
 *   S     sums of f over the orbits, A of |f|
 *   value = V Σ w S            V the region's volume
 *   error = V max(3 E7, E5 min(1, E5/E3) / 2)
 *           E3, E5, E7        roots of the sums of squares of the null rules that are 0 up to these degrees; the error is not below 50 eps V Σ |w| A
 *   l1    = V |Σ w A|, or |value|, if that is more
 *   axis  that with the largest fourth difference |s(p) - p²/b² s(b)|, s(t) = f(t) + f(-t) - 2 f(0) on the axis; among those within 1/1000 of it, the one in which
 *         the region is widest, in units of the box
 *
 * In a vector stand the two points c + h t and c - h t. Sums over an orbit: even and odd pairs in an accumulator each, these two added, then the lanes.
 *
 * E7 alone is two numbers, and near 0 now and then where the error is not: at singular corners in five and more dimensions the error was up to 1700 times E7. Where f is
 * smooth E7 falls behind E5 as E5 behind E3, or faster; where it is not they are about as large, and so the error is at least half of what these two let expect.
 *
 * Points with a value that is not finite count as 0; the error is not below |value| then, nor below l1.
 *
 * Role: any thread.
 */
import { Cubature, Part, Region, at, hiOf, loOf, modulus, partAt, partOf } from "./regions";
import { LIST, ORBITS, differenceRatio, orbitPoints } from "./rule-table";

/** How many times the null rules of degree 7 the error is taken for, and how many times what those before let expect of them. */
const SCEPTICISM: f64 = 3;
const SCEPTICISM_OF_EXPECTED: f64 = 0.5;
const ROUND_OFF: f64 = 50 * 2.220446049250313e-16;
/** Differences this near to the largest are as large. */
const TIE: f64 = 0.999;

/** Writes the points of a region. */
export function prepareBox(c: Cubature, region: Region, x: usize): void {
  const d = c.dimensions;
  const pairs = <usize>c.pairs;
  const step = (<usize>d) << 4;
  let template = <usize>c.templateAt;
  for (let axis = 0; axis < d; axis++) {
    const lo = load<f64>(loOf(region, axis));
    const hi = load<f64>(hiOf(c, region, axis));
    const center = f64x2.splat(0.5 * lo + 0.5 * hi);
    const half = 0.5 * hi - 0.5 * lo;
    const signed = f64x2(half, -half);
    let to = x + ((<usize>axis) << 4);
    for (let pair: usize = 0; pair < pairs; pair++) {
      v128.store(to, f64x2.add(center, f64x2.mul(signed, v128.load64_splat(template))));
      to += step;
      template += 8;
    }
  }
}

// @ts-ignore: decorator
@inline
function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Applies the rule to the values: y of component k of pair i at y + 16 (m i + k). @param parts where a Part of each component goes @returns as `digestLine` */
export function digestBox(c: Cubature, region: Region, y: usize, parts: usize, isCleaned: bool): bool {
  let volume: f64 = 1;
  for (let axis = 0; axis < c.dimensions; axis++) {
    volume *= load<f64>(hiOf(c, region, axis)) - load<f64>(loOf(region, axis));
  }
  let isFinite = true;
  for (let k = 0; k < c.components; k++) {
    if (!apply(c, partAt(parts, k), y + ((<usize>k) << 4), volume, isCleaned)) isFinite = false;
  }
  return isFinite;
}

/** One component. @returns whether all is finite */
function apply(c: Cubature, part: Part, y: usize, volume: f64, isCleaned: bool): bool {
  const d = c.dimensions;
  const table = <usize>c.ruleAt;
  const step = (<usize>c.components) << 4;
  let value: f64 = 0;
  let absolute: f64 = 0;
  let signed: f64 = 0;
  let fourth: f64 = 0;
  let crossedFourth: f64 = 0;
  let sixth: f64 = 0;
  let crossedSixth: f64 = 0;
  let tripleSixth: f64 = 0;
  let eighth: f64 = 0;
  let crossedEighth: f64 = 0;
  let place = y;
  for (let orbit = 0; orbit < ORBITS; orbit++) {
    let sum: f64;
    let size: f64;
    if (orbit == 0) {
      sum = load<f64>(place);
      size = abs(sum);
      place += step;
    } else {
      let even = f64x2.splat(0);
      let odd = f64x2.splat(0);
      let evenSize = f64x2.splat(0);
      let oddSize = f64x2.splat(0);
      const pairs = orbitPoints(orbit, d) >> 1;
      for (let pair = 1; pair < pairs; pair += 2) {
        const one = v128.load(place);
        const other = v128.load(place + step);
        even = f64x2.add(even, one);
        odd = f64x2.add(odd, other);
        evenSize = f64x2.add(evenSize, f64x2.abs(one));
        oddSize = f64x2.add(oddSize, f64x2.abs(other));
        place += 2 * step;
      }
      if (pairs & 1) {
        const one = v128.load(place);
        even = f64x2.add(even, one);
        evenSize = f64x2.add(evenSize, f64x2.abs(one));
        place += step;
      }
      sum = both(f64x2.add(even, odd));
      size = both(f64x2.add(evenSize, oddSize));
    }
    const at = table + ((<usize>orbit) << 3);
    const weight = load<f64>(at);
    value += weight * sum;
    signed += weight * size;
    absolute += load<f64>(at, LIST) * size;
    fourth += load<f64>(at, 2 * LIST) * sum;
    crossedFourth += load<f64>(at, 3 * LIST) * sum;
    sixth += load<f64>(at, 4 * LIST) * sum;
    crossedSixth += load<f64>(at, 5 * LIST) * sum;
    tripleSixth += load<f64>(at, 6 * LIST) * sum;
    eighth += load<f64>(at, 7 * LIST) * sum;
    crossedEighth += load<f64>(at, 8 * LIST) * sum;
  }
  // A NaN, or an infinity, among the values is one in the sum of their sizes.
  const isFinite = absolute - absolute == 0;
  if (!isFinite && !isCleaned) return false;
  if (!isFinite) {
    // Finite values whose sum is not.
    part.value = 0;
    part.l1 = 0;
    part.noise = 0;
    part.error = f64.MAX_VALUE;
    return false;
  }
  const integral = value * volume;
  const l1 = max(abs(integral), abs(signed * volume));
  const noise = ROUND_OFF * absolute * volume;
  const e3 = modulus(fourth, crossedFourth);
  const e5 = modulus(modulus(sixth, crossedSixth), tripleSixth);
  const expected = e5 < e3 ? e5 * (e5 / e3) : e5;
  let error = volume * max(SCEPTICISM * modulus(eighth, crossedEighth), SCEPTICISM_OF_EXPECTED * expected);
  if (isCleaned) error = max(error, l1);
  part.value = integral;
  part.l1 = l1;
  part.noise = noise;
  part.error = max(error, noise);
  return true;
}

/** The fourth difference along an axis, of all components together. */
function difference(c: Cubature, region: Region, y: usize, axis: i32): f64 {
  const d = c.dimensions;
  const m = c.components;
  const ratio = differenceRatio(c.ruleAt);
  let sum: f64 = 0;
  for (let k = 0; k < m; k++) {
    const from = y + ((<usize>k) << 4);
    const middle = 2 * load<f64>(from);
    const inner = both(v128.load(from + ((<usize>(m * (1 + d + axis))) << 4))) - middle;
    const outer = both(v128.load(from + ((<usize>(m * (1 + 3 * d + axis))) << 4))) - middle;
    const size = abs(outer - ratio * inner);
    if (m == 1) return size;
    // Components of different sizes: in the first round by their own, later by those of the integrals.
    const noise = partOf(c, region, k).noise;
    const scale = c.rounds > 0 ? at(c.scaleAt, k) : noise > 0 ? 1 / noise : 0;
    sum += scale * size;
  }
  return sum;
}

/** The axis to halve; the region has its parts. */
export function axisOf(c: Cubature, region: Region, y: usize): i32 {
  const d = c.dimensions;
  let most: f64 = 0;
  for (let axis = 0; axis < d; axis++) most = max(most, difference(c, region, y, axis));
  // What is rounding alone is a tie of all: then every axis is as good.
  const least = most * TIE;
  let best = 0;
  let widest: f64 = -1;
  for (let axis = 0; axis < d; axis++) {
    if (!(difference(c, region, y, axis) >= least)) continue;
    const width =
      (load<f64>(hiOf(c, region, axis)) - load<f64>(loOf(region, axis))) / (at(c.hiAt, axis) - at(c.loAt, axis));
    if (width <= widest * 1.0000001) continue;
    widest = width;
    best = axis;
  }
  return best;
}
