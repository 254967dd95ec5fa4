/**
 * The library's types as these tests use them. The library itself is found at run time: Node's bundle, or the browser's.
 */
import type { Handle, Thing } from "../../ts/sync/thing.js";

export type Library = typeof import("../../ts/index.js");
export type {
  Attachment,
  Barrier,
  BarrierOptions,
  Condition,
  Counter,
  Entry,
  Event,
  Future,
  Guard,
  Handle,
  Heddle,
  HookArguments,
  Lock,
  Once,
  Pool,
  PriorityQueue,
  Queue,
  QueueOptions,
  ReadWriteLock,
  RLock,
  Scheduler,
  Semaphore,
  Share,
  SimpleQueue,
  Thread,
  Timer,
} from "../../ts/index.js";

/** A class of locks or queues, whichever. */
export interface SharedClass {
  from(handle: Handle, options?: object): Shared;
}

/** What every class of locks and queues has. */
export type Shared = Thing & { readonly handle: Handle };
