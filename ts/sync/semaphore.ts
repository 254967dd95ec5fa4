/**
 * Semaphores: a number of permits. Python's `threading.Semaphore` and `BoundedSemaphore`.
 *
 * Source: E. W. Dijkstra, "Cooperating sequential processes" (1965).
 * Role:   any thread.
 */
import { checkWhole } from "../checks.js";
import { SemaphoreError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { Guard } from "./guard.js";
import { assertHeadroom } from "./headroom.js";
import { Spin } from "./spin.js";
import { type Handle, isRevival, originOf, type Revival, Thing, type ThingOptions, teach } from "./thing.js";
import type { Claim, Endless, WaitOptions, WaitSyncOptions } from "./wait.js";

/** The core counts in 32 bits; as a bound it means none. */
const MOST_PERMITS = 2 ** 32 - 1;

/** Where a semaphore's record comes from. */
class Permits {
  readonly member: Member;
  readonly make: (member: Member) => number;
  readonly spin: number | undefined;

  constructor(type: string, value: number | Revival, options: ThingOptions | undefined, isBounded: boolean) {
    const isNew = !isRevival(value);
    if (isNew) checkWhole("value", value, 0, MOST_PERMITS);
    const origin = originOf(isNew ? options : value, type, Kind.SEMAPHORE, ({ core }, spin) =>
      core.semaphoreMake(value as number, isBounded ? (value as number) : MOST_PERMITS, spin),
    );
    this.member = origin.member;
    this.make = origin.make;
    this.spin = isNew ? options?.spin : value.spin;
  }
}

/**
 * So many may be in at once. Nobody owns a permit: any thread may release. What a thread has acquired and not released comes back when it dies.
 *
 * @example
 *   const semaphore = new Semaphore(2);
 *   const guard = await semaphore.acquire();
 *   semaphore.value;    // 1
 *   guard.release();    // or semaphore.release()
 *   semaphore.value;    // 2
 */
export class Semaphore extends Thing {
  protected override readonly type: string = "Semaphore";
  protected override readonly kind = Kind.SEMAPHORE;
  readonly #spin: Spin;

  /** @param value permits at the beginning, 0 to 2^32 - 1 */
  constructor(value: number | Revival | Permits = 1, options?: ThingOptions) {
    const { member, make, spin } = value instanceof Permits ? value : new Permits("Semaphore", value, options, false);
    super(member, make);
    this.#spin = new Spin(spin);
  }

  /** The semaphore of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Semaphore {
    return fromHandle(handle, options);
  }

  /** Permits that could be acquired: a moment's truth. */
  get value(): number {
    return this.member.core.semaphoreValue(this.live()) >>> 0;
  }

  /**
   * Acquires one permit; waits while there is none.
   *
   * @returns a guard that gives it back; null: out of time
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  acquire(options?: WaitOptions & Endless): Promise<Guard>;
  acquire(options?: WaitOptions): Promise<Guard | null>;
  async acquire(options?: WaitOptions): Promise<Guard | null> {
    return this.#guard(await this.obtain(this.#claim(this.live()), options));
  }

  /** `acquire`, blocking. @throws {UnsupportedError} on a page's own thread */
  acquireSync(options?: Endless): Guard;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  acquireSync(options?: WaitSyncOptions): Guard | null {
    assertHeadroom();
    const claim = this.#claim(this.live());
    const { core } = this.member;
    claim.spin = () => this.#spin.until(() => core.semaphoreValue(claim.grip) !== 0);
    return this.#guard(this.obtainSync(claim, options, "acquire"));
  }

  /** Acquires one permit if that is possible at once: right on any thread. @returns null: not possible @throws {BusyError} */
  tryAcquire(): Guard | null {
    assertHeadroom();
    return this.#guard(this.#claim(this.live()).attempt(0));
  }

  /**
   * Adds permits, all or none, and wakes as many who wait.
   *
   * @param n from 1
   * @throws {SemaphoreError} a BoundedSemaphore would have more than it began with
   * @throws {BusyError} on a page; nothing was added
   */
  release(n = 1): void {
    const grip = this.live();
    checkWhole("n", n, 1, Number.MAX_SAFE_INTEGER);
    const { member } = this;
    if (n > MOST_PERMITS) throw this.#tooMany(n);
    if (member.settle(() => member.core.semaphoreRelease(grip, n)) === Answer.REFUSED) throw this.#tooMany(n);
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { value: this.value };
  }

  #claim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.semaphoreAcquire(grip, waiter)),
    };
  }

  #guard(answer: number): Guard | null {
    if (answer === Answer.WAIT) return null;
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    return new Guard(false, () => {
      const answer = this.surely((grip) => this.member.core.semaphoreRelease(grip, 1));
      if (answer === Answer.REFUSED) throw this.#tooMany(1);
    });
  }

  #tooMany(n: number): SemaphoreError {
    return new SemaphoreError(
      `expected at most as many releases as there were acquires, ${n} more would exceed the bound of the ${this.type}`,
    );
  }
}

/**
 * A semaphore that never has more permits than it began with: a release too many is an error.
 *
 * @example
 *   const semaphore = new BoundedSemaphore(2);
 *   semaphore.release();   // throws SemaphoreError
 */
export class BoundedSemaphore extends Semaphore {
  protected override readonly type: string = "BoundedSemaphore";

  /** @param value permits at the beginning, and at most */
  constructor(value: number | Revival = 1, options?: ThingOptions) {
    super(new Permits("BoundedSemaphore", value, options, true));
  }

  /** The semaphore of a handle, on this thread. @throws {HandleError} */
  static override from(handle: Handle, options?: ThingOptions): BoundedSemaphore {
    return boundedFromHandle(handle, options);
  }
}

const fromHandle = teach("Semaphore", (revival) => new Semaphore(revival));
const boundedFromHandle = teach("BoundedSemaphore", (revival) => new BoundedSemaphore(revival));
