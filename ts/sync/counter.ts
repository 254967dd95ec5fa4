/**
 * Counter: one whole number that threads add to without a lock.
 *
 * Role: any thread.
 */
import { checkWhole } from "../checks.js";
import { Kind } from "../runtime/core/core-things.js";
import { type Handle, isRevival, originOf, type Revival, Thing, type ThingOptions, teach } from "./thing.js";

/** The largest number up to which there is no gap between whole numbers. */
const LARGEST = 2 ** 53;

/**
 * One whole number that threads add to: each operation is one step, and never waits.
 *
 * @example
 *   const counter = new Counter();
 *   counter.add();                        // 1
 *   counter.add(10);                      // 11
 *   counter.compareExchange(11, 0);       // true
 *   counter.value;                        // 0
 */
export class Counter extends Thing {
  protected override readonly type = "Counter";
  protected override readonly kind = Kind.COUNTER;

  /** @param value a whole number from -2^53 to 2^53, as all others here */
  constructor(value: number | Revival = 0, options?: ThingOptions) {
    const isNew = !isRevival(value);
    if (isNew) checkCount("value", value);
    const { member, make } = originOf(isNew ? options : value, "Counter", Kind.COUNTER, ({ core }) =>
      core.counterMake(value as number),
    );
    super(member, make);
  }

  /** The counter of a handle, on this thread. @throws {HandleError} */
  static from(handle: Handle, options?: ThingOptions): Counter {
    return fromHandle(handle, options);
  }

  get value(): number {
    return this.member.core.counterValue(this.live());
  }

  set value(value: number) {
    const grip = this.live();
    checkCount("value", value);
    this.member.core.counterSet(grip, value);
  }

  /**
   * Adds.
   *
   * @returns the sum. Sums beyond 2^53 are kept exactly, up to 2^63, but are told rounded.
   */
  add(n = 1): number {
    const grip = this.live();
    checkCount("n", n);
    return this.member.core.counterAdd(grip, n);
  }

  /** Makes it `value` if it is `expected`, in one step. @returns whether it was */
  compareExchange(expected: number, value: number): boolean {
    const grip = this.live();
    checkCount("expected", expected);
    checkCount("value", value);
    return this.member.core.counterExchange(grip, expected, value) !== 0;
  }

  protected override state(): Readonly<Record<string, unknown>> {
    return { value: this.value };
  }
}

function checkCount(name: string, value: unknown): void {
  checkWhole(name, value, -LARGEST, LARGEST);
}

const fromHandle = teach("Counter", (revival) => new Counter(revival));
