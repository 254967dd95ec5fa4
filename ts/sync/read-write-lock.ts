/**
 * ReadWriteLock: many readers or one writer; a writer that waits goes before readers that come.
 *
 * Source: P. J. Courtois, F. Heymans, D. L. Parnas, "Concurrent control with readers and writers" (1971), the second problem.
 * Role:   any thread.
 */
import { Answer, Kind } from "../runtime/core/core-things.js";
import { busy } from "../runtime/core/member.js";
import { Guard } from "./guard.js";
import { assertHeadroom } from "./headroom.js";
import { type Handle, originOf, type Revival, Thing, type ThingOptions, teach } from "./thing.js";
import type { Claim, Endless, WaitOptions, WaitSyncOptions } from "./wait.js";

type Mode = "read" | "write";

interface EntryClaim extends Claim {
  /** Of who writes. */
  ticket: number;
}

/**
 * Many may read at a time, or one write. It does not re-enter: who reads and wants to write must release first; who reads twice may wait for a writer that
 * waits for the first. When the object is closed, guards that are still held keep it until they are released.
 *
 * @example
 *   const lock = new ReadWriteLock();
 *   const [one, other] = [await lock.read(), await lock.read()];
 *   lock.tryWrite();   // null
 */
export class ReadWriteLock extends Thing {
  protected override readonly type = "ReadWriteLock";
  protected override readonly kind = Kind.READ_WRITE;

  constructor(options?: ThingOptions | Revival) {
    const { member, make } = originOf(options, "ReadWriteLock", Kind.READ_WRITE, ({ core }, spin) =>
      core.readWriteMake(spin),
    );
    super(member, make);
  }

  /** The lock of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): ReadWriteLock {
    return fromHandle(handle, options);
  }

  /**
   * Waits until nobody writes or waits to write.
   *
   * @returns a guard; null: out of time
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  read(options?: WaitOptions & Endless): Promise<Guard>;
  read(options?: WaitOptions): Promise<Guard | null>;
  async read(options?: WaitOptions): Promise<Guard | null> {
    return this.#enter("read", options);
  }

  /** `read`, blocking. @throws {UnsupportedError} on a page's own thread */
  readSync(options?: Endless): Guard;
  readSync(options?: WaitSyncOptions): Guard | null;
  readSync(options?: WaitSyncOptions): Guard | null {
    assertHeadroom();
    return this.#enterSync("read", options);
  }

  /** `read` if that is possible at once: right on any thread. @returns null: not possible @throws {BusyError} */
  tryRead(): Guard | null {
    assertHeadroom();
    return this.#try("read");
  }

  /** Waits until nobody reads or writes; as `read`. The guard says `abandoned` when the last writer died writing. */
  write(options?: WaitOptions & Endless): Promise<Guard>;
  write(options?: WaitOptions): Promise<Guard | null>;
  async write(options?: WaitOptions): Promise<Guard | null> {
    return this.#enter("write", options);
  }

  /** `write`, blocking. @throws {UnsupportedError} on a page's own thread */
  writeSync(options?: Endless): Guard;
  writeSync(options?: WaitSyncOptions): Guard | null;
  writeSync(options?: WaitSyncOptions): Guard | null {
    assertHeadroom();
    return this.#enterSync("write", options);
  }

  /** `write` if that is possible at once: right on any thread. @returns null: not possible @throws {BusyError} */
  tryWrite(): Guard | null {
    assertHeadroom();
    return this.#try("write");
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { waiting: this.member.core.thingWaiting(this.live()) };
  }

  async #enter(mode: Mode, options: WaitOptions | undefined): Promise<Guard | null> {
    const claim = this.#claim(mode);
    return this.#guard(mode, await this.obtain(claim, options), claim);
  }

  #enterSync(mode: Mode, options: WaitSyncOptions | undefined): Guard | null {
    const claim = this.#claim(mode);
    return this.#guard(mode, this.obtainSync(claim, options, mode), claim);
  }

  #try(mode: Mode): Guard | null {
    const claim = this.#claim(mode);
    return this.#guard(mode, claim.attempt(0), claim);
  }

  #claim(mode: Mode): EntryClaim {
    const grip = this.live();
    const { member } = this;
    const claim = {
      member,
      grip,
      ticket: 0,
      attempt: (waiter: number): number => {
        const answer = member.call(() =>
          mode === "read" ? member.core.readAcquire(grip, waiter) : member.core.writeAcquire(grip, waiter),
        );
        if (answer === Answer.OK || answer === Answer.ABANDONED) {
          claim.ticket = member.count;
          // The grip counts who reads through it: it is not let go of before they have left.
          this.beginStep();
        }
        return answer;
      },
    };
    return claim;
  }

  #guard(mode: Mode, answer: number, { ticket }: EntryClaim): Guard | null {
    if (answer === Answer.WAIT) return null;
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    const { member } = this;
    return new Guard(answer === Answer.ABANDONED, () => {
      this.surely((grip) => (mode === "read" ? member.core.readRelease(grip) : member.core.writeRelease(grip, ticket)));
      this.endStep();
    });
  }
}

const fromHandle = teach("ReadWriteLock", (revival) => new ReadWriteLock(revival));
