/**
 * Jobs of units: work of a rule that threads share. The protocol is that of all jobs (README.md); a chunk is a unit, and what a unit is depends on the kind.
 *
 *   Job        header, record of the host's own thread, fault: as job.ts lays them out
 *   bytes      the spliced module; the one in the distance, if there is one
 *   i32 × s    seats
 *   i32 × u    states of the units
 *   bytes      what the rule wants of the block: the record itself, say
 *
 * What a unit is, and how one is computed: quad/units.ts. How a rule becomes parallel stands in README.md.
 *
 * Role: the thread that made the job.
 */
import { align16 } from "../memory/align";
import { FIXED_BYTES, Job, RUNNING, faultOf } from "./job";

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
