/**
 * The classes that handles may be of, and the library's own tasks, so that they are there where a script does nothing but serve: bundlers leave out what nobody names, and a
 * handle that arrives would find no class.
 *
 * Role: a worker's script.
 */
import { Pool } from "../pool/pool.js";
import { JoinableQueue, LifoQueue, PriorityQueue, Queue, SimpleQueue } from "../queue/index.js";
import { computeChunks } from "../samples/share.js";
import { Barrier } from "../sync/barrier.js";
import { Condition } from "../sync/condition.js";
import { Counter } from "../sync/counter.js";
import { Event } from "../sync/event.js";
import { Lock } from "../sync/lock.js";
import { Once } from "../sync/once.js";
import { ReadWriteLock } from "../sync/read-write-lock.js";
import { RLock } from "../sync/rlock.js";
import { BoundedSemaphore, Semaphore } from "../sync/semaphore.js";
import { Thread } from "../threads/thread.js";

const kept = new Set<unknown>();

/** Names them all, in a way that no bundler sees through. */
export function keepClasses(): void {
  for (const each of [JoinableQueue, LifoQueue, PriorityQueue, Queue, SimpleQueue, Pool, Thread]) kept.add(each);
  for (const each of [Barrier, Condition, Counter, Event, Lock, Once, ReadWriteLock, RLock]) kept.add(each);
  for (const each of [BoundedSemaphore, Semaphore, computeChunks]) kept.add(each);
}
