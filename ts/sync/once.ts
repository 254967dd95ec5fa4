/**
 * Once: something that one thread does, and everybody waits for.
 *
 * Role: any thread.
 */
import { checkFunction } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { Answer, Kind } from "../runtime/core/core-things.js";
import { type Handle, originOf, type Revival, Thing, type ThingOptions, teach } from "./thing.js";
import type { Claim, Endless, WaitOptions, WaitSyncOptions } from "./wait.js";

/**
 * Something that one thread does, and everybody waits for: all may call it, the first runs its function. If that throws, or its thread dies, the next one
 * runs its own.
 *
 * @example
 *   const once = new Once();
 *   await once.call(() => prepare());   // true: this call ran it
 *   await once.call(() => prepare());   // false: it was done
 */
export class Once extends Thing {
  protected override readonly type = "Once";
  protected override readonly kind = Kind.ONCE;

  constructor(options?: ThingOptions | Revival) {
    const { member, make } = originOf(options, "Once", Kind.ONCE, ({ core }, spin) => core.onceMake(spin));
    super(member, make);
  }

  /** The once of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Once {
    return fromHandle(handle, options);
  }

  get done(): boolean {
    return this.member.core.onceIsDone(this.live()) !== 0;
  }

  /**
   * Runs `fn` unless it is done; waits while somebody else runs theirs. A function that calls this on the same once waits for itself.
   *
   * @param fn may be asynchronous
   * @param options of the wait for somebody else's function; its own has all the time
   * @returns whether this call ran it; null: out of time
   * @throws what `fn` throws, for the one who runs it
   * @throws `signal.reason` when aborted while it waits; {ClosedError} when this object is closed while it does
   */
  call(fn: () => unknown, options?: WaitOptions & Endless): Promise<boolean>;
  call(fn: () => unknown, options?: WaitOptions): Promise<boolean | null>;
  async call(fn: () => unknown, options?: WaitOptions): Promise<boolean | null> {
    const grip = this.live();
    checkFunction("fn", fn);
    // The grip is needed to the end, also if `fn` closes the object.
    this.beginStep();
    try {
      const isMine = this.#isMine(await this.obtain(this.#claim(grip), options));
      if (!isMine) return isMine;
      try {
        await fn();
      } catch (error) {
        this.#finish(false);
        throw error;
      }
      this.#finish(true);
      return true;
    } finally {
      this.endStep();
    }
  }

  /** `call`, blocking; `fn` may not be asynchronous. @throws {UnsupportedError} on a page's own thread */
  callSync(fn: () => unknown, options?: Endless): boolean;
  callSync(fn: () => unknown, options?: WaitSyncOptions): boolean | null;
  callSync(fn: () => unknown, options?: WaitSyncOptions): boolean | null {
    const grip = this.live();
    checkFunction("fn", fn);
    const isMine = this.#isMine(this.obtainSync(this.#claim(grip), options, "call"));
    if (!isMine) return isMine;
    this.beginStep();
    let succeeded = false;
    try {
      const result = fn();
      if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") {
        // Its own failure is not the news: this is.
        (result as PromiseLike<unknown>).then(undefined, () => {});
        throw new ArgumentError(
          "expected a function that returns when it is done, `callSync` got one that returns a promise; use `await once.call(fn)`",
          "fn",
          fn,
        );
      }
      succeeded = true;
    } finally {
      this.#finish(succeeded);
      this.endStep();
    }
    return true;
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { done: this.done };
  }

  #claim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.onceEnter(grip, waiter)),
    };
  }

  #isMine(answer: number): boolean | null {
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    return answer === Answer.WAIT ? null : answer === Answer.RUN;
  }

  #finish(succeeded: boolean): void {
    this.surely((grip) => this.member.core.onceFinish(grip, succeeded ? 1 : 0));
  }
}

const fromHandle = teach("Once", (revival) => new Once(revival));
