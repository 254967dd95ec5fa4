/**
 * One integral by regions of a box, in shared memory: from the side of the thread that made it (assembly/quad/box/regions.ts has the records).
 *
 * Role: the thread that made the context.
 */
import { JobKind } from "../runtime/core/core-units.js";
import type { Heap } from "../runtime/core/heap.js";
import type { Limited } from "./choosing.js";
import type { Points, SeveralJob, SeveralSpec, SeveralState } from "./several-rule.js";
import { statusOf } from "./status.js";

/** Dimensions at most: a region has 6,745 points then. */
export const REGION_DIMENSIONS = 12;

/** Indices of doubles from the record's beginning, and of words. */
const Double = { RELATIVE: 0, ABSOLUTE: 1, MAXIMUM: 2, EVALUATIONS: 3, L1: 4, BAD: 5 } as const;
const Word = {
  COMPLEX: 14,
  FIRST: 15,
  STATUS: 16,
  ROUNDS: 18,
  REGIONS: 19,
  CAPACITY: 20,
  NODES: 26,
  PER_UNIT: 28,
} as const;
/** Words that are addresses. */
const Address = {
  PARAMETERS: 32,
  LO: 33,
  HI: 34,
  BREAK_INDEX: 35,
  BREAKS: 36,
  VALUES: 37,
  ERRORS: 38,
  BAD: 44,
} as const;

/** What `cubatureDecide` answers. */
const ROUND = 1;
const ROOM = 2;

export class Cubature implements Limited {
  private readonly record: number;
  private readonly desk: number;
  private room = 0;

  /** @throws {OutOfMemoryError} */
  constructor(
    private readonly heap: Heap,
    private readonly spec: SeveralSpec,
  ) {
    const { core, words } = heap;
    const { components, parameters } = spec;
    const dimensions = spec.lo.length;
    const breaks = spec.lo.map((_, axis) => spec.breaks[axis] ?? []);
    const planes = breaks.flat();
    this.record = heap.alloc(core.cubatureSize(dimensions, components, parameters.length, planes.length) >>> 0);
    const { record } = this;
    core.cubatureCreate(record, dimensions, components, parameters.length, planes.length);
    const { floats } = heap.member;
    const double = record >>> 3;
    floats[double + Double.RELATIVE] = spec.relative;
    floats[double + Double.ABSOLUTE] = spec.absolute;
    floats[double + Double.MAXIMUM] = spec.maximum;
    words[(record >>> 2) + Word.COMPLEX] = Number(spec.isComplex);
    words[(record >>> 2) + Word.FIRST] = spec.first;
    floats.set(parameters, this.at(Address.PARAMETERS));
    floats.set(spec.lo, this.at(Address.LO));
    floats.set(spec.hi, this.at(Address.HI));
    floats.set(planes, this.at(Address.BREAKS));
    let index = this.at(Address.BREAK_INDEX, 2);
    let from = 0;
    for (const list of [...breaks, []]) {
      words[index++] = from;
      from += list.length;
    }
    this.desk = heap.alloc(core.cubatureDesk(record) >>> 0);
    this.decide();
  }

  /** Index of what an address word names: of doubles, or of words. */
  private at(word: number, shift = 3): number {
    return (this.heap.words[(this.record >>> 2) + word]! >>> 0) >>> shift;
  }

  get units(): number {
    return this.heap.core.cubatureUnits(this.record);
  }

  get job(): SeveralJob {
    const { core, words } = this.heap;
    const { record } = this;
    const at = record >>> 2;
    const unitEvaluations = words[at + Word.NODES]! * words[at + Word.PER_UNIT]!;
    return { kind: JobKind.REGIONS, record, desk: core.cubatureDesk(record) >>> 0, unitEvaluations };
  }

  compute(unit: number, points: Points): void {
    const { core, words } = this.heap;
    const { desk } = this;
    core.cubatureUnit(this.record, unit, desk);
    while (core.cubatureStep(this.record, desk)) points(words[desk >>> 2]!, words[(desk >>> 2) + 1]!);
  }

  /** Changes the budget. */
  limit(maximum: number): void {
    this.heap.member.floats[(this.record >>> 3) + Double.MAXIMUM] = maximum;
  }

  decide(): boolean {
    const { core, words } = this.heap;
    for (;;) {
      const answer = core.cubatureDecide(this.record);
      if (answer !== ROOM) return answer === ROUND;
      const regions = words[(this.record >>> 2) + Word.CAPACITY]!;
      const room = this.heap.alloc(core.cubatureRoomSize(this.record, regions) >>> 0);
      core.cubatureRoom(this.record, room, regions);
      if (this.room !== 0) this.heap.freeBehind(this.room);
      this.room = room;
    }
  }

  state(): SeveralState {
    const { floats } = this.heap.member;
    const { words } = this.heap;
    const double = this.record >>> 3;
    const word = this.record >>> 2;
    const { components, lo } = this.spec;
    const rounds = words[word + Word.ROUNDS]!;
    const list = (address: number, none: number): number[] => {
      const at = this.at(address);
      return rounds === 0 ? new Array(components).fill(none) : Array.from(floats.subarray(at, at + components));
    };
    const bad = floats[double + Double.BAD]!;
    const badAt = this.at(Address.BAD);
    return {
      status: statusOf(words[word + Word.STATUS]!),
      values: list(Address.VALUES, Number.NaN),
      errors: list(Address.ERRORS, Number.POSITIVE_INFINITY),
      l1: floats[double + Double.L1]!,
      evaluations: floats[double + Double.EVALUATIONS]!,
      rounds,
      regions: words[word + Word.REGIONS]!,
      nonFinite: bad === 0 ? null : { count: bad, point: Array.from(floats.subarray(badAt, badAt + lo.length)) },
    };
  }

  close(): void {
    // Threads that were in a job of it may be there still.
    if (this.room !== 0) this.heap.freeBehind(this.room);
    this.heap.free(this.desk);
    this.heap.freeBehind(this.record);
  }
}
