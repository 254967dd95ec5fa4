/**
 * `npm run bench -- queue`: all contenders in all tests, in turn, in one run.
 */
import { inTurn } from "../tools/rounds.js";
import { runTests } from "../tools/run-tests.js";
import type { TestsOptions } from "../tools/tests-main.js";
import { IDLE_SAMPLES, type Test } from "./config.js";
import type { Contender } from "./contender.js";
import { complaintsOf, failures, type Result, reportOf, summaryOf } from "./report.js";
import { type Sample, Sampler } from "./sampler.js";

export interface QueueBenchOptions extends Omit<TestsOptions<Test, Contender>, "isQuick" | "workers"> {
  /** A sample lasts at least this long. */
  readonly minimumSeconds: number;
}

/** Runs the bench and prints its report. @returns whether all answers were right that have to be */
export async function runQueue(options: QueueBenchOptions): Promise<boolean> {
  const { tests, contenders, isWanted, json } = options;
  const results = await runTests({
    tests,
    contenders,
    takesPart: (test, contender) => contender.kinds.includes(test.kind) && isWanted(test, contender),
    prepare: (contender) => contender.prepare(),
    measure: (test, entrants) => runTest(test, entrants, options),
    report: reportOf,
    summary: summaryOf,
    complaints: complaintsOf,
    setting: {},
    json,
  });
  return failures(results).length === 0;
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
