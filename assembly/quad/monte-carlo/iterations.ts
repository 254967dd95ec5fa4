/**
 * What becomes of the iterations of VEGAS: a value, an error, and how the next one samples.
 *
 * An iteration is unbiased, whatever was learnt before. The result is the mean of the last ones, weighted by their samples (weights by variance would favour
 * those that missed a peak), as many of them as make the error smallest, 4 at least; not the first three, which had much to learn. Its error is that of 99.99 %
 * (3.9 deviations), times the root of chi² per degree of freedom, if that is above 1: iterations that disagree are not to be believed.
 *
 * Each iteration has 1.15 times the samples of the one before. Bins move so that each would have the same sum of the fourth roots of its mean square, smoothed: half way, by
 * the logarithm, to what would be best for a product. Cubes get samples by the power 3/4 of their deviations, two at least.
 *
 * Source: G. P. Lepage, "A new algorithm for adaptive multidimensional integration", J. Comp. Phys. 27 (1978); "Adaptive multidimensional integration:
 *         VEGAS enhanced", J. Comp. Phys. 439 (2021), arXiv:2009.05112. There the damping takes logarithms.
 * Role:   the thread that made the integral, between rounds.
 */
import { BUDGET, COMPUTING, CONVERGED, NOT_FINITE } from "../status";
import { errorInTolerances, scaleOf } from "./errors";
import { BINS, CUBES, ITERATIONS, UNITS, Vegas, binsFrom, edgeAt, iterationAt, slotDoubles } from "./vegas";

const DEVIATIONS: f64 = 3.9;
const GROWTH: f64 = 1.15;
/** Iterations before those that count, and how many of them count at least. */
const LEARNING: i32 = 3;
const LEAST: i32 = 4;
/** Samples of the first iteration: this part of the budget, within these. */
const PART: f64 = 0.05;
const FEWEST: f64 = 1000;
const MOST: f64 = 100000;
/** No iteration has more, for its samples are counted in pairs by words. */
const LONGEST: f64 = 268435456;
const EPSILON: f64 = 2.220446049250313e-16;
/** Integrals of |f| beyond this, or below its inverse, are computed as multiples of a power of two: squares would be beyond doubles. */
const LARGE: f64 = 1e80;

/** Lays out the first iteration, if the budget allows one. */
export function beginVegas(vegas: Vegas): void {
  vegas.status = COMPUTING;
  vegas.scale = 1;
  vegas.wanted = max(FEWEST, min(MOST, PART * vegas.maximum));
  if (vegas.wanted > vegas.maximum) {
    vegas.status = BUDGET;
    vegas.units = 0;
    return;
  }
  for (let dimension = 0; dimension < vegas.dimensions; dimension++) {
    for (let bin = 1; bin < BINS; bin++) {
      const part = <f64>bin / BINS;
      store<f64>(
        edgeAt(vegas, dimension, bin),
        load<f64>(edgeAt(vegas, dimension, 0)) * (1 - part) + load<f64>(edgeAt(vegas, dimension, BINS)) * part,
      );
    }
  }
  layIteration(vegas);
}

/** Cuts the cube for the samples that are wanted, and divides them. */
function layIteration(vegas: Vegas): void {
  // As many parts of an axis as leave each cube four samples.
  let strata = 1;
  while (fits(vegas, strata + 1)) strata++;
  if (strata != vegas.strata) {
    vegas.strata = strata;
    vegas.cubes = 1;
    for (let dimension = 0; dimension < vegas.dimensions; dimension++) vegas.cubes *= strata;
    for (let cube = 0; cube < vegas.cubes; cube++) store<f64>(vegas.varianceAt + ((<u32>cube) << 3), 1);
  }
  const cubes = vegas.cubes;
  vegas.rows = min(UNITS, cubes);
  vegas.units = vegas.rows;
  let all: f64 = 0;
  for (let cube = 0; cube < cubes; cube++) all += need(vegas, cube);
  const pairs = 0.5 * vegas.wanted;
  // One pair each, and the others by need.
  const free = pairs - <f64>cubes;
  let before = 0;
  for (let cube = 0; cube < cubes; cube++) {
    store<i32>(vegas.beforeAt + ((<u32>cube) << 2), before);
    before += 1 + <i32>(all > 0 ? (free * need(vegas, cube)) / all : free / <f64>cubes);
  }
  store<i32>(vegas.beforeAt + ((<u32>cubes) << 2), before);
  vegas.pairs = before;
  vegas.unitPoints = 2 * (before / vegas.rows);
}

/** The deviation within a cube, to the power of 3/4. */
function need(vegas: Vegas, cube: i32): f64 {
  const deviation = sqrt(load<f64>(vegas.varianceAt + ((<u32>cube) << 3)));
  return sqrt(deviation * sqrt(deviation));
}

function fits(vegas: Vegas, strata: i32): bool {
  let cubes: f64 = 1;
  for (let dimension = 0; dimension < vegas.dimensions; dimension++) cubes *= <f64>strata;
  return cubes <= <f64>CUBES && 4 * cubes <= vegas.wanted;
}

/** Digests an iteration. @returns whether there is another */
export function decideVegas(vegas: Vegas): bool {
  if (vegas.status != COMPUTING) return false;
  collect(vegas);
  vegas.evaluations += 2 * <f64>vegas.pairs;
  if (vegas.rounds == 0 && rescale(vegas)) return true;
  const off = combine(vegas);
  vegas.rounds += 1;
  if (vegas.bad > 0 || !isFinite(vegas.l1)) vegas.status = NOT_FINITE;
  else if (vegas.rounds >= LEARNING + LEAST && off <= 1) vegas.status = CONVERGED;
  else if (!extend(vegas)) vegas.status = BUDGET;
  if (vegas.status == COMPUTING) return true;
  vegas.units = 0;
  return false;
}

/** After the first iteration. @returns whether its squares say nothing, so that it is computed again, with a scale */
function rescale(vegas: Vegas): bool {
  const size = load<f64>(iterationAt(vegas, 0), 8);
  const isUsual = size == 0 || (size < LARGE && size > 1 / LARGE);
  if (isUsual || vegas.bad > 0 || !isFinite(size) || vegas.evaluations + vegas.wanted > vegas.maximum) return false;
  vegas.scale = scaleOf(size);
  vegas.strata = 0;
  layIteration(vegas);
  return true;
}

/** Adds up the slots, in their order, into the first one. */
function collect(vegas: Vegas): void {
  const numbers = slotDoubles(vegas);
  const bad = 2 * vegas.components + 1;
  const into = <usize>vegas.slotAt;
  for (let unit = 0; unit < vegas.units; unit++) {
    const from = into + <usize>unit * ((<usize>numbers) << 3);
    const count = load<f64>(from + ((<usize>bad) << 3));
    if (count > 0 && vegas.bad == 0) {
      const sample = load<f64>(from + ((<usize>bad) << 3), 8);
      vegas.badUnit = unit;
      vegas.badPair = Math.floor(sample / 2);
      vegas.badLane = <i32>(sample - 2 * vegas.badPair);
    }
    vegas.bad += count;
    if (unit == 0) continue;
    for (let number: usize = 0; number < (<usize>numbers) << 3; number += 8) {
      store<f64>(into + number, load<f64>(into + number) + load<f64>(from + number));
    }
  }
  const iteration = iterationAt(vegas, vegas.rounds);
  store<f64>(iteration, 2 * <f64>vegas.pairs);
  store<f64>(iteration, load<f64>(into + ((<usize>(bad - 1)) << 3)), 8);
  memory.copy(iteration + 16, into, (<usize>vegas.components) << 4);
}

/** Value and error. @returns the largest error in units of its tolerance: within it up to 1 */
function combine(vegas: Vegas): f64 {
  const last = vegas.rounds;
  const first = min(LEARNING, max(0, last + 1 - LEAST));
  // From where on: what makes the first component's error smallest, or rather the sum of all their variances.
  let from = first;
  let best = Infinity;
  for (let start = first; start + LEAST <= last + 1; start++) {
    const variance = varianceFrom(vegas, start, last);
    if (variance < best) {
      best = variance;
      from = start;
    }
  }
  vegas.kept = last + 1 - from;
  let samples: f64 = 0;
  vegas.l1 = 0;
  for (let index = from; index <= last; index++) {
    const at = iterationAt(vegas, index);
    samples += load<f64>(at);
    vegas.l1 += load<f64>(at) * load<f64>(at, 8);
  }
  vegas.l1 /= samples;
  vegas.consistency = 0;
  for (let component = 0; component < vegas.components; component++) {
    let value: f64 = 0;
    let variance: f64 = 0;
    for (let index = from; index <= last; index++) {
      const share = load<f64>(iterationAt(vegas, index)) / samples;
      value += share * valueOf(vegas, index, component);
      variance += share * share * varianceOf(vegas, index, component);
    }
    let squares: f64 = 0;
    for (let index = from; index <= last; index++) {
      const away = valueOf(vegas, index, component) - value;
      if (away != 0) squares += (away * away) / varianceOf(vegas, index, component);
    }
    const consistency = vegas.kept > 1 ? squares / <f64>(vegas.kept - 1) : 0;
    vegas.consistency = max(vegas.consistency, consistency);
    // Without any variance what iterations differ by is rounding.
    const deviation = variance > 0 ? DEVIATIONS * sqrt(variance * max(1, consistency)) : 0;
    const error = (deviation + 16 * EPSILON * vegas.l1) / vegas.scale;
    value /= vegas.scale;
    store<f64>(vegas.valueAt + ((<u32>component) << 3), value);
    store<f64>(vegas.errorAt + ((<u32>component) << 3), error);
  }
  vegas.l1 /= vegas.scale;
  return errorInTolerances(
    vegas.errorAt,
    vegas.valueAt,
    vegas.components,
    vegas.isComplex != 0,
    vegas.relative,
    vegas.absolute,
    vegas.scale,
  );
}

function varianceFrom(vegas: Vegas, first: i32, last: i32): f64 {
  let samples: f64 = 0;
  let variance: f64 = 0;
  for (let index = first; index <= last; index++) {
    const own = load<f64>(iterationAt(vegas, index));
    samples += own;
    for (let component = 0; component < vegas.components; component++) {
      variance += own * own * varianceOf(vegas, index, component);
    }
  }
  return variance / (samples * samples);
}

function valueOf(vegas: Vegas, index: i32, component: i32): f64 {
  return load<f64>(iterationAt(vegas, index) + 16 + ((<usize>component) << 4));
}

function varianceOf(vegas: Vegas, index: i32, component: i32): f64 {
  return load<f64>(iterationAt(vegas, index) + 16 + ((<usize>component) << 4), 8);
}

/** Learns, and lays out the next iteration. @returns whether the budget allows one */
function extend(vegas: Vegas): bool {
  if (vegas.rounds >= ITERATIONS) return false;
  const left = vegas.maximum - vegas.evaluations;
  const usual = min(LONGEST, GROWTH * vegas.wanted);
  // What would be left is added to the last iteration, or left alone, if it is too little for one.
  vegas.wanted = left < usual + GROWTH * usual ? left : usual;
  if (vegas.wanted < 0.5 * usual || vegas.wanted > LONGEST) return false;
  if (vegas.l1 > 0) {
    for (let dimension = 0; dimension < vegas.dimensions; dimension++) moveEdges(vegas, dimension);
  }
  layIteration(vegas);
  return true;
}

function moveEdges(vegas: Vegas, dimension: i32): void {
  const bins = <usize>vegas.slotAt + ((<usize>(binsFrom(vegas.components) + 2 * BINS * dimension)) << 3);
  const means = <usize>vegas.scratchAt;
  const needs = means + (BINS << 3);
  const edges = needs + (BINS << 3);
  for (let bin = 0; bin < BINS; bin++) {
    const count = load<f64>(bins + ((<usize>bin) << 4), 8);
    store<f64>(means + ((<usize>bin) << 3), count > 0 ? load<f64>(bins + ((<usize>bin) << 4)) / count : 0);
  }
  let all: f64 = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const own = load<f64>(means + ((<usize>bin) << 3));
    const before = bin > 0 ? load<f64>(means + ((<usize>(bin - 1)) << 3)) : own;
    const after = bin < BINS - 1 ? load<f64>(means + ((<usize>(bin + 1)) << 3)) : own;
    const need = sqrt(sqrt(0.125 * before + 0.75 * own + 0.125 * after));
    store<f64>(needs + ((<usize>bin) << 3), need);
    all += need;
  }
  if (!(all > 0) || !isFinite(all)) return;
  const lo = load<f64>(edgeAt(vegas, dimension, 0));
  const hi = load<f64>(edgeAt(vegas, dimension, BINS));
  // A tenth is spread evenly, so that no place is forgotten.
  const even = (0.1 * all) / BINS;
  const share = (1.1 * all) / BINS;
  let sum: f64 = 0;
  let bin = 0;
  for (let edge = 1; edge < BINS; edge++) {
    const goal = <f64>edge * share;
    let own = load<f64>(needs + ((<usize>bin) << 3)) + even;
    while (sum + own < goal && bin < BINS - 1) {
      sum += own;
      bin += 1;
      own = load<f64>(needs + ((<usize>bin) << 3)) + even;
    }
    const from = load<f64>(edgeAt(vegas, dimension, bin));
    const to = load<f64>(edgeAt(vegas, dimension, bin + 1));
    store<f64>(edges + ((<usize>edge) << 3), max(lo, min(hi, from + (to - from) * min(1, (goal - sum) / own))));
  }
  for (let edge = 1; edge < BINS; edge++)
    store<f64>(edgeAt(vegas, dimension, edge), load<f64>(edges + ((<usize>edge) << 3)));
}
