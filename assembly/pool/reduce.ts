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
 * The slots are only read: a thread that was taken for dead may still store one, the same bits as are there. The partial sums lie in a stack in the job,
 * one for each set bit of the number of slots that are in: two that stand for equally many are neighbours, and become one.
 *
 * Source: D. E. Knuth, TAOCP 2, 4.2.2 (TwoSum); T. Ogita, S. Rump, S. Oishi, "Accurate sum and dot product" (2005).
 * Role:   the host, once, after the job is DONE.
 */
import { Job, Slot, partialAt, slotAt } from "./job";

export function reduce(job: Job): void {
  const fine = reduceRange(job, 0, job.fineChunks);
  job.fine = fine.sum;
  job.fineLow = fine.compensation;
  job.nonFinite = fine.nonFinite;
  job.nonFiniteX = fine.nonFiniteX;
  const coarseChunks = job.chunks - job.fineChunks;
  if (coarseChunks == 0) return;
  const coarse = reduceRange(job, job.fineChunks, coarseChunks);
  job.coarse = coarse.sum;
  job.coarseLow = coarse.compensation;
}

/** @returns where the sum lies, until the next call */
function reduceRange(job: Job, first: i32, count: i32): Slot {
  let height = 0;
  for (let i = 0; i < count; i++) {
    memory.copy(changetype<usize>(partialAt(job, height)), changetype<usize>(slotAt(job, first + i)), offsetof<Slot>());
    // As many pairs close with slot i as i has ones at its low end.
    for (let rest = i; (rest & 1) != 0; rest >>= 1) {
      height -= 1;
      addInto(partialAt(job, height), partialAt(job, height + 1));
    }
    height += 1;
  }
  for (height -= 2; height >= 0; height--) addInto(partialAt(job, height), partialAt(job, height + 1));
  return partialAt(job, 0);
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
