/**
 * Alarms: timers that ring in time though their thread sleeps until a task is over. What a task's time and its grace are measured by.
 *
 * Role: one thread.
 */
import { after } from "../sync/wait.js";

interface Alarm {
  /** By `performance.now`. */
  readonly at: number;
  readonly ring: () => void;
}

const alarms = new Set<Alarm>();

/** Calls `ring` after some milliseconds. @returns ends that */
export function setAlarm(milliseconds: number, ring: () => void): () => void {
  const end = (): void => {
    alarms.delete(alarm);
    stop();
  };
  const alarm: Alarm = {
    at: performance.now() + milliseconds,
    ring: () => {
      end();
      ring();
    },
  };
  const stop = after(milliseconds, true, () => alarm.ring());
  alarms.add(alarm);
  return end;
}

/** Rings those whose time has come: for a thread whose timers have no turn. @returns milliseconds until the next one's */
export function ringAlarms(): number {
  let rest = Number.POSITIVE_INFINITY;
  for (const { at, ring } of alarms) {
    const left = at - performance.now();
    if (left <= 0) ring();
    else rest = Math.min(rest, left);
  }
  return rest;
}
