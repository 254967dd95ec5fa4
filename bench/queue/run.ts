/**
 * `npm run bench -- queue`: all contenders in all tests, in turn, in one run.
 */
import { writeFile } from "node:fs/promises";
import { describeMachine, showMachine } from "../tools/machine.js";
import { inTurn } from "../tools/rounds.js";
import { IDLE_SAMPLES, type Test } from "./config.js";
import type { Contender } from "./contender.js";
import { complaintsOf, failures, type Result, reportOf, summaryOf } from "./report.js";
import { type Sample, Sampler } from "./sampler.js";

export interface QueueBenchOptions {
  readonly tests: readonly Test[];
  readonly contenders: readonly Contender[];
  /** Which contenders take part in which test, besides what they can. */
  readonly isWanted: (test: Test, contender: Contender) => boolean;
  /** Samples of each figure. */
  readonly rounds: number;
  /** A sample lasts at least this long. */
  readonly minimumSeconds: number;
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

/** Runs the bench and prints its report. @returns whether all answers were right that have to be */
export async function runQueue(options: QueueBenchOptions): Promise<boolean> {
  const machine = await describeMachine();
  const isMeasured = (test: Test, contender: Contender) =>
    contender.kinds.includes(test.kind) && options.isWanted(test, contender);
  const needed = options.contenders.filter((contender) => options.tests.some((test) => isMeasured(test, contender)));
  const { titles, missing } = await prepareAll(needed);
  const present = needed.filter(({ name }) => titles.has(name));
  const results: Result[] = [];
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
  const width = Math.max(...needed.map(({ name }) => name.length));
  const heads = [...titles].map(([name, title]) => `${name.padEnd(width)}  ${title}`);
  const gaps = [...missing].map(([name, why]) => `${name.padEnd(width)}  missing: ${why}`);
  const tables = results.length > 0 ? [reportOf(results)] : ["Nothing was measured."];
  console.log([showMachine(machine), [...heads, ...gaps].join("\n"), ...tables].join("\n\n"));
  if (options.json !== null) {
    const content = {
      // First, where a look at the file begins.
      complaints: complaintsOf(results),
      machine,
      contenders: Object.fromEntries(titles),
      missing: Object.fromEntries(missing),
      results: summaryOf(results),
    };
    await writeFile(options.json, `${JSON.stringify(content, null, 1)}\n`);
  }
  return failures(results).length === 0;
}

/** Side by side: compilers take their time. Who is not on this machine is left out, with the reason. */
async function prepareAll(contenders: readonly Contender[]): Promise<{
  titles: Map<string, string>;
  missing: Map<string, string>;
}> {
  const titles = new Map<string, string>();
  const missing = new Map<string, string>();
  const prepared = await Promise.allSettled(contenders.map((contender) => contender.prepare()));
  for (const [index, outcome] of prepared.entries()) {
    const { name, description } = contenders[index] as Contender;
    if (outcome.status === "fulfilled") titles.set(name, [description, ...outcome.value].join("; "));
    else missing.set(name, (outcome.reason as Error).message);
  }
  return { titles, missing };
}

/** One test. Who fails in it drops out of it: the others' figures are worth having, and a run takes long. */
async function runTest(test: Test, entrants: readonly Contender[], options: QueueBenchOptions): Promise<Result[]> {
  const seats = entrants.map((contender) => ({
    contender,
    sampler: new Sampler(test, (items) => contender.run(test, items), options.minimumSeconds),
    samples: [] as Sample[],
    failure: null as string | null,
  }));
  const attempt = async (index: number, act: (seat: (typeof seats)[number]) => Promise<unknown>): Promise<void> => {
    const seat = seats[index] as (typeof seats)[number];
    if (seat.failure !== null) return;
    await act(seat).catch((error: Error) => {
      seat.failure = error.message.trimEnd();
    });
  };
  for (const index of seats.keys()) await attempt(index, ({ sampler }) => sampler.settle());
  const rounds = test.kind === "idle" ? Math.min(IDLE_SAMPLES, options.rounds) : options.rounds;
  await inTurn(seats.length, rounds, (index) =>
    attempt(index, async ({ sampler, samples }) => samples.push(await sampler.take())),
  );
  return seats.map(({ contender: { name, excuse }, samples, failure }) => ({
    test: test.name,
    contender: name,
    samples,
    failure,
    excuse,
  }));
}
