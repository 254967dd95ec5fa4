/**
 * What other threads can be asked to do, by name. Heddle's objects among the arguments arrive as the same objects, revived from their handles.
 *
 * Role: a user's own worker that has attached. It may block, so these use the blocking forms where they can.
 */
import type {
  Barrier,
  Condition,
  Counter,
  Event,
  Guard,
  Library,
  Lock,
  Once,
  Queue,
  RLock,
  Semaphore,
  Shared,
  SharedClass,
  SimpleQueue,
} from "./library.js";
import { type ClassName, invoke } from "./world.js";

/** The thread on which a partner runs. */
export interface Here {
  readonly heddle: Library;
  /** Guards that `take` keeps until `give`. */
  readonly guards: Guard[];
  /** Ends this thread, now or as soon as its code has returned. */
  exit(): void;
  /** Blocks until `isTrue()`. */
  until(isTrue: () => boolean): void;
}

type GuardMethod = "acquireSync" | "tryAcquire" | "readSync" | "writeSync" | "tryRead" | "tryWrite";

/** A guard cannot travel: it is released, and its name says that there was one. */
async function report(result: unknown): Promise<unknown> {
  const value = await result;
  if (typeof value !== "object" || value === null || !("release" in value) || !("abandoned" in value)) return value;
  (value as Guard).release();
  return value.abandoned === true ? "abandoned guard" : "guard";
}

export const partners = {
  /** Calls a method and reports what it returned. */
  call: (_: Here, object: Shared, method: string, ...args: unknown[]): Promise<unknown> =>
    report(invoke(object, method, ...args)),

  /** Reads a property. */
  read: (_: Here, object: Shared, property: string): unknown => Reflect.get(object, property),

  /** Calls a method as soon as `count` wait on the object. */
  whenWaiting: (here: Here, object: Shared, count: number, method: string, ...args: unknown[]): Promise<unknown> => {
    here.until(() => here.heddle.waitingOn(object) === count);
    return report(invoke(object, method, ...args));
  },

  /** Calls a method as soon as `count` wait on another object. */
  whenWaitingOn: (
    here: Here,
    on: Shared,
    count: number,
    object: Shared,
    method: string,
    ...args: unknown[]
  ): Promise<unknown> => {
    here.until(() => here.heddle.waitingOn(on) === count);
    return report(invoke(object, method, ...args));
  },

  /** Calls a method so many times in a row. */
  repeat: (_: Here, object: Shared, times: number, method: string, ...args: unknown[]): void => {
    for (let i = 0; i < times; i++) invoke(object, method, ...args);
  },

  /** Acquires and keeps; whether it did. The same thread gives it back. */
  take: (here: Here, object: Shared, method: GuardMethod): boolean => {
    const guard = invoke(object, method) as Guard | null;
    if (guard !== null) here.guards.push(guard);
    return guard !== null;
  },

  /** Releases the guard that was taken last. */
  give: (here: Here): void => here.guards.pop()?.release(),

  /** The same as soon as `count` wait on the object. */
  giveWhenWaiting: (here: Here, object: Shared, count: number): void => {
    here.until(() => here.heddle.waitingOn(object) === count);
    here.guards.pop()?.release();
  },

  /** A whole visit to a condition: acquire, wait, release. */
  waitOnCondition: (_: Here, condition: Condition, options: { timeout?: number | null }): boolean => {
    condition.acquireSync();
    try {
      return condition.waitSync(options);
    } finally {
      condition.release();
    }
  },

  /** The same, until an event is set. */
  waitOnConditionFor: (_: Here, condition: Condition, event: Event, options: { timeout?: number | null }): boolean => {
    condition.acquireSync();
    try {
      return condition.waitForSync(() => event.isSet(), options);
    } finally {
      condition.release();
    }
  },

  /** Notifies `n` as soon as `count` wait on the condition. */
  notifyWhenWaiting: (here: Here, condition: Condition, count: number, n: number): void => {
    here.until(() => here.heddle.waitingOn(condition) === count);
    condition.acquireSync();
    condition.notify(n);
    condition.release();
  },

  /** Sets an event under the condition's lock and notifies one, as soon as somebody waits. */
  setAndNotify: (here: Here, condition: Condition, event: Event): void => {
    here.until(() => here.heddle.waitingOn(condition) === 1);
    condition.acquireSync();
    event.set();
    condition.notify();
    condition.release();
  },

  /** As soon as somebody waits on the condition: whether its lock is free, before one is notified. */
  probeThenNotify: (here: Here, condition: Condition): boolean => {
    here.until(() => here.heddle.waitingOn(condition) === 1);
    const guard = condition.tryAcquire();
    if (guard === null) return false;
    condition.notify();
    guard.release();
    return true;
  },

  /** `counter.value = counter.value + 1` under a lock, so many times; a lost one shows. */
  countUnderLock: (_: Here, lock: Lock | RLock | Semaphore, counter: Counter, times: number): void => {
    for (let i = 0; i < times; i++) {
      const guard = lock.acquireSync();
      counter.value += 1;
      guard?.release();
    }
  },

  /** Puts from, from + 1, … */
  produce: (_: Here, queue: Queue<number>, from: number, count: number): void => {
    for (let i = 0; i < count; i++) queue.putSync(from + i);
  },

  /** Gets until the queue is shut down. */
  consume: (_: Here, queue: Queue<number>): number[] => {
    const seen: number[] = [];
    try {
      for (;;) {
        seen.push(queue.getSync());
        queue.taskDone();
      }
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_QUEUE_SHUTDOWN") throw error;
    }
    return seen;
  },

  /** Gets so many. */
  gather: (_: Here, queue: Queue<number> | SimpleQueue<number>, count: number): number[] =>
    Array.from({ length: count }, () => queue.getSync()),

  /** Gets, and puts what it got into the other. */
  echo: (_: Here, from: Queue, to: Queue): void => to.putSync(from.getSync()),

  /** Gets an object and calls a method of it. */
  callWhatComes: (_: Here, queue: Queue, method: string, ...args: unknown[]): Promise<unknown> => {
    const object = queue.getSync() as Shared;
    return report(invoke(object, method, ...args)).finally(() => object.close());
  },

  /** Adds to a counter in `Once.callSync`; what it returned. */
  once: (_: Here, once: Once, counter: Counter): boolean => once.callSync(() => counter.add(1)),

  /** Calls a `Once` whose function has nothing to do. */
  callOnce: (_: Here, once: Once, options: { timeout?: number | null }): boolean | null =>
    once.callSync(() => {}, options),

  /** Runs a `Once` whose function waits. */
  onceWaiting: (_: Here, once: Once, event: Event): boolean => once.callSync(() => event.waitSync()),

  /** Barrier rounds; every index it got. */
  meet: (_: Here, barrier: Barrier, rounds: number): number[] =>
    Array.from({ length: rounds }, () => barrier.waitSync()),

  /** The error codes, or the result, of a method that is called so many times in a row. */
  attempts: async (_: Here, object: Shared, times: number, method: string, ...args: unknown[]): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for (let i = 0; i < times; i++) {
      try {
        seen.push(await report(invoke(object, method, ...args)));
      } catch (error) {
        seen.push((error as { code?: string }).code);
      }
    }
    return seen;
  },

  /** Ends its own thread as soon as an event is set, with everything it has. */
  dieWhenSet: (here: Here, event: Event): void => {
    event.waitSync();
    here.exit();
  },

  /** Revives a handle as another class; for handles that must be refused. */
  revive: (here: Here, className: ClassName, handle: Shared["handle"]): void => {
    const found: SharedClass = here.heddle[className];
    found.from(handle).close();
  },
} satisfies Record<string, (here: Here, ...args: never[]) => unknown>;

export type Partners = typeof partners;
export type PartnerName = keyof Partners;
export type Arguments<N extends PartnerName> = Partners[N] extends (here: Here, ...args: infer A) => unknown
  ? A
  : never;
export type Result<N extends PartnerName> = Awaited<ReturnType<Partners[N]>>;
