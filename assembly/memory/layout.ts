/**
 * What lies where in a context's part of the shared memory, and the records that every floor knows.
 *
 *   base                     Context   256 bytes: identity, the bell, the board
 *   base + 256               Thread    THREADS records of 512 bytes, one per thread number
 *   base + ARENA_OFFSET      the arena: its own state, then blocks (memory/arena.ts)
 *   base + size              end
 *
 * The base is a parameter of the host: an application that shares its memory with Heddle says where Heddle may live.
 */
/** "HDL" and the version of this layout. A host refuses a memory that says something else. */
export const MAGIC: i32 = 0x48444c01;

/** Thread numbers: 0 is the thread that made the context, 1 and up are workers. */
export const THREADS: i32 = 256;

/** Jobs that can be open at the same time; the host queues what is beyond. */
export const BOARD_SLOTS: i32 = 16;

export const CONTEXT_BYTES: u32 = 256;
export const THREAD_BYTES: u32 = 512;
export const ARENA_OFFSET: u32 = CONTEXT_BYTES + THREAD_BYTES * <u32>THREADS;

@unmanaged
export class Context {
  /** MAGIC, stored last by whoever sets the context up. */
  magic: i32;
  /** Bytes from base to end. */
  size: u32;
  /**
   * Rung (incremented, then notified) whenever there may be something new to do. Workers sleep on it: they read it, look for work, and sleep
   * only if it still has the value they read, so nothing that was rung after the look is missed.
   */
  bell: i32;
  /** The last kernel number given out; each compiled integrand gets one of its own, by which workers cache it. */
  kernels: i32;
  reserved0: u64;
  reserved1: u64;
  reserved2: u64;
  reserved3: u64;
  reserved4: u64;
  reserved5: u64;
  /** Addresses of the open jobs, 0 where a slot is free. Slot i at offset 64 + 4 i. */
  board: u32;
}

/**
 * State of a thread number.
 *
 *   VACANT    nobody has the number                          -> STARTING by `threadClaim`
 *   STARTING  a worker is being started under it             -> READY by the worker, DEAD by its watcher
 *   READY     its worker runs                                -> DEAD by its watcher
 *   DEAD      its worker is gone; what it held is recovered  -> VACANT by its watcher, when no write of the dead can come any more
 */
export const VACANT: i32 = 0;
export const STARTING: i32 = 1;
export const READY: i32 = 2;
export const DEAD: i32 = 3;

/** What a thread is asked to do, besides its work. */
export const NO_COMMAND: i32 = 0;
export const STOP: i32 = 1;

/** Added to a thread's `job` until it has seen the job on the board. Blocks are aligned to 16, so the bit is free. */
export const UNSURE: u32 = 1;

/** One thread. `job` and what follows are written by the thread itself, and by its watcher once it is dead. */
@unmanaged
export class Thread {
  state: i32;
  /** How many workers have had this number. */
  generation: i32;
  command: i32;
  /**
   * Address of the job that this thread may be touching, 0 when none: the job's memory is not freed while any thread names it here.
   * A thread writes it with UNSURE added, looks whether the job is still on the board, and only then writes it plain. A thread that died
   * between the two may name a block that has been freed: whoever recovers it must not follow an unsure address.
   */
  job: u32;
  /** The board's slot where this thread found its last job: it looks for the next one behind it. */
  slot: i32;
  /** The arena's block that this thread alone knows of, 0 when none: what `arenaAlloc` and `arenaFree` call its hand. */
  hand: u32;
  reserved2: u64;
  reserved3: u64;
  reserved4: u64;
  reserved5: u64;
  reserved6: u64;
}

/** Where in a thread record the driver's own record starts (`Work`, quad/records.ts): it fills the rest. */
export const WORK_OFFSET: u32 = 64;

export function threadAt(base: usize, number: i32): Thread {
  return changetype<Thread>(base + CONTEXT_BYTES + <u32>number * THREAD_BYTES);
}

export function boardSlot(base: usize, slot: i32): usize {
  return base + 64 + ((<usize>slot) << 2);
}
