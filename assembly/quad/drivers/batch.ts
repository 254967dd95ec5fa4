/**
 * The same drivers for integrands that take many points at a time: functions of JavaScript, and exports of other modules that map an array.
 *
 * It keeps the contract of grid.ts to the letter: the same nodes, the same order of additions. Where grid.ts has the integrand's instructions in its loop,
 * this driver writes the nodes of many groups into a buffer, calls once, and adds what came.
 *
 *   buffer   source | destination     1024 doubles each, this thread's own (core.ts, threadBuffer): few enough to stay in the first-level cache
 *
 * Role: any thread. It takes no lock and never waits; what it calls may do anything, and throw.
 */
import {
  BLOCK,
  CANCELLED,
  FINISHED,
  GROUP_SHIFT,
  MORE,
  NARROW,
  accumulate,
  nodeAt,
  noteNonFinite,
} from "./grid";
import { PANEL_POINTS_BYTES, PANEL_SUMS_BYTES, Run } from "../desk";
import { writeNodes } from "../panel-nodes";
import { sumUp } from "../panel-sums";
import { Grid, Pass, Work } from "./records";

/** Points of one call, at most (ts/runtime/compute/own-memory.ts, BATCH). */
const BATCH: i32 = 1024;

/** A driver call begins: its parameters. */
// @ts-ignore: decorator
@external("foreign", "begin")
declare function begin(parameters: usize): void;

/** destination[i] = f(source[i]) for i < count; the addresses are 16-byte aligned. */
// @ts-ignore: decorator
@external("foreign", "map")
declare function evaluateAll(source: usize, destination: usize, count: i32): void;

// @ts-ignore: decorator
@external("env", "buffer")
declare const buffer: usize;

/**
 * Goes on with `work` for about `budget` groups.
 *
 * @param budget groups of 16 evaluations to spend, 1 at least; a block's tail is not split, and a search for what is not finite is on the house
 * @returns FINISHED, MORE or CANCELLED
 */
export function grid(work: Work, budget: i32): i32 {
  begin(work.parameters);
  const grid = changetype<Grid>(work.grid);
  const lo = grid.lo;
  const hi = grid.hi;
  const h = grid.step;
  const source = buffer;
  const destination = source + (<usize>BATCH << 3);
  const least = max(abs(lo), abs(hi)) * NARROW;

  if (work.ends) {
    addEnds(work, grid, source, destination);
    work.ends = 0;
  }

  while (true) {
    if (work.pass == grid.passCount) return FINISHED;
    const pass = changetype<Pass>(grid.passes + work.pass * offsetof<Pass>());
    const panels = work.panels - i64(work.last != 0 && pass.shift == 1);
    if (work.position >= panels) {
      work.pass += 1;
      work.position = 0;
      continue;
    }
    if (atomic.load<i32>(work.cancel)) return CANCELLED;
    if (budget <= 0) return MORE;

    const count = <i32>min(BLOCK, panels - work.position);
    const x0 = nodeAt(grid, work.first + work.position, pass.shift);
    const distance = pass.shift == 1 ? h : (1 - pass.shift) * h;
    const groups = distance < least ? 0 : count >> GROUP_SHIFT;
    const stop = min(groups, work.group + budget);
    budget -= stop - work.group + 1;
    while (work.group < stop) {
      addGroups(work, grid, x0, min(stop, work.group + (BATCH >> GROUP_SHIFT)), source, destination);
      // Each call may take long.
      if (atomic.load<i32>(work.cancel)) return CANCELLED;
    }
    if (work.group < groups) return MORE;

    let tail = f64x2.splat(0);
    for (let first = groups << GROUP_SHIFT; first < count; first += BATCH) {
      const end = min(count, first + BATCH);
      carefulNodes(grid, x0, first, end, source);
      evaluateAll(source, destination, end - first);
      tail = addPairs(tail, destination, end - first);
    }
    const total = f64x2.add(f64x2.add(f64x2.add(work.sum0, work.sum1), f64x2.add(work.sum2, work.sum3)), tail);
    const sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
    if (sum - sum != 0) search(work, grid, x0, count, source, destination);
    accumulate(work, pass.weight * sum);
    work.position += count;
    work.group = 0;
    work.sum0 = f64x2.splat(0);
    work.sum1 = f64x2.splat(0);
    work.sum2 = f64x2.splat(0);
    work.sum3 = f64x2.splat(0);
  }
}

/** The two ends of the range, as far as the rule has them. */
function addEnds(work: Work, grid: Grid, source: usize, destination: usize): void {
  const low = grid.endLow;
  const high = grid.endHigh;
  if (low == 0 && high == 0) return;
  // An end of weight 0 is not part of the rule, so f is not asked there.
  store<f64>(source, low != 0 ? grid.lo : grid.hi);
  store<f64>(source, high != 0 ? grid.hi : grid.lo, 8);
  evaluateAll(source, destination, 2);
  if (low != 0) addEnd(work, grid.lo, low, load<f64>(destination));
  if (high != 0) addEnd(work, grid.hi, high, load<f64>(destination, 8));
}

function addEnd(work: Work, x: f64, weight: f64, y: f64): void {
  if (y - y != 0) noteNonFinite(work, x);
  accumulate(work, weight * y);
}

/** The block's groups from `work.group` to `stop`, into its partial sums. */
function addGroups(work: Work, grid: Grid, x0: f64, stop: i32, source: usize, destination: usize): void {
  const offsets = changetype<usize>(grid) + offsetof<Grid>("offsets");
  const h = grid.step;
  let at = source;
  for (let group = work.group; group < stop; group++) {
    const t = f64x2.splat(x0 + <f64>(group << GROUP_SHIFT) * h);
    for (let offset: usize = 0; offset < 128; offset += 16, at += 16) {
      v128.store(at, f64x2.add(t, v128.load(offsets + offset)));
    }
  }
  evaluateAll(source, destination, (stop - work.group) << GROUP_SHIFT);
  let s0 = work.sum0;
  let s1 = work.sum1;
  let s2 = work.sum2;
  let s3 = work.sum3;
  const end = destination + (at - source);
  for (at = destination; at < end; at += 128) {
    s0 = f64x2.add(f64x2.add(s0, v128.load(at)), v128.load(at, 64));
    s1 = f64x2.add(f64x2.add(s1, v128.load(at, 16)), v128.load(at, 80));
    s2 = f64x2.add(f64x2.add(s2, v128.load(at, 32)), v128.load(at, 96));
    s3 = f64x2.add(f64x2.add(s3, v128.load(at, 48)), v128.load(at, 112));
  }
  work.sum0 = s0;
  work.sum1 = s1;
  work.sum2 = s2;
  work.sum3 = s3;
  work.group = stop;
}

/** Writes the block's nodes from `first` to `end`, clamped to the range, as grid.ts has them on its careful road. */
function carefulNodes(grid: Grid, x0: f64, first: i32, end: i32, source: usize): void {
  const step = f64x2.splat(grid.step);
  for (let i = first, at = source; i < end; i += 2, at += 16) {
    const r = <f64>(i & 15);
    const t = f64x2.splat(x0 + <f64>(i & ~15) * grid.step);
    const offset = f64x2.mul(f64x2(r, i + 1 < end ? r + 1 : r), step);
    v128.store(at, f64x2.pmin(f64x2.splat(grid.hi), f64x2.pmax(f64x2.splat(grid.lo), f64x2.add(t, offset))));
  }
}

/** Adds values by lanes; an odd last one goes to the low one. */
function addPairs(sum: v128, from: usize, count: i32): v128 {
  for (let i = 0; i < count; i += 2, from += 16) {
    const y = v128.load(from);
    sum = f64x2.add(sum, i + 1 < count ? y : f64x2.replace_lane(y, 1, 0));
  }
  return sum;
}

/** All points of a block whose sum is not finite again, to find those that were not. */
function search(work: Work, grid: Grid, x0: f64, count: i32, source: usize, destination: usize): void {
  for (let first = 0; first < count; first += BATCH) {
    const end = min(count, first + BATCH);
    carefulNodes(grid, x0, first, end, source);
    evaluateAll(source, destination, end - first);
    for (let i = 0; i < end - first; i++) {
      const at = (<usize>i) << 3;
      const y = load<f64>(destination + at);
      if (y - y != 0) noteNonFinite(work, load<f64>(source + at));
    }
  }
}

/** Writes f(x[i]) to y[i] for i < count. @param x @param y addresses of `count` doubles each, 16-byte aligned */
export function map(parameters: usize, x: usize, y: usize, count: i32): void {
  begin(parameters);
  for (let i = 0; i < count; i += BATCH) {
    const offset = (<usize>i) << 3;
    evaluateAll(x + offset, y + offset, min(BATCH, count - i));
  }
}

/** f at the points of each run: quad/drivers/runs.ts has the contract. */
export function runs(list: usize, count: i32): void {
  for (let index = 0; index < count; index++) {
    const run = changetype<Run>(list + <usize>index * offsetof<Run>());
    const end = <usize>run.x + ((<usize>run.points) << 3);
    let slot = <usize>run.slots;
    if (slot != 0) {
      for (let at = <usize>run.x; at < end; at += PANEL_POINTS_BYTES, slot += 4) {
        writeNodes(run.rule, v128.load(<usize>run.panels + load<u32>(slot) * run.stride), at);
      }
    }
    map(run.parameters, run.x, run.y, run.points);
    if (slot == 0) continue;
    let sums = <usize>run.sums;
    for (let at = <usize>run.x; at < end; at += PANEL_POINTS_BYTES, sums += PANEL_SUMS_BYTES) {
      sumUp(run.rule, at - run.x + run.y, sums);
    }
  }
}
