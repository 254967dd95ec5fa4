/**
 * The records of a pool's tasks, and of a thread.
 *
 * Role: inside the section of the Tasks that they belong to, but for what a task's runner alone writes while it runs.
 *
 *   QUEUED ──take──> RUNNING ──finish──> DONE, FAILED ──reap──> gone
 *     │                 ├──doom──> DOOMED ──its thread dies──> LOST ──reap──> gone
 *     │                 └──its thread dies──> LOST
 *     └──cancel──> CANCELLED: a cell that whoever takes next throws away;  by a shutdown: delivered as CANCELLED
 *
 * A task is in exactly one place: a hand, a cell of the heap, the line of those that run, or a mailbox's line of those that are over.
 */
import { Queue } from "../queue/records";
import { Thing } from "../sync/thing";

/** A ranked queue of tasks (cells with `block`, the task's address), those that run, and whom to tell when they are over. */
@unmanaged
export class Tasks extends Queue {
  /** The first task that runs; the others hang behind it. */
  running: u32;
  /** How many run. */
  runners: u32;
  /** Cells of the heap whose task was cancelled. */
  cancelled: u32;
  /** The first mailbox. */
  mailboxes: u32;
  /** Serial numbers given to mailboxes. */
  serials: u32;
  /** The newest definition. */
  definitions: u32;
  /** Number of the definition that says why no task will be run any more, 0 while all is well. */
  broken: u32;
  /** Deaths of those who ran tasks, where they are announced before the recovery. */
  deaths: u32;
}

/** Offset of seven words behind the fields: how many tasks have ended in each state. */
export const ENDED: u32 = 160;
/** Behind that and LOOKER (queue/records.ts), what the host alone reads and writes: times, of which a death may take one (ts/pool/tally.ts). */
const TALLY: u32 = 192;
const TALLY_BYTES: u32 = 1048;
/** Offset of a bit for each thread: whether it serves. Guarded by the registry's lock. */
export const SERVERS: u32 = TALLY + TALLY_BYTES;
export const TASKS_BYTES: u32 = SERVERS + 40;

/** One piece of work. Its arguments' bytes follow. */
@unmanaged
export class Task {
  /** Neighbours among those that run, or the next one in its mailbox. */
  next: u32;
  previous: u32;
  state: i32;
  /** Number + 1 of the thread that runs it. */
  runner: i32;
  /** Raised once: whoever runs it is asked to end. Sleepers may wait on it. */
  flag: i32;
  /** Serial number of the mailbox that hears of its end. */
  mailbox: u32;
  /** Which function, and how it is applied: the host's. */
  definition: u32;
  shape: u32;
  /** The arguments as a value: tag and number of a cell, bytes behind the record. */
  tag: i32;
  number: f64;
  /** The outcome as a value: bytes in a block of its own. */
  outcomeTag: i32;
  outcomeBlock: u32;
  outcomeNumber: f64;
  /** Milliseconds since 1970, by the host: put in, begun. */
  queuedAt: f64;
  begunAt: f64;
}

export const TASK_BYTES: u32 = 80;

/** `state` of a task. */
export const QUEUED: i32 = 0;
export const RUNNING: i32 = 1;
export const DONE: i32 = 2;
export const FAILED: i32 = 3;
export const CANCELLED: i32 = 4;
/** Its thread is about to be ended, and takes nothing any more. */
export const DOOMED: i32 = 5;
/** Its thread died. */
export const LOST: i32 = 6;

/** Tag of a task's cell: none of a value. */
export const TASK_TAG: i32 = 15;

/** Where one thread hears of the ends of what it has put in. */
@unmanaged
export class Mailbox {
  next: u32;
  previous: u32;
  serial: u32;
  thread: i32;
  /** The line of tasks that are over. */
  first: u32;
  last: u32;
  /** Counts the times that it was woken: what its thread sleeps on. */
  word: i32;
  /** Whether it sleeps, or is about to. */
  asleep: i32;
}

export const MAILBOX_BYTES: u32 = 32;

/** What a number of a function means: text of the host's. Written once. */
@unmanaged
export class Definition {
  next: u32;
  key: u32;
  bytes: u32;
  /** The value's tag; 0: plain text. */
  tag: u32;
}

export const DEFINITION_BYTES: u32 = 16;
