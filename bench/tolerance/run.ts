/**
 * `npm run bench -- tolerance`: all contenders on all problems, in turn, in one run.
 */
import { writeFile } from "node:fs/promises";
import { describeMachine, showMachine } from "../tools/machine.js";
import { type Entrant, type RoundsOptions, type Sample, takeInTurn } from "../tools/rounds.js";
import type { Problem } from "./config.js";
import type { Contender, RunningContender } from "./contenders.js";
import { complaintsOf, type Result, reportOf, summaryOf } from "./report.js";

export interface ToleranceBenchOptions extends RoundsOptions {
  readonly problems: readonly Problem[];
  readonly contenders: readonly Contender[];
  /** Numbers of threads, ascending; contenders that know only one take part in the first. */
  readonly threads: readonly number[];
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

interface Running extends RunningContender {
  readonly isParallel: boolean;
}

/** Runs the bench and prints its report. @returns whether all answers were right */
export async function runTolerance(options: ToleranceBenchOptions): Promise<boolean> {
  const machine = await describeMachine();
  const running = new Map<string, Running>();
  const missing = new Map<string, string>();
  try {
    for (const contender of options.contenders) {
      const { name, isParallel } = contender;
      try {
        running.set(name, { ...(await contender.start()), isParallel });
      } catch (error) {
        missing.set(name, (error as Error).message);
      }
    }
    const results: Result[] = [];
    for (const problem of options.problems) {
      const begun = performance.now();
      const some = await runProblem(problem, running, options);
      results.push(...some);
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      process.stderr.write(`${problem.name}: ${running.size} contenders, ${seconds} s\n`);
      for (const complaint of complaintsOf(some)) process.stderr.write(`NOT OK: ${complaint}\n`);
    }
    const width = Math.max(...[...running.keys(), ...missing.keys()].map(({ length }) => length));
    const titles = [...running].map(([name, { title }]) => `${name.padEnd(width)}  ${title}`);
    const gaps = [...missing].map(([name, why]) => `${name.padEnd(width)}  missing: ${why}`);
    console.log([showMachine(machine), [...titles, ...gaps].join("\n"), reportOf(results)].join("\n\n"));
    const complaints = complaintsOf(results);
    if (options.json !== null) {
      const content = {
        // First, where a look at the file begins.
        complaints,
        machine,
        contenders: Object.fromEntries([...running].map(([name, { title }]) => [name, title])),
        missing: Object.fromEntries(missing),
        results: summaryOf(results),
      };
      await writeFile(options.json, `${JSON.stringify(content, null, 1)}\n`);
    }
    return complaints.length === 0;
  } finally {
    await Promise.all([...running.values()].map((contender) => contender.process.stop()));
  }
}

/** One problem: every contender with every number of threads that it knows is an entrant. */
async function runProblem(
  problem: Problem,
  running: ReadonlyMap<string, Running>,
  options: ToleranceBenchOptions,
): Promise<Result[]> {
  const places = options.threads.flatMap((threads, index) =>
    [...running]
      .filter(([, { isParallel }]) => isParallel || index === 0)
      .map(([name, { process }]) => ({ name, threads, process })),
  );
  const entrants = places.map(
    ({ process, threads }): Entrant => ({ time: (integrals) => process.time(problem.name, integrals, threads) }),
  );
  const samples = await takeInTurn(entrants, options);
  return places.map(({ name, threads }, index) => ({
    problem: problem.name,
    contender: name,
    threads,
    samples: samples[index] as Sample[],
  }));
}
