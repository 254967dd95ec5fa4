/**
 * Where the largest errors lie: what to look at when an integral has not converged.
 */
import type { Segments, Suspect } from "../types.js";

/** Segments that are looked at, and suspects that are named. */
const LOOKED_AT = 16;
const NAMED = 5;
/** What has less than this part of the largest error is none. */
const MATTERS = 0.01;

/** Largest error first. Of the segments with the largest errors, those that touch are one suspect: they have crowded around one point. */
export function suspectsOf({ lo, hi, error }: Segments): readonly Suspect[] {
  const largest = Array.from(error.keys())
    .filter((index) => error[index]! > 0)
    .sort((one, other) => compare(error[other]!, error[one]!) || one - other)
    .slice(0, LOOKED_AT)
    .sort((one, other) => one - other);
  const suspects: { x: [lo: number, hi: number]; error: number }[] = [];
  for (const index of largest) {
    const last = suspects.at(-1);
    if (last !== undefined && last.x[1] === lo[index]) {
      last.x[1] = hi[index]!;
      last.error += error[index]!;
    } else {
      suspects.push({ x: [lo[index]!, hi[index]!], error: error[index]! });
    }
  }
  suspects.sort((one, other) => compare(other.error, one.error) || one.x[0] - other.x[0]);
  return suspects.slice(0, NAMED).filter((each) => each.error >= MATTERS * suspects[0]!.error);
}

/** Infinities, whose difference is no number, are equal. */
function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
