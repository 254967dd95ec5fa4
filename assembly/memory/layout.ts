/**
 * What lies where in a context's part of the shared memory, and the records that every floor knows.
 *
 *   base                     Context   256 bytes: identity, the bell, the board
 *   base + 256               Thread    THREADS + 1 records of 2560 bytes, one per thread number
 *   base + TABLES_OFFSET     tables of the elementary functions: 64 KiB, written once by the host, read by spliced integrands (math/tables.ts)
 *   base + ARENA_OFFSET      the arena: its own state, then blocks (memory/arena.ts)
 *   base + size              end
 *
 * The base is a parameter of the host: an application that shares its memory with Heddle says where Heddle may live.
 */
/** "HDL" and the version of this layout. A host refuses a memory that says something else. */
export const MAGIC: i32 = 0x48444c03;

/** Thread numbers: 0 is the thread that made the context, 1 and up are workers. */
export const THREADS: i32 = 256;

/** The number beyond: whoever watches the workers and recovers what the dead held, where that is not thread 0. It has a record, and no jobs. */
export const SUPERVISOR: i32 = THREADS;

/** Jobs that can be open at the same time; the host queues what is beyond. */
export const BOARD_SLOTS: i32 = 16;

export const CONTEXT_BYTES: u32 = 256;
export const THREAD_BYTES: u32 = 2560;
export const TABLES_OFFSET: u32 = CONTEXT_BYTES + THREAD_BYTES * <u32>(THREADS + 1);
export const TABLES_BYTES: u32 = 65536;
export const ARENA_OFFSET: u32 = TABLES_OFFSET + TABLES_BYTES;

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
  /** Guards the two below, and every object's list of grips (sync/registry.ts). */
  registryLock: i32;
  /** The last number given to a thread that was started (tasks/thread.ts). */
  idents: u32;
  /** The last object made; the others hang behind it. */
  things: u32;
  /** The last identity given to an object. */
  identities: u32;
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
  /** This record's number, and whether its thread may sleep: set by `attach`. */
  number: i32;
  canBlock: i32;
  /**
   * The hands: blocks of the arena that this thread alone knows of, 0 when none. Recovery frees them. One for an item's bytes, one for a waiter,
   * one for anything else; and `handBuffer`, for as long as the thread lives, one for points and values on their way to an integrand and back. `handDesk` and
   * the two for rooms: what a unit of a job needs, for as long as the thread is in that job.
   */
  handValue: u32;
  handWaiter: u32;
  hand: u32;
  /**
   * What the thread is changing: the address of the lock whose section the log belongs to (sync/section.ts), or, in the arena, of the hand
   * that the block is noted in.
   */
  section: u32;
  logLength: u32;
  handBuffer: u32;
  handDesk: u32;
  handRoom: u32;
  handOtherRoom: u32;
}

/**
 * What else is in a thread record.
 *
 *     64   Work      the driver's own record (quad/drivers/records.ts)
 *    512   Item      what an operation hands over besides its status
 *    576   Waiter    the waiter of waits that block (sync/waiter.ts)
 *    640   the log   88 entries of 16 bytes: address, old value (sync/section.ts)
 *   2048   scratch   512 bytes, between the host and the operation that it is about to call
 */
export const WORK_OFFSET: u32 = 64;
export const ITEM_OFFSET: u32 = 512;
export const OWN_WAITER_OFFSET: u32 = 576;
export const LOG_OFFSET: u32 = 640;
export const SCRATCH_OFFSET: u32 = 2048;

/** An item of a queue, or whatever else an operation has to say. */
@unmanaged
export class Item {
  /** Kind of value (ts/values): below 16 it is all in here, from 16 on its bytes are in `block`. */
  tag: i32;
  block: u32;
  number: f64;
  priority: f64;
  /** A lock's ticket; a barrier's index; how many. */
  count: u32;
  reserved: u32;
}

export function itemOf(me: Thread): Item {
  return changetype<Item>(changetype<usize>(me) + ITEM_OFFSET);
}

/** Address of the context that the record belongs to. */
export function contextOf(me: Thread): usize {
  return changetype<usize>(me) - CONTEXT_BYTES - <usize>me.number * THREAD_BYTES;
}

export function threadAt(base: usize, number: i32): Thread {
  return changetype<Thread>(base + CONTEXT_BYTES + <u32>number * THREAD_BYTES);
}

export function boardSlot(base: usize, slot: i32): usize {
  return base + 64 + ((<usize>slot) << 2);
}
