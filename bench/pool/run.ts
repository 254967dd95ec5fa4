/**
 * `npm run bench -- pool`: all contenders in all tests, in turn, in one run.
 */
import { inTurn } from "../tools/rounds.js";
import { runTests } from "../tools/run-tests.js";
import type { TestsOptions } from "../tools/tests-main.js";
import { isRight, type Test } from "./config.js";
import type { Contender } from "./contenders.js";
import { complaintsOf, failures, type Result, reportOf, type Sample, summaryOf } from "./report.js";

export interface PoolBenchOptions extends Omit<TestsOptions<Test, Contender>, "isQuick"> {
  /** Samples before those that count. */
  readonly warmRounds: number;
}

/** Runs the bench and prints its report. @returns whether all answers were right */
export async function runPool(options: PoolBenchOptions): Promise<boolean> {
  const { tests, contenders, isWanted, workers, json } = options;
  try {
    const results = await runTests({
      tests,
      contenders,
      takesPart: (test, contender) => contender.tests.includes(test.name) && isWanted(test, contender),
      prepare: async (contender) => [await contender.prepare()].filter((part) => part !== ""),
      measure: (test, entrants) => runTest(test, entrants, options),
      report: reportOf,
      summary: summaryOf,
      complaints: complaintsOf,
      setting: { workers },
      json,
    });
    return failures(results).length === 0;
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
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
