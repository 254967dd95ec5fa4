/**
 * Integrators side by side: all contenders on all problems, in turn, in one run.
 */
import type { Result } from "./cells.js";
import { type Comparison, complaintsOf, reportOf, summaryOf } from "./comparison.js";
import { describeMachine } from "./machine.js";
import { ContenderProcess } from "./process.js";
import { publish } from "./publish.js";
import { type Entrant, type RoundsOptions, type Sample, takeInTurn } from "./rounds.js";

export interface Integrator {
  /** As the tables and `--contenders` call it. */
  readonly name: string;
  /** What it is, without versions. */
  readonly description: string;
  /** Whether it can use several threads. */
  readonly isParallel: boolean;
  /** Whether it takes part in a problem: some take minutes where others take milliseconds. */
  takes(problem: string): boolean;
  /** Makes what has to be made, and starts it. @throws with the reason why it cannot take part here */
  start(): Promise<RunningIntegrator>;
}

export interface RunningIntegrator {
  readonly process: ContenderProcess;
  /** Description and versions. */
  readonly title: string;
}

/** `make` makes what has to be made, and answers command and arguments of a process of the line protocol (serve.ts). */
export function integrator(
  name: string,
  description: string,
  make: () => Promise<[command: string, args: string[]]>,
  { isParallel = false, takes = () => true }: Partial<Pick<Integrator, "isParallel" | "takes">> = {},
): Integrator {
  return {
    name,
    description,
    isParallel,
    takes,
    async start() {
      const [command, args] = await make();
      const { contender, greeting } = await ContenderProcess.start(name, command, args);
      return { process: contender, title: `${description}; ${greeting}` };
    },
  };
}

export interface SideBySideOptions extends RoundsOptions {
  readonly problems: readonly { readonly name: string }[];
  readonly contenders: readonly Integrator[];
  /** Numbers of threads, ascending; contenders that know only one take part in the first. */
  readonly threads: readonly number[];
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

interface Running extends RunningIntegrator {
  readonly integrator: Integrator;
}

/** Runs the bench and prints its report. @returns whether all answers were right */
export async function runSideBySide(comparison: Comparison, options: SideBySideOptions): Promise<boolean> {
  const machine = await describeMachine();
  const running = new Map<string, Running>();
  const missing = new Map<string, string>();
  try {
    for (const contender of options.contenders) {
      const { name } = contender;
      try {
        running.set(name, { ...(await contender.start()), integrator: contender });
      } catch (error) {
        missing.set(name, (error as Error).message);
      }
    }
    const results: Result[] = [];
    for (const problem of options.problems) {
      const begun = performance.now();
      const some = await runProblem(problem.name, running, options);
      results.push(...some);
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      process.stderr.write(`${problem.name}: ${running.size} contenders, ${seconds} s\n`);
      for (const complaint of complaintsOf(some, comparison)) process.stderr.write(`NOT OK: ${complaint}\n`);
    }
    const complaints = complaintsOf(results, comparison);
    await publish({
      machine,
      contenders: new Map([...running].map(([name, { title }]) => [name, title])),
      missing,
      report: reportOf(results, comparison),
      complaints,
      results: summaryOf(results, comparison),
      json: options.json,
    });
    return complaints.length === 0;
  } finally {
    await Promise.all([...running.values()].map((contender) => contender.process.stop()));
  }
}

/** One problem: every contender with every number of threads that it knows is an entrant. */
async function runProblem(
  problem: string,
  running: ReadonlyMap<string, Running>,
  options: SideBySideOptions,
): Promise<Result[]> {
  const places = options.threads.flatMap((threads, index) =>
    [...running]
      .filter(
        ([
          ,
          {
            integrator: { isParallel, takes },
          },
        ]) => takes(problem) && (isParallel || index === 0),
      )
      .map(([name, { process }]) => ({ name, threads, process })),
  );
  const entrants = places.map(
    ({ process, threads }): Entrant => ({ time: (integrals) => process.time(problem, integrals, threads) }),
  );
  const samples = await takeInTurn(entrants, options);
  return places.map(({ name, threads }, index) => ({
    problem,
    contender: name,
    threads,
    samples: samples[index] as Sample[],
  }));
}
