/**
 * A unit of VEGAS: the samples of a row of cubes, in batches, written for the driver; the values, added up cube by cube.
 *
 *   beginRow; then, until there is nothing to evaluate, stepRow and the driver in turns
 *
 * Samples come in pairs, each cube has some. Coordinate k of the two samples of pair p of an iteration is made of the numbers 2 (p d + k) and the next of stream
 * 16 + (the iteration's number), divided by 2^64: u; in the mapped axis (cube's place + u) / strata; there the bin and the place within.
 *
 * Role: any thread.
 */
import { keyOf, randomPair } from "./random";
import { Run } from "../desk";
import { LESS, ONE } from "./sobol";
import { BINS, PAIRS, Shift, UNITS, Vegas, binsFrom, edgeAt, layOutShift, pairsBefore, slotDoubles } from "./vegas";

/** Streams of the iterations: this, and what follows. */
const SAMPLES: u64 = 16;

/** Lays out the shift for a unit. */
export function beginRow(vegas: Vegas, unit: i32, shift: Shift): void {
  layOutShift(shift, vegas);
  shift.unit = unit;
  const first = rowAt(vegas, unit);
  shift.cube = first - 1;
  shift.left = 0;
  shift.end = rowAt(vegas, unit + 1);
  shift.digesting = first - 1;
  shift.digestingLeft = 0;
  shift.waiting = 0;
  shift.pair = pairsBefore(vegas, first);
  shift.bad = 0;
  memory.fill(shift.slotAt, 0, <u32>slotDoubles(vegas) << 3);
}

/** The first cube of a unit. */
function rowAt(vegas: Vegas, unit: i32): i32 {
  return <i32>((<i64>vegas.cubes * unit) / vegas.rows);
}

/** Digests what was written before, and writes what comes next. @returns whether there is something to evaluate: if not, the unit's slot is written */
export function stepRow(vegas: Vegas, shift: Shift): bool {
  if (shift.waiting > 0) digest(vegas, shift);
  const written = write(vegas, shift, PAIRS, vegas.rounds);
  shift.waiting = written;
  if (written == 0) {
    memory.copy(
      vegas.slotAt + <u32>shift.unit * (<u32>slotDoubles(vegas) << 3),
      shift.slotAt,
      <u32>slotDoubles(vegas) << 3,
    );
    return false;
  }
  changetype<Run>(shift.list).points = 2 * written;
  return true;
}

/** Writes the sample that had the first value that was not finite. @returns the address of its first coordinate; the others lie 16 bytes apart */
export function badSample(vegas: Vegas, shift: Shift): usize {
  beginRow(vegas, vegas.badUnit, shift);
  const pair = <i32>vegas.badPair;
  let cube = shift.cube + 1;
  while (pairsBefore(vegas, cube + 1) <= pair) cube++;
  shift.cube = cube - 1;
  enter(vegas, shift);
  shift.pair = pair;
  shift.left = 1;
  // The iteration was counted when it was digested.
  write(vegas, shift, 1, vegas.rounds - 1);
  return <usize>shift.x + (<usize>vegas.badLane << 3);
}

/** Goes to the next cube. */
function enter(vegas: Vegas, shift: Shift): void {
  const cube = shift.cube + 1;
  shift.cube = cube;
  shift.left = pairsBefore(vegas, cube + 1) - pairsBefore(vegas, cube);
  let rest = cube;
  for (let dimension = 0; dimension < vegas.dimensions; dimension++) {
    store<i32>(shift.placeAt + (<u32>dimension << 2), rest % vegas.strata);
    rest /= vegas.strata;
  }
}

/** Writes the next samples of an iteration. @returns how many pairs there were, `most` at most */
function write(vegas: Vegas, shift: Shift, most: i32, iteration: i32): i32 {
  const dimensions = vegas.dimensions;
  const key = keyOf(<u64>vegas.seed, SAMPLES + <u64>iteration);
  const one = i64x2.splat(ONE);
  const less = f64x2.splat(LESS);
  const part = f64x2.splat(<f64>BINS / <f64>vegas.strata);
  const bins = f64x2.splat(<f64>BINS);
  let count = 0;
  let x = <usize>shift.x;
  let bin = <usize>shift.binAt;
  for (; count < most; count++) {
    while (shift.left == 0) {
      if (shift.cube + 1 >= shift.end) return count;
      enter(vegas, shift);
    }
    let weight = f64x2.splat(vegas.scale);
    const first = 2 * <u64>shift.pair * <u64>dimensions;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const bits = v128.or(i64x2.shr_u(randomPair(key, first + 2 * <u64>dimension), 12), one);
      const place = f64x2.splat(<f64>load<i32>(shift.placeAt + (<u32>dimension << 2)));
      // At most BINS, by rounding: that is not a bin.
      const t = f64x2.mul(f64x2.add(place, f64x2.sub(bits, less)), part);
      const floor = f64x2.pmin(f64x2.floor(t), f64x2.splat(<f64>(BINS - 1)));
      const low = <i32>f64x2.extract_lane(floor, 0);
      const high = <i32>f64x2.extract_lane(floor, 1);
      const lowEdge = edgeAt(vegas, dimension, low);
      const highEdge = edgeAt(vegas, dimension, high);
      const from = v128.load64_lane(highEdge, v128.load64_zero(lowEdge), 1);
      const to = v128.load64_lane(highEdge, v128.load64_zero(lowEdge, 8), 1, 8);
      const width = f64x2.sub(to, from);
      const box = <usize>vegas.boxAt + (<usize>dimension << 4);
      const at = f64x2.add(from, f64x2.mul(width, f64x2.sub(t, floor)));
      v128.store(x, f64x2.pmin(f64x2.pmax(at, v128.load64_splat(box)), v128.load64_splat(box, 8)));
      weight = f64x2.mul(weight, f64x2.mul(width, bins));
      store<u16>(bin, <u16>low);
      store<u16>(bin, <u16>high, 2);
      x += 16;
      bin += 4;
    }
    v128.store(shift.weightAt + (<u32>count << 4), weight);
    shift.pair += 1;
    shift.left -= 1;
  }
  return count;
}

function digest(vegas: Vegas, shift: Shift): void {
  const dimensions = vegas.dimensions;
  const components = vegas.components;
  const stride = <usize>components << 4;
  const sums = <usize>shift.sumAt;
  const sizes = sums + 2 * stride;
  const first = shift.pair - shift.waiting;
  let y = <usize>shift.y;
  let bin = <usize>shift.binAt;
  for (let index = 0; index < shift.waiting; index++) {
    while (shift.digestingLeft == 0) {
      shift.digesting += 1;
      shift.digestingLeft = pairsBefore(vegas, shift.digesting + 1) - pairsBefore(vegas, shift.digesting);
      memory.fill(sums, 0, 2 * stride + 16);
    }
    const weight = v128.load(shift.weightAt + (<u32>index << 4));
    let squares = f64x2.splat(0);
    for (let at = sums; at < sums + stride; at += 16) {
      const value = f64x2.mul(finite(shift, v128.load(y), first + index), weight);
      const square = f64x2.mul(value, value);
      v128.store(at, f64x2.add(v128.load(at), value));
      v128.store(at + stride, f64x2.add(v128.load(at + stride), square));
      v128.store(sizes, f64x2.add(v128.load(sizes), f64x2.abs(value)));
      squares = f64x2.add(squares, square);
      y += 16;
    }
    const low = f64x2.extract_lane(squares, 0);
    const high = f64x2.extract_lane(squares, 1);
    let bins = <usize>shift.slotAt + (<usize>binsFrom(components) << 3);
    for (let dimension = 0; dimension < dimensions; dimension++) {
      count(bins + (<usize>load<u16>(bin) << 4), low);
      count(bins + (<usize>load<u16>(bin, 2) << 4), high);
      bin += 4;
      bins += <usize>BINS << 4;
    }
    shift.digestingLeft -= 1;
    if (shift.digestingLeft == 0) close(vegas, shift);
  }
}

/** Adds the cube to the unit. */
function close(vegas: Vegas, shift: Shift): void {
  const components = vegas.components;
  const stride = <usize>components << 4;
  const samples = <f64>(2 * (pairsBefore(vegas, shift.digesting + 1) - pairsBefore(vegas, shift.digesting)));
  const share = 1 / <f64>vegas.cubes;
  let slot = <usize>shift.slotAt;
  let variance: f64 = 0;
  for (let component = 0; component < components; component++) {
    const at = <usize>shift.sumAt + (<usize>component << 4);
    const mean = load<f64>(at) + load<f64>(at, 8);
    const squares = load<f64>(at + stride) + load<f64>(at + stride, 8);
    const own = max(0, squares - (mean * mean) / samples) / (samples - 1);
    variance += own;
    store<f64>(slot, load<f64>(slot) + (mean / samples) * share);
    store<f64>(slot, load<f64>(slot, 8) + (own / samples) * share * share, 8);
    slot += 16;
  }
  const sizes = <usize>shift.sumAt + 2 * stride;
  store<f64>(slot, load<f64>(slot) + ((load<f64>(sizes) + load<f64>(sizes, 8)) / samples) * share);
  store<f64>(slot, shift.bad, 8);
  store<f64>(slot, shift.badPair * 2 + <f64>shift.badLane, 16);
  store<f64>(vegas.varianceAt + (<u32>shift.digesting << 3), variance);
}

/** The value with 0 where it is not finite, which is counted. */
function finite(shift: Shift, value: v128, pair: i32): v128 {
  // NaN for what is not finite, else 0.
  const off = f64x2.sub(value, value);
  const isFinite = f64x2.eq(off, off);
  if (i64x2.all_true(isFinite)) return value;
  for (let lane = 0; lane < 2; lane++) {
    if ((lane == 0 ? i64x2.extract_lane(isFinite, 0) : i64x2.extract_lane(isFinite, 1)) != 0) continue;
    if (shift.bad == 0) {
      shift.badPair = <f64>pair;
      shift.badLane = lane;
    }
    shift.bad += 1;
  }
  return v128.and(value, isFinite);
}

// @ts-ignore: decorator
@inline
function count(at: usize, square: f64): void {
  store<f64>(at, load<f64>(at) + square);
  store<f64>(at, load<f64>(at, 8) + 1, 8);
}
