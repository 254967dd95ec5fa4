/**
 * One integral by randomised quasi-Monte Carlo points, in shared memory: from the side of the thread that made it (assembly/quad/monte-carlo/quasi.ts has the records).
 *
 * Role: the thread that made the context.
 */

import { JobKind } from "../runtime/core/core-units.js";
import type { Heap } from "../runtime/core/heap.js";
import { LATTICE_DIMENSIONS, latticeVectors } from "./lattice-vectors.js";
import { between } from "./neighbours.js";
import { allocWithDesk, doublesAt, readNonFinite, readState, writeAsked } from "./several-record.js";
import type { Limited, Points, SeveralJob, SeveralSpec, SeveralState } from "./several-rule.js";
import { directionNumbers } from "./sobol-numbers.js";

/** Cells at most: break points that would make more are left out, those of the last axes first. */
const CELLS = 64;

/** Sequences: `either` lets a pilot decide. */
const POINTS = ["sobol", "lattice", "either"] as const;
type QuasiPoints = (typeof POINTS)[number];

/** All that the result depends on. */
export interface QuasiSpec extends SeveralSpec {
  readonly points: QuasiPoints;
}

export interface QuasiState extends SeveralState {
  /** What the points are. */
  readonly points: "sobol" | "lattice";
}

/** Indices of doubles from the record's beginning, and of words. */
const Double = { RELATIVE: 0, ABSOLUTE: 1, MAXIMUM: 2, SEED: 3, EVALUATIONS: 4, L1: 5, BAD: 6 } as const;
const Word = {
  POINTS: 19,
  METHOD: 20,
  STATUS: 21,
  ROUNDS: 22,
  UNITS: 23,
  COMPLEX: 26,
  FIRST: 27,
  UNIT_POINTS: 29,
  PARAMETERS: 34,
} as const;
/** Addresses behind Word.PARAMETERS. */
const Address = { CELLS: 35, AXES: 36, DIRECTIONS: 37, VECTORS: 38, VALUES: 44, ERRORS: 45 } as const;
const PLACES = { Double, Word, Address };
/** Doubles of a cell's record, and of an axis'. */
const CELL_DOUBLES = 7;
const AXIS_DOUBLES = 4;

/** Binary logarithm of the points of the first round's sequences, by what panels the effort would be in one dimension. */
const FIRST = [
  { panels: 8192, logarithm: 14 },
  { panels: 1024, logarithm: 12 },
  { panels: 0, logarithm: 10 },
] as const;

export class Quasi implements Limited {
  private readonly record: number;
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
    const { record, desk } = allocWithDesk(
      heap,
      core.quasiSize(dimensions, components, boxes.length, parameters.length),
      (record) => {
        core.quasiCreate(record, dimensions, components, boxes.length, parameters.length);
        return core.quasiDesk(record);
      },
    );
    this.record = record;
    this.bench = desk;
    const { floats } = heap.member;
    const { words } = heap;
    const word = record >>> 2;
    const place = (index: number): number => doublesAt(heap, record, index);
    const hasLattices = dimensions <= LATTICE_DIMENSIONS;
    writeAsked(heap, record, PLACES, spec);
    floats[(record >>> 3) + Double.SEED] = spec.seed;
    words[word + Word.POINTS] = POINTS.indexOf(hasLattices ? spec.points : "sobol");
    words[word + Word.FIRST] = FIRST.find(({ panels }) => spec.first >= panels)!.logarithm;
    floats.set(parameters, place(Word.PARAMETERS));
    const table = (index: number): number => (words[word + index]! >>> 0) >>> 2;
    words.set(directionNumbers(dimensions), table(Address.DIRECTIONS));
    if (hasLattices) words.set(latticeVectors(dimensions), table(Address.VECTORS));
    boxes.forEach(({ lo, hi }, cell) => {
      const volume = lo.reduce((product, from, axis) => product * (hi[axis]! - from), 1);
      floats[place(Address.CELLS) + cell * CELL_DOUBLES] = volume;
      lo.forEach((from, axis) => {
        const to = hi[axis]!;
        const at = place(Address.AXES) + AXIS_DOUBLES * (cell * dimensions + axis);
        floats.set([from, to - from, ...between(from, to)], at);
      });
    });
    core.quasiBegin(record);
  }

  get units(): number {
    return this.heap.words[(this.record >>> 2) + Word.UNITS]!;
  }

  get job(): SeveralJob {
    const { core, words } = this.heap;
    const { record } = this;
    const unitEvaluations = words[(record >>> 2) + Word.UNIT_POINTS]!;
    return { kind: JobKind.QUASI, record, desk: core.quasiDesk(record) >>> 0, unitEvaluations };
  }

  compute(unit: number, points: Points): void {
    const { core, words } = this.heap;
    const { bench } = this;
    core.quasiUnit(this.record, unit, bench);
    while (core.quasiStep(this.record, bench)) points(words[bench >>> 2]!, words[(bench >>> 2) + 1]!);
  }

  /** Changes the budget. */
  limit(maximum: number): void {
    this.heap.member.floats[(this.record >>> 3) + Double.MAXIMUM] = maximum;
  }

  decide(): boolean {
    return this.heap.core.quasiDecide(this.record) !== 0;
  }

  state(): QuasiState {
    const { heap, record, bench, cells } = this;
    const { components, lo } = this.spec;
    return {
      ...readState(heap, record, PLACES, components, {
        regions: cells,
        nonFinite: readNonFinite(heap, record, PLACES, lo.length, () => [heap.core.quasiBad(record, bench), 2]),
      }),
      points: POINTS[heap.words[(record >>> 2) + Word.METHOD]!] as "sobol" | "lattice",
    };
  }

  close(): void {
    this.heap.free(this.bench);
    // Threads may be in a round that was given up.
    this.heap.freeBehind(this.record);
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
