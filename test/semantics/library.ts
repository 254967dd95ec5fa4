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
  Guard,
  Handle,
  Heddle,
  Lock,
  Once,
  PriorityQueue,
  Queue,
  QueueOptions,
  ReadWriteLock,
  RLock,
  Semaphore,
  Share,
  SimpleQueue,
} from "../../ts/index.js";

/** A class of locks or queues, whichever. */
export interface SharedClass {
  from(handle: Handle, options?: object): Shared;
}

/** What every class of locks and queues has. */
export type Shared = Thing & { readonly handle: Handle };
