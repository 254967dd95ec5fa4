/**
 * Mutex: what Lock and RLock have in common, and what a Condition does with either.
 *
 * Source: CPython's `threading.Lock` and `RLock` for the meaning; assembly/sync/mutex.ts for identities and tickets.
 * Role:   any thread with an object on the lock.
 */
import { refuse } from "../checks.js";
import { LockError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { Guard } from "./guard.js";
import { assertHeadroom } from "./headroom.js";
import { Spin } from "./spin.js";
import { originOf, type Revival, Thing, type ThingOptions } from "./thing.js";
import { type Claim, type Endless, WAIT_OPTIONS, type WaitOptions, type WaitSyncOptions } from "./wait.js";

/** Options of waits that may go on for who holds a lock already. */
export interface GuardOptions extends WaitOptions {
  /** What the caller holds the lock by. */
  readonly guard?: Guard | undefined;
}

/** Their names. */
export const GUARD_OPTIONS: readonly string[] = [...WAIT_OPTIONS, "guard"];

/** Identity of the thread's blocking calls, which re-enter. */
export const THREAD = -1;
/** Identity of an asynchronous holder that is to come. */
export const NEWCOMER = 0;

/** What was given up, to be taken again. */
export interface Level {
  readonly ticket: number;
  readonly depth: number;
  readonly identity: number;
}

/** A lock as its conditions use it. */
export interface Monitor {
  readonly member: Member;
  /** @throws {ClosedError} */
  assertOpen(): void;
  /** Of who holds the lock by `guard`; without: 0, which is the thread's blocking calls, or whoever holds a Lock. @throws {LockError} it is not held so */
  ticketOf(guard: unknown): number;
  /** @throws {LockError} @throws {ClosedError} */
  assertHeld(ticket: number): void;
  /** Gives up all levels: what they were, or BUSY or REFUSED. */
  releaseAll(ticket: number): Level | number;
  /** Takes them again, however long it takes. @throws {ClosedError} then it is not held */
  retake(level: Level, guard: unknown, ref: boolean): Promise<void>;
  retakeSync(level: Level): void;
}

export let monitorOf: (mutex: Mutex) => Monitor;

class MutexGuard extends Guard {
  constructor(
    isAbandoned: boolean,
    giveBack: () => void,
    readonly mutex: Mutex,
    readonly ticket: number,
    readonly identity: number,
  ) {
    super(isAbandoned, giveBack);
  }

  /** It holds the lock again, and who held it meanwhile died with it. */
  abandon(): void {
    this.markAbandoned();
  }
}

export abstract class Mutex extends Thing {
  /** The last guard given, for news that come with the lock when nobody says which guard it is about. */
  #latest: MutexGuard | undefined;
  #monitor: Monitor | undefined;
  readonly #spin: Spin;

  static {
    monitorOf = (mutex) => {
      mutex.#monitor ??= mutex.#makeMonitor();
      return mutex.#monitor;
    };
  }

  protected constructor(source: ThingOptions | Revival | undefined, type: string, kind: number, isReentrant: boolean) {
    const { member, make } = originOf(source, type, kind, ({ core }, spin) =>
      core.mutexMake(isReentrant ? 1 : 0, spin),
    );
    super(member, make);
    this.#spin = new Spin(source?.spin);
  }

  /**
   * Acquires it, blocking.
   *
   * @returns null: out of time
   * @throws {UnsupportedError} on a page's own thread
   */
  acquireSync(options?: Endless): Guard;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  acquireSync(options?: WaitSyncOptions): Guard | null {
    assertHeadroom();
    const claim = this.#claim(this.live(), THREAD);
    const { core } = this.member;
    claim.spin = () => this.#spin.until(() => core.mutexIsLocked(claim.grip) === 0);
    return this.#guard(this.obtainSync(claim, options, "acquire", this.#waitOptions), claim.ticket, THREAD);
  }

  /** Acquires it if that is possible at once: right on any thread. @returns null: not possible @throws {BusyError} */
  tryAcquire(): Guard | null {
    assertHeadroom();
    const claim = this.#claim(this.live(), THREAD);
    return this.#guard(claim.attempt(0), claim.ticket, THREAD);
  }

  /** Whether anybody holds it: a moment's truth. */
  locked(): boolean {
    return this.member.core.mutexIsLocked(this.live()) !== 0;
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { locked: this.locked() };
  }

  /** Gives up one level without a guard. @throws {LockError} @throws {BusyError} */
  protected releaseOne(whose: string): void {
    const grip = this.live();
    const { member } = this;
    if (member.settle(() => member.core.mutexRelease(grip, 0)) !== Answer.REFUSED) return;
    const state = this.locked() ? "it is held otherwise; release the guard that its acquire gave" : "it is free";
    throw new LockError(`expected a ${this.type} that ${whose}, ${state}`);
  }

  /** Waits for it by promise. @param guard what the caller holds it by already */
  protected async enter(options: WaitOptions | undefined, guard: unknown): Promise<Guard | null> {
    const grip = this.live();
    const own = guard === undefined ? undefined : this.#own(guard);
    const identity = own === undefined ? NEWCOMER : own.identity;
    const claim = this.#claim(grip, identity, own);
    return this.#guard(await this.obtain(claim, options, this.#waitOptions), claim.ticket, identity);
  }

  /** Names of the options of `acquire`. */
  get #waitOptions(): readonly string[] {
    return this.kind === Kind.RLOCK ? GUARD_OPTIONS : WAIT_OPTIONS;
  }

  /** @param own then it re-enters, or is refused */
  #claim(grip: number, identity: number, own?: MutexGuard): Claim & { ticket: number } {
    const { member } = this;
    const claim: Claim & { ticket: number } = {
      member,
      grip,
      ticket: 0,
      attempt: (waiter: number): number => {
        // Each time: between two tries of a page's thread it may be released.
        if (own !== undefined) this.#assertHolds(own);
        const answer = member.call(() => member.core.mutexAcquire(grip, waiter, identity));
        if (answer === Answer.OK || answer === Answer.ABANDONED) claim.ticket = member.count;
        return answer;
      },
    };
    return claim;
  }

  #guard(answer: number, ticket: number, identity: number): Guard | null {
    if (answer === Answer.WAIT) return null;
    if (answer === Answer.BUSY) throw busy();
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    const holder = identity === THREAD ? THREAD : ticket;
    const isAbandoned = answer === Answer.ABANDONED;
    this.#latest = new MutexGuard(isAbandoned, () => this.#giveBack(ticket), this, ticket, holder);
    return this.#latest;
  }

  #giveBack(ticket: number): void {
    if (this.surely((grip) => this.member.core.mutexRelease(grip, ticket)) !== Answer.REFUSED) return;
    throw new LockError(`expected the guard to hold the ${this.type}, it was released past it, or is given up for now`);
  }

  /** @throws {ArgumentError} it is no guard of a lock @throws {LockError} it is one of another */
  #own(guard: unknown): MutexGuard {
    if (!(guard instanceof MutexGuard)) refuse("guard", `one that \`${this.type}.acquire\` gave`, guard);
    const { mutex } = guard;
    if (mutex !== this && (mutex.closed || !isSame(mutex, this))) {
      throw new LockError(`expected a guard of this ${this.type}, got one of another lock`);
    }
    return guard;
  }

  #assertHolds(guard: MutexGuard): void {
    if (!guard.released && this.#isHeldBy(guard.ticket)) return;
    throw new LockError(`expected a guard that holds the ${this.type}, this one does not (any more); acquire it first`);
  }

  #isHeldBy(ticket: number): boolean {
    return this.member.core.mutexIsHeldBy(this.live(), ticket) !== 0;
  }

  #makeMonitor(): Monitor {
    return {
      member: this.member,
      assertOpen: () => void this.live(),
      ticketOf: (guard) => {
        if (guard === undefined) return 0;
        const own = this.#own(guard);
        this.#assertHolds(own);
        return own.ticket;
      },
      assertHeld: (ticket) => {
        if (this.#isHeldBy(ticket)) return;
        const how = this.locked() ? "it is held otherwise; pass { guard } of who holds it" : "it is free; acquire it";
        throw new LockError(`expected the caller to hold the condition's ${this.type}, ${how}`);
      },
      releaseAll: (ticket) => this.#releaseAll(ticket),
      retake: (level, guard, ref) => this.#retake(level, guard, ref),
      retakeSync: (level) => {
        const claim = this.#retakeClaim(level);
        this.#retaken(this.obtainSync(claim, undefined, "acquire"), level, undefined);
      },
    };
  }

  #releaseAll(ticket: number): Level | number {
    const grip = this.live();
    const { member } = this;
    const { core, words } = member;
    const answer = member.call(() => core.mutexReleaseAll(grip, ticket));
    if (answer !== Answer.OK) return answer;
    return { ticket: member.count, depth: words[member.blockAt]! >>> 0, identity: words[member.tagAt]! };
  }

  async #retake(level: Level, guard: unknown, ref: boolean): Promise<void> {
    for (;;) {
      const answer = await this.obtain(this.#retakeClaim(level), { ref });
      if (answer !== Answer.NO_MEMORY) {
        this.#retaken(answer, level, guard);
        return;
      }
      // No room for a waiter: whoever waited must not go on without the lock.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  #retakeClaim({ identity, ticket, depth }: Level): Claim {
    const grip = this.live();
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.mutexReacquire(grip, waiter, identity, ticket, depth)),
    };
  }

  #retaken(answer: number, { ticket }: Level, guard: unknown): void {
    if (answer !== Answer.ABANDONED) return;
    if (guard instanceof MutexGuard) guard.abandon();
    else if (this.#latest?.ticket === ticket) this.#latest.abandon();
  }
}

/** Whether two objects stand for one lock. */
function isSame(one: Mutex, other: Mutex): boolean {
  const [a, b] = [one.handle, other.handle];
  return a.heddle === b.heddle && a.address === b.address && a.id === b.id;
}
