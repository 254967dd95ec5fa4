/**
 * One integral by regions of a box, in shared memory: from the side of the thread that made it (assembly/quad/box/regions.ts has the records).
 *
 * Role: the thread that made the context.
 */
import { JobKind } from "../runtime/core/core-units.js";
import type { Heap } from "../runtime/core/heap.js";
import { allocWithDesk, doublesAt, readNonFinite, readState, writeAsked } from "./several-record.js";
import type { Limited, Points, SeveralJob, SeveralSpec, SeveralState } from "./several-rule.js";

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
const PLACES = { Double, Word, Address };

/** What `cubatureDecide` answers. */
const ROUND = 1;
const ROOM = 2;

export class Cubature implements Limited {
  private readonly record: number;
  private readonly desk: number;
  private room = 0;
  /** Regions that the core has asked room for, and not got yet. */
  private wanted = 0;

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
    const { record, desk } = allocWithDesk(
      heap,
      core.cubatureSize(dimensions, components, parameters.length, planes.length),
      (record) => {
        core.cubatureCreate(record, dimensions, components, parameters.length, planes.length);
        return core.cubatureDesk(record);
      },
    );
    this.record = record;
    this.desk = desk;
    const { floats } = heap.member;
    const place = (index: number): number => doublesAt(heap, record, index);
    writeAsked(heap, record, PLACES, spec);
    words[(record >>> 2) + Word.FIRST] = spec.first;
    floats.set(parameters, place(Address.PARAMETERS));
    floats.set(spec.lo, place(Address.LO));
    floats.set(spec.hi, place(Address.HI));
    floats.set(planes, place(Address.BREAKS));
    let index = (words[(record >>> 2) + Address.BREAK_INDEX]! >>> 0) >>> 2;
    let from = 0;
    for (const list of [...breaks, []]) {
      words[index++] = from;
      from += list.length;
    }
    try {
      this.decide();
    } catch (error) {
      this.close();
      throw error;
    }
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
    if (this.wanted > 0) this.grow();
    for (;;) {
      const answer = core.cubatureDecide(this.record);
      if (answer !== ROOM) return answer === ROUND;
      this.wanted = words[(this.record >>> 2) + Word.CAPACITY]!;
      this.grow();
    }
  }

  /** Makes room for the regions that are wanted. @throws {OutOfMemoryError} and then the next `decide` begins with it */
  private grow(): void {
    const { heap, record, wanted } = this;
    const room = heap.alloc(heap.core.cubatureRoomSize(record, wanted) >>> 0);
    heap.core.cubatureRoom(record, room, wanted);
    if (this.room !== 0) heap.freeBehind(this.room);
    this.room = room;
    this.wanted = 0;
  }

  state(): SeveralState {
    const { heap, record } = this;
    const { components, lo } = this.spec;
    return readState(heap, record, PLACES, components, {
      regions: heap.words[(record >>> 2) + Word.REGIONS]!,
      nonFinite: readNonFinite(heap, record, PLACES, lo.length, () => [heap.words[(record >>> 2) + Address.BAD]!, 1]),
    });
  }

  close(): void {
    // Threads that were in a job of it may be there still.
    if (this.room !== 0) this.heap.freeBehind(this.room);
    this.heap.free(this.desk);
    this.heap.freeBehind(this.record);
  }
}
