/**
 * A sweep in its three ways: on the crew, while the calling thread stays free; on the calling thread, in stretches; blocking, with workers or without.
 *
 * Several tiles are on their way at a time, so that nobody waits while one is handed out or its results are put away.
 *
 * Role: the thread that made the context.
 */

import { computeUnits } from "../runtime/compute/compute-units.js";
import type { Context } from "../runtime/context.js";
import { PROGRESS_INTERVAL } from "../runtime/jobs/run.js";
import { UnitCall } from "../runtime/jobs/run-units.js";
import { UnitJob, type UnitSpec } from "../runtime/jobs/unit-job.js";
import { onAbort } from "../runtime/waiting/abort.js";
import { passStretch, takeStretch } from "../runtime/waiting/stretch.js";
import type { Sweeping, Tile } from "./sweep.js";

/** Tiles on their way. */
const TILES = 3;

export interface SweepOptions {
  readonly signal: AbortSignal | undefined;
  /** Called now and then. */
  readonly onState: (() => void) | undefined;
}

export interface SweepRun {
  /** Threads that computed. */
  readonly threads: number;
  /** Units that were begun again because their thread died. */
  readonly restarts: number;
  /** Milliseconds until the threads were up. */
  readonly startup: number;
}

/** Calls `onState` after each of PROGRESS_INTERVAL milliseconds. */
function pacer(onState: (() => void) | undefined): () => void {
  let shown = performance.now();
  return () => {
    const now = performance.now();
    if (onState === undefined || now - shown < PROGRESS_INTERVAL) return;
    shown = now;
    onState();
  };
}

export async function sweepThreads(
  context: Context,
  sweep: Sweeping,
  { signal, onState }: SweepOptions,
): Promise<SweepRun> {
  // What ends one of them ends all.
  const ending = new AbortController();
  const call = await context.whenFree(
    signal,
    () => new UnitCall(context, [sweep.kernel], sweep.threads, ending.signal),
  );
  const forget = onAbort(signal, () => ending.abort(signal?.reason));
  const show = (): void => {
    if (ending.signal.aborted) return;
    try {
      onState?.();
    } catch (error) {
      ending.abort(error);
    }
  };
  const timer = onState === undefined ? undefined : setInterval(show, PROGRESS_INTERVAL);
  const goOn = async (): Promise<void> => {
    try {
      for (;;) {
        const tile = await context.whenRoom(ending.signal, () => sweep.take((spec) => call.open(spec)));
        if (tile === undefined) return;
        await call.finish(tile.job, (job, isDone) => {
          try {
            if (isDone) sweep.put(tile);
          } finally {
            job.retire();
          }
        });
      }
    } catch (error) {
      ending.abort(error);
      throw error;
    }
  };
  try {
    signal?.throwIfAborted();
    const ends = await Promise.allSettled(Array.from({ length: TILES }, goOn));
    if (ends.some(({ status }) => status === "rejected")) throw ending.signal.reason;
    return { threads: call.count, restarts: call.restarts, startup: call.startup };
  } finally {
    clearInterval(timer);
    forget();
    call.close();
  }
}

/** A job for this thread alone, with the desk that it takes. @throws {OutOfMemoryError} */
function jobHere(context: Context, spec: UnitSpec): UnitJob {
  const job = new UnitJob(context, spec, 1, false);
  try {
    job.part();
  } catch (error) {
    job.retire();
    throw error;
  }
  return job;
}

export async function sweepInline(
  context: Context,
  sweep: Sweeping,
  { signal, onState }: SweepOptions,
): Promise<SweepRun> {
  const show = pacer(onState);
  const here = (spec: UnitSpec): UnitJob => jobHere(context, spec);
  let tile: Tile | undefined;
  try {
    for (;;) {
      tile = await context.whenRoom(signal, () => sweep.take(here));
      if (tile === undefined) return { threads: 1, restarts: 0, startup: 0 };
      let end = await takeStretch(signal);
      signal?.throwIfAborted();
      context.assertOpen();
      const part = tile.job.part();
      let unit = computeUnits(part, -1, end);
      while (unit >= 0) {
        show();
        end = await takeStretch(signal);
        signal?.throwIfAborted();
        context.assertOpen();
        unit = computeUnits(part, unit, end);
      }
      sweep.put(tile);
      tile.job.retire();
      tile = undefined;
      show();
    }
  } finally {
    passStretch();
    tile?.job.retire();
  }
}

/** On the calling thread alone, blocking. */
export function sweepAlone(context: Context, sweep: Sweeping): SweepRun {
  for (;;) {
    const tile = sweep.take((spec) => jobHere(context, spec));
    if (tile === undefined) return { threads: 1, restarts: 0, startup: 0 };
    try {
      computeUnits(tile.job.part(), -1, Number.POSITIVE_INFINITY);
      sweep.put(tile);
    } finally {
      tile.job.retire();
    }
  }
}

/** On the calling thread and workers beside it, blocking: where it may sleep. */
export function sweepSync(context: Context, sweep: Sweeping): SweepRun {
  const call = new UnitCall(context, [sweep.kernel], sweep.threads, undefined, sweep.threads - 1);
  const tiles: Tile[] = [];
  try {
    for (;;) {
      while (tiles.length < TILES && (tiles.length === 0 || context.hasRoom)) {
        const tile = sweep.take((spec) => call.open(spec));
        if (tile === undefined) break;
        tiles.push(tile);
        call.publishSync(tile.job);
      }
      const [first, ...others] = tiles;
      if (first === undefined) return { threads: call.count, restarts: call.restarts, startup: 0 };
      call.computeSync(first.job);
      for (const { job } of others) call.computeSync(job);
      call.waitSync(first.job);
      sweep.put(first);
      tiles.shift();
      call.endSync(first.job);
    }
  } finally {
    for (const { job } of tiles) call.endSync(job);
    call.close();
  }
}
