/**
 * Lock: one holder at a time, on all threads of a context. Python's `threading.Lock`.
 *
 * Role: any thread.
 */
import { refuse } from "../checks.js";
import { Kind } from "../runtime/core/core-things.js";
import type { Guard } from "./guard.js";
import { type GuardOptions, Mutex } from "./mutex.js";
import { type Handle, type Revival, type ThingOptions, teach } from "./thing.js";
import type { Endless, WaitOptions } from "./wait.js";

/**
 * One holder at a time. It does not re-enter: whoever holds it and acquires it again waits for ever (`RLock` re-enters). A thread that dies with it
 * leaves it to the next, whose guard says `abandoned`.
 *
 * @example
 *   const lock = new Lock();
 *   const guard = await lock.acquire();
 *   lock.locked();                         // true
 *   await lock.acquire({ timeout: 100 });  // null: 100 milliseconds are over
 *   lock.tryAcquire();                     // null
 *   guard.release();
 */
export class Lock extends Mutex {
  protected override readonly type = "Lock";
  protected override readonly kind = Kind.LOCK;

  constructor(options?: ThingOptions | Revival) {
    super(options, "Lock", Kind.LOCK, false);
  }

  /** The lock of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Lock {
    return fromHandle(handle, options);
  }

  /**
   * Acquires it.
   *
   * @returns a guard; null: out of time
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  acquire(options?: WaitOptions & Endless): Promise<Guard>;
  acquire(options?: WaitOptions): Promise<Guard | null>;
  async acquire(options?: WaitOptions): Promise<Guard | null> {
    const guard = (options as GuardOptions | undefined)?.guard;
    if (guard !== undefined) refuse("guard", "absent", guard, "a Lock does not re-enter, an RLock does");
    return this.enter(options, undefined);
  }

  /**
   * Gives it up, whoever holds it: any thread may. Who has a guard had better release that: on a page, where this throws BusyError, a guard's release is done
   * a little later instead.
   *
   * @throws {LockError} it is free
   * @throws {BusyError} on a page; nothing has changed
   */
  release(): void {
    this.releaseOne("is held");
  }
}

const fromHandle = teach("Lock", (revival) => new Lock(revival));
