/** The thread of `stateWatchdog`: sleeps, prints the state words on the real standard output, kills the process. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { stateWords } from "./state-words.js";

const { seconds, memory, base } = workerData as { seconds: number; memory: SharedArrayBuffer; base: number };

setTimeout(() => {
  writeSync(1, `\nwatchdog: nothing for ${seconds} s; ${stateWords(memory, base)}\n`);
  process.kill(process.pid, "SIGKILL");
}, seconds * 1000);
