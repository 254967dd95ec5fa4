/**
 * RLock: a lock whose holder may acquire it again. Python's `threading.RLock`.
 *
 * Role: any thread.
 */
import { Kind } from "../runtime/core/core-things.js";
import type { Guard } from "./guard.js";
import { type GuardOptions, Mutex } from "./mutex.js";
import { type Handle, type Revival, type ThingOptions, teach } from "./thing.js";
import type { Endless } from "./wait.js";

/**
 * A lock that its holder may acquire again, and must release as often. Who holds it is a thread for `acquireSync` and `tryAcquire`, as in Python; but a thread
 * may run many asynchronous tasks, so for `acquire` each call is a holder of its own, and re-enters by showing the guard that it has.
 *
 * @example
 *   const lock = new RLock();
 *   const outer = await lock.acquire();
 *   const inner = await lock.acquire({ guard: outer });   // at once
 *   lock.tryAcquire();                                    // null: the thread itself does not hold it
 *   inner.release();
 *   outer.release();
 */
export class RLock extends Mutex {
  protected override readonly type = "RLock";
  protected override readonly kind = Kind.RLOCK;

  constructor(options?: ThingOptions | Revival) {
    super(options, "RLock", Kind.RLOCK, true);
  }

  /** The lock of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): RLock {
    return fromHandle(handle, options);
  }

  /**
   * Acquires it, as a new holder or, with `guard`, once more as who has that guard.
   *
   * @returns a guard; null: out of time
   * @throws {LockError} `guard` does not hold it
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  acquire(options?: GuardOptions & Endless): Promise<Guard>;
  acquire(options?: GuardOptions): Promise<Guard | null>;
  async acquire(options?: GuardOptions): Promise<Guard | null> {
    return this.enter(options, options?.guard);
  }

  /**
   * Gives up one level of the thread's own (`acquireSync`, `tryAcquire`).
   *
   * @throws {LockError} the thread itself does not hold it; for a task's level release its guard
   * @throws {BusyError} on a page; nothing has changed
   */
  release(): void {
    this.releaseOne("this thread holds by acquireSync or tryAcquire");
  }
}

const fromHandle = teach("RLock", (revival) => new RLock(revival));
