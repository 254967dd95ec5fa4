/**
 * A schedule: where a run departs from its course. The course is: the running thread goes on until it sleeps or ends; then the next in turn that can go on.
 *
 *   "17:run1 43:die1 43:run0 60:timeout2 71:cut0"
 *
 *   17:run1       before step 17, or when a thread has just slept, ended or died there: thread 1 runs
 *   43:die1       thread 1, running, dies before its step 43
 *   60:timeout2   before step 60 the sleep of thread 2 runs out, and it runs
 *   71:cut0       thread 0, running, is cut off before its step 71, and lives on
 *
 * Steps are counted over all threads, from 0; what is one, sites.ts says.
 */

export type Action = "run" | "timeout" | "die" | "cut";

export interface Deviation {
  readonly step: number;
  readonly action: Action;
  readonly thread: number;
}

export function formatSchedule(schedule: readonly Deviation[]): string {
  return schedule.map(({ step, action, thread }) => `${step}:${action}${thread}`).join(" ");
}

/** @throws Error that names the part which is none */
export function parseSchedule(text: string): Deviation[] {
  return text
    .split(/\s+/)
    .filter((part) => part !== "")
    .map((part) => {
      const [, step, action, thread] = /^(\d+):(run|timeout|die|cut)(\d+)$/.exec(part) ?? [];
      if (action === undefined)
        throw new Error(`expected a step, an action and a thread, such as 43:die1, got ${part}`);
      return { step: Number(step), action: action as Action, thread: Number(thread) };
    });
}
