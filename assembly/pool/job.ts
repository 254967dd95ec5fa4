/**
 * A job: one integral to compute, in one block of the arena, from publication to result.
 *
 *   Job       header: state, counters (each on a cache line of its own), where the rest lies
 *   Grid × 2  the fine grid, and the coarse one that the error estimate compares it with
 *   Work      for the thread that made the job, if it takes part: it may be in several jobs at a time, so it has a record in each
 *   Fault     why it failed, if it did
 *   Slot × 18 partial sums of the reduction
 *   Pass × n  the rule
 *   f64 × p   parameters of the integrand
 *   bytes     the spliced module
 *   i32 × s   seats: the threads that take part
 *   i32 × c   chunk states
 *   Slot × c  chunk results
 *
 * A job of units (units.ts) has other things in place of grids and slots.
 *
 * The protocol, and why no death of a thread can lose or double a chunk, is in pool/README.md.
 */
import { align16 } from "../memory/align";
import { Grid, Pass, Work } from "../quad/drivers/records";

/** What a chunk of the job is: so many panels of a grid, or a unit of some rule (units.ts). */
export const GRID: i32 = 0;
export const ROUND: i32 = 1;
export const SWEEP: i32 = 2;
export const REGIONS: i32 = 3;
export const QUASI: i32 = 4;
export const VEGAS: i32 = 5;

/** State of a job: RUNNING -> DONE or POISONED, by one compare-exchange; or, by two, RUNNING -> RUNNING and a thread that is about to say why -> FAILED. */
export const RUNNING: i32 = 1;
/** All chunks are done. */
export const DONE: i32 = 2;
/** One chunk has killed `KILLS_MAXIMUM` threads; nobody touches it again. */
export const POISONED: i32 = 3;
/** The integrand could not be evaluated: `faultOf` says why. */
export const FAILED: i32 = 4;
/** The state without the thread: who makes the job fail stands above these bits, as in a chunk's. */
export const STATE_MASK: i32 = 0xff;

/**
 * State of a chunk.
 *
 *   0 .. 2                  free; the number of threads that died on it
 *   (thread + 1) << 8 | k   claimed by that thread; k threads died on it before
 *   -1                      done, its slot is written
 */
export const CHUNK_DONE: i32 = -1;
export const KILLS_MAXIMUM: i32 = 3;
export const KILLS_MASK: i32 = 0xff;
export const OWNER_SHIFT: i32 = 8;

@unmanaged
export class Job {
  /** RUNNING, DONE, POISONED. */
  state: i32;
  /** Nonzero: the result is not wanted any more. Drivers look at it once a block. */
  cancel: i32;
  /** Nonzero after a death: `done` may have missed a chunk, so the end is found by looking at all states. */
  recount: i32;
  /** Chunks that were computed again because their thread died. */
  restarts: i32;
  /** Threads that may compute at a time. */
  seats: i32;
  /** Number and place of the spliced module. */
  kernel: i32;
  kernelAddress: u32;
  kernelBytes: u32;
  parameters: u32;
  seatAddress: u32;
  stateAddress: u32;
  slotAddress: u32;
  /** Chunks of the fine grid come first, then the coarse grid's. */
  fineChunks: i32;
  chunks: i32;
  passes: u32;
  passCount: i32;
  /** Offset 64: next chunk to try. A hint: the claim is the compare-exchange on the chunk's state. */
  next: i32;
  /** Counts what a waiting host must hear of: the end, and each recovery. It sleeps on this word. */
  event: i32;
  /** A bit for each thread that has claimed a chunk: 32 numbers a word, eight words from here. */
  members: u64;
  members2: u64;
  members4: u64;
  members6: u64;
  pad6: u64;
  pad7: u64;
  pad8: u64;
  /** Offset 128: chunks done. */
  done: i32;
  pad9: i32;
  /** What `reduce` leaves: sums of the two grids, each as value and compensation; failures. */
  fine: f64;
  fineLow: f64;
  coarse: f64;
  coarseLow: f64;
  nonFinite: i64;
  nonFiniteX: f64;
  pad10: u64;
  /** Offset 192: GRID, or the kind of its units, the address of the record that they are of, and bytes of the desk that they need. */
  kind: i32;
  record: u32;
  deskBytes: u32;
  /** The integrand in the distance from a point: number and place of its module. The number is 0 when there is none. */
  distance: i32;
  distanceAddress: u32;
  distanceBytes: u32;
  pad11: u64;
  pad12: u64;
  pad13: u64;
  pad14: u64;
  pad15: u64;
}

/** Result of one chunk; written by its owner before the chunk's state becomes CHUNK_DONE. */
@unmanaged
export class Slot {
  sum: f64;
  compensation: f64;
  nonFinite: i64;
  nonFiniteX: f64;
}

/** Why a job FAILED; written by the one thread that makes it fail. */
@unmanaged
export class Fault {
  /** Where; NaN when that is not known. */
  x: f64;
  /** Bytes of the text that follows. */
  length: i32;
}

export const FAULT_TEXT_BYTES: u32 = 492;
const FAULT_BYTES: u32 = 512;

const HEADER_BYTES: u32 = 256;

export function gridAt(job: Job, index: i32): Grid {
  return changetype<Grid>(changetype<usize>(job) + HEADER_BYTES + <u32>index * align16(offsetof<Grid>()));
}

/** The record for the thread that made the job. */
export function hostWork(job: Job): Work {
  return changetype<Work>(changetype<usize>(job) + HEADER_BYTES + 2 * align16(offsetof<Grid>()));
}

const FAULT_OFFSET: u32 = HEADER_BYTES + 2 * ((offsetof<Grid>() + 15) & ~15) + ((offsetof<Work>() + 15) & ~15);
const PARTIALS_OFFSET: u32 = FAULT_OFFSET + FAULT_BYTES;

export function faultOf(job: Job): Fault {
  return changetype<Fault>(changetype<usize>(job) + FAULT_OFFSET);
}

/** A partial sum for each bit of a number of chunks, which is at most 2^16, and one on its way. */
const PARTIALS: u32 = 18;

export const FIXED_BYTES: u32 = PARTIALS_OFFSET + PARTIALS * offsetof<Slot>();

/** The stack of the reduction: see reduce.ts. */
export function partialAt(job: Job, index: i32): Slot {
  return changetype<Slot>(changetype<usize>(job) + PARTIALS_OFFSET + <u32>index * offsetof<Slot>());
}

export function passAt(job: Job, index: i32): Pass {
  return changetype<Pass>(job.passes + <u32>index * offsetof<Pass>());
}

export function seatWord(job: Job, index: i32): usize {
  return job.seatAddress + ((<u32>index) << 2);
}

/** The word with the bit of a thread number. */
export function memberWord(job: Job, number: i32): usize {
  return changetype<usize>(job) + offsetof<Job>("members") + ((<usize>number >> 5) << 2);
}

export function chunkWord(job: Job, chunk: i32): usize {
  return job.stateAddress + ((<u32>chunk) << 2);
}

export function slotAt(job: Job, chunk: i32): Slot {
  return changetype<Slot>(job.slotAddress + <u32>chunk * offsetof<Slot>());
}

/** Bytes of the block that `layOut` fills. */
export function jobBytes(passCount: i32, parameters: i32, kernelBytes: u32, seats: i32, chunks: i32): u32 {
  return (
    FIXED_BYTES +
    <u32>passCount * offsetof<Pass>() +
    align16((<u32>parameters) << 3) +
    align16(kernelBytes) +
    align16((<u32>seats) << 2) +
    align16((<u32>chunks) << 2) +
    <u32>chunks * offsetof<Slot>()
  );
}

/** Divides the block at `job` and clears it. The host fills grids, passes, parameters and kernel before it publishes the job. */
export function layOut(
  job: Job,
  passCount: i32,
  parameters: i32,
  kernelBytes: u32,
  seats: i32,
  fineChunks: i32,
  chunks: i32,
): void {
  const base = changetype<usize>(job);
  memory.fill(base, 0, jobBytes(passCount, parameters, kernelBytes, seats, chunks));
  let at = <u32>base + FIXED_BYTES;
  job.passes = at;
  job.passCount = passCount;
  at += <u32>passCount * offsetof<Pass>();
  job.parameters = at;
  at += align16((<u32>parameters) << 3);
  job.kernelAddress = at;
  job.kernelBytes = kernelBytes;
  at += align16(kernelBytes);
  job.seatAddress = at;
  job.seats = seats;
  at += align16((<u32>seats) << 2);
  job.stateAddress = at;
  job.fineChunks = fineChunks;
  job.chunks = chunks;
  at += align16((<u32>chunks) << 2);
  job.slotAddress = at;
  faultOf(job).x = NaN;
  job.state = RUNNING;
}
