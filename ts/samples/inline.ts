/**
 * Chunks one after the other on the calling thread: at a stretch, or in stretches of a few milliseconds between which events run.
 *
 * Role: any thread, a page's own included.
 */
import { passStretch, takeStretch } from "../runtime/waiting/stretch.js";

/** Calls `step` with 0, 1 … count - 1. */
export type Steps<T> = (count: number, step: (i: number) => void) => T;

export const atOnce: Steps<void> = (count, step) => {
  for (let i = 0; i < count; i++) step(i);
};

/** @throws `signal.reason` when aborted */
export async function inStretches(
  count: number,
  step: (i: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (count === 0) return;
  try {
    let end = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      if (performance.now() >= end) {
        end = await takeStretch(signal);
        signal?.throwIfAborted();
      }
      step(i);
    }
  } finally {
    passStretch();
  }
}
