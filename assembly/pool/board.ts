/**
 * The board: where open jobs stand, how threads find them, and when a job's memory may be freed.
 *
 * Role: `publish`, `retire`, `isTouched`, `visitor` by the host; `look` by workers. None of them waits.
 * The protocol is in pool/README.md.
 */
import { BOARD_SLOTS, Context, Thread, THREADS, UNSURE, boardSlot, threadAt } from "../memory/layout";
import { EVERYONE, futexWake } from "../sync/futex";
import { Job, RUNNING, seatWord } from "./job";

/** Address of the word that workers sleep on. */
export function bellWord(base: usize): usize {
  return base + offsetof<Context>("bell");
}

/** Says that there may be something to do, and wakes everybody who sleeps. */
export function ring(base: usize): void {
  atomic.add<i32>(bellWord(base), 1);
  futexWake(bellWord(base), EVERYONE);
}

/**
 * Puts the job on the board and wakes the workers. From here its block is shared.
 *
 * @returns false when the board is full; nothing has changed then
 */
export function publish(base: usize, job: usize): bool {
  for (let slot = 0; slot < BOARD_SLOTS; slot++) {
    // Publishes everything written into the block to the thread that finds the address here.
    if (atomic.cmpxchg<u32>(boardSlot(base, slot), 0, <u32>job) == 0) {
      ring(base);
      return true;
    }
  }
  return false;
}

/** Takes the job off the board. Threads that are in it finish their chunk; no other enters. */
export function retire(base: usize, job: usize): void {
  for (let slot = 0; slot < BOARD_SLOTS; slot++) {
    if (atomic.cmpxchg<u32>(boardSlot(base, slot), <u32>job, 0) == <u32>job) return;
  }
}

/** Jobs on the board: a moment's truth. */
export function openJobs(base: usize): i32 {
  let open = 0;
  for (let slot = 0; slot < BOARD_SLOTS; slot++) {
    if (atomic.load<u32>(boardSlot(base, slot)) != 0) open++;
  }
  return open;
}

/** Whether some thread may still be touching the block. False once the job is retired and all have left: then it may be freed. */
export function isTouched(base: usize, job: usize): bool {
  return visitor(base, job, 0) >= 0;
}

/** The first thread, from a number on, that may still be touching the block; -1 when there is none. */
export function visitor(base: usize, job: usize, from: i32): i32 {
  for (let number = from; number < THREADS; number++) {
    if ((atomic.load<u32>(changetype<usize>(threadAt(base, number)), offsetof<Thread>("job")) & ~UNSURE) == <u32>job)
      return number;
  }
  return -1;
}

/**
 * Finds a job with a chunk to try and a seat for this thread, and enters it.
 *
 * @returns its address, or 0. The thread is in the job until it calls `leave` (claim.ts).
 */
export function look(base: usize, number: i32): usize {
  const thread = threadAt(base, number);
  const self = changetype<usize>(thread);
  // Behind the slot of the last job, so that a thread that comes back goes round the jobs; the first time behind a slot of its own, so that
  // several jobs share the threads.
  const last = thread.slot;
  for (let i = 1; i <= BOARD_SLOTS; i++) {
    const index = (last + i) % BOARD_SLOTS;
    const slot = boardSlot(base, index);
    const job = atomic.load<u32>(slot);
    if (job == 0) continue;
    atomic.store<u32>(self, job | UNSURE, offsetof<Thread>("job"));
    // The host retires first and looks at our word after; we write our word first and look at the board after. So one of us sees the other:
    //   T: reads job from the slot           H: retires the job
    //   T: writes its word                   H: sees T's word, keeps the block
    //   T: slot is empty, leaves it alone    H: (or saw nothing, and freed it; T never touched it)
    if (atomic.load<u32>(slot) == job) {
      // A death before this line leaves an address that may be stale, and says so; after it, one that recovery can follow.
      atomic.store<u32>(self, job, offsetof<Thread>("job"));
      if (enter(changetype<Job>(job), number)) {
        thread.slot = index;
        return job;
      }
    }
    atomic.store<u32>(self, 0, offsetof<Thread>("job"));
  }
  return 0;
}

/** Takes a seat if the job has something to try. */
function enter(job: Job, number: i32): bool {
  return isOpen(job) && sit(job, number);
}

/** Whether the job runs, is wanted and has something to try. */
export function isOpen(job: Job): bool {
  const address = changetype<usize>(job);
  return (
    atomic.load<i32>(address, offsetof<Job>("state")) == RUNNING &&
    atomic.load<i32>(address, offsetof<Job>("cancel")) == 0 &&
    atomic.load<i32>(address, offsetof<Job>("next")) < job.chunks
  );
}

/** Takes one of the job's seats: as many threads as it has compute at a time. */
export function sit(job: Job, number: i32): bool {
  for (let i = 0; i < job.seats; i++) {
    const seat = seatWord(job, i);
    if (atomic.load<i32>(seat) == 0 && atomic.cmpxchg<i32>(seat, 0, number + 1) == 0) return true;
  }
  return false;
}

/** Gives back the seat of a thread, if it has one. */
export function stand(job: Job, number: i32): void {
  for (let i = 0; i < job.seats; i++) atomic.cmpxchg<i32>(seatWord(job, i), number + 1, 0);
}
