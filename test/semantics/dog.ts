/**
 * A watchdog for cases that block their own thread: one other thread for a whole file, which waits for signs of life.
 *
 * `watchdog` of tools/ is a timer and cannot bark while its thread is blocked; `wordWatchdog` is a thread per watch, which costs
 * more than most cases. This one is told the number of each case, and prints its name when nothing follows.
 */
import { Worker } from "node:worker_threads";

const DOG = `
const { workerData: { words, names, seconds } } = require("node:worker_threads");
const { writeSync } = require("node:fs");
// word 0: signs of life; word 1: the case that runs, or -1
for (;;) {
  const before = Atomics.load(words, 0);
  if (Atomics.wait(words, 0, before, seconds * 1000) !== "timed-out") continue;
  const index = Atomics.load(words, 1);
  if (index < 0) continue;
  writeSync(1, "\\nwatchdog: nothing for " + seconds + " s in the case: " + names[index] + "\\n");
  process.kill(process.pid, "SIGKILL");
}
`;

export interface Dog {
  /** A case begins: its number; or none does, -1. */
  tell(index: number): void;
  end(): Promise<number>;
}

export function dog(seconds: number, names: readonly string[]): Dog {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(DOG, { eval: true, workerData: { words, names, seconds } });
  worker.unref();
  return {
    tell(index) {
      Atomics.store(words, 1, index);
      Atomics.add(words, 0, 1);
      Atomics.notify(words, 0);
    },
    end: () => worker.terminate(),
  };
}
