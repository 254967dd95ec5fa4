/**
 * One integral to a tolerance, in shared memory: from the side of the thread that computes it (assembly/quad/range/integral.ts has the records).
 *
 * Role: the thread that made the context.
 */

import { JobKind } from "../runtime/core/core-units.js";
import type { Heap } from "../runtime/core/heap.js";
import type { Kernel } from "../runtime/jobs/run.js";
import type { UnitSpec } from "../runtime/jobs/unit-job.js";
import type { Segments } from "../types.js";
import { readSegments } from "./segments.js";
import { Slices } from "./slices.js";
import { type Status, statusOf } from "./status.js";

/** All that the result depends on. */
export interface IntegralSpec {
  /** lo < hi; either may be infinite. */
  readonly lo: number;
  readonly hi: number;
  readonly relative: number;
  readonly absolute: number;
  readonly scale: number;
  readonly center: number;
  /** Evaluations that may be spent. */
  readonly maximum: number;
  /** Panels of the first pass. */
  readonly first: number;
  readonly parameters: readonly number[];
  /** Ascending, between lo and hi. */
  readonly breaks: readonly number[];
  readonly rule: "gauss-kronrod" | "tanh-sinh";
  /** Windows around poles, for a principal value: `center` ± `half` are among the breaks. At most 16. */
  readonly poles: readonly { readonly center: number; readonly half: number }[];
}

/** Statuses that are questions: assembly/quad/range/integral.ts. */
const NEEDS_ROOM = 7;
export const NEEDS_DISTANCE = 8;

/** What `integralStep` answers. */
const POINTS = 1;
/** What `integralAdvance` answers besides. */
const ROUND = 3;
/**
 * Panels in a unit of a round where the integrand is the user's code: a point of it may take long, and its values do not depend on what is evaluated with them. Others
 * have the core's units, since bits may depend on these.
 */
const FOREIGN_GRAIN = 8;
/** Evaluations of a panel. */
const NODES = 21;

/** Indices of doubles from the record's beginning, and of words. */
const Double = {
  LO: 0,
  HI: 1,
  RELATIVE: 2,
  ABSOLUTE: 3,
  SCALE: 4,
  CENTER: 5,
  MAXIMUM: 6,
  VALUE: 7,
  ERROR: 8,
  L1: 9,
  EVALUATIONS: 10,
  BAD: 11,
  BAD_X: 12,
} as const;
const Word = { FIRST: 32, STATUS: 33, ROUNDS: 35, PANELS: 36, CAPACITY: 39, DISTANCE: 40 } as const;

/** States of the form in the distance: there is none, it is there, it can be had, it is there and better at 0 too. */
const DISTANCE_NONE = 0;
const DISTANCE_READY = 1;
export const DISTANCE_POSSIBLE = 2;
const DISTANCE_ALWAYS = 3;

/** The state of a form that is there. */
export function distanceState({ isBetterAtZero }: { readonly isBetterAtZero: boolean }): number {
  return isBetterAtZero ? DISTANCE_ALWAYS : DISTANCE_READY;
}

/** The rule that is not the usual one, as `integralMethod` numbers it. */
const TANH_SINH = 1;
/** From one window to the next. */
const FOLD_DOUBLES = 8;

/** Panels that there is room for at first. */
const PANELS = 4096;
/** Parameters and break points of a block that is kept for the next integral. */
const KEPT_PARAMETERS = 8;
const KEPT_BREAKS = 8;

/** Evaluates the points of `count` runs. */
export type Runs = (list: number, count: number) => void;

/** Where evaluations come from. */
export interface Evaluators {
  readonly runs: Runs;
  /** Whether they are the user's code. */
  readonly isForeign?: boolean;
  /** In the distance from a point, made when it is asked for: undefined if there is no such form. */
  readonly distance:
    | (() => { readonly runs: Runs; readonly isBetterAtZero: boolean; readonly kernel?: Kernel })
    | undefined;
}

/** What came of it, up to now or at last. */
export interface IntegralState {
  readonly status: Status;
  readonly value: number;
  readonly error: number;
  readonly l1: number;
  readonly evaluations: number;
  readonly rounds: number;
  readonly panels: number;
  readonly nonFinite: { readonly count: number; readonly x: number } | null;
}

/** Blocks that wait for the next integral, by context. */
const kept = new WeakMap<Heap, { readonly record: number; readonly room: number }[]>();
const KEPT_MAXIMUM = 4;

/** Writes to a cleared record what is asked, all but parameters, break points and poles. @param hasDistance whether there is a form in the distance to be asked for */
export function writeSpec(
  { core, member: { floats, words } }: Heap,
  record: number,
  spec: Omit<IntegralSpec, "parameters" | "breaks" | "poles">,
  hasDistance: boolean,
): void {
  const at = record >>> 3;
  floats[at + Double.LO] = spec.lo;
  floats[at + Double.HI] = spec.hi;
  floats[at + Double.RELATIVE] = spec.relative;
  floats[at + Double.ABSOLUTE] = spec.absolute;
  floats[at + Double.SCALE] = spec.scale;
  floats[at + Double.CENTER] = spec.center;
  floats[at + Double.MAXIMUM] = spec.maximum;
  words[(record >>> 2) + Word.FIRST] = spec.first;
  words[(record >>> 2) + Word.DISTANCE] = hasDistance ? DISTANCE_POSSIBLE : DISTANCE_NONE;
  if (spec.rule === "tanh-sinh") core.integralMethod(record, TANH_SINH);
}

export class Integral {
  private readonly record: number;
  private room: number;
  private readonly isKept: boolean;
  private readonly run: number;
  private distance: ReturnType<NonNullable<Evaluators["distance"]>> | undefined;

  /** Panels that the core has asked room for, and not got yet. */
  private wanted = 0;

  /** Where the user's code is not to keep the thread for long. */
  private slices: Slices | undefined;

  /** @throws {OutOfMemoryError} */
  constructor(
    private readonly heap: Heap,
    spec: IntegralSpec,
    private readonly evaluators: Evaluators,
  ) {
    const { core } = heap;
    const { floats } = heap.member;
    const { parameters, breaks } = spec;
    this.isKept = parameters.length <= KEPT_PARAMETERS && breaks.length <= KEPT_BREAKS;
    const found = this.isKept ? kept.get(heap)?.pop() : undefined;
    if (found === undefined) {
      const [most, mostBreaks] = this.isKept ? [KEPT_PARAMETERS, KEPT_BREAKS] : [parameters.length, breaks.length];
      this.record = heap.alloc(core.integralSize(most, mostBreaks) >>> 0);
      try {
        this.room = heap.alloc(core.integralRoomSize(PANELS) >>> 0);
      } catch (error) {
        heap.free(this.record);
        throw error;
      }
    } else {
      ({ record: this.record, room: this.room } = found);
    }
    const { record } = this;
    core.integralCreate(record, parameters.length, breaks.length);
    if (evaluators.isForeign === true) core.roundGrain(record, FOREIGN_GRAIN);
    core.integralRoom(record, this.room, PANELS);
    this.run = core.integralRun(record);
    writeSpec(heap, record, spec, evaluators.distance !== undefined);
    if (spec.poles.length > 0) {
      let window = (core.integralFolds(record, spec.poles.length) >>> 0) >>> 3;
      for (const { center, half } of spec.poles) {
        floats[window] = center;
        floats[window + 1] = half;
        window += FOLD_DOUBLES;
      }
    }
    let place = (core.integralParameters(record) >>> 0) >>> 3;
    for (const value of parameters) floats[place++] = value;
    place = (core.integralBreaks(record) >>> 0) >>> 3;
    for (const value of breaks) floats[place++] = value;
  }

  /**
   * Goes on.
   *
   * @param until asked after each unit of points, or slice of it: whether to stop here; the next call goes on. All calls have one, or none has
   * @param isWorth asked about what is left of a round: whether others are to compute it. Then it stops, and `endRound` is to come before the next call
   */
  compute(
    until?: () => boolean,
    isWorth?: (units: number, evaluations: number) => boolean,
  ): "done" | "stopped" | "shared" {
    const { record, run, heap } = this;
    const { core, words } = heap;
    const { runs, isForeign } = this.evaluators;
    const roundsAt = (record >>> 2) + Word.ROUNDS;
    let asked = -1;
    if (this.wanted > 0) this.grow();
    if (until !== undefined && isForeign === true) this.slices ??= new Slices(words, run, runs);
    const { slices } = this;
    for (;;) {
      if (slices?.isDone === false) {
        slices.step();
        if (until!()) return "stopped";
        continue;
      }
      let points = isWorth === undefined ? core.integralStep(record) : core.integralAdvance(record);
      if (points === ROUND) {
        const round = words[roundsAt]!;
        // Of foreign code each unit tells more about what it costs.
        if (round !== asked || isForeign === true) {
          asked = round;
          if (isWorth!(core.roundUnits(record), NODES * core.roundPanels(record))) return "shared";
        }
        points = core.integralStep(record);
      }
      if (points === POINTS) {
        if (slices === undefined) runs(run, 1);
        else slices.begin();
      } else if (points !== 0) this.distance!.runs(run, 1);
      else if (!this.answer()) return "done";
      if (until?.()) return "stopped";
    }
  }

  /** The round that `compute` stopped at, as a job of units. */
  round(kernel: Kernel): UnitSpec {
    const { core } = this.heap;
    const { record } = this;
    const distance = this.distance?.kernel;
    const [units, desk] = [core.roundUnits(record), core.roundDesk(record) >>> 0];
    return { kind: JobKind.ROUND, units, desk, kernel, distance, record };
  }

  /** All units of the round are done. */
  endRound(): void {
    this.heap.core.roundEnd(this.record);
  }

  /** So far, those of the round under way included. */
  get evaluations(): number {
    return this.heap.member.floats[(this.record >>> 3) + Double.EVALUATIONS]!;
  }

  /** Answers the core's question. @returns false when there is none: it is done */
  private answer(): boolean {
    const { words } = this.heap;
    const at = this.record >>> 2;
    const status = words[at + Word.STATUS];
    if (status === NEEDS_ROOM) {
      this.wanted = words[at + Word.CAPACITY]!;
      this.grow();
      return true;
    }
    if (status !== NEEDS_DISTANCE) return false;
    const form = this.evaluators.distance?.();
    this.distance = form;
    words[at + Word.DISTANCE] = form === undefined ? DISTANCE_NONE : distanceState(form);
    words[at + Word.STATUS] = 0;
    return true;
  }

  /** Makes room for the panels that are wanted. @throws {OutOfMemoryError} and then the next `compute` begins with it */
  private grow(): void {
    const { heap, record, wanted } = this;
    const room = heap.alloc(heap.core.integralRoomSize(wanted) >>> 0);
    heap.core.integralRoom(record, room, wanted);
    heap.free(this.room);
    this.room = room;
    this.wanted = 0;
  }

  /** What came of it so far. */
  state(): IntegralState {
    const { floats, words } = this.heap.member;
    const at = this.record >>> 3;
    const wordAt = this.record >>> 2;
    const bad = floats[at + Double.BAD]!;
    const rounds = words[wordAt + Word.ROUNDS]!;
    return {
      status: statusOf(words[wordAt + Word.STATUS]!),
      value: rounds === 0 ? Number.NaN : floats[at + Double.VALUE]!,
      error: rounds === 0 ? Number.POSITIVE_INFINITY : floats[at + Double.ERROR]!,
      l1: floats[at + Double.L1]!,
      evaluations: floats[at + Double.EVALUATIONS]!,
      rounds,
      panels: words[wordAt + Word.PANELS]!,
      nonFinite: bad === 0 ? null : { count: bad, x: floats[at + Double.BAD_X]! },
    };
  }

  /** How the range is cut. Afterwards it cannot go on. */
  segments(): Segments {
    return readSegments(this.heap, this.record);
  }

  /** Gives its memory back. Nothing else may be called then. */
  close(): void {
    const { heap, record, room } = this;
    const isUsual = this.isKept && this.wanted === 0 && heap.words[(record >>> 2) + Word.CAPACITY] === PANELS;
    const list = kept.get(heap) ?? [];
    // Threads may be in a round that was given up.
    if (isUsual && list.length < KEPT_MAXIMUM && !heap.isVisited) {
      if (list.length === 0) kept.set(heap, list);
      list.push({ record, room });
      return;
    }
    heap.freeBehind(room);
    heap.freeBehind(record);
  }
}
