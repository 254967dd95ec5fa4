/**
 * Jobs of units: work of a rule that threads share. The protocol is that of all jobs (README.md); a chunk is a unit, and what a unit is depends on the kind.
 *
 *   Job        header, record of the host's own thread, fault: as job.ts lays them out
 *   bytes      the spliced module; the one in the distance, if there is one
 *   i32 × s    seats
 *   i32 × u    states of the units
 *   bytes      what the rule wants of the block: the record itself, say
 *
 * A thread that has claimed a unit calls `beginUnit`, and then, until there is nothing more to evaluate, `stepUnit` and the driver in turns:
 *
 *   stepUnit   takes the values that stand on the desk, and writes the next points there; when there are none, the unit's results are written, each word of
 *              them once, with bits that are the same whoever computes them
 *
 * How a rule becomes parallel stands in README.md.
 *
 * Role: `layOutUnits` the thread that made the job; the others any thread in the job, with a desk of its own. None of them waits.
 */
import { DISTANCES, POINTS, digestUnit, prepareUnit } from "../quad/adaptive";
import { Desk, layOutDesk } from "../quad/desk";
import { Integral, UNIT } from "../quad/integral";
import { FIXED_BYTES, Job, ROUND, RUNNING, align16, faultOf } from "./job";

/** What `stepUnit` answers, besides POINTS and DISTANCES: the unit is done; the job's result is not wanted any more. */
export const UNIT_DONE: i32 = 0;
export const UNIT_CANCELLED: i32 = 4;

/** Bytes of the block that `layOutUnits` divides. */
export function unitJobBytes(kernelBytes: u32, distanceBytes: u32, seats: i32, units: i32, extra: u32): u32 {
  return (
    FIXED_BYTES +
    align16(kernelBytes) +
    align16(distanceBytes) +
    align16((<u32>seats) << 2) +
    align16((<u32>units) << 2) +
    extra
  );
}

/** Divides the block, and clears all of it but the rule's part, whose address is the record's until the host says another. */
export function layOutUnits(job: Job, kind: i32, kernelBytes: u32, distanceBytes: u32, seats: i32, units: i32): void {
  let at = <u32>changetype<usize>(job);
  memory.fill(at, 0, FIXED_BYTES);
  at += FIXED_BYTES;
  job.kind = kind;
  job.kernelAddress = at;
  job.kernelBytes = kernelBytes;
  at += align16(kernelBytes);
  job.distanceAddress = at;
  job.distanceBytes = distanceBytes;
  at += align16(distanceBytes);
  job.seatAddress = at;
  job.seats = seats;
  memory.fill(at, 0, align16((<u32>seats) << 2));
  at += align16((<u32>seats) << 2);
  job.stateAddress = at;
  job.chunks = units;
  memory.fill(at, 0, align16((<u32>units) << 2));
  at += align16((<u32>units) << 2);
  job.record = at;
  faultOf(job).x = NaN;
  job.state = RUNNING;
}

/** Lays out the desk for a unit that this thread has claimed. A new kind of unit gets a case here and in `stepUnit`. */
export function beginUnit(job: Job, unit: i32, desk: usize): void {
  if (job.kind == ROUND) beginRound(changetype<Integral>(job.record), unit, changetype<Desk>(desk));
}

/** @returns POINTS or DISTANCES: evaluate what the desk lists; UNIT_DONE; UNIT_CANCELLED */
export function stepUnit(job: Job, unit: i32, desk: usize): i32 {
  if (atomic.load<i32>(changetype<usize>(job), offsetof<Job>("cancel"))) return UNIT_CANCELLED;
  if (job.kind == ROUND) return stepRound(changetype<Integral>(job.record), changetype<Desk>(desk));
  return UNIT_DONE;
}

/** A unit of a round of an integral: 64 of the panels that were not handed out before. */
function beginRound(integral: Integral, unit: i32, desk: Desk): void {
  layOutDesk(desk, integral.parameterCount);
  desk.next = integral.next + unit * UNIT;
  desk.end = min(desk.next + UNIT, integral.pending);
}

function stepRound(integral: Integral, desk: Desk): i32 {
  digestUnit(integral, desk);
  if (desk.next >= desk.end) return UNIT_DONE;
  const points = prepareUnit(integral, desk, desk.next, desk.end - desk.next);
  desk.next += desk.panels;
  return points;
}
