/**
 * One integral by randomised quasi-Monte Carlo points, in shared memory: from the side of the thread that made it (assembly/quad/quasi.ts has the records).
 *
 * Role: the thread that made the context.
 */
import type { Heap } from "./heap.js";
import { LATTICE_DIMENSIONS, latticeVectors } from "./lattice-vectors.js";
import { directionNumbers, SOBOL_DIMENSIONS } from "./sobol-numbers.js";

/** Dimensions at most. */
export const QUASI_DIMENSIONS = SOBOL_DIMENSIONS;
/** Cells at most: break points that would make more are left out, those of the last axes first. */
const CELLS = 64;

/** Sequences: `either` lets a pilot decide. */
const POINTS = ["sobol", "lattice", "either"] as const;
export type QuasiPoints = (typeof POINTS)[number];

/** All that the result depends on. */
export interface QuasiSpec {
  /** By axis, lo < hi, finite. */
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  /** By axis: ascending, within. */
  readonly breaks: readonly (readonly number[])[];
  readonly components: number;
  readonly relative: number;
  readonly absolute: number;
  /** Evaluations that may be spent. */
  readonly maximum: number;
  /** A whole number, 0 to 2^53 - 1. */
  readonly seed: number;
  readonly points: QuasiPoints;
  readonly parameters: readonly number[];
}

/** As assembly/quad/integral.ts numbers them. */
const STATUSES = [
  "computing",
  "converged",
  "tolerance-not-reached",
  "round-off-limit",
  "divergent",
  "not-finite",
  "budget",
] as const;

/** What came of it, up to now or at last. */
export interface QuasiState {
  readonly status: (typeof STATUSES)[number];
  /** By component. */
  readonly values: readonly number[];
  readonly errors: readonly number[];
  /** Of all components together. */
  readonly l1: number;
  readonly evaluations: number;
  readonly rounds: number;
  /** Boxes that the region was cut into. */
  readonly cells: number;
  /** What the points are. */
  readonly points: "sobol" | "lattice";
  /** Values that were not finite. */
  readonly bad: number;
}

/** Indices of doubles from the record's beginning, and of words. */
const Double = { RELATIVE: 0, ABSOLUTE: 1, MAXIMUM: 2, SEED: 3, EVALUATIONS: 4, L1: 5, BAD: 6 } as const;
const Word = { POINTS: 19, METHOD: 20, STATUS: 21, ROUNDS: 22, UNITS: 23, PARAMETERS: 32 } as const;
/** Addresses behind Word.PARAMETERS. */
const Address = { CELLS: 33, AXES: 34, DIRECTIONS: 35, VECTORS: 36, VALUES: 42, ERRORS: 43 } as const;
/** Doubles of a cell's record, and of an axis'. */
const CELL_DOUBLES = 7;
const AXIS_DOUBLES = 4;

/** Evaluates the points of `count` runs: the driver `points`. */
export type Points = (list: number, count: number) => void;

export class Quasi {
  /** Its address: what `quasiStep` wants. */
  readonly record: number;
  private readonly bench: number;
  private readonly cells: number;

  /** @throws {OutOfMemoryError} */
  constructor(
    private readonly heap: Heap,
    private readonly spec: QuasiSpec,
  ) {
    const { core } = heap;
    const { components, parameters } = spec;
    const dimensions = spec.lo.length;
    const boxes = cut(spec);
    this.cells = boxes.length;
    this.record = heap.alloc(core.quasiSize(dimensions, components, boxes.length, parameters.length) >>> 0);
    const { record } = this;
    this.bench = heap.alloc(core.quasiBenchSize(dimensions, components) >>> 0);
    core.quasiCreate(record, dimensions, components, boxes.length, parameters.length);
    core.quasiBenchCreate(this.bench, record);
    const { floats } = heap.member;
    const { words } = heap;
    const word = record >>> 2;
    const address = (index: number): number => words[word + index]! >>> 0;
    const double = record >>> 3;
    floats[double + Double.RELATIVE] = spec.relative;
    floats[double + Double.ABSOLUTE] = spec.absolute;
    floats[double + Double.MAXIMUM] = spec.maximum;
    floats[double + Double.SEED] = spec.seed;
    const hasLattices = dimensions <= LATTICE_DIMENSIONS;
    words[word + Word.POINTS] = POINTS.indexOf(hasLattices ? spec.points : "sobol");
    floats.set(parameters, address(Word.PARAMETERS) >>> 3);
    words.set(directionNumbers(dimensions), address(Address.DIRECTIONS) >>> 2);
    if (hasLattices) words.set(latticeVectors(dimensions), address(Address.VECTORS) >>> 2);
    boxes.forEach(({ lo, hi }, cell) => {
      const volume = lo.reduce((product, from, axis) => product * (hi[axis]! - from), 1);
      floats[(address(Address.CELLS) >>> 3) + cell * CELL_DOUBLES] = volume;
      lo.forEach((from, axis) => {
        const to = hi[axis]!;
        const at = (address(Address.AXES) >>> 3) + AXIS_DOUBLES * (cell * dimensions + axis);
        floats.set([from, to - from, next(from, to), next(to, from)], at);
      });
    });
    core.quasiBegin(record);
  }

  /** Units of this round; 0 when it is done. */
  get units(): number {
    return this.heap.words[(this.record >>> 2) + Word.UNITS]!;
  }

  /** Computes one unit of the round on this thread. */
  compute(unit: number, points: Points): void {
    const { core } = this.heap;
    while (core.quasiStep(this.record, unit, this.bench)) points(this.bench, 1);
  }

  /** All units are computed. @returns whether there is another round */
  decide(): boolean {
    return this.heap.core.quasiDecide(this.record) !== 0;
  }

  /** What came of it so far. */
  state(): QuasiState {
    const { floats } = this.heap.member;
    const { words } = this.heap;
    const double = this.record >>> 3;
    const word = this.record >>> 2;
    const { components } = this.spec;
    const rounds = words[word + Word.ROUNDS]!;
    const list = (index: number, none: number): number[] => {
      const at = (words[word + index]! >>> 0) >>> 3;
      return rounds === 0 ? new Array(components).fill(none) : Array.from(floats.subarray(at, at + components));
    };
    return {
      status: STATUSES[words[word + Word.STATUS]!] ?? "computing",
      values: list(Address.VALUES, Number.NaN),
      errors: list(Address.ERRORS, Number.POSITIVE_INFINITY),
      l1: floats[double + Double.L1]!,
      evaluations: floats[double + Double.EVALUATIONS]!,
      rounds,
      cells: this.cells,
      points: POINTS[words[word + Word.METHOD]!] as "sobol" | "lattice",
      bad: floats[double + Double.BAD]!,
    };
  }

  /** Gives its memory back. Nothing else may be called then. */
  close(): void {
    this.heap.free(this.bench);
    this.heap.free(this.record);
  }
}

interface Box {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/** The boxes between the break points, the last axis fastest. */
function cut({ lo, hi, breaks }: QuasiSpec): readonly Box[] {
  let boxes: Box[] = [{ lo: [], hi: [] }];
  lo.forEach((from, axis) => {
    const points = breaks[axis] ?? [];
    const own = boxes.length * (points.length + 1) <= CELLS ? points : [];
    const ends = [from, ...own, hi[axis]!];
    boxes = boxes.flatMap((box) =>
      ends.slice(1).map((to, index) => ({ lo: [...box.lo, ends[index]!], hi: [...box.hi, to] })),
    );
  });
  return boxes;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The double next to `x` in the direction of `towards`. */
function next(x: number, towards: number): number {
  if (x === 0) return towards > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  scratch.setFloat64(0, x);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, bits + (towards > x === x > 0 ? 1n : -1n));
  return scratch.getFloat64(0);
}
