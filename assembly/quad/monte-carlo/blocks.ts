/**
 * A unit of quasi-Monte Carlo: its points in batches, written for the driver; the values, added up.
 *
 *   beginBlock; then, until there is nothing to evaluate, stepBlock and the driver in turns
 *
 * Pairs of values are added in order, batch by batch, and the batches' sums in order: lane by lane, lanes last. Values that are not finite count as 0.
 *
 * A unit can be computed twice, and comes to the same: it changes its slot and the bench alone.
 *
 * Role: any thread.
 */
import { beginLattice, writeLattice } from "./lattice";
import { Run } from "../desk";
import { Bench, LATTICE, Quasi, batchPairs, begunAt, blockPoints, cellOf, layOutBench, slotNumbers } from "./quasi";
import { beginSobol, writeSobol } from "./sobol";

/** Lays out the bench for a unit. */
export function beginBlock(quasi: Quasi, unit: i32, bench: Bench): void {
  layOutBench(bench, quasi);
  let index = 0;
  while (index + 1 < quasi.cells && cellOf(quasi, index + 1).unit <= unit) index++;
  const cell = cellOf(quasi, index);
  const own = unit - cell.unit;
  const points = blockPoints(quasi, cell);
  bench.unit = unit;
  bench.cell = index;
  bench.replicate = own / cell.blocks;
  bench.pair = (begunAt(quasi, cell) + (own % cell.blocks) * points) >> 1;
  bench.end = bench.pair + (points >> 1);
  bench.waiting = 0;
  bench.bad = 0;
  memory.fill(bench.sumAt, 0, (<u32>quasi.components + 1) << 4);
  begin(quasi, bench);
}

function begin(quasi: Quasi, bench: Bench): void {
  if (quasi.method == LATTICE) beginLattice(quasi, bench);
  else beginSobol(quasi, bench);
}

function write(quasi: Quasi, bench: Bench, pairs: i32): void {
  if (quasi.method == LATTICE) writeLattice(quasi, bench, pairs);
  else writeSobol(quasi, bench, pairs);
}

/** Digests what was written before, and writes what comes next. @returns whether there is something to evaluate: if not, the unit's slot is written */
export function stepBlock(quasi: Quasi, bench: Bench): bool {
  if (bench.waiting > 0) digest(bench);
  if (bench.pair == bench.end) {
    deliver(quasi, bench);
    return false;
  }
  const pairs = min(batchPairs(quasi.dimensions), bench.end - bench.pair);
  write(quasi, bench, pairs);
  bench.pair += pairs;
  bench.waiting = pairs;
  changetype<Run>(bench.list).points = 2 * pairs;
  return true;
}

/** Writes the first point that had a value that was not finite, with its neighbour. @returns the address of its first coordinate; the others lie 16 bytes apart */
export function badPlace(quasi: Quasi, bench: Bench): usize {
  beginBlock(quasi, quasi.badUnit, bench);
  const point = <i32>quasi.badPoint;
  bench.pair = point >> 1;
  begin(quasi, bench);
  write(quasi, bench, 1);
  return <usize>bench.x + ((<usize>(point & 1)) << 3);
}

/** Adds the values of a batch to the unit's sums. */
function digest(bench: Bench): void {
  const components = changetype<Run>(bench.list).components;
  if (!addUp(bench, components)) {
    mend(bench, components);
    addUp(bench, components);
  }
  const size = (<usize>components + 1) << 4;
  const sums = <usize>bench.sumAt;
  for (let at = sums; at < sums + size; at += 16) v128.store(at, f64x2.add(v128.load(at), v128.load(at + size)));
}

/** Sums of the batch, and of sizes, behind those of the unit. @returns whether they are finite */
function addUp(bench: Bench, components: i32): bool {
  const stride = (<usize>components) << 4;
  const end = <usize>bench.y + <usize>bench.waiting * stride;
  let into = <usize>bench.sumAt + stride + 16;
  let sizes = f64x2.splat(0);
  for (let first = <usize>bench.y; first < <usize>bench.y + stride; first += 16) {
    let sum = f64x2.splat(0);
    for (let at = first; at < end; at += stride) {
      const value = v128.load(at);
      sum = f64x2.add(sum, value);
      sizes = f64x2.add(sizes, f64x2.abs(value));
    }
    v128.store(into, sum);
    into += 16;
  }
  v128.store(into, sizes);
  return isFinite(f64x2.extract_lane(sizes, 0) + f64x2.extract_lane(sizes, 1));
}

/** Counts the values that are not finite, and makes them 0. */
function mend(bench: Bench, components: i32): void {
  const first = bench.pair - bench.waiting;
  for (let pair = 0; pair < bench.waiting; pair++) {
    for (let lane = 0; lane < 2; lane++) {
      for (let component = 0; component < components; component++) {
        const at = <usize>bench.y + ((<usize>(pair * components + component)) << 4) + ((<usize>lane) << 3);
        if (isFinite(load<f64>(at))) continue;
        store<f64>(at, 0);
        if (bench.bad == 0) bench.badPoint = <f64>(2 * (first + pair) + lane);
        bench.bad += 1;
      }
    }
  }
}

function deliver(quasi: Quasi, bench: Bench): void {
  let slot = <usize>quasi.slotAt + ((<usize>(bench.unit * slotNumbers(quasi.components))) << 3);
  for (let number = 0; number <= quasi.components; number++) {
    const sum = v128.load(<usize>bench.sumAt + ((<usize>number) << 4));
    store<f64>(slot, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    slot += 8;
  }
  store<f64>(slot, bench.bad);
  store<f64>(slot, bench.badPoint, 8);
}
