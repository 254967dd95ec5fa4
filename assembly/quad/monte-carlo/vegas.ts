/**
 * The records of an integral by VEGAS: importance sampling by a map of each axis that is learnt, and strata whose numbers of samples are.
 *
 *   Vegas      what is asked, what came of it, where the rest lies
 *   Iteration  what one iteration came to: for each component a value and its variance
 *   Shift      a thread's own place in a unit of work; before it the run that the driver reads
 *
 * Each axis is divided into BINS bins, which the map makes equally long: the narrower a bin, the denser the samples. The cube of the mapped axes is divided
 * into `strata` parts an axis, `cubes` in all. A round is an iteration; a unit is a row of neighbouring cubes, all samples of them. Its results stand in its slot:
 *
 *   f64 × 2 m   for each component the mean of f times the map's density, summed over the cubes, and the variances of these means
 *   f64 × 3     the same of |f|; values that were not finite; the first of these samples
 *   f64 × 2 d b for each axis and bin the squares of what was summed, and how many samples
 *
 * and the variance within each cube in a list of its own, by which the next iteration divides its samples.
 *
 * Role: the thread that made the integral between rounds; any thread for units, which only reads what is here, and writes to slot, list and its shift.
 */
import { align16 } from "../../memory/align";
import { Run } from "../desk";

/** Bins of an axis. */
export const BINS: i32 = 128;
/** Cubes at most: what the lists have room for. */
export const CUBES: i32 = 1 << 16;
/** Units of an iteration at most. */
export const UNITS: i32 = 64;
/** Iterations that there is room for: the last is 1.15^this times as long as the first. */
export const ITERATIONS: i32 = 64;
/** Pairs that are written at a time. */
export const PAIRS: i32 = 32;

/** The host reads and writes doubles 0 to 7 and words 16 to 31 by number: ts/quad/vegas.ts. */
@unmanaged
export class Vegas {
  relative: f64;
  absolute: f64;
  /** Evaluations that may be spent. */
  maximum: f64;
  /** A whole number, 0 to 2^53. */
  seed: f64;
  evaluations: f64;
  l1: f64;
  /** Values that were not finite, and the first sample of them. */
  bad: f64;
  badPair: f64;

  dimensions: i32;
  components: i32;
  status: i32;
  rounds: i32;
  units: i32;
  isComplex: i32;
  /** Of this iteration: parts of an axis, cubes. */
  strata: i32;
  cubes: i32;
  /** Samples that this iteration was to have; it has a few more, or less. */
  wanted: f64;
  /** Pairs of samples of this iteration. */
  pairs: i32;
  badLane: i32;
  badUnit: i32;
  /** Iterations that the result is made of, from the last one back; chi² per degree of freedom of them is in `consistency`. */
  kept: i32;
  /** Units of this iteration, also when it is the last and done. */
  rows: i32;
  /** Samples of a unit of this iteration, about. */
  unitPoints: i32;

  consistency: f64;

  /** Addresses. */
  parameters: u32;
  /** Two doubles for each axis: least and most. */
  boxAt: u32;
  /** BINS + 1 edges for each axis. */
  edgeAt: u32;
  /** For each cube, and behind the last: pairs of samples before it. */
  beforeAt: u32;
  /** For each cube the variance of f within it, summed over components. */
  varianceAt: u32;
  slotAt: u32;
  iterationAt: u32;
  valueAt: u32;
  errorAt: u32;
  scratchAt: u32;

  /** What values are multiplied by before they are squared, and all that is made of them: a power of two. Results are without it. */
  scale: f64;
}

@unmanaged
export class Shift {
  /** Address of the run, and that it is one. */
  list: u32;
  count: i32;
  unit: i32;
  /** Where writing is: the cube, pairs left in it; and the cube where the unit ends. */
  cube: i32;
  left: i32;
  end: i32;
  /** The same of digesting, and how many pairs are written and not digested. */
  digesting: i32;
  digestingLeft: i32;
  waiting: i32;
  /** The pair of the iteration that is written next. */
  pair: i32;
  badLane: i32;
  /** Of the unit. */
  bad: f64;
  badPair: f64;
  x: u32;
  y: u32;
  /** For each axis the cube's place. */
  placeAt: u32;
  /** For each pair the density's inverse; for each axis and pair two bins. */
  weightAt: u32;
  binAt: u32;
  /** Sums within the cube: of each component, of the squares of each, of sizes. */
  sumAt: u32;
  /** What becomes the slot. */
  slotAt: u32;
}

export function slotDoubles(vegas: Vegas): i32 {
  return 2 * vegas.components + 3 + 2 * vegas.dimensions * BINS;
}

/** Index of the first bin's doubles in a slot. */
// @ts-ignore: decorator
@inline
export function binsFrom(components: i32): i32 {
  return 2 * components + 3;
}

export function vegasBytes(dimensions: i32, components: i32, parameters: i32): u32 {
  const slot = (<u32>(2 * components + 3 + 2 * dimensions * BINS)) << 3;
  return (
    align16(offsetof<Vegas>()) +
    align16((<u32>parameters) << 3) +
    (<u32>dimensions << 4) +
    (<u32>(dimensions * (BINS + 1)) << 3) +
    align16(<u32>(CUBES + 1) << 2) +
    (<u32>CUBES << 3) +
    <u32>UNITS * slot +
    (<u32>(ITERATIONS * (2 * components + 2)) << 3) +
    (<u32>components << 4) +
    (<u32>(3 * BINS) << 3) +
    16
  );
}

export function layOutVegas(vegas: Vegas, dimensions: i32, components: i32, parameters: i32): void {
  let at = <u32>changetype<usize>(vegas);
  memory.fill(at, 0, align16(offsetof<Vegas>()));
  vegas.dimensions = dimensions;
  vegas.components = components;
  at += align16(offsetof<Vegas>());
  vegas.parameters = at;
  at += align16((<u32>parameters) << 3);
  vegas.boxAt = at;
  at += <u32>dimensions << 4;
  vegas.edgeAt = at;
  at += <u32>(dimensions * (BINS + 1)) << 3;
  vegas.beforeAt = at;
  at += align16(<u32>(CUBES + 1) << 2);
  vegas.varianceAt = at;
  at += <u32>CUBES << 3;
  vegas.slotAt = at;
  at += <u32>UNITS * (<u32>slotDoubles(vegas) << 3);
  vegas.iterationAt = at;
  at += <u32>(ITERATIONS * (2 * components + 2)) << 3;
  vegas.valueAt = at;
  at += <u32>components << 3;
  vegas.errorAt = at;
  at += <u32>components << 3;
  vegas.scratchAt = at;
}

export function shiftBytes(dimensions: i32, components: i32): u32 {
  return (
    align16(offsetof<Shift>()) +
    align16(offsetof<Run>()) +
    <u32>PAIRS * (<u32>(dimensions + components + 1) << 4) +
    align16(<u32>dimensions << 2) +
    align16(<u32>(PAIRS * dimensions) << 2) +
    (<u32>(2 * components + 1) << 4) +
    align16((<u32>(2 * components + 3 + 2 * dimensions * BINS)) << 3)
  );
}

export function layOutShift(shift: Shift, vegas: Vegas): void {
  const dimensions = vegas.dimensions;
  const components = vegas.components;
  let at = <u32>changetype<usize>(shift) + align16(offsetof<Shift>());
  shift.list = at;
  shift.count = 1;
  const run = changetype<Run>(at);
  at += align16(offsetof<Run>());
  shift.x = at;
  at += <u32>PAIRS * (<u32>dimensions << 4);
  shift.y = at;
  at += <u32>PAIRS * (<u32>components << 4);
  shift.weightAt = at;
  at += <u32>PAIRS << 4;
  shift.placeAt = at;
  at += align16(<u32>dimensions << 2);
  shift.binAt = at;
  at += align16(<u32>(PAIRS * dimensions) << 2);
  shift.sumAt = at;
  at += <u32>(2 * components + 1) << 4;
  shift.slotAt = at;
  run.parameters = vegas.parameters;
  run.x = shift.x;
  run.y = shift.y;
  run.coordinates = dimensions;
  run.components = components;
}

/** Pairs of samples before a cube. */
// @ts-ignore: decorator
@inline
export function pairsBefore(vegas: Vegas, cube: i32): i32 {
  return load<i32>(vegas.beforeAt + (<u32>cube << 2));
}

/** Address of the doubles of an iteration: samples, the integral of |f|; for each component its value, its variance. */
// @ts-ignore: decorator
@inline
export function iterationAt(vegas: Vegas, index: i32): usize {
  return vegas.iterationAt + (<u32>(index * (2 * vegas.components + 2)) << 3);
}

// @ts-ignore: decorator
@inline
export function edgeAt(vegas: Vegas, dimension: i32, bin: i32): usize {
  return vegas.edgeAt + (<u32>(dimension * (BINS + 1) + bin) << 3);
}
