/**
 * One integral by VEGAS, in shared memory: from the side of the thread that made it (assembly/quad/monte-carlo/vegas.ts has the records).
 *
 * Role: the thread that made the context.
 */
import { JobKind } from "../runtime/core/core-units.js";
import type { Heap } from "../runtime/core/heap.js";
import { between } from "./neighbours.js";
import { allocWithDesk, doublesAt, readNonFinite, readState, writeAsked } from "./several-record.js";
import type { Points, SeveralJob, SeveralRule, SeveralSpec, SeveralState } from "./several-rule.js";

/** Bins of an axis. */
const BINS = 128;

export interface VegasState extends SeveralState {
  /** Iterations that the result is made of, and chi² per degree of freedom of them: far above 1 they do not agree. */
  readonly iterations: number;
  readonly consistency: number;
}

/** Indices of doubles from the record's beginning, and of words. */
const Double = {
  RELATIVE: 0,
  ABSOLUTE: 1,
  MAXIMUM: 2,
  SEED: 3,
  EVALUATIONS: 4,
  L1: 5,
  BAD: 6,
  CONSISTENCY: 16,
} as const;
const Word = {
  STATUS: 18,
  ROUNDS: 19,
  UNITS: 20,
  COMPLEX: 21,
  CUBES: 23,
  KEPT: 29,
  UNIT_POINTS: 31,
  PARAMETERS: 34,
} as const;
/** Addresses behind Word.PARAMETERS. */
const Address = { BOX: 35, EDGES: 36, VALUES: 41, ERRORS: 42 } as const;
const PLACES = { Double, Word, Address };

export class Vegas implements SeveralRule {
  private readonly record: number;
  private readonly shift: number;

  /** @throws {OutOfMemoryError} */
  constructor(
    private readonly heap: Heap,
    private readonly spec: SeveralSpec,
  ) {
    const { core } = heap;
    const { components, parameters, lo, hi } = spec;
    const dimensions = lo.length;
    const { record, desk } = allocWithDesk(
      heap,
      core.vegasSize(dimensions, components, parameters.length),
      (record) => {
        core.vegasCreate(record, dimensions, components, parameters.length);
        return core.vegasDesk(record);
      },
    );
    this.record = record;
    this.shift = desk;
    const { floats } = heap.member;
    const place = (index: number): number => doublesAt(heap, record, index);
    writeAsked(heap, record, PLACES, spec);
    floats[(record >>> 3) + Double.SEED] = spec.seed;
    floats.set(parameters, place(Word.PARAMETERS));
    lo.forEach((from, axis) => {
      const to = hi[axis]!;
      floats.set(between(from, to), place(Address.BOX) + 2 * axis);
      floats[place(Address.EDGES) + (BINS + 1) * axis] = from;
      floats[place(Address.EDGES) + (BINS + 1) * axis + BINS] = to;
    });
    core.vegasBegin(record);
  }

  get units(): number {
    return this.heap.words[(this.record >>> 2) + Word.UNITS]!;
  }

  get job(): SeveralJob {
    const { core, words } = this.heap;
    const { record } = this;
    const unitEvaluations = words[(record >>> 2) + Word.UNIT_POINTS]!;
    return { kind: JobKind.VEGAS, record, desk: core.vegasDesk(record) >>> 0, unitEvaluations };
  }

  compute(unit: number, points: Points): void {
    const { core, words } = this.heap;
    const { shift } = this;
    core.vegasUnit(this.record, unit, shift);
    while (core.vegasStep(this.record, shift)) points(words[shift >>> 2]!, words[(shift >>> 2) + 1]!);
  }

  decide(): boolean {
    return this.heap.core.vegasDecide(this.record) !== 0;
  }

  state(): VegasState {
    const { heap, record, shift } = this;
    const { components, lo } = this.spec;
    const word = record >>> 2;
    return {
      ...readState(heap, record, PLACES, components, {
        regions: heap.words[word + Word.CUBES]!,
        nonFinite: readNonFinite(heap, record, PLACES, lo.length, () => [heap.core.vegasBad(record, shift), 2]),
      }),
      iterations: heap.words[word + Word.KEPT]!,
      consistency: heap.member.floats[(record >>> 3) + Double.CONSISTENCY]!,
    };
  }

  close(): void {
    this.heap.free(this.shift);
    // Threads may be in a round that was given up.
    this.heap.freeBehind(this.record);
  }
}
