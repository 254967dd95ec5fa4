/** The command line of a bench that has contenders take part in those of its tests that they can. */
import { parseArgs } from "node:util";
import { readCount, readPattern, runMain, UsageError } from "./arguments.js";

interface Named {
  readonly name: string;
}

export interface TestsBench<T extends Named, C extends Named> {
  /** As the help begins: the bench's name, and what it compares. */
  readonly title: string;
  readonly tests: readonly T[];
  readonly contenders: readonly C[];
  /** What `--quick` does, and an example of an argument for `--only`. */
  readonly quick: string;
  readonly only: string;
  /** Whether each contender has workers, whose number can be chosen. */
  readonly hasWorkers?: boolean;
}

/** What was asked for. */
export interface TestsOptions<T, C> {
  readonly tests: readonly T[];
  readonly contenders: readonly C[];
  /** Which contenders take part in which test, besides what they can. */
  readonly isWanted: (test: T, contender: C) => boolean;
  /** Samples of each figure. */
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly workers: number;
  /** Where to write everything that was measured; null for nowhere. */
  readonly json: string | null;
}

const ROUNDS = 7;
const QUICK_ROUNDS = 3;
const WORKERS = 2;

/** Runs the bench and sets the exit code. @param run answers whether all is well */
export async function testsMain<T extends Named, C extends Named>(
  { title, tests, contenders, quick, only, hasWorkers = false }: TestsBench<T, C>,
  run: (options: TestsOptions<T, C>) => Promise<boolean>,
): Promise<void> {
  const help = [
    `npm run bench -- ${title}\n`,
    `  --rounds ${ROUNDS}       samples of each figure`,
    `  --quick          ${QUICK_ROUNDS} samples${quick}: to see that all works, not to believe`,
    ...(hasWorkers ? [`  --workers ${WORKERS}      workers of each pool`] : []),
    `  --only PATTERN   what "TEST CONTENDER" matches, a regular expression: ${only}`,
    "  --json FILE      everything that was measured, as JSON\n",
    `tests        ${tests.map(({ name }) => name).join(" ")}`,
    `contenders   ${contenders.map(({ name }) => name).join(" ")}`,
  ].join("\n");
  await runMain(help, async () => {
    const { values } = parseArgs({
      options: {
        help: { type: "boolean", short: "h" },
        quick: { type: "boolean", default: false },
        rounds: { type: "string" },
        only: { type: "string", default: "" },
        json: { type: "string" },
        ...(hasWorkers ? { workers: { type: "string", default: String(WORKERS) } as const } : {}),
      },
    });
    if (values.help === true) {
      console.log(help);
      return true;
    }
    const pattern = readPattern("only", values.only);
    const isWanted = (test: T, contender: C): boolean => pattern.test(`${test.name} ${contender.name}`);
    if (!tests.some((test) => contenders.some((contender) => isWanted(test, contender)))) {
      throw new UsageError(`--only: nothing matches "${values.only}"`);
    }
    const { quick: isQuick, rounds = String(isQuick ? QUICK_ROUNDS : ROUNDS) } = values;
    return run({
      tests,
      contenders,
      isWanted,
      isQuick,
      rounds: readCount("rounds", rounds),
      workers: readCount("workers", String(values.workers ?? WORKERS)),
      json: values.json ?? null,
    });
  });
}
