/**
 * `npm run bench -- pool`: all contenders in all tests, in turn, in one run.
 */
import { writeFile } from "node:fs/promises";
import { describeMachine, showMachine } from "../tools/machine.js";
import { inTurn } from "../tools/rounds.js";
import { isRight, type Test } from "./config.js";
import type { Contender } from "./contenders.js";
import { complaintsOf, failures, type Result, reportOf, type Sample, summaryOf } from "./report.js";

export interface PoolBenchOptions {
  readonly tests: readonly Test[];
  readonly contenders: readonly Contender[];
  /** Which contenders take part in which test, besides what they can. */
  readonly isWanted: (test: Test, contender: Contender) => boolean;
  /** Workers of each pool. */
  readonly workers: number;
  /** Samples of each figure. */
  readonly rounds: number;
  /** Samples before those, that do not count. */
  readonly warmRounds: number;
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

/** Runs the bench and prints its report. @returns whether all answers were right */
export async function runPool(options: PoolBenchOptions): Promise<boolean> {
  const machine = await describeMachine();
  const isMeasured = (test: Test, contender: Contender) =>
    contender.tests.includes(test.name) && options.isWanted(test, contender);
  const needed = options.contenders.filter((contender) => options.tests.some((test) => isMeasured(test, contender)));
  const titles = new Map<string, string>();
  const missing = new Map<string, string>();
  for (const { name, description, prepare } of needed) {
    try {
      titles.set(name, [description, await prepare()].filter((part) => part !== "").join("; "));
    } catch (error) {
      missing.set(name, (error as Error).message);
    }
  }
  const present = needed.filter(({ name }) => titles.has(name));
  const results: Result[] = [];
  try {
    for (const test of options.tests) {
      const entrants = present.filter((contender) => isMeasured(test, contender));
      if (entrants.length === 0) continue;
      const begun = performance.now();
      const some = await runTest(test, entrants, options);
      results.push(...some);
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      process.stderr.write(`${test.name}: ${entrants.length} contenders, ${seconds} s\n`);
      for (const complaint of complaintsOf(some)) process.stderr.write(`NOT OK: ${complaint}\n`);
    }
  } finally {
    await Promise.all(present.map((contender) => contender.stop()));
  }
  const width = Math.max(...needed.map(({ name }) => name.length));
  const heads = [...titles].map(([name, title]) => `${name.padEnd(width)}  ${title}`);
  const gaps = [...missing].map(([name, why]) => `${name.padEnd(width)}  missing: ${why}`);
  const tables = results.length > 0 ? [reportOf(results)] : ["Nothing was measured."];
  console.log(
    [showMachine(machine), [...heads, ...gaps].join("\n"), `${options.workers} workers`, ...tables].join("\n\n"),
  );
  if (options.json !== null) {
    const content = {
      // First, where a look at the file begins.
      complaints: complaintsOf(results),
      machine,
      workers: options.workers,
      contenders: Object.fromEntries(titles),
      missing: Object.fromEntries(missing),
      results: summaryOf(results),
    };
    await writeFile(options.json, `${JSON.stringify(content, null, 1)}\n`);
  }
  return failures(results).length === 0;
}

/** One test. Who fails in it drops out of it: the others' figures are worth having. */
async function runTest(
  test: Test,
  entrants: readonly Contender[],
  { rounds, warmRounds, workers }: PoolBenchOptions,
): Promise<Result[]> {
  const seats = entrants.map((contender) => ({
    contender,
    samples: [] as Sample[],
    failure: null as string | null,
  }));
  // A fresh process has nothing to warm up.
  const before = test.isFresh ? 0 : warmRounds;
  await inTurn(seats.length, before + rounds, async (index, round) => {
    const seat = seats[index] as (typeof seats)[number];
    if (seat.failure !== null) return;
    try {
      const { seconds, value } = await seat.contender.time(test, workers);
      const figure = (test.scale * seconds) / test.parts;
      if (round >= before) seat.samples.push({ figure, isRight: isRight(test, value) });
    } catch (error) {
      seat.failure = (error as Error).message.trimEnd();
    }
  });
  return seats.map(({ contender: { name }, samples, failure }) => ({
    test: test.name,
    contender: name,
    samples,
    failure,
  }));
}
