/**
 * Computing the units of a job: the same loop on a worker and on the calling thread. It knows no rule: the core says what is to be evaluated.
 *
 * Role: any thread. It never waits.
 */

import type { Core } from "../core/core.js";
import { JobKind, UnitAnswer } from "../core/core-units.js";
import type { Drivers } from "./compute.js";

/** Evaluates what a desk lists. */
type Evaluate = (list: number, count: number) => void;

/** The driver for units of a kind: those of several variables have points of several coordinates. */
export function driverFor(kind: number, drivers: Drivers): Evaluate {
  return kind === JobKind.ROUND || kind === JobKind.SWEEP ? drivers.runs : drivers.points;
}

/** What a thread needs to take part in a job of units. */
export interface UnitPart {
  readonly core: Core;
  /** The shared memory. */
  readonly words: Int32Array;
  readonly evaluate: Evaluate;
  /** In the distance from a point: there if the job has such a form of the integrand. */
  readonly distance: Evaluate | undefined;
  readonly job: number;
  /** Addresses of this thread's work record, and of its desk. */
  readonly work: number;
  readonly desk: number;
  /** Where sets of a sweep find room that have many panels. */
  readonly rooms: Rooms;
}

/** Panels of the least room that is given out: most sets that need one need no other. */
const ROOM_LEAST = 4096;

/** A room for units that ask for one, larger than the one before. */
export class Rooms {
  private room = 0;
  private panels = 0;

  /** @param alloc throws where there is no room. What it has given is in use until `free` */
  constructor(
    private readonly core: Core,
    private readonly alloc: (bytes: number) => number,
    private readonly free: (address: number) => void,
  ) {}

  /** Answers the unit on the desk. @throws {OutOfMemoryError} */
  give(desk: number): void {
    const { core, room } = this;
    const wanted = core.unitRoomWanted(desk);
    if (wanted <= this.panels) {
      core.unitRoomGive(desk, room, this.panels);
      return;
    }
    const panels = Math.max(wanted, ROOM_LEAST);
    const larger = this.alloc(core.integralRoomSize(panels) >>> 0);
    core.unitRoomGive(desk, larger, panels);
    this.room = larger;
    this.panels = panels;
    if (room !== 0) this.free(room);
  }

  close(): void {
    if (this.room !== 0) this.free(this.room);
    this.room = 0;
    this.panels = 0;
  }
}

/**
 * Goes on with a unit that this thread has claimed and begun, and delivers it.
 *
 * @param deadline value of `performance.now()` after which to stop between two evaluations; the next call goes on there
 */
export function runUnit(part: UnitPart, unit: number, deadline: number): "done" | "late" | "cancelled" {
  const { core, words, evaluate, distance, job, desk } = part;
  for (;;) {
    const answer = core.unitStep(job, unit, desk);
    if (answer === UnitAnswer.POINTS) evaluate(words[desk >>> 2]!, words[(desk >>> 2) + 1]!);
    else if (answer === UnitAnswer.DISTANCES) distance!(words[desk >>> 2]!, words[(desk >>> 2) + 1]!);
    else if (answer === UnitAnswer.DONE) {
      core.chunkFinish(job, unit, part.work);
      return "done";
    } else if (answer === UnitAnswer.ROOM) part.rooms.give(desk);
    else return "cancelled";
    if (deadline !== Number.POSITIVE_INFINITY && performance.now() >= deadline) return "late";
  }
}

/**
 * Computes units until there is none to claim, the job is cancelled, or the deadline has passed.
 *
 * @param unit the one under way from an earlier call that was late, or -1
 * @returns the one under way when it was late; -1 when there is nothing left for this thread
 */
export function computeUnits(part: UnitPart, unit: number, deadline: number): number {
  const { core, job, work, desk } = part;
  for (;;) {
    if (unit < 0) {
      unit = core.chunkTake(job, work);
      if (unit < 0) return -1;
      core.unitBegin(job, unit, desk);
    }
    const end = runUnit(part, unit, deadline);
    if (end === "cancelled") return -1;
    if (end === "late") return unit;
    unit = -1;
  }
}
