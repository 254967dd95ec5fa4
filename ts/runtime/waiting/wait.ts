/**
 * Waiting for a word of shared memory to change, without blocking.
 *
 * Role: any thread; made for those that may not sleep.
 */

/** Milliseconds between looks where `Atomics.waitAsync` is missing (Firefox before 145). */
const POLL = 2;

/**
 * Resolves when the word may have left `value`: look again, and call again if it has not.
 *
 * A pending wait cannot be cancelled, and an abandoned one would eat a wake-up meant for a later user of the address: whoever loses interest
 * notifies the word and lets the promise resolve.
 */
export function wordChange(words: Int32Array, index: number, value: number): Promise<unknown> {
  if (typeof Atomics.waitAsync !== "function") {
    if (Atomics.load(words, index) !== value) return Promise.resolve();
    return new Promise((resolve) => setTimeout(resolve, POLL));
  }
  const result = Atomics.waitAsync(words, index, value);
  return result.async ? result.value : Promise.resolve(result.value);
}
