/**
 * `npm run bench -- integrate`: all contenders on all problems, in turn, in one run.
 */
import type { Result } from "../tools/cells.js";
import { describeMachine } from "../tools/machine.js";
import { publish } from "../tools/publish.js";
import { type Entrant, type RoundsOptions, type Sample, takeInTurn } from "../tools/rounds.js";
import type { Problem } from "./config.js";
import type { Contender, RunningContender } from "./contenders.js";
import { complaintsOf, reportOf, summaryOf, wrongAnswers } from "./report.js";

export interface IntegrateBenchOptions extends RoundsOptions {
  readonly problems: readonly Problem[];
  readonly contenders: readonly Contender[];
  /** Numbers of threads, ascending. */
  readonly threads: readonly number[];
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

/** Runs the bench and prints its report. @returns whether all answers were right */
export async function runIntegrate(options: IntegrateBenchOptions): Promise<boolean> {
  const machine = await describeMachine();
  const { running, missing } = await startAll(options.contenders);
  try {
    const results: Result[] = [];
    for (const problem of options.problems) {
      const begun = performance.now();
      const some = await runProblem(problem, running, options);
      results.push(...some);
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      process.stderr.write(
        `${problem.name}: ${running.size} contenders, ${options.threads.join(" and ")} threads, ${seconds} s\n`,
      );
      for (const complaint of complaintsOf(some)) process.stderr.write(`NOT OK: ${complaint}\n`);
    }
    await publish({
      machine,
      contenders: new Map([...running].map(([name, { title }]) => [name, title])),
      missing,
      report: reportOf(results),
      complaints: complaintsOf(results),
      results: summaryOf(results),
      json: options.json,
    });
    return wrongAnswers(results).length === 0;
  } finally {
    await stopAll(running);
  }
}

/**
 * Side by side: compilers and interpreters take their time. Who is not on this machine is left out, with the reason.
 *
 * @throws when one is here and does not start; the others are stopped
 */
async function startAll(contenders: readonly Contender[]): Promise<{
  running: Map<string, RunningContender>;
  missing: Map<string, string>;
}> {
  const running = new Map<string, RunningContender>();
  const missing = new Map<string, string>();
  const prepared = await Promise.allSettled(contenders.map((contender) => contender.prepare()));
  try {
    for (const [index, outcome] of prepared.entries()) {
      const { name } = contenders[index] as Contender;
      if (outcome.status === "fulfilled") running.set(name, await outcome.value.start());
      else missing.set(name, (outcome.reason as Error).message);
    }
  } catch (error) {
    await stopAll(running);
    throw error;
  }
  return { running, missing };
}

async function stopAll(running: ReadonlyMap<string, RunningContender>): Promise<void> {
  await Promise.all([...running.values()].map((contender) => contender.process.stop()));
}

/** One problem: every contender with every number of threads is an entrant. */
async function runProblem(
  problem: Problem,
  running: ReadonlyMap<string, RunningContender>,
  options: IntegrateBenchOptions,
): Promise<Result[]> {
  const places = options.threads.flatMap((threads) =>
    [...running].map(([name, { process }]) => ({ name, threads, process })),
  );
  const entrants = places.map(
    ({ process, threads }): Entrant => ({ time: (points) => process.time(problem.name, points, threads) }),
  );
  const samples = await takeInTurn(entrants, options);
  return places.map(({ name, threads }, index) => ({
    problem: problem.name,
    contender: name,
    threads,
    samples: samples[index] as Sample[],
  }));
}
