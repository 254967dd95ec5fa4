/**
 * Computing a unit of a job, whatever rule it is of: README.md in pool/ has the protocol, and how a rule becomes parallel.
 *
 * A thread that has claimed a unit calls `beginUnit`, and then, until there is nothing more to evaluate, `stepUnit` and the driver in turns:
 *
 *   stepUnit   takes the values that stand on the desk, and writes the next points there; when there are none, the unit's results are written, each word of
 *              them once, with bits that are the same whoever computes them
 *
 * Role: any thread in the job, with a desk of its own. It never waits.
 */
import { Job, QUASI, REGIONS, ROUND, SWEEP, VEGAS } from "../pool/job";
import { digestUnit, prepareUnit } from "./range/adaptive";
import { beginBlock, stepBlock } from "./monte-carlo/blocks";
import { stepRegions } from "./box/cubature";
import { Desk, layOutDesk } from "./desk";
import { Integral } from "./range/integral";
import { Bench, Quasi } from "./monte-carlo/quasi";
import { Cubature, Nook, beginRegions } from "./box/regions";
import { beginRow, stepRow } from "./monte-carlo/strata";
import { Sweep, beginSweep, stepSweep } from "./sweep";
import { Shift, Vegas } from "./monte-carlo/vegas";

/** What `stepUnit` answers, besides POINTS and DISTANCES (range/adaptive.ts): the unit is done; the job's result is not wanted any more. */
export const UNIT_DONE: i32 = 0;
export const UNIT_CANCELLED: i32 = 4;

/** Lays out the desk for a unit that this thread has claimed. A new kind of unit gets a case here and in `stepUnit`. */
export function beginUnit(job: Job, unit: i32, desk: usize): void {
  if (job.kind == ROUND) beginRound(changetype<Integral>(job.record), unit, changetype<Desk>(desk));
  else if (job.kind == SWEEP) beginSweep(changetype<Sweep>(job.record), unit, desk);
  else if (job.kind == REGIONS) beginRegions(changetype<Cubature>(job.record), unit, changetype<Nook>(desk));
  else if (job.kind == QUASI) beginBlock(changetype<Quasi>(job.record), unit, changetype<Bench>(desk));
  else if (job.kind == VEGAS) beginRow(changetype<Vegas>(job.record), unit, changetype<Shift>(desk));
}

/** @returns POINTS or DISTANCES: evaluate what the desk lists; UNIT_DONE; UNIT_CANCELLED; of sweeps, UNIT_ROOM */
export function stepUnit(job: Job, unit: i32, desk: usize): i32 {
  if (atomic.load<i32>(changetype<usize>(job), offsetof<Job>("cancel"))) return UNIT_CANCELLED;
  if (job.kind == ROUND) return stepRound(changetype<Integral>(job.record), changetype<Desk>(desk));
  if (job.kind == SWEEP) return stepSweep(changetype<Sweep>(job.record), desk);
  if (job.kind == REGIONS) return i32(stepRegions(changetype<Cubature>(job.record), changetype<Nook>(desk)));
  if (job.kind == QUASI) return i32(stepBlock(changetype<Quasi>(job.record), changetype<Bench>(desk)));
  if (job.kind == VEGAS) return i32(stepRow(changetype<Vegas>(job.record), changetype<Shift>(desk)));
  return UNIT_DONE;
}

/** A unit of a round of an integral: so many panels, from a multiple of that, of those that were not handed out before. */
function beginRound(integral: Integral, unit: i32, desk: Desk): void {
  layOutDesk(desk, integral.parameterCount);
  const grain = integral.grain;
  const at = (integral.next / grain + unit) * grain;
  desk.next = max(at, integral.next);
  desk.end = min(at + grain, integral.pending);
}

function stepRound(integral: Integral, desk: Desk): i32 {
  const again = digestUnit(integral, desk);
  if (again != 0) return again;
  if (desk.next >= desk.end) return UNIT_DONE;
  const points = prepareUnit(integral, desk, desk.next, desk.end - desk.next);
  desk.next += desk.panels;
  return points;
}
