/**
 * `npm run bench -- ulp`: the largest errors of the math provider, on all cores.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { describeMachine, showMachine } from "../tools/machine.js";
import { childProgram } from "../tools/programs.js";
import { boundOf } from "./bound.js";
import { type Batch, batchesOf, batchesOfRange, merged, NOTHING, type Tally, worstPoints } from "./measure.js";
import { RANGES } from "./ranges.js";
import { isWithin, type Result, reportOf } from "./report.js";
import { subjectNames } from "./subject.js";

export interface UlpBenchOptions {
  /** The module to measure. */
  readonly provider: string;
  /** Which of its functions; null for all. */
  readonly only: readonly string[] | null;
  /** Points of each function, besides the hard ones. */
  readonly samples: number;
  readonly seed: number;
  readonly threads: number;
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

/** What a worker is started with. */
export interface Luggage {
  readonly provider: string;
  readonly seed: number;
}

/** A piece of work; without a batch it is the hard points. */
export interface Task {
  readonly name: string;
  readonly batch: Batch | null;
}

/** The functions that a module exports and this bench knows. */
export function functionsOf(provider: string): string[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(provider)), {});
  const names = subjectNames(exports);
  const unknown = names.find((name) => RANGES[name] === undefined || boundOf(name) === null);
  if (unknown === undefined) return names;
  throw new Error(
    `heddle: ${provider} exports ${unknown}, which has no bound (ts/expr/bounds.ts) or no ranges (bench/ulp/ranges.ts)`,
  );
}

/** Measures and prints a table. @returns whether all bounds hold */
export async function runUlp(options: UlpBenchOptions): Promise<boolean> {
  const machine = await describeMachine();
  const names = functionsOf(options.provider).filter((name) => options.only?.includes(name) ?? true);
  const begun = performance.now();
  const tallies = await measureAll(names, options);
  const results = names.map((name): Result => ({ name, tally: tallies.get(name) ?? NOTHING }));
  console.log([showMachine(machine), reportOf(results, options)].join("\n\n"));
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0)} s on ${options.threads} threads\n`);
  if (options.json !== null) {
    const { samples, seed } = options;
    await writeFile(options.json, `${JSON.stringify({ machine, samples, seed, results }, withInfinities, 1)}\n`);
  }
  return results.every(isWithin);
}

/** JSON has no infinities; as text they can be told from what is missing. */
function withInfinities(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** How often to look again around the worst points so far, at how many of them, and with which part of the samples. */
const REFINEMENTS = 2;
const REFINED_POINTS = 32;
const REFINED_SHARE = 1 / 8;

/** All functions at their hard points, in their ranges, then around the worst points of these; what comes out does not depend on the number of threads. */
async function measureAll(
  names: readonly string[],
  { provider, samples, seed, threads }: UlpBenchOptions,
): Promise<ReadonlyMap<string, Tally>> {
  const found = new Map(names.map((name) => [name, [] as Tally[]]));
  const luggage: Luggage = { provider, seed };
  const workers = Array.from(
    { length: threads },
    () => new Worker(childProgram("ulp", "work"), { workerData: luggage }),
  );
  const run = async (batches: (name: string) => (Batch | null)[]): Promise<void> => {
    const tasks = names.flatMap((name) => batches(name).map((batch): Task => ({ name, batch })));
    const tallies = await runTasks(workers, tasks);
    tasks.forEach(({ name }, index) => {
      found.get(name)!.push(tallies[index]!);
    });
  };
  try {
    await run((name) => [null, ...batchesOf(RANGES[name]!, samples)]);
    for (let round = 0; round < REFINEMENTS; round++) {
      await run((name) => {
        const points = worstPoints(found.get(name)!, REFINED_POINTS);
        return points.length === 0 ? [] : batchesOfRange(points, Math.ceil(REFINED_SHARE * samples));
      });
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return new Map([...found].map(([name, tallies]) => [name, tallies.reduce(merged, NOTHING)]));
}

/** Each task on whichever worker is free. @returns what they found, in the order of the tasks */
async function runTasks(workers: readonly Worker[], tasks: readonly Task[]): Promise<Tally[]> {
  const tallies: Tally[] = [];
  let next = 0;
  const drain = async (worker: Worker): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      tallies[index] = await ask(worker, tasks[index]!);
    }
  };
  await Promise.all(workers.map(drain));
  return tallies;
}

function ask(worker: Worker, task: Task): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (tally: Tally) => {
      worker.off("error", reject);
      resolve(tally);
    });
    worker.postMessage(task);
  });
}
