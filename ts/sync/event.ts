/**
 * Event: a flag that threads wait for. Python's `threading.Event`.
 *
 * Role: any thread.
 */
import { Answer, Kind } from "../runtime/core/core-things.js";
import { Spin } from "./spin.js";
import { type Handle, originOf, type Revival, Thing, type ThingOptions, teach } from "./thing.js";
import type { Claim, WaitOptions, WaitSyncOptions } from "./wait.js";

/**
 * A flag that threads wait for.
 *
 * @example
 *   const ready = new Event();
 *   setTimeout(() => ready.set(), 10);
 *   await ready.wait({ timeout: 1000 });   // true
 */
export class Event extends Thing {
  protected override readonly type = "Event";
  protected override readonly kind = Kind.EVENT;
  readonly #spin: Spin;

  /** It is not set at first. */
  constructor(options?: ThingOptions | Revival) {
    const { member, make } = originOf(options, "Event", Kind.EVENT, ({ core }, spin) => core.eventMake(spin));
    super(member, make);
    this.#spin = new Spin(options?.spin);
  }

  /** The event of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Event {
    return fromHandle(handle, options);
  }

  /** Sets the flag and wakes all who wait, even if it is cleared at once. @throws {BusyError} on a page; nothing has changed */
  set(): void {
    const grip = this.live();
    this.member.settle(() => this.member.core.eventSet(grip));
  }

  /** @throws {BusyError} on a page; nothing has changed */
  clear(): void {
    const grip = this.live();
    this.member.settle(() => this.member.core.eventClear(grip));
  }

  isSet(): boolean {
    return this.member.core.eventIsSet(this.live()) !== 0;
  }

  /**
   * Waits until it is set.
   *
   * @returns true: it is, or was meanwhile; false: out of time
   * @throws `signal.reason` when aborted; {ClosedError} when this object is closed meanwhile
   */
  async wait(options?: WaitOptions): Promise<boolean> {
    return this.#result(await this.obtain(this.#claim(this.live()), options));
  }

  /** `wait`, blocking. @throws {UnsupportedError} on a page's own thread */
  waitSync(options?: WaitSyncOptions): boolean {
    const claim = this.#claim(this.live());
    const { core } = this.member;
    claim.spin = () => this.#spin.until(() => core.eventIsSet(claim.grip) !== 0);
    return this.#result(this.obtainSync(claim, options, "wait"));
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { set: this.isSet() };
  }

  #claim(grip: number): Claim {
    const { member } = this;
    return {
      member,
      grip,
      attempt: (waiter) => member.call(() => member.core.eventAwait(grip, waiter)),
    };
  }

  #result(answer: number): boolean {
    if (answer === Answer.NO_MEMORY) throw this.member.outOfMemory(0);
    return answer === Answer.OK;
  }
}

const fromHandle = teach("Event", (revival) => new Event(revival));
