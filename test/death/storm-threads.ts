/**
 * A storm over threads: many are started, from the main thread and from others; some return, throw, exit, crash, some are ended by force at random. A join never hangs, exit codes are right.
 *
 * A program of its own, since it is to end by itself: node storm-threads.mjs <JSON of ThreadStorm>. It prints a ThreadReport.
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Event, Thread } from "../../ts/index.js";
import { random } from "../tools/random.js";

export interface ThreadStorm {
  readonly seed: number;
  readonly threads: number;
  readonly library: string;
  readonly dog: string;
  readonly seconds: number;
}

export interface ThreadReport {
  readonly findings: string[];
  /** How often each end came. */
  readonly ends: Record<string, number>;
  readonly milliseconds: number;
}

/** Threads at a time. */
const AT_A_TIME = 12;
/** Where the context lies in its memory (ts/runtime/core/heap.ts): for the state words of a hang alone. */
const BASE = 1024;

/** What threads do, and the exit code that each has when nobody ends it. */
const LIVES: Readonly<
  Record<string, { readonly target: (event: Event, n: number) => unknown; readonly code: number | null }>
> = {
  returns: { target: () => 1, code: 0 },
  waits: { target: (_, n) => new Promise((resolve) => setTimeout(resolve, n % 10)), code: 0 },
  throws: {
    target: () => {
      throw new Error("mine");
    },
    code: 1,
  },
  leaves: {
    target: (_, n) => {
      throw Object.assign(new Error("it ends itself"), { name: "ThreadExit", code: n % 100 });
    },
    code: null,
  },
  exits: { target: () => process.exit(5), code: -1 },
  crashes: {
    target: () => {
      setTimeout(() => {
        throw new Error("nobody catches this");
      });
      return new Promise(() => {});
    },
    code: -1,
  },
  spins: {
    target: (_, n) => {
      const end = performance.now() + (n % 15);
      while (performance.now() < end);
    },
    code: 0,
  },
  sleeps: { target: (event, n) => event.waitSync({ timeout: n % 20 }), code: 0 },
  // These end by force only.
  loops: {
    target: () => {
      for (;;);
    },
    code: -1,
  },
  sleepsForEver: { target: (event) => event.waitSync(), code: -1 },
  waitsForEver: { target: (event) => event.wait(), code: -1 },
};
const ENDLESS = ["loops", "sleepsForEver", "waitsForEver"];

const storm = JSON.parse(process.argv[2] ?? "{}") as ThreadStorm;
const library = (await import(storm.library)) as typeof import("../../ts/index.js");
const dice = random(storm.seed);
const heddle = library.createHeddle();
const { core, memory } = heddle.member;
const { seconds } = storm;
const dog = new Worker(new URL(storm.dog), { workerData: { seconds: seconds + 2, memory: memory.buffer, base: BASE } });
dog.unref();
const current = new Map<Thread, string>();
setTimeout(() => {
  const lives = [...current].map(([thread, life]) => `${life}: ${thread}`);
  writeSync(1, `\nstorm: ${lives.join(", ")}\n`);
}, 1000 * seconds).unref();

heddle.member.workshop?.main();
const used = core.memoryUsed() >>> 0;
const event = new library.Event({ context: heddle });
library.setExcepthook(() => {});
const findings: string[] = [];
const ends: Record<string, number> = {};

async function live(n: number): Promise<void> {
  const names = Object.keys(LIVES);
  const life = names[Math.floor(dice() * names.length)]!;
  const { target, code } = LIVES[life]!;
  const isEnded = ENDLESS.includes(life) || dice() < 0.3;
  const thread: Thread = new library.Thread({ context: heddle, target, args: [event, n], daemon: dice() < 0.2 });
  current.set(thread, life);
  thread.start();
  const joins = [thread.join()];
  // Another thread waits for it as well: its handle travels.
  if (dice() < 0.2) joins.push(joinElsewhere(thread));
  if (isEnded) {
    const delay = dice() * 60;
    // Some before they begin, some while they run, some when they are over.
    if (delay > 10) await new Promise((resolve) => setTimeout(resolve, delay - 10));
    thread.terminate();
  }
  const joined = await Promise.all(joins);
  if (joined.some((isOver) => !isOver)) findings.push(`${life}: a join came back, and it is not over`);
  const { exitCode } = thread;
  const expected = life === "leaves" ? n % 100 : code;
  if (exitCode !== expected && !(isEnded && exitCode === -1)) {
    findings.push(`${life}, ${isEnded ? "ended" : "left alone"}: exit code ${exitCode}, not ${expected}`);
  }
  if (thread.isAlive) findings.push(`${life}: it is over and alive`);
  const end = exitCode === -1 ? (isEnded ? "ended" : "died") : life;
  ends[end] = (ends[end] ?? 0) + 1;
  current.delete(thread);
  thread.close();
}

async function joinElsewhere(thread: Thread): Promise<boolean> {
  const joiner: Thread = new library.Thread({
    context: heddle,
    target: (other: Thread) => {
      other.joinSync();
      if (other.isAlive) throw new Error("it is alive");
    },
    args: [thread],
  });
  current.set(joiner, "joins");
  joiner.start();
  const isOver = await joiner.join();
  if (joiner.exitCode !== 0) findings.push(`a thread that joined another ended with ${joiner.exitCode}`);
  current.delete(joiner);
  joiner.close();
  return isOver;
}

const begun = performance.now();
let next = 0;
const strand = async (): Promise<void> => {
  while (next < storm.threads) await live(next++);
};
await Promise.all(Array.from({ length: AT_A_TIME }, strand));

core.threadsList(core.threadScratch(), 0);
if (heddle.member.count !== 1) findings.push(`${heddle.member.count} threads are listed, of which one lives`);
event.close();
await heddle.close();
const left = (core.memoryUsed() >>> 0) - used;
if (left > 0) findings.push(`${left} bytes of the memory stay in use`);
for (let number = 1; number < 256; number++) {
  if (core.threadState(number) !== 0) findings.push(`thread ${number} is not gone`);
}
const report: ThreadReport = { findings, ends, milliseconds: Math.round(performance.now() - begun) };
writeSync(1, `${JSON.stringify(report)}\n`);
void dog.terminate();
