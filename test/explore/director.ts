/**
 * Who decides: a director is asked by the scheduler who goes on, and what happened is written down as it was decided.
 */
import type { PastCall } from "./program.js";
import type { Action, Deviation } from "./schedule.js";
import { NEVER } from "./trace.js";

/** What a director is told, and may answer. Sets of threads are bit masks. */
export interface Choice {
  readonly step: number;
  /** The thread that ran; -1 at the beginning. */
  readonly last: number;
  /** Threads that can go on, without `last` where it has just been interrupted. */
  readonly runnable: number;
  /** Sleeping threads whose sleep can run out. */
  readonly timeouts: number;
  /** Whether `last` is inside a call: there it can be cut off. */
  readonly isInside: boolean;
}

/** Decides. The default answers are the course of a schedule (schedule.ts). */
export interface Director {
  /** The next step, from `step` on, before which it wants to be asked; NEVER for none. */
  next(step: number): number;
  /** Before a step that it wanted to be asked about. @returns null to go on */
  interrupt(choice: Choice): { readonly action: Action; readonly thread: number } | null;
  /** When the last thread sleeps, ended or died. */
  choose(choice: Choice): { readonly action: "run" | "timeout"; readonly thread: number };
}

/** What happened besides steps, before step `step`. */
export interface Entry {
  readonly step: number;
  readonly action: Action | "recover";
  readonly thread: number;
  /** The choice that there was; undefined for "recover", which says that `thread` has `dead` to recover, last first. */
  readonly choice?: Choice;
  /** Whether a thread was interrupted, in the middle of its course. */
  readonly interrupted?: boolean;
  readonly dead?: readonly number[];
}

export interface Run {
  /** What is wrong; null when nothing is. */
  readonly failure: string | null;
  readonly steps: number;
  readonly entries: readonly Entry[];
  readonly calls: readonly PastCall[];
}

/** How a failure begins that is the schedule's, not the program's. */
export const MISFIT = "the schedule does not fit";

/** The course: always on, then the next in turn. */
export const COURSE: Director = {
  next: () => NEVER,
  interrupt: () => null,
  choose: ({ last, runnable, timeouts }) => ({
    action: runnable === 0 ? "timeout" : "run",
    thread: nextOf(runnable || timeouts, last),
  }),
};

/** The first thread of a mask after `last`, in turn. */
function nextOf(mask: number, last: number): number {
  const later = mask & ~(2 ** (last + 1) - 1);
  return 31 - Math.clz32((later || mask) & -(later || mask));
}

/**
 * Those of the runnable threads that have not yielded to another of them. Whoever yields comes after everybody to whom it did, or two of three could go on for
 * ever while the third, for whom they wait, does not come to run.
 *
 * Source: M. Musuvathi, S. Qadeer, "Fair Stateless Model Checking" (PLDI 2008).
 *
 * @param runnable  a mask, without the running thread
 */
export function fair(runnable: number, yieldsTo: (thread: number) => number): number {
  let first = 0;
  for (let thread = 0; runnable >>> thread !== 0; thread++) {
    if (runnable & (1 << thread) && (runnable & yieldsTo(thread)) === 0) first |= 1 << thread;
  }
  return first === 0 ? runnable : first;
}

/** Where a run departed from its course. */
export function scheduleOfRun({ entries }: Run): Deviation[] {
  const schedule: Deviation[] = [];
  for (const { step, action, thread, choice, interrupted } of entries) {
    if (action === "recover" || choice === undefined) continue;
    if (!interrupted) {
      const usual = COURSE.choose(choice);
      if (usual.thread === thread && usual.action === action) continue;
    }
    schedule.push({ step, action, thread });
  }
  return schedule;
}

/** Follows a schedule, and the course where it says nothing. */
export function directorOf(schedule: readonly Deviation[]): Director {
  let position = 0;
  return {
    next: () => schedule[position]?.step ?? NEVER,
    interrupt: ({ step }) => {
      const deviation = schedule[position];
      if (deviation === undefined || deviation.step !== step) return null;
      position++;
      return deviation;
    },
    choose: (choice) => {
      const deviation = schedule[position];
      if (deviation === undefined || deviation.step !== choice.step) return COURSE.choose(choice);
      if (deviation.action === "die" || deviation.action === "cut") return COURSE.choose(choice);
      position++;
      return { action: deviation.action, thread: deviation.thread };
    },
  };
}
