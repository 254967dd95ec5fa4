/**
 * A unit of quasi-Monte Carlo: its points in batches, written for the driver; the values, added up.
 *
 *   while (stepBlock(quasi, unit, bench)) points(bench, 1)
 *
 * Pairs of values are added in order, batch by batch, and the batches' sums in order: lane by lane, lanes last. Values that are not finite count as 0.
 *
 * A unit can be computed twice, and comes to the same: it changes its slot and the bench alone.
 *
 * Role: any thread.
 */
import { beginLattice, writeLattice } from "./lattice";
import { Bench, Cell, LATTICE, Quasi, REPLICATES, batchPairs, blockPoints, cellOf, slotNumbers } from "./quasi";
import { beginSobol, writeSobol } from "./sobol";

/** Digests what was written before, and writes what comes next. @returns whether there is something to evaluate: if not, the unit's slot is written */
export function stepBlock(quasi: Quasi, unit: i32, bench: Bench): bool {
  let index = 0;
  while (index + 1 < quasi.cells && cellOf(quasi, index + 1).unit <= unit) index++;
  const cell = cellOf(quasi, index);
  const isLattice = quasi.method == LATTICE;
  const own = unit - cell.unit;
  const replicate = own / cell.blocks;
  if (!bench.isBegun) {
    begin(quasi, bench, cell, own % cell.blocks);
    if (isLattice) beginLattice(quasi, bench, replicate, cell.now);
    else beginSobol(quasi, bench, replicate);
  } else digest(bench);
  if (bench.pair == bench.end) {
    deliver(quasi, unit, bench);
    return false;
  }
  const pairs = min(batchPairs(quasi.dimensions), bench.end - bench.pair);
  if (isLattice) writeLattice(quasi, bench, index, cell.now, pairs);
  else writeSobol(quasi, bench, index, replicate, pairs);
  bench.pair += pairs;
  bench.waiting = pairs;
  bench.points = 2 * pairs;
  return true;
}

function begin(quasi: Quasi, bench: Bench, cell: Cell, block: i32): void {
  // Longer Sobol sequences go on where they were, lattices are other points.
  const from = quasi.method == LATTICE || cell.had < 0 ? 0 : 1 << cell.had;
  const points = blockPoints(cell.now);
  bench.pair = (from + block * points) >> 1;
  bench.end = bench.pair + (points >> 1);
  bench.isBegun = 1;
  bench.waiting = 0;
  bench.bad = 0;
  memory.fill(bench.sumAt, 0, (<u32>quasi.components + 1) << 4);
}

/** Adds the values of a batch to the unit's sums. */
function digest(bench: Bench): void {
  if (!addUp(bench)) {
    mend(bench);
    addUp(bench);
  }
  const size = (<usize>bench.components + 1) << 4;
  const sums = <usize>bench.sumAt;
  for (let at = sums; at < sums + size; at += 16) v128.store(at, f64x2.add(v128.load(at), v128.load(at + size)));
}

/** Sums of the batch, and of sizes, behind those of the unit. @returns whether they are finite */
function addUp(bench: Bench): bool {
  const components = bench.components;
  const stride = <usize>components << 4;
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
function mend(bench: Bench): void {
  const end = bench.y + (<u32>(bench.waiting * bench.components) << 4);
  for (let at = <usize>bench.y; at < <usize>end; at += 8) {
    if (isFinite(load<f64>(at))) continue;
    store<f64>(at, 0);
    bench.bad += 1;
  }
}

function deliver(quasi: Quasi, unit: i32, bench: Bench): void {
  bench.isBegun = 0;
  let slot = <usize>quasi.slotAt + ((<usize>(unit * slotNumbers(quasi.components))) << 3);
  for (let number = 0; number <= quasi.components; number++) {
    const sum = v128.load(<usize>bench.sumAt + (<usize>number << 4));
    store<f64>(slot, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    slot += 8;
  }
  store<f64>(slot, bench.bad);
}
