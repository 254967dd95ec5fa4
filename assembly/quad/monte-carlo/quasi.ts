/**
 * The records of an integral by randomised quasi-Monte Carlo points, and how they are divided.
 *
 *   Quasi     what is asked, what came of it, where the rest lies
 *   Cell      a box, one or several of which make the region
 *   Axis      an axis of a cell
 *   Bench     a thread's own place in a unit of work: states of the sequences, partial sums; before it the Run that the driver reads
 *
 * The same points, 2^n of them, are used in `REPLICATES` ways, each a randomisation of its own; in each cell they are the same. A round computes, for some
 * cells, all randomisations with more points. Its units are blocks of consecutive points of one randomisation in one cell:
 *
 *   unit -> cell, randomisation, block         in this order, the block fastest
 *
 * Sums of a unit stand in its slot.
 *
 * Role: the thread that made the integral between rounds; any thread for units, which only reads what is here and writes to its slot and its bench.
 */
import { align16 } from "../../memory/align";
import { Run } from "../desk";

/** Randomisations: enough for Student's t to be near its limit, few enough that most of the evaluations go into longer sequences. */
export const REPLICATES: i32 = 16;
/** Shortest lattices: 2^10 points. */
export const LATTICE_SHORTEST: i32 = 10;
/** Longest sequences: 2^26 points, of lattices 2^20. */
export const LONGEST: i32 = 26;
export const LATTICE_LONGEST: i32 = 20;
/** Blocks that the points of a randomisation are cut into, at most; and the least points of one. */
const BLOCKS: i32 = 64;
const BLOCK_LEAST: i32 = 1024;
/** Columns of a generating matrix, 8 bytes each. */
export const COLUMNS: i32 = 32;

/** The host reads and writes doubles 0 to 7 and words 16 to 31 by number: ts/quad/quasi.ts. */
@unmanaged
export class Quasi {
  relative: f64;
  absolute: f64;
  /** Evaluations that may be spent. */
  maximum: f64;
  /** A whole number, 0 to 2^53. */
  seed: f64;
  evaluations: f64;
  /** The integral of |f|; of all components together. */
  l1: f64;
  /** Values that were not finite. */
  bad: f64;
  /** The first of them in the order of units: its index in its sequence. */
  badPoint: f64;

  dimensions: i32;
  components: i32;
  cells: i32;
  /** What is asked for: SOBOL, LATTICE, or EITHER. */
  points: i32;
  /** SOBOL or LATTICE: what this round's points are. */
  method: i32;
  status: i32;
  rounds: i32;
  /** Units of this round. */
  units: i32;
  /** Where EITHER stands: PILOT_LATTICE, PILOT_SOBOL, CHOSEN. */
  pilot: i32;
  /** Columns of the generating matrices that are computed. */
  columns: i32;
  /** Whether the tolerance is for the modulus of two components. */
  isComplex: i32;
  /** Binary logarithm of the points of the first round. */
  first: i32;
  /** The unit of `badPoint`. */
  badUnit: i32;
  /** Points of a unit of this round, about. */
  unitPoints: i32;
  /** Of lattices: the error, in units of the tolerance, that the next round should not exceed. */
  goal: f64;
  /** The first component's value, when there last was no spread. */
  sharp: f64;

  /** Addresses. */
  parameters: u32;
  cellAt: u32;
  axisAt: u32;
  /** Direction numbers, 32 words for each dimension; lattice vectors, a word for each dimension, for lengths 2^LATTICE_SHORTEST to 2^LATTICE_LONGEST. Host's. */
  directionsAt: u32;
  vectorsAt: u32;
  columnAt: u32;
  shiftAt: u32;
  /** Sums by cell, randomisation, component; those of the pilot's lattice. */
  sumAt: u32;
  keptAt: u32;
  slotAt: u32;
  valueAt: u32;
  errorAt: u32;

  /** What deviations are multiplied by before they are squared (errors.ts); 0 while there was nothing but zeros. */
  scale: f64;
}

export const SOBOL: i32 = 0;
export const LATTICE: i32 = 1;
export const EITHER: i32 = 2;

export const PILOT_LATTICE: i32 = 0;
export const PILOT_SOBOL: i32 = 1;
export const CHOSEN: i32 = 2;

@unmanaged
export class Cell {
  volume: f64;
  /** Variance of its part of the value: of the component where that is largest. */
  variance: f64;
  /** The same of the pilot's lattice. */
  kept: f64;
  /** Integral of |f| over it. */
  l1: f64;
  keptL1: f64;
  /** Binary logarithms of the points of a randomisation: so far (-1: none), and after this round; equal if it is not of this round. */
  had: i32;
  now: i32;
  /** Its first unit in this round, and how many there are of each randomisation. */
  unit: i32;
  blocks: i32;
}

@unmanaged
export class Axis {
  lo: f64;
  width: f64;
  /** The doubles next to the ends, within. */
  least: f64;
  most: f64;
}

@unmanaged
export class Bench {
  /** Address of the run, and that it is one. */
  list: u32;
  count: i32;
  /** The unit, its cell and randomisation. */
  unit: i32;
  cell: i32;
  replicate: i32;
  /** Of the unit: the pair that comes next and the one where it ends; pairs that were written and wait for their values. */
  pair: i32;
  end: i32;
  waiting: i32;
  /** Values that were not finite, and the first point of them. */
  bad: f64;
  badPoint: f64;
  x: u32;
  y: u32;
  stateAt: u32;
  /** Sums of the unit: of each component, of sizes; then the same of a batch. */
  sumAt: u32;
}

/** Pairs that are written at a time: x of at most 16 KB, if that are 16 pairs or more. */
export function batchPairs(dimensions: i32): i32 {
  return max(16, min(128, 1 << (31 - clz(1024 / dimensions))));
}

export function benchBytes(dimensions: i32, components: i32): u32 {
  return align16(offsetof<Bench>()) + align16(offsetof<Run>()) + 16 * <u32>(dimensions + 2 * (components + 1) + batchPairs(dimensions) * (dimensions + components));
}

export function layOutBench(bench: Bench, quasi: Quasi): void {
  const dimensions = quasi.dimensions;
  const components = quasi.components;
  let at = <u32>changetype<usize>(bench) + align16(offsetof<Bench>());
  bench.list = at;
  bench.count = 1;
  const run = changetype<Run>(at);
  at += align16(offsetof<Run>());
  bench.stateAt = at;
  at += (<u32>dimensions) << 4;
  bench.sumAt = at;
  at += (<u32>components + 1) << 5;
  bench.x = at;
  at += (<u32>(dimensions * batchPairs(dimensions))) << 4;
  bench.y = at;
  run.parameters = quasi.parameters;
  run.x = bench.x;
  run.y = bench.y;
  run.coordinates = dimensions;
  run.components = components;
}

/** Numbers of a slot: sums of the components, of sizes, values that were not finite, the first point of those. */
// @ts-ignore: decorator
@inline
export function slotNumbers(components: i32): i32 {
  return components + 3;
}

export function quasiBytes(dimensions: i32, components: i32, cells: i32, parameters: i32): u32 {
  const sums = (<u32>(cells * REPLICATES * components)) << 3;
  return (
    align16(offsetof<Quasi>()) +
    align16((<u32>parameters) << 3) +
    <u32>cells * offsetof<Cell>() +
    <u32>(cells * dimensions) * offsetof<Axis>() +
    <u32>(dimensions * 32) * 4 +
    <u32>(dimensions * (LATTICE_LONGEST - LATTICE_SHORTEST + 1) + 1) * 4 +
    <u32>(REPLICATES * dimensions * (COLUMNS + 1)) * 8 +
    2 * sums +
    ((<u32>(cells * REPLICATES * BLOCKS * slotNumbers(components))) << 3) +
    ((<u32>components) << 4) +
    64
  );
}

export function layOutQuasi(quasi: Quasi, dimensions: i32, components: i32, cells: i32, parameters: i32): void {
  let at = <u32>changetype<usize>(quasi);
  memory.fill(at, 0, align16(offsetof<Quasi>()));
  quasi.dimensions = dimensions;
  quasi.components = components;
  quasi.cells = cells;
  const sums = (<u32>(cells * REPLICATES * components)) << 3;
  at += align16(offsetof<Quasi>());
  quasi.parameters = at;
  at += align16((<u32>parameters) << 3);
  quasi.cellAt = at;
  at += <u32>cells * offsetof<Cell>();
  quasi.axisAt = at;
  at += <u32>(cells * dimensions) * offsetof<Axis>();
  quasi.columnAt = at;
  at += <u32>(REPLICATES * dimensions * COLUMNS) * 8;
  quasi.shiftAt = at;
  at += <u32>(REPLICATES * dimensions) * 8;
  quasi.sumAt = at;
  at += sums;
  quasi.keptAt = at;
  at += sums;
  quasi.slotAt = at;
  at += (<u32>(cells * REPLICATES * BLOCKS * slotNumbers(components))) << 3;
  quasi.valueAt = at;
  at += (<u32>components) << 3;
  quasi.errorAt = at;
  at += (<u32>components) << 3;
  quasi.directionsAt = at;
  at += <u32>(dimensions * 32) * 4;
  quasi.vectorsAt = at;
}

// @ts-ignore: decorator
@inline
export function cellOf(quasi: Quasi, index: i32): Cell {
  return changetype<Cell>(quasi.cellAt + <u32>index * offsetof<Cell>());
}

// @ts-ignore: decorator
@inline
export function axisOf(quasi: Quasi, cell: i32, axis: i32): Axis {
  return changetype<Axis>(quasi.axisAt + <u32>(cell * quasi.dimensions + axis) * offsetof<Axis>());
}

/** Points of a block of a cell in this round: a power of two that divides what the sequences were and what they become, so that blocks are what is new, no more and no less. */
export function blockPoints(quasi: Quasi, cell: Cell): i32 {
  const begun = begunAt(quasi, cell);
  return min(begun > 0 ? begun : 1 << cell.now, max(BLOCK_LEAST, (1 << cell.now) / BLOCKS));
}

/** Where the sequences of a cell go on in this round: longer Sobol sequences where they were; lattices are other points. */
export function begunAt(quasi: Quasi, cell: Cell): i32 {
  return quasi.method == LATTICE || cell.had < 0 ? 0 : 1 << cell.had;
}
