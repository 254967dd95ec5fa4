/**
 * The core's exports: everything that the host may call, grouped by floor. One instance per thread, all on one shared memory. Those for locks and queues
 * stand in core-things.ts, those for pools and threads in core-tasks.ts.
 *
 * An embedder's view of this module is docs/architecture.md.
 */
import {
  ARENA_LEAST_ADDRESS,
  ARENA_OK,
  ARENA_OUT_OF_MEMORY,
  arenaFree,
  arenaInit,
  arenaLargestFree,
  arenaPeak,
  arenaTotal,
  arenaUsed,
} from "./memory/arena";
import { ARENA_OFFSET, Context, MAGIC, TABLES_BYTES, TABLES_OFFSET, THREADS, Thread, threadAt } from "./memory/layout";
import { bellWord, isTouched, look, openJobs, publish, retire, sit, visitor } from "./pool/board";
import { beginFail, fail, finish, leave, take, threadsOf, workAt } from "./pool/claim";
import { FAULT_TEXT_BYTES, Job, STATE_MASK, faultOf, gridAt, hostWork, jobBytes, layOut, passAt } from "./pool/job";
import { reduce } from "./pool/reduce";
import { Grid, Work } from "./quad/drivers/records";
import { claimNumber, died, isDead, isStopped, ready, stateOf, stop, vacate } from "./pool/threads";
import { base, mayBlock, me, self, sign } from "./instance";
import { recover } from "./recovery/recover";
import { FOREVER, futexWait } from "./sync/futex";
import { anyHand, bufferHand, clearDesk, empty, take as takeBlock } from "./sync/hands";
import { NO_MEMORY, OK } from "./sync/status";

// Exported, so that its arguments are unknown to Binaryen: with FOREVER at every call it would drop the branch that keeps the wait out of its callers
// (the trap is told in sync/futex.ts). Held by test/core/gate.test.ts.
export { futexWait } from "./sync/futex";

export { attach } from "./instance";
export * from "./core-things";
export * from "./core-tasks";
export * from "./core-cubature";
export * from "./core-integrals";
export * from "./core-samples";
export * from "./core-units";

// Context

/** Sets up the context in [base, base + size), once, by one thread, before any other attaches. @returns whether there is room for one */
export function contextInit(size: u32): bool {
  if (size <= ARENA_OFFSET || base + size < base) return false;
  memory.fill(base, 0, ARENA_OFFSET);
  changetype<Context>(base).size = size;
  if (arenaInit(base + ARENA_OFFSET, base + size) != ARENA_OK) return false;
  sign();
  // Publishes everything above to threads that check the magic.
  atomic.store<i32>(base, MAGIC);
  return true;
}

/** Whether [base …] holds a context of this version. */
export function contextIsValid(): bool {
  return atomic.load<i32>(base) == MAGIC;
}

/** Where the tables of the elementary functions are, and for how many bytes there is room. */
export function tablesAddress(): usize {
  return base + TABLES_OFFSET;
}

export function tablesBytes(): u32 {
  return TABLES_BYTES;
}

/** A new number for a compiled integrand, by which workers cache it. */
export function kernelNumber(): i32 {
  return atomic.add<i32>(base, 1, offsetof<Context>("kernels")) + 1;
}

// Arena

/** @returns an address; 0 when there is no room; another number below 16 when the arena's lock could not be had (memory/arena.ts) */
export function alloc(size: u32): usize {
  const status = takeBlock(me(), anyHand(me()), size);
  if (status != OK) return status == NO_MEMORY ? ARENA_OUT_OF_MEMORY : status;
  const address = me().hand;
  // The host's from here: a block that nobody would find after its death. Threads other than the host use the hands.
  me().hand = 0;
  return address;
}

/** @returns 0, or why not (memory/arena.ts) */
export function free(address: usize): i32 {
  const hand = anyHand(me());
  const status = empty(me(), hand);
  if (status != OK) return status;
  me().section = <u32>hand;
  const answer = arenaFree(base + ARENA_OFFSET, address, self, mayBlock, hand);
  me().section = 0;
  return answer;
}

export function memoryTotal(): u32 {
  return arenaTotal(base + ARENA_OFFSET);
}

export function memoryUsed(): u32 {
  return arenaUsed(base + ARENA_OFFSET);
}

export function memoryPeak(): u32 {
  return arenaPeak(base + ARENA_OFFSET);
}

export function memoryLargestFree(): u32 {
  return arenaLargestFree(base + ARENA_OFFSET);
}

// Threads

export function threadClaim(): i32 {
  return claimNumber(base);
}

export function threadReady(): void {
  ready(base, self);
}

export function threadState(number: i32): i32 {
  return stateOf(base, number);
}

export function threadDied(number: i32): void {
  died(base, number);
}

export function threadVacate(number: i32): void {
  vacate(base, number);
}

/** After `threadVacate` said that no step of it can come any more: gives back what it held of locks and queues. @returns sync/status.ts; BUSY: again, later */
export function threadRecover(number: i32): i32 {
  return recover(me(), number);
}

export function threadStop(number: i32): void {
  stop(base, number);
}

// Jobs, host side

/** @returns address of a cleared job, or what `alloc` said; `jobSize(…)` tells the bytes */
export function jobCreate(
  passes: i32,
  parameters: i32,
  kernelBytes: u32,
  seats: i32,
  fineChunks: i32,
  chunks: i32,
): usize {
  const address = alloc(jobBytes(passes, parameters, kernelBytes, seats, chunks));
  if (address >= ARENA_LEAST_ADDRESS)
    layOut(changetype<Job>(address), passes, parameters, kernelBytes, seats, fineChunks, chunks);
  return address;
}

export function jobSize(passes: i32, parameters: i32, kernelBytes: u32, seats: i32, chunks: i32): u32 {
  return jobBytes(passes, parameters, kernelBytes, seats, chunks);
}

/** @param index 0 for the fine grid, 1 for the coarse one; `panels`, `chunkPanels` are whole numbers */
export function jobSetGrid(
  job: Job,
  index: i32,
  lo: f64,
  hi: f64,
  step: f64,
  stepLow: f64,
  endLow: f64,
  endHigh: f64,
  panels: f64,
  chunkPanels: f64,
): void {
  const grid = gridAt(job, index);
  grid.lo = lo;
  grid.hi = hi;
  grid.step = step;
  grid.stepLow = stepLow;
  grid.endLow = endLow;
  grid.endHigh = endHigh;
  grid.panels = <i64>panels;
  grid.chunkPanels = <i64>chunkPanels;
  grid.passes = job.passes;
  grid.passCount = job.passCount;
  const offsets = changetype<usize>(grid) + offsetof<Grid>("offsets");
  for (let r = 0; r < 16; r++) store<f64>(offsets + ((<usize>r) << 3), <f64>r * step);
}

export function jobSetPass(job: Job, index: i32, shift: f64, weight: f64): void {
  const pass = passAt(job, index);
  pass.shift = shift;
  pass.weight = weight;
}

export function jobSetKernel(job: Job, number: i32): void {
  job.kernel = number;
}

export function jobKernel(job: Job): i32 {
  return job.kernel;
}

export function jobKernelAddress(job: Job): usize {
  return job.kernelAddress;
}

export function jobKernelBytes(job: Job): u32 {
  return job.kernelBytes;
}

export function jobParameters(job: Job): usize {
  return job.parameters;
}

export function jobPublish(job: usize): bool {
  return publish(base, job);
}

export function jobRetire(job: usize): void {
  retire(base, job);
}

export function jobIsTouched(job: usize): bool {
  return isTouched(base, job);
}

/** The first thread, from a number on, that has not left the job; -1 when all have. */
export function jobVisitor(job: usize, from: i32): i32 {
  return visitor(base, job, from);
}

/** RUNNING (1), DONE (2), POISONED (3) or FAILED (4). One that is about to fail is RUNNING. */
export function jobState(job: Job): i32 {
  return atomic.load<i32>(changetype<usize>(job), offsetof<Job>("state")) & STATE_MASK;
}

/** Address of what is said of a FAILED job: x (f64, NaN when unknown), length of the text (i32), its bytes, at most `jobFaultRoom()`. */
export function jobFault(job: Job): usize {
  return changetype<usize>(faultOf(job));
}

export function jobFaultRoom(): u32 {
  return FAULT_TEXT_BYTES;
}

/** Address of the word to sleep on: it changes, and its sleepers are woken, when the job ends and when a death gives a chunk back. */
export function jobEventWord(job: Job): usize {
  return changetype<usize>(job) + offsetof<Job>("event");
}

/** Tells everybody in the job that its result is not wanted any more. */
export function jobCancel(job: Job): void {
  atomic.store<i32>(changetype<usize>(job), 1, offsetof<Job>("cancel"));
}

export function jobRestarts(job: Job): i32 {
  return atomic.load<i32>(changetype<usize>(job), offsetof<Job>("restarts"));
}

export function jobThreads(job: Job): i32 {
  return threadsOf(job);
}

/** Part of the job that is done, 0 to 1: a moment's truth, and it may fall when a thread dies. */
export function jobFraction(job: Job): f64 {
  let chunks = <f64>atomic.load<i32>(changetype<usize>(job), offsetof<Job>("done"));
  chunks += workFraction(hostWork(job), job);
  for (let number = 0; number < THREADS; number++) {
    const thread = changetype<usize>(threadAt(base, number));
    const inIt = atomic.load<u32>(thread, offsetof<Thread>("job")) == <u32>changetype<usize>(job);
    if (inIt) chunks += workFraction(workAt(base, number), job);
  }
  return min(1, chunks / <f64>job.chunks);
}

/** Plain reads of another thread's record: each word is some value it had, which is all that a progress bar needs. */
function workFraction(work: Work, job: Job): f64 {
  if (work.active == 0) return 0;
  const panels = <f64>max(work.panels, 1);
  return min(1, (<f64>work.pass + <f64>work.position / panels) / <f64>max(job.passCount, 1));
}

/** Adds up the slots of a DONE job; then the getters below have its results. */
export function jobReduce(job: Job): void {
  reduce(job);
}

export function jobFine(job: Job): f64 {
  return job.fine;
}

export function jobFineLow(job: Job): f64 {
  return job.fineLow;
}

export function jobCoarse(job: Job): f64 {
  return job.coarse;
}

export function jobCoarseLow(job: Job): f64 {
  return job.coarseLow;
}

export function jobNonFinite(job: Job): f64 {
  return <f64>job.nonFinite;
}

export function jobNonFiniteX(job: Job): f64 {
  return job.nonFiniteX;
}

// Jobs, the thread that computes

/** Sleeps until there is a job with something to compute; then this thread is in it. @returns 0 when the thread is asked to stop */
export function nextJob(): usize {
  while (true) {
    const bell = atomic.load<i32>(bellWord(base));
    if (isStopped(base, self) || isDead(base, self)) return 0;
    const job = look(base, self);
    if (job != 0) return job;
    // Ends when somebody rang after `bell` was read: new work, a death, a request to stop.
    futexWait(bellWord(base), bell, FOREVER);
  }
}

/** The host's way into its own job: takes a seat. @returns false when the others have them all */
export function jobSit(job: Job): bool {
  return sit(job, self);
}

/** Jobs on the board: whether somebody else's waits, for a worker that has been in one for long. */
export function jobsOpen(): i32 {
  return openJobs(base);
}

/** Leaves whatever job this thread is in. */
export function jobLeave(): void {
  clearDesk(me(), me());
  leave(base, self);
}

/**
 * This thread's buffer for batches (quad/drivers/batch.ts), taken once and kept until its end.
 *
 * @returns its address, or as `alloc`
 */
export function threadBuffer(size: u32): usize {
  if (me().handBuffer != 0) return me().handBuffer;
  const status = takeBlock(me(), bufferHand(me()), size);
  if (status != OK) return status == NO_MEMORY ? ARENA_OUT_OF_MEMORY : status;
  return me().handBuffer;
}

/** Address of this worker's record: the argument of the driver. */
export function threadWork(): usize {
  return changetype<usize>(workAt(base, self));
}

/** The same for the thread that made the job. */
export function jobWork(job: Job): usize {
  return changetype<usize>(hostWork(job));
}

/** @returns index of the chunk that this thread now owns, with `work` set to its beginning; -1 when there is none */
export function chunkTake(job: Job, work: Work): i32 {
  if (isDead(base, self)) return -1;
  return take(job, work, self);
}

/**
 * The integrand could not be evaluated: the job is going to fail by this thread.
 *
 * @returns whether it is this thread that is to fill `jobFault` and then call `jobFail`; false when the job has ended, or fails, otherwise
 */
export function jobBeginFail(job: Job): bool {
  return beginFail(job, self);
}

/** The fault is written: the job is FAILED. */
export function jobFail(job: Job): void {
  fail(job, self);
}

/** Delivers a chunk whose driver has FINISHED. */
export function chunkFinish(job: Job, chunk: i32, work: Work): void {
  finish(job, chunk, work, self);
}
