/**
 * Nothing hangs: a test that waits runs under a watchdog which, when the time is up, prints every state word by its name
 * and ends the process.
 *
 * Two kinds, by who is stuck:
 *   watchdog        a timer on this thread: for tests that await. It cannot bark while this thread itself is blocked.
 *   wordWatchdog    a thread of its own that reads the words from shared memory: for tests that block this thread.
 */
import { Worker } from "node:worker_threads";

/** Stops a watchdog: its time no longer matters. */
export interface Watchdog {
  clear(): void;
}

/**
 * @param seconds  until it prints `describe()` and exits with code 1
 * @param describe the state words by name, such as "mutex: CONTENDED (2), waiters: 3"
 * @example
 *   const dog = watchdog(20, () => `head ${head()}, tail ${tail()}`);
 *   try { await everything; } finally { dog.clear(); }
 */
export function watchdog(seconds: number, describe: () => string): Watchdog {
  const timer = setTimeout(() => {
    process.stdout.write(`\nwatchdog: nothing for ${seconds} s; ${describe()}\n`, () => process.exit(1));
  }, seconds * 1000);
  return { clear: () => clearTimeout(timer) };
}

/** Code of the thread: reads, prints on the real standard output (a worker's own goes through the blocked parent), kills. */
const DOG = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
setTimeout(() => {
  const view = new Int32Array(workerData.memory);
  const words = Object.entries(workerData.words).map(([name, at]) => name + ": " + Atomics.load(view, at >> 2));
  writeSync(1, "\\nwatchdog: nothing for " + workerData.seconds + " s; " + words.join(", ") + "\\n");
  process.kill(process.pid, "SIGKILL");
}, workerData.seconds * 1000);
`;

/**
 * @param memory the shared memory in which the words lie
 * @param words  name -> byte offset of an i32 in `memory`, a multiple of 4
 * @example
 *   const dog = wordWatchdog(20, memory.buffer, { mutex: 1024, waiters: 1028 });
 */
export function wordWatchdog(
  seconds: number,
  memory: ArrayBufferLike,
  words: Readonly<Record<string, number>>,
): Watchdog {
  if (!(memory instanceof SharedArrayBuffer)) throw new TypeError("expected shared memory: another thread reads it");
  const worker = new Worker(DOG, { eval: true, workerData: { seconds, memory, words } });
  // A finished test must be able to end without clearing it.
  worker.unref();
  return { clear: () => void worker.terminate() };
}
