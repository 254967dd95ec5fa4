/**
 * A storm over a pool: tasks of all kinds from several threads, while workers are ended, exit, crash, run out of memory, hang, and calls are aborted.
 *
 * A program of its own, since it is to end by itself: node storm.mjs <JSON of Storm>. It prints a Report.
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Counter, Future, Heddle, Pool } from "../../ts/index.js";
import { random } from "../tools/random.js";
import type * as Work from "./storm-work.js";
import { Heard, heard, heardError, type Kind, ROWS, Row, WORDS } from "./storm-work.js";

export interface Storm {
  readonly seed: number;
  readonly tasks: number;
  readonly events: number;
  readonly workers: number;
  readonly library: string;
  readonly work: string;
  /** test/tools/state-dog.node.ts, as a file. */
  readonly dog: string;
  /** Whether pool and context are closed at the end, or the pool ended by force in the middle. */
  readonly end: "closes" | "forgets" | "terminates";
  readonly seconds: number;
}

export interface Report {
  readonly findings: string[];
  /** How often each was heard. */
  readonly heard: Record<string, number>;
  readonly events: Record<string, number>;
  readonly milliseconds: number;
}

/** Calls under way at most, and in each the most elements of a `map`. */
const UNDER_WAY = 400;
const CHUNK = 40;
const GRACE = 30;
/** Where the context lies in its memory (ts/runtime/core/heap.ts): for the state words of a hang alone. */
const BASE = 1024;
const PENDING = 150;

const storm = JSON.parse(process.argv[2] ?? "{}") as Storm;
const library = (await import(storm.library)) as typeof import("../../ts/index.js");
const dice = random(storm.seed);
const pick = <T>(list: readonly T[]): T => list[Math.floor(dice() * list.length)]!;

const heddle: Heddle = library.createHeddle({ memory: 2 ** 26 });
const { core, words } = heddle.member;
const { seconds } = storm;
const { buffer } = heddle.member.memory;
const dog = new Worker(new URL(storm.dog), { workerData: { seconds: seconds + 2, memory: buffer, base: BASE } });
dog.unref();
// What the words cannot tell; it does not come when this thread is blocked, and they do.
setTimeout(() => {
  const unheard = kinds.flatMap((kind, index) => {
    const [runs, outcome] = [words[row(Row.RUNS, index)], words[row(Row.HEARD, index)]];
    return outcome === Heard.NOTHING ? [`${index} ${kind} run ${runs}`] : [];
  });
  writeSync(
    1,
    `\nstorm: ${at} tasks, ${pending.size} under way, ${pool}; not heard of: ${unheard.slice(0, 50).join(", ")}\n`,
  );
}, 1000 * seconds).unref();

const address = core.alloc(4 * (WORDS + ROWS * storm.tasks)) >>> 0;
words.fill(0, address >>> 2, (address >>> 2) + WORDS + ROWS * storm.tasks);
const counter: Counter = new library.Counter(0, { context: heddle });
const place = (name: string) => ({ url: storm.work, export: name });
heddle.member.workshop?.main();
const used = heddle.info().memory.used;

const findings: string[] = [];
const events: Record<string, number> = {};
const happens = (event: string): void => {
  events[event] = (events[event] ?? 0) + 1;
};
const row = (which: number, index: number): number => (address >>> 2) + WORDS + which * storm.tasks + index;
const complainOf = (error: unknown, index: number): number => {
  const outcome = heardError(error, index);
  if (outcome === Heard.WRONG && findings.length < 20)
    findings.push(`task ${index} failed with ${(error as Error).stack}`);
  return outcome;
};
const hear = (index: number, outcome: number): void => {
  const before = Atomics.exchange(words, row(Row.HEARD, index), outcome);
  if (before !== Heard.NOTHING) findings.push(`task ${index} was heard of as ${before} and as ${outcome}`);
};

const pool: Pool = new library.Pool({
  context: heddle,
  workers: storm.workers,
  maxPending: PENDING,
  maxTasksPerChild: 1500,
  grace: GRACE,
  initializer: place("open"),
  initArgs: [storm.library, counter, address, storm.tasks],
});

/** What was done to a task, so that what is heard of it can be judged. */
const kinds: (Kind | "child" | "element" | "threads")[] = [];
const given = new Set<number>();
/** Tasks whose hearing depends on another task, or on a thread. */
const dependsOn = new Map<number, number>();
let at = 0;
const take = (kind: (typeof kinds)[number]): number => {
  kinds[at] = kind;
  return at++;
};

const pending = new Set<Promise<unknown>>();
let tellOfRoom = (): void => {};
const follow = (promise: Promise<unknown>): void => {
  pending.add(promise);
  void promise.finally(() => {
    pending.delete(promise);
    tellOfRoom();
  });
};
const listen = (future: PromiseLike<unknown>, index: number): void =>
  follow(
    Promise.resolve(
      future.then(
        (value) => hear(index, heard(value, index)),
        (error) => hear(index, complainOf(error, index)),
      ),
    ),
  );

/** In how many tasks there is an event. */
const every = Math.max(1, Math.floor(storm.tasks / storm.events));
const EVENTS: readonly Kind[] = [
  "exits",
  "exits",
  "crashes",
  "crashes",
  "leaves",
  "endless",
  "endless",
  "polite",
  "hoards",
];

function submitOne(): void {
  const isEvent = Math.floor(dice() * every * 2) === 0;
  let kind: Kind = isEvent ? pick(EVENTS) : pick(["plain", "plain", "slow", "later", "throws", "nests"]);
  if (kind === "hoards" && dice() < 0.8) kind = "exits";
  if (kind === "nests" && dice() < 0.3) kind = "nestsAsleep";
  const index = take(kind);
  if (isEvent) happens(kind);
  const children: number[] = [];
  if (kind === "nests" || kind === "nestsAsleep") {
    for (let i = Math.floor(dice() * 3); i > 0 && at < storm.tasks; i--) {
      dependsOn.set(at, index);
      children.push(take("child"));
    }
  }
  const options: { priority: number; timeout?: number; signal?: AbortSignal } = { priority: Math.floor(dice() * 5) };
  if (kind === "endless" || kind === "polite") options.timeout = 20 + dice() * 60;
  else if (dice() < 0.5 / every) {
    const stop = new AbortController();
    options.signal = stop.signal;
    given.add(index);
    happens("aborts");
    setTimeout(() => stop.abort(), dice() * 30);
  }
  const future = pool.submitWith<typeof Work.work>(
    options,
    place("work"),
    kind,
    index,
    children.length > 0 ? pool : undefined,
    children,
  ) as Future<unknown>;
  listen(future, index);
  if (dice() < 0.2 / every) {
    given.add(index);
    happens("cancels");
    setTimeout(() => future.cancel(), dice() * 30);
  }
}

function indexes(count: number): number[] {
  return Array.from({ length: Math.min(count, storm.tasks - at) }, () => take("element"));
}

/** A chunk that is lost takes all of its elements: of a call that failed nothing is said of each. */
const failed = new Set<number>();
async function mapSome(): Promise<void> {
  const items = indexes(CHUNK);
  try {
    const results = await pool.map<number, number>(place("each"), items, { chunksize: 7 });
    for (const [i, index] of items.entries()) hear(index, heard(results[i], index));
  } catch (error) {
    for (const index of items) {
      failed.add(index);
      hear(index, complainOf(error, index));
    }
  }
}

async function imapSome(): Promise<void> {
  const items = indexes(CHUNK);
  const results = pool.imap<number, number>(place("each"), items, { chunksize: 1, window: 5 });
  for (const index of items) {
    try {
      const { done, value } = await results.next();
      // It is over with the first that cannot be put in.
      hear(index, done ? Heard.SHUT : heard(value, index));
    } catch (error) {
      hear(index, complainOf(error, index));
    }
  }
}

/** Whether the thread that submitted a task has died. */
const dead = new Set<number>();
async function startThread(): Promise<void> {
  const from = at;
  for (let i = 0; i < CHUNK && at < storm.tasks; i++) {
    dependsOn.set(at, -1 - from);
    take("threads");
  }
  const args = [storm.library, counter, address, storm.tasks, pool, from, at];
  const thread = new library.Thread({ context: heddle, target: place("submits"), args });
  thread.start();
  await thread.join();
  if (thread.exitCode !== 0) dead.add(-1 - from);
  thread.close();
}

/** Ends a worker as if from outside. */
function kill(): void {
  const alive: number[] = [];
  for (let number = 1; number < 256; number++) if (core.threadState(number) === 2) alive.push(number);
  if (alive.length === 0) return;
  const number = pick(alive);
  happens("kills");
  heddle.member.workshop?.order({ kind: "end", number, generation: core.threadGeneration(number) });
}

async function rage(): Promise<void> {
  const kills = Math.ceil(storm.events / 2);
  const endsAt = storm.end === "terminates" ? storm.tasks / 2 : storm.tasks;
  let next = storm.tasks / kills;
  while (at < endsAt) {
    while (pending.size >= UNDER_WAY) {
      await new Promise<void>((resolve) => {
        tellOfRoom = resolve;
      });
    }
    const die = dice();
    if (die < 0.002) follow(mapSome());
    else if (die < 0.004) follow(imapSome());
    else if (die < 0.005) follow(startThread());
    else submitOne();
    if (at >= next) {
      next += storm.tasks / kills;
      const delay = dice() * 20;
      follow(new Promise<void>((resolve) => setTimeout(resolve, delay)).then(kill));
    }
    if (dice() < 0.05) await new Promise((resolve) => setImmediate(resolve));
  }
}

const begun = performance.now();
await rage();
if (storm.end === "terminates") pool.terminate();
await Promise.all(pending);
judge();
await epilogue();
const counts: Record<string, number> = {};
const names = Object.entries(Heard);
for (let index = 0; index < at; index++) {
  const outcome = words[row(Row.HEARD, index)];
  const name = names.find(([, number]) => number === outcome)?.[0] ?? String(outcome);
  counts[name] = (counts[name] ?? 0) + 1;
}
const report: Report = { findings, heard: counts, events, milliseconds: Math.round(performance.now() - begun) };
writeSync(1, `${JSON.stringify(report)}\n`);
void dog.terminate();

/** Whether what was heard of each task fits what was done to it. */
function judge(): void {
  const lastOf = new Map<number, number>();
  for (let index = 0; index < at; index++) {
    const worker = words[row(Row.WORKER, index)]!;
    lastOf.set(worker, Math.max(lastOf.get(worker) ?? 0, words[row(Row.ORDER, index)]!));
  }
  let lost = 0;
  const lostOn = new Map<number, number>();
  for (let index = 0; index < at; index++) {
    const runs = words[row(Row.RUNS, index)]!;
    const outcome = words[row(Row.HEARD, index)]!;
    const kind = kinds[index]!;
    if (runs > 1) findings.push(`task ${index} (${kind}) was run ${runs} times`);
    const reason = complain(index, kind, runs, outcome);
    if (reason !== null)
      findings.push(`task ${index} (${kind}), run ${runs} times, was heard of as ${outcome}: ${reason}`);
    if (outcome !== Heard.LOST || failed.has(index)) continue;
    lost++;
    if (runs === 0) continue;
    // Its worker died of, or with, this task: it has begun none after it, unless in the place of one that waits.
    const worker = words[row(Row.WORKER, index)]!;
    lostOn.set(worker, (lostOn.get(worker) ?? 0) + 1);
    if (lastOf.get(worker) !== words[row(Row.ORDER, index)])
      findings.push(`task ${index} (${kind}) is lost, and its worker went on`);
  }
  for (const [worker, count] of lostOn) if (count > 1) findings.push(`worker ${worker} died with ${count} tasks`);
  const deaths = ["kills", "exits", "crashes", "leaves", "hoards", "endless", "polite", "aborts"].reduce(
    (sum, event) => sum + (events[event] ?? 0),
    0,
  );
  if (storm.end !== "terminates" && lost > deaths)
    findings.push(`${lost} tasks are lost, with ${deaths} deaths at most`);
}

/** @returns what is wrong with it, null when it fits */
function complain(index: number, kind: (typeof kinds)[number], runs: number, outcome: number): string | null {
  const isTerminated = storm.end === "terminates";
  switch (outcome) {
    case Heard.NOTHING: {
      const parent = dependsOn.get(index);
      if (parent === undefined) return "its future has not settled";
      if (parent < 0) return dead.has(parent) || isTerminated ? null : "its thread lives";
      // It was not put in, or its parent did not live to hear of it.
      return words[row(Row.HEARD, parent)] === Heard.VALUE && !given.has(parent) ? "its parent has returned" : null;
    }
    case Heard.VALUE:
      return runs === 1 && !["throws", "exits", "crashes", "hoards", "endless"].includes(kind)
        ? null
        : "a value of what?";
    case Heard.ERROR:
      return kind === "throws" && runs === 1 ? null : "it throws nothing";
    case Heard.LOST:
      return null;
    case Heard.LATE:
      return kind === "endless" || kind === "polite" ? null : "it has all the time";
    case Heard.ABORTED:
      return given.has(index) ? null : "nobody aborted it";
    case Heard.CANCELLED:
      if (isTerminated) return null;
      return given.has(index) && runs === 0 ? null : "nobody cancelled it, or it ran";
    case Heard.SHUT:
      return isTerminated ? null : "the pool is open";
    default:
      return "that is not its outcome";
  }
}

/** The pool is whole, or ended; nothing is left. */
async function epilogue(): Promise<void> {
  if (storm.end !== "terminates") {
    const meeting = Array.from({ length: storm.workers }, () =>
      pool.submit<typeof Work.meet>(place("meet"), storm.workers),
    );
    const met = new Set(await Promise.all(meeting));
    if (met.size !== storm.workers) findings.push(`${met.size} of ${storm.workers} workers work`);
    const { queued, running } = pool.statistics();
    if (queued + running > 0) findings.push(`${queued} tasks wait, ${running} run, and all have settled`);
  }
  const alive = heddle.member.core.threadsList(address, 0);
  if (alive !== 0) findings.push(`the list of threads cannot be had: ${alive}`);
  else if (heddle.member.count !== 1) findings.push(`${heddle.member.count} threads are listed, of which one lives`);
  if (storm.end === "forgets") return;
  counter.close();
  if (storm.end === "closes") await pool.shutdown();
  pool.close();
  // What arguments became on workers that are idle now goes with them.
  await heddle.close();
  const left = (core.memoryUsed() >>> 0) - used;
  if (left > 0) findings.push(`${left} bytes of the memory stay in use`);
  for (let number = 1; number < 256; number++) {
    if (core.threadState(number) !== 0) findings.push(`thread ${number} is not gone`);
  }
}
