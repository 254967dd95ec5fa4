/**
 * Claiming, finishing and recovering chunks; leaving the job.
 *
 * `next` and `done` only make things fast. What is true stands in the chunk's own state word: free, claimed by a thread, done.
 *
 * Role: `take`, `finish`, `leave` by any thread that is in the job; `recover` by the watcher of a thread that is confirmed dead. None of them waits.
 * The protocol is in pool/README.md.
 */
import { EVERYONE, futexWake } from "../sync/futex";
import { DEAD, THREADS, Thread, UNSURE, WORK_OFFSET, threadAt } from "../memory/layout";
import { Work } from "../quad/drivers/records";
import { isOpen, ring, stand } from "./board";
import {
  CHUNK_DONE,
  DONE,
  FAILED,
  GRID,
  Job,
  KILLS_MASK,
  KILLS_MAXIMUM,
  OWNER_SHIFT,
  POISONED,
  RUNNING,
  chunkWord,
  gridAt,
  memberWord,
  slotAt,
} from "./job";

/** Address of the driver's record of a thread. */
export function workAt(base: usize, number: i32): Work {
  return changetype<Work>(changetype<usize>(threadAt(base, number)) + WORK_OFFSET);
}

/**
 * Claims a chunk and sets `work` to its beginning.
 *
 * @returns its index, or -1 when there is none to claim now (others may still be computing theirs)
 */
export function take(job: Job, work: Work, number: i32): i32 {
  const nextWord = changetype<usize>(job) + offsetof<Job>("next");
  while (atomic.load<i32>(nextWord) < job.chunks) {
    const chunk = atomic.add<i32>(nextWord, 1);
    if (chunk >= job.chunks) break;
    // A death between the addition above and this exchange leaves the chunk free with `next` behind it; `recover` sets `next` back.
    const word = chunkWord(job, chunk);
    const free = atomic.load<i32>(word);
    if (<u32>free >= <u32>KILLS_MAXIMUM) continue;
    if (atomic.cmpxchg<i32>(word, free, claimed(number, free)) == free) {
      begin(job, chunk, work);
      join(job, number);
      return chunk;
    }
  }
  return -1;
}

function claimed(number: i32, kills: i32): i32 {
  return ((number + 1) << OWNER_SHIFT) | kills;
}

/** Notes that the thread has taken part. */
function join(job: Job, number: i32): void {
  const word = memberWord(job, number);
  const bit = 1 << (number & 31);
  if ((atomic.load<i32>(word) & bit) == 0) atomic.or<i32>(word, bit);
}

/** Threads that have taken part; at a time at most as many as there are seats. */
export function threadsOf(job: Job): i32 {
  let threads = 0;
  for (let number = 0; number < THREADS; number += 32) threads += popcnt(atomic.load<i32>(memberWord(job, number)));
  return min(threads, job.seats);
}

/** Plain stores: the record is this thread's own, and only progress looks at it from outside. */
function begin(job: Job, chunk: i32, work: Work): void {
  memory.fill(changetype<usize>(work), 0, offsetof<Work>());
  work.active = 1;
  work.first = chunk;
  if (job.kind != GRID) return;
  const coarse = chunk >= job.fineChunks;
  const grid = gridAt(job, i32(coarse));
  const index = coarse ? chunk - job.fineChunks : chunk;
  const first = <i64>index * grid.chunkPanels;
  work.first = first;
  work.panels = min(grid.chunkPanels, grid.panels - first);
  work.last = i32(first + work.panels == grid.panels);
  work.ends = i32(index == 0);
  work.grid = <u32>changetype<usize>(grid);
  work.parameters = job.parameters;
  work.cancel = <u32>(changetype<usize>(job) + offsetof<Job>("cancel"));
}

/** Delivers the chunk whose driver has FINISHED, or the unit whose results are written. Whoever delivers the last one ends the job. */
export function finish(job: Job, chunk: i32, work: Work, number: i32): void {
  if (job.kind == GRID) {
    const slot = slotAt(job, chunk);
    slot.sum = work.sum;
    slot.compensation = work.compensation;
    slot.nonFinite = work.nonFinite;
    slot.nonFiniteX = work.nonFiniteX;
  }
  work.active = 0;
  const word = chunkWord(job, chunk);
  const mine = atomic.load<i32>(word);
  // Not ours any more: we were taken for dead, and somebody else computes the chunk, to the same bits.
  if (mine >> OWNER_SHIFT != number + 1) return;
  // Publishes the results to whoever reduces.
  if (atomic.cmpxchg<i32>(word, mine, CHUNK_DONE) != mine) return;
  // A death here leaves the chunk done and uncounted: that is what `recount` is for.
  const address = changetype<usize>(job);
  if (atomic.add<i32>(address, 1, offsetof<Job>("done")) + 1 == job.chunks) end(job, DONE);
  else if (atomic.load<i32>(address, offsetof<Job>("recount"))) endIfAllDone(job);
}

function end(job: Job, state: i32): void {
  if (atomic.cmpxchg<i32>(changetype<usize>(job), RUNNING, state) == RUNNING) announce(job);
}

/**
 * Ends the job without a result: nobody claims any more, and `number` alone may say why. It calls `fail` then.
 *
 * @returns false when the job has ended, or somebody else makes it fail
 */
export function beginFail(job: Job, number: i32): bool {
  const address = changetype<usize>(job);
  if (atomic.cmpxchg<i32>(address, RUNNING, failing(number)) != RUNNING) return false;
  atomic.store<i32>(address, 1, offsetof<Job>("cancel"));
  return true;
}

function failing(number: i32): i32 {
  return ((number + 1) << OWNER_SHIFT) | RUNNING;
}

/** What there is to say is written, or never will be, since `number` is dead. */
export function fail(job: Job, number: i32): void {
  if (atomic.cmpxchg<i32>(changetype<usize>(job), failing(number), FAILED) == failing(number)) announce(job);
}

/** Wakes whoever waits for the job. The count makes sure that news between its look and its sleep is not missed. */
function announce(job: Job): void {
  const word = changetype<usize>(job) + offsetof<Job>("event");
  atomic.add<i32>(word, 1);
  futexWake(word, EVERYONE);
}

/** Ends the job if every chunk says so. Correct at any time; from the last chunk down, since that is where one not done is found soonest. */
function endIfAllDone(job: Job): void {
  for (let chunk = job.chunks - 1; chunk >= 0; chunk--) {
    if (atomic.load<i32>(chunkWord(job, chunk)) != CHUNK_DONE) return;
  }
  end(job, DONE);
}

/**
 * Ends this thread's visit to the job it is in, between two chunks: gives the seat back, then the hold. After this the block may be freed.
 *
 * A thread that was taken for dead keeps both: its watcher gives them back.
 */
export function leave(base: usize, number: i32): void {
  const self = changetype<usize>(threadAt(base, number));
  if (atomic.load<i32>(self, offsetof<Thread>("state")) == DEAD) return;
  const job = changetype<Job>(atomic.load<u32>(self, offsetof<Thread>("job")));
  if (!job) return;
  stand(job, number);
  // Others found no seat, and sleep. While our hold stands, so that a death up to here is followed by a recovery, which rings as well.
  if (isOpen(job)) ring(base);
  atomic.store<u32>(self, 0, offsetof<Thread>("job"));
}

/**
 * Gives back what a dead thread held: its claims and its seat. Its hold stays, see `letGo`. Idempotent: a recovery that is itself killed can be
 * done again from the beginning.
 *
 * @param blame whether the chunks' deaths are counted: once for each death, though recovery is done twice
 */
export function recover(base: usize, number: i32, blame: bool): void {
  const address = atomic.load<u32>(changetype<usize>(threadAt(base, number)), offsetof<Thread>("job"));
  // Unsure: it died before it looked whether the block is still a job's. It has claimed nothing there.
  if (address == 0 || (address & UNSURE) != 0) return;
  const job = changetype<Job>(address);
  // Before the last look below: whoever finishes a chunk after that look finds the end by looking, not by counting.
  atomic.store<i32>(address, 1, offsetof<Job>("recount"));
  for (let chunk = 0; chunk < job.chunks; chunk++) {
    const word = chunkWord(job, chunk);
    const state = atomic.load<i32>(word);
    if (state >> OWNER_SHIFT != number + 1) continue;
    const kills = (state & KILLS_MASK) + <i32>blame;
    // A poisoned chunk stays claimed by the dead, so that nobody touches it again.
    if (kills >= KILLS_MAXIMUM) end(job, POISONED);
    else if (
      atomic.load<i32>(address, offsetof<Job>("state")) == RUNNING &&
      atomic.cmpxchg<i32>(word, state, kills) == state
    ) {
      atomic.add<i32>(address, 1, offsetof<Job>("restarts"));
    }
  }
  stand(job, number);
  fail(job, number);
  // The freed chunk, and any that the thread had passed over but not claimed, lie behind `next`.
  atomic.store<i32>(address, 0, offsetof<Job>("next"));
  endIfAllDone(job);
  // The host, if it sleeps, may have to compute what was freed: there may be no other thread left.
  announce(job);
  ring(base);
}

/** Ends the hold of a thread of which no step can come any more. After this line the block may be freed. */
export function letGo(base: usize, number: i32): void {
  atomic.store<u32>(changetype<usize>(threadAt(base, number)), 0, offsetof<Thread>("job"));
}
