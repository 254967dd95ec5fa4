/**
 * A call on samples in shared memory, with a pool's workers: the side of the thread that has called, which stays free.
 *
 * The pool lives as long as the call; its workers stay warm with the workshop (ts/runtime/crew/workshop.ts) for the next.
 *
 * Role: a thread that may have pools.
 */
import { ClosedError, WorkerLostError } from "../errors.js";
import type { Future } from "../pool/future.js";
import { Pool } from "../pool/pool.js";
import { onAbort } from "../runtime/waiting/abort.js";
import { move } from "../values/move.js";
import { chunksOf } from "./chunks.js";
import { inStretches } from "./inline.js";
import { BOARD_WORDS, BoardAt, computeChunks, type Share } from "./share.js";
import type { SamplesOptions } from "./types.js";
import { doChunk, slotsOf, type Work } from "./work.js";

export class Helpers {
  private readonly pool: Pool;
  private readonly signal: AbortSignal | undefined;
  /** Most that took part in one work. */
  threads = 0;
  /** Workers that died. */
  restarts = 0;
  /** Why a worker could not compute, if so. */
  failure: unknown;

  /** @throws as `new Pool` */
  constructor(workers: number, { context, signal }: Pick<SamplesOptions, "context" | "signal">) {
    this.pool = new Pool(context === undefined ? { workers } : { workers, context });
    this.signal = signal;
  }

  /** @returns the slots. @throws `signal.reason`. @throws {ClosedError} */
  async run(work: Work): Promise<Float64Array> {
    const chunks = chunksOf(work.count);
    const workers = Math.min(this.pool.workers, chunks);
    const share: Share = {
      work,
      chunks,
      slots: new Float64Array(sharedBytes(slotsOf(work) * Float64Array.BYTES_PER_ELEMENT)),
      board: new Int32Array(sharedBytes(BOARD_WORDS * Int32Array.BYTES_PER_ELEMENT)),
      finished: new Uint8Array(sharedBytes(chunks)),
      counts: new Int32Array(sharedBytes(workers * Int32Array.BYTES_PER_ELEMENT)),
      worker: 0,
    };
    const parts = Array.from({ length: workers }, (_, worker) =>
      this.pool.submit(computeChunks, move({ ...share, worker }, [])),
    );
    try {
      await this.untilOver(share, parts);
      this.signal?.throwIfAborted();
      await this.hear(parts);
      this.threads = Math.max(this.threads, share.counts.filter((count) => count > 0).length);
      const left = Array.from(share.finished.keys()).filter((chunk) => Atomics.load(share.finished, chunk) === 0);
      await inStretches(left.length, (i) => doChunk(work, left[i] as number, share.slots), this.signal);
      return share.slots;
    } finally {
      Atomics.store(share.board, BoardAt.CANCELLED, 1);
      for (const part of parts) part.cancel();
    }
  }

  /** Gives the workers back. */
  close(): void {
    this.pool.close();
  }

  /** Resolves when all chunks are done, or nobody works at them, or the call was aborted. */
  private untilOver({ board, chunks }: Share, parts: readonly Future<void>[]): Promise<void> {
    return new Promise((resolve) => {
      const forget = onAbort(this.signal, resolve);
      let open = parts.length;
      for (const part of parts) {
        part.addDoneCallback(() => {
          open--;
          // Workers that are still starting are not waited for.
          if (open > 0 && Atomics.load(board, BoardAt.DONE) < chunks) return;
          forget();
          resolve();
        });
      }
    });
  }

  /** Notes what has failed. @throws {ClosedError} */
  private async hear(parts: readonly Future<void>[]): Promise<void> {
    for (const part of parts) {
      // One that is not done has computed its last chunk, or none.
      if (!part.done) continue;
      try {
        await part;
      } catch (error) {
        if (error instanceof ClosedError) throw error;
        if (error instanceof WorkerLostError) this.restarts++;
        this.failure ??= error;
      }
    }
  }
}

function sharedBytes(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
