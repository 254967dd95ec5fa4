/**
 * Small threads with known faults, for the tests of the explorer (test/explore).
 *
 * Compiled with the flags of `release` by test/memory/module.ts.
 */

/** Reads, adds, writes: another thread's addition in between is lost. */
export function addPlainly(word: usize): void {
  store<i32>(word, load<i32>(word) + 1);
}

/** The same with atomic accesses, which does not help. */
export function addInTwoSteps(word: usize): void {
  atomic.store<i32>(word, atomic.load<i32>(word) + 1);
}

export function addAtomically(word: usize): i32 {
  return atomic.add<i32>(word, 1);
}

/** A lock that looks, then takes. @returns whether it was free */
export function takeBroken(lock: usize): bool {
  if (atomic.load<i32>(lock) != 0) return false;
  atomic.store<i32>(lock, 1);
  return true;
}

/** Takes the lock as thread `owner` (from 1 on), and sleeps until it is free. 0 free, n held, n | 256 held and somebody may sleep. */
export function take(lock: usize, owner: i32): void {
  if (atomic.cmpxchg<i32>(lock, 0, owner) == 0) return;
  // Ends when the word was seen free and taken.
  for (;;) {
    const seen = atomic.load<i32>(lock);
    if (seen == 0) {
      if (atomic.cmpxchg<i32>(lock, 0, owner | 256) == 0) return;
    } else if (seen & 256 || atomic.cmpxchg<i32>(lock, seen, seen | 256) == seen) {
      atomic.wait<i32>(lock, seen | 256, -1);
    }
  }
}

export function give(lock: usize): void {
  if (atomic.xchg<i32>(lock, 0) & 256) atomic.notify(lock, 1);
}

/** As `give`, for the lock of a dead thread. Wakes everybody: a wake-up may have been lost with the dead. */
export function giveUp(lock: usize, owner: i32): void {
  const seen = atomic.load<i32>(lock);
  if ((seen & 255) == owner) atomic.store<i32>(lock, 0);
  atomic.notify(lock, -1);
}

/** Two words that are the same whenever nobody is inside. */
export function bumpBoth(pair: usize): void {
  store<i32>(pair, load<i32>(pair) + 1);
  store<i32>(pair, load<i32>(pair, 4) + 1, 4);
}

/**
 * `bumpBoth` with an undo log. The journal: what it is about, 0 when it does not count; how many entries; then entries of address and old value.
 */
export function bumpLogged(journal: usize, pair: usize): void {
  store<i32>(journal, 0, 4);
  store<u32>(journal, <u32>pair);
  change(journal, pair, load<i32>(pair) + 1);
  change(journal, pair + 4, load<i32>(pair, 4) + 1);
  store<u32>(journal, 0);
}

function change(journal: usize, address: usize, value: i32): void {
  const length = load<i32>(journal, 4);
  const entry = journal + 16 + ((<usize>length) << 3);
  store<u32>(entry, <u32>address);
  store<i32>(entry, load<i32>(address), 4);
  store<i32>(journal, length + 1, 4);
  store<i32>(address, value);
}

/** What whoever recovers the owner of the journal does. */
export function undoLogged(journal: usize): void {
  if (load<u32>(journal) != 0) undoFrom(journal, load<i32>(journal, 4) - 1);
}

/** Undoes one more than counts. */
export function undoTooMuch(journal: usize): void {
  if (load<u32>(journal) != 0) undoFrom(journal, load<i32>(journal, 4));
}

function undoFrom(journal: usize, last: i32): void {
  for (let i = last; i >= 0; i--) {
    const entry = journal + 16 + ((<usize>i) << 3);
    store<i32>(load<u32>(entry), load<i32>(entry, 4));
  }
  store<u32>(journal, 0);
}

/** Sleeps until the flag is up, at most `timeoutNs` at a time. @returns how often it looked */
export function awaitFlag(flag: usize, timeoutNs: i64): i32 {
  let looks = 1;
  while (atomic.load<i32>(flag) == 0) {
    atomic.wait<i32>(flag, 0, timeoutNs);
    looks++;
  }
  return looks;
}

export function raise(flag: usize): void {
  atomic.store<i32>(flag, 1);
  atomic.notify(flag, 1);
}

/** Forgets whoever sleeps. */
export function raiseSilently(flag: usize): void {
  atomic.store<i32>(flag, 1);
}

/** Goes round without a step. */
export function spinForEver(n: i32): i32 {
  let x = n;
  while (x != 0) x = x * 3 + (x == 7 ? 1 : 0);
  return x;
}

/** Waits for the flag without a sleep. */
export function spinOn(flag: usize): void {
  while (atomic.load<i32>(flag) == 0) {}
}

/** Publishes a value with a flag, and reads it. @returns the value, or -1 when the flag was down */
export function publish(place: usize, value: i32): void {
  store<i32>(place, value);
  atomic.store<i32>(place, 1, 4);
}

export function receive(place: usize): i32 {
  return atomic.load<i32>(place, 4) == 0 ? -1 : load<i32>(place);
}

/** The two stores in the wrong order. */
export function publishTooEarly(place: usize, value: i32): void {
  atomic.store<i32>(place, 1, 4);
  store<i32>(place, value);
}

/** Every kind of access once, to see that each does what it did. @returns a sum over what was read */
export function everyAccess(at: usize): f64 {
  store<u8>(at, 200);
  store<u16>(at, 60000, 2);
  store<u32>(at, 4000000000, 4);
  store<u64>(at, 12345678901234567, 8);
  store<f32>(at, 1.5, 16);
  store<f64>(at, 2.5, 24);
  v128.store(at + 32, i32x4(1, 2, 3, 4));
  memory.copy(at + 64, at, 48);
  memory.fill(at + 48, 7, 9);
  let sum: f64 = 0;
  sum += <f64>load<u8>(at + 64) + <f64>load<i8>(at + 64) + <f64>load<u16>(at + 64, 2) + <f64>load<i16>(at + 64, 2);
  sum += <f64>load<u32>(at + 64, 4) + <f64>load<u64>(at + 64, 8) + <f64>load<f32>(at + 64, 16) + load<f64>(at + 64, 24);
  sum += <f64>i32x4.extract_lane(v128.load(at + 96), 2) + <f64>load<u8>(at, 56) + <f64>load<u8>(at, 57);
  const both = v128.load64_lane(at, v128.load64_zero(at + 64, 24), 1, 24);
  sum += f64x2.extract_lane(both, 0) + 3 * f64x2.extract_lane(both, 1);
  sum +=
    <f64>atomic.add<u8>(at, 100) +
    <f64>atomic.sub<u16>(at, 1, 2) +
    <f64>atomic.or<u32>(at, 1, 4) +
    <f64>atomic.xchg<u64>(at, 5, 8);
  sum += <f64>atomic.cmpxchg<u32>(at, 4000000001, 9, 4) + <f64>atomic.load<u8>(at) + <f64>atomic.load<u64>(at, 8);
  atomic.store<u16>(at, 3, 2);
  sum += <f64>atomic.load<u32>(at) + <f64>atomic.load<u32>(at, 4);
  return sum;
}
