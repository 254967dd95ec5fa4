/**
 * Reduces a finished job's slots: a fixed binary tree over chunk indices, so the order of computing does not matter.
 *
 *   slots    0   1   2   3   4
 *   level 1  0+1     2+3     4
 *   level 2  0+1+2+3         4
 *   level 3  0+1+2+3+4
 *
 * Each node adds two compensated sums: the sums by TwoSum, its error and both compensations apart.
 *
 * Source: D. E. Knuth, TAOCP 2, 4.2.2 (TwoSum); T. Ogita, S. Rump, S. Oishi, "Accurate sum and dot product" (2005).
 * Role:   the host, once, after the job is DONE. It overwrites the slots.
 */
import { Job, Slot, slotAt } from "./job";

export function reduce(job: Job): void {
  reduceRange(job, 0, job.fineChunks);
  const fine = slotAt(job, 0);
  job.fine = fine.sum;
  job.fineLow = fine.compensation;
  job.nonFinite = fine.nonFinite;
  job.nonFiniteX = fine.nonFiniteX;
  const coarseChunks = job.chunks - job.fineChunks;
  if (coarseChunks == 0) return;
  reduceRange(job, job.fineChunks, coarseChunks);
  const coarse = slotAt(job, job.fineChunks);
  job.coarse = coarse.sum;
  job.coarseLow = coarse.compensation;
}

function reduceRange(job: Job, first: i32, count: i32): void {
  for (let stride = 1; stride < count; stride <<= 1) {
    for (let i = 0; i + stride < count; i += stride << 1) {
      addInto(slotAt(job, first + i), slotAt(job, first + i + stride));
    }
  }
}

function addInto(left: Slot, right: Slot): void {
  const sum = left.sum + right.sum;
  const b = sum - left.sum;
  const error = left.sum - (sum - b) + (right.sum - b);
  left.sum = sum;
  left.compensation = left.compensation + right.compensation + error;
  if (right.nonFinite > 0) {
    if (left.nonFinite == 0 || right.nonFiniteX < left.nonFiniteX) left.nonFiniteX = right.nonFiniteX;
    left.nonFinite += right.nonFinite;
  }
}
