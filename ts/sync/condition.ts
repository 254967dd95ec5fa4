/**
 * Condition: waiting, under a lock, until another holder of that lock says that something has changed. Python's `threading.Condition`.
 *
 * Source: C. A. R. Hoare, "Monitors" (1974); CPython's `Condition` for the meaning, without its lost notify: one that meets the end of a wait's time makes
 *         that wait return true, or goes to the next.
 * Role:   any thread.
 */
import { checkFunction, checkOptions, refuse } from "../checks.js";
import { ArgumentError, HandleError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, GRANTED, Kind, WITHDRAWN } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import type { Guard } from "./guard.js";
import { Lock } from "./lock.js";
import { GUARD_OPTIONS, type GuardOptions, type Level, monitorOf } from "./mutex.js";
import { Pause, releasedByOther } from "./pause.js";
import { RLock } from "./rlock.js";
import {
  type Handle,
  isHandle,
  isRevival,
  originOf,
  type Revival,
  THING_OPTIONS,
  Thing,
  type ThingOptions,
  teach,
} from "./thing.js";
import {
  type Claim,
  checkSyncOptions,
  type Endless,
  readRef,
  readSignal,
  readTimeout,
  type WaitSyncOptions,
} from "./wait.js";

/** Brings the lock along. */
interface ConditionHandle extends Handle {
  readonly lock: Handle;
}

/**
 * Lets holders of a lock wait for each other. `wait` gives the lock up, however often it was acquired, and has it again when it returns, however the wait
 * ended. Guards stay good across it.
 *
 * Who holds an RLock by promise says so with `{ guard }`; without it the calls are for the thread itself (`acquireSync`, `tryAcquire`). With a
 * plain Lock it is enough that anybody holds it, as in Python.
 *
 * @example
 *   const condition = new Condition();
 *   const guard = await condition.acquire();
 *   await condition.waitFor(() => stock.value > 0, { guard });
 *   guard.release();
 *
 *   // elsewhere, when there is stock
 *   const other = await condition.acquire();
 *   condition.notify(1, { guard: other });
 *   other.release();
 */
export class Condition extends Thing {
  protected override readonly type = "Condition";
  protected override readonly kind = Kind.CONDITION;
  /** The lock around it: the one that it was given, or an RLock of its own, which ends with it. */
  readonly lock: Lock | RLock;
  readonly #ownsLock: boolean;

  /** @param lock several conditions may share one; default: a new RLock */
  constructor(lock?: Lock | RLock | Revival, options?: ThingOptions) {
    const parts = assemble(lock, options);
    super(parts.member, parts.make);
    this.lock = parts.lock;
    this.#ownsLock = parts.ownsLock;
  }

  /** The condition of a handle, with its lock, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Condition {
    return fromHandle(handle, options);
  }

  override get handle(): ConditionHandle {
    return { ...super.handle, lock: this.lock.handle };
  }

  /** Also closes the lock, if that came with it. */
  override close(): void {
    super.close();
    if (this.#ownsLock) this.lock.close();
  }

  /** `lock.acquire`. */
  acquire(options?: GuardOptions & Endless): Promise<Guard>;
  acquire(options?: GuardOptions): Promise<Guard | null>;
  async acquire(options?: GuardOptions): Promise<Guard | null> {
    this.live();
    return this.lock.acquire(options);
  }

  /** `lock.acquireSync`. */
  acquireSync(options?: Endless): Guard;
  acquireSync(options?: WaitSyncOptions): Guard | null;
  acquireSync(options?: WaitSyncOptions): Guard | null {
    this.live();
    return this.lock.acquireSync(options);
  }

  /** `lock.tryAcquire`. */
  tryAcquire(): Guard | null {
    this.live();
    return this.lock.tryAcquire();
  }

  /** `lock.release`. */
  release(): void {
    this.live();
    this.lock.release();
  }

  /**
   * Gives the lock up, waits until it is notified, and acquires the lock again: without a limit of time, so it may return later than `timeout` says. With
   * timeout 0 it only lets others have the lock for a moment.
   *
   * @returns whether it was notified; false: out of time
   * @throws {LockError} the caller does not hold the lock
   * @throws `signal.reason` when aborted, once it has the lock again
   * @throws {ClosedError} this object was closed meanwhile; it has the lock again unless that was closed, too
   */
  async wait(options: GuardOptions = {}): Promise<boolean> {
    this.live();
    checkOptions(options, GUARD_OPTIONS);
    const timeout = readTimeout(options.timeout);
    const signal = readSignal(options.signal);
    const ref = readRef(options.ref);
    const pause = new Pause(monitorOf(this.lock), options.guard);
    // Not before the options were read: that may run code of the caller's, which may close this object.
    const grip = this.live();
    let answer: number = Answer.WAIT;
    let hasLock = false;
    // The grip is needed to the end, also if the object is closed: a notify that nobody here can act on goes to the next.
    this.beginStep();
    try {
      // As little as possible, but not nothing: that would be a try which does not stand in line.
      answer = await this.obtain(
        this.#claim(grip, pause),
        { timeout: timeout || Number.MIN_VALUE, signal, ref },
        GUARD_OPTIONS,
      );
    } finally {
      try {
        await pause.end(ref);
        hasLock = true;
      } finally {
        if (answer === Answer.OK) this.#settle(hasLock);
        this.endStep();
      }
    }
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    return answer === Answer.OK;
  }

  /** After a wait that was notified. @param hasLock or else the notify goes to the next who waits */
  #settle(hasLock: boolean): void {
    this.surely((grip) => this.member.core.conditionSettle(grip, Number(hasLock)));
  }

  #claim(grip: number, pause: Pause): Claim {
    const { member } = this;
    const { words } = member;
    return {
      member,
      grip,
      attempt: (waiter) => {
        if (waiter === 0) return Answer.WAIT;
        pause.check();
        const answer = member.call(() => member.core.conditionAwait(grip, waiter));
        if (answer === Answer.WAIT) pause.begin(() => void Atomics.notify(words, waiter >>> 2));
        if (answer !== Answer.OK) return answer;
        const outcome = member.call(() => member.core.waiterWithdraw(grip, waiter));
        return outcome < WITHDRAWN ? outcome : Answer.OK;
      },
    };
  }

  /** `wait`, blocking; for the thread itself. @throws {UnsupportedError} on a page's own thread */
  waitSync(options: WaitSyncOptions = {}): boolean {
    this.live();
    checkSyncOptions(options, "Condition.wait", GUARD_OPTIONS);
    const timeout = readTimeout(options.timeout);
    this.assertMayBlock("wait");
    // As in `wait`.
    const grip = this.live();
    const { member } = this;
    const { core, ownWaiter: waiter } = member;
    const monitor = monitorOf(this.lock);
    monitor.assertHeld(0);
    let level: Level | number = Answer.REFUSED;
    let isNotified = false;
    let hasLock = false;
    try {
      try {
        member.call(() => core.conditionAwait(grip, waiter));
        level = monitor.releaseAll(0);
        if (typeof level !== "number") this.#sleep(grip, timeout);
      } finally {
        isNotified = member.call(() => core.waiterWithdraw(grip, waiter)) - WITHDRAWN >= GRANTED;
        if (typeof level !== "number") {
          monitor.retakeSync(level);
          hasLock = true;
        }
      }
    } finally {
      if (isNotified) this.#settle(hasLock);
    }
    if (!hasLock) throw releasedByOther();
    return isNotified;
  }

  /** Until it is notified, or the time is over. */
  #sleep(grip: number, timeout: number): void {
    const { member } = this;
    const { core, ownWaiter: waiter } = member;
    const deadline = performance.now() + timeout;
    for (let rest = timeout; rest > 0; rest = deadline - performance.now()) {
      member.asleep(waiter, () => core.waiterPark(waiter, rest === Number.POSITIVE_INFINITY ? -1 : rest));
      if (member.call(() => core.conditionAwait(grip, waiter)) !== Answer.WAIT) return;
    }
  }

  /**
   * Waits until `predicate` returns something true; it is asked under the lock, first of all before any wait (so that a caller without the lock gets through
   * when it is true at once, as in Python), then after each notify. One `timeout` for all waits; with 0 it is asked twice.
   *
   * @param predicate may be asynchronous: the lock is held until it has answered
   * @returns its last answer: out of time that is what it said then, 0 or "" or false …
   * @throws as `wait`, and what `predicate` throws; the lock is held then
   */
  async waitFor<T>(predicate: () => T | PromiseLike<T>, options: GuardOptions = {}): Promise<T> {
    this.live();
    checkFunction("predicate", predicate);
    checkOptions(options, GUARD_OPTIONS);
    const timeout = readTimeout(options.timeout);
    let value = await predicate();
    const deadline = performance.now() + timeout;
    for (let rest = timeout, first = true; !value && (first || rest > 0); first = false) {
      await this.wait({ ...options, timeout: rest });
      value = await predicate();
      rest = deadline - performance.now();
    }
    return value;
  }

  /** `waitFor`, blocking; for the thread itself. @throws {UnsupportedError} on a page's own thread */
  waitForSync<T>(predicate: () => T, options: WaitSyncOptions = {}): T {
    this.live();
    checkFunction("predicate", predicate);
    checkSyncOptions(options, "Condition.waitFor", GUARD_OPTIONS);
    const timeout = readTimeout(options.timeout);
    this.assertMayBlock("waitFor");
    let value = predicate();
    const deadline = performance.now() + timeout;
    for (let rest = timeout, first = true; !value && (first || rest > 0); first = false) {
      this.waitSync({ timeout: rest });
      value = predicate();
      rest = deadline - performance.now();
    }
    return value;
  }

  /**
   * Wakes those who have waited longest; they go on when they can have the lock. Who comes later is not woken by it.
   *
   * @param n how many at most; 0 or less: nobody; Infinity: all
   * @throws {LockError} the caller does not hold the lock
   * @throws {BusyError} on a page; nobody was woken
   */
  notify(n = 1, options: { readonly guard?: Guard | undefined } = {}): void {
    const grip = this.live();
    if (!Number.isInteger(n) && Math.abs(n) !== Number.POSITIVE_INFINITY) refuse("n", "a whole number or Infinity", n);
    this.#assertHeld(options);
    const { member } = this;
    const { core } = member;
    if (n === Number.POSITIVE_INFINITY) member.settle(() => core.conditionNotifyAll(grip));
    else if (n >= 1) this.#notify(grip, n);
  }

  /** `notify(Infinity)`. */
  notifyAll(options: { readonly guard?: Guard | undefined } = {}): void {
    this.notify(Number.POSITIVE_INFINITY, options);
  }

  /** One by one: each is a step of its own for the core, and a page's thread may be kept from any of them. */
  #notify(grip: number, n: number): void {
    const { member } = this;
    // Nobody joins the line while we have the lock. Some in it may have been notified before.
    const waiting = member.call(() => member.core.thingWaiting(grip));
    if (waiting < 0) throw busy();
    let left = Math.min(n, waiting);
    if (left === 0) return;
    member.settle(() => member.core.conditionNotify(grip, 1));
    left--;
    // Somebody is awake already, so the rest must not be refused.
    this.surely((grip) => {
      for (; left > 0; left--) {
        const answer = member.core.conditionNotify(grip, 1);
        if (answer !== Answer.OK) return answer;
      }
      return Answer.OK;
    });
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { waiting: this.member.core.thingWaiting(this.live()) };
  }

  #assertHeld(options: unknown): void {
    checkOptions(options, ["guard"]);
    const monitor = monitorOf(this.lock);
    monitor.assertHeld(monitor.ticketOf((options as GuardOptions).guard));
  }
}

/** What a condition is made of. */
function assemble(
  source: unknown,
  options: ThingOptions | undefined,
): {
  readonly member: Member;
  readonly make: (member: Member) => number;
  readonly lock: Lock | RLock;
  readonly ownsLock: boolean;
} {
  checkOptions(options, THING_OPTIONS);
  if (source instanceof Lock || source instanceof RLock) {
    const { member, assertOpen } = monitorOf(source);
    assertOpen();
    const context = options?.context;
    if (context !== undefined && context.member !== member) {
      throw new ArgumentError(
        "`context` must be absent, or the one that the lock lives in, got another",
        "context",
        context,
      );
    }
    const { make } = originOf({ ...options, context: { member } }, "Condition", Kind.CONDITION, makeRecord);
    return { member, make, lock: source, ownsLock: false };
  }
  if (source !== undefined && !isRevival(source)) refuse("lock", "a Lock or an RLock", source);
  const { member, make } = originOf(source ?? options, "Condition", Kind.CONDITION, makeRecord);
  const lock = source === undefined ? new RLock(options) : lockOf(source);
  const makeBoth = (): number => {
    const grip = make(member) >>> 0;
    if (grip < LEAST_ADDRESS) lock.close();
    return grip;
  };
  return { member, make: makeBoth, lock, ownsLock: true };
}

function makeRecord({ core }: Member, spin: number): number {
  return core.conditionMake(spin);
}

/** The lock that a condition's handle brings along. */
function lockOf(source: Revival): Lock | RLock {
  const { lock } = source.handle as Partial<ConditionHandle>;
  if (!isHandle(lock)) throw new HandleError("expected a condition's handle with that of its lock, got one without");
  const { context, spin } = source;
  return (lock.type === "Lock" ? Lock : RLock).from(lock, { context, spin });
}

const fromHandle = teach("Condition", (revival) => new Condition(revival));
