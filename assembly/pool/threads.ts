/**
 * Thread numbers: who has one, who lost it, who is asked to stop. States in memory/layout.ts.
 *
 * Role: `claimNumber`, `died`, `vacate`, `stop` by whoever spawns and watches the workers; `ready` by the worker itself. None of them waits.
 */
import { DEAD, NO_COMMAND, READY, STARTING, STOP, THREADS, Thread, VACANT, threadAt } from "../memory/layout";
import { ring } from "./board";
import { letGo, recover } from "./claim";

function stateWord(base: usize, number: i32): usize {
  return changetype<usize>(threadAt(base, number)) + offsetof<Thread>("state");
}

/** Takes a vacant number for a worker about to be started. @returns 1 to THREADS - 1, or 0 when all are taken */
export function claimNumber(base: usize): i32 {
  for (let number = 1; number < THREADS; number++) {
    if (atomic.cmpxchg<i32>(stateWord(base, number), VACANT, STARTING) != VACANT) continue;
    const thread = threadAt(base, number);
    thread.generation += 1;
    thread.slot = number;
    atomic.store<u32>(changetype<usize>(thread), 0, offsetof<Thread>("job"));
    atomic.store<i32>(changetype<usize>(thread), NO_COMMAND, offsetof<Thread>("command"));
    return number;
  }
  return 0;
}

export function ready(base: usize, number: i32): void {
  atomic.store<i32>(stateWord(base, number), READY);
}

export function stateOf(base: usize, number: i32): i32 {
  return atomic.load<i32>(stateWord(base, number));
}

/**
 * A worker is confirmed dead: gives back what it held. The number stays taken until `vacate`, and so does the block of the job it was in: in a
 * browser the dead may go on for a while, even claim another chunk.
 */
export function died(base: usize, number: i32): void {
  atomic.store<i32>(stateWord(base, number), DEAD);
  recover(base, number, true);
}

/** Frees the number. Only when no step of the dead thread can come any more: its successor uses the same records. */
export function vacate(base: usize, number: i32): void {
  if (stateOf(base, number) != DEAD) return;
  // What it claimed after `died`, if anything.
  recover(base, number, false);
  letGo(base, number);
  atomic.cmpxchg<i32>(stateWord(base, number), DEAD, VACANT);
}

/** Whether the thread was taken for dead. If it reads this it is not quite; it should do nothing more. */
export function isDead(base: usize, number: i32): bool {
  return stateOf(base, number) == DEAD;
}

/** Asks a worker to return from its loop, as soon as the chunk it is at allows. */
export function stop(base: usize, number: i32): void {
  atomic.store<i32>(changetype<usize>(threadAt(base, number)), STOP, offsetof<Thread>("command"));
  ring(base);
}

export function isStopped(base: usize, number: i32): bool {
  return atomic.load<i32>(changetype<usize>(threadAt(base, number)), offsetof<Thread>("command")) == STOP;
}
