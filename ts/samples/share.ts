/**
 * What workers do for a call on samples in shared memory: they claim chunks until there are none.
 *
 * Nothing but the samples, the slots and a few words is shared. A chunk that was claimed and not finished, because its worker died, is computed by the thread that has called; a
 * dead worker that still writes writes the same bits.
 *
 * Role: a pool's worker.
 */
import { ownTask } from "../threads/target.js";
import { doChunk, type Work } from "./work.js";

/** One work, as it travels: by message, which copies nothing of shared memory. */
export interface Share {
  readonly work: Work;
  readonly chunks: number;
  readonly slots: Float64Array;
  /** Words by `BoardAt`. */
  readonly board: Int32Array;
  /** Of each chunk whether its slot, and what it writes elsewhere, is complete. */
  readonly finished: Uint8Array;
  /** Chunks that each worker has computed. */
  readonly counts: Int32Array;
  /** Which of them this one is. */
  readonly worker: number;
}

export const BoardAt = {
  /** The next chunk to claim. */
  NEXT: 0,
  /** Chunks that are finished. */
  DONE: 1,
  /** Whether nobody wants the result any more. */
  CANCELLED: 2,
} as const;
export const BOARD_WORDS = 3;

export const computeChunks = ownTask("computeChunks", (share: Share): void => {
  const { work, chunks, slots, board, finished, counts, worker } = share;
  while (Atomics.load(board, BoardAt.CANCELLED) === 0) {
    const chunk = Atomics.add(board, BoardAt.NEXT, 1);
    if (chunk >= chunks) return;
    doChunk(work, chunk, slots);
    // Publishes what the chunk has written to the thread that has called.
    Atomics.store(finished, chunk, 1);
    Atomics.add(counts, worker, 1);
    Atomics.add(board, BoardAt.DONE, 1);
  }
});
