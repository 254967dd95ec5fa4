/**
 * Counter: one number of 64 bits that threads add to. No section: each operation is one atomic instruction.
 *
 * Role: any thread with a grip.
 */
import { Grip, Thing } from "./thing";

@unmanaged
export class Counter extends Thing {
  value: i64;
}

export const COUNTER_BYTES: u32 = 96;

function word(grip: Grip): usize {
  return grip.thing + offsetof<Counter>("value");
}

/** @returns what it was before */
export function addToCounter(grip: Grip, n: i64): i64 {
  return atomic.add<i64>(word(grip), n);
}

export function readCounter(grip: Grip): i64 {
  return atomic.load<i64>(word(grip));
}

export function writeCounter(grip: Grip, value: i64): void {
  atomic.store<i64>(word(grip), value);
}

/** @returns whether it was `expected`, and is `value` now */
export function exchangeCounter(grip: Grip, expected: i64, value: i64): bool {
  return atomic.cmpxchg<i64>(word(grip), expected, value) == expected;
}
