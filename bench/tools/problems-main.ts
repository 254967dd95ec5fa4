/** The command line of a bench that has contenders solve problems. */
import { parseArgs } from "node:util";
import { COMMON_HELP, COMMON_OPTIONS, readCount, readNames, readThreads, runMain } from "./arguments.js";

interface Named {
  readonly name: string;
}

export interface ProblemsBench<P extends Named, C extends Named> {
  /** As the help begins: the bench's name, and what it compares. */
  readonly title: string;
  readonly problems: readonly P[];
  readonly contenders: readonly C[];
  /** Examples of arguments for `--only`, `--contenders`. */
  readonly only: string;
  readonly some: string;
}

/** What was asked for. */
export interface ProblemsOptions<P, C> {
  readonly problems: readonly P[];
  readonly contenders: readonly C[];
  readonly samples: number;
  readonly threads: readonly number[];
  readonly json: string | null;
}

/** Runs the bench and sets the exit code. @param run answers whether all is well */
export async function problemsMain<P extends Named, C extends Named>(
  { title, problems, contenders, only, some }: ProblemsBench<P, C>,
  run: (options: ProblemsOptions<P, C>) => Promise<boolean>,
): Promise<void> {
  const option = (text: string, what: string, all: readonly Named[]): string =>
    `  ${text.padEnd(23)}  ${what}: ${all.map(({ name }) => name).join(" ")}`;
  const help = [
    `npm run bench -- ${title}\n`,
    COMMON_HELP,
    option(`--only ${only}`, "problems", problems),
    option(`--contenders ${some}`, "contenders", contenders),
  ].join("\n");
  await runMain(help, async () => {
    const { values } = parseArgs({
      options: { ...COMMON_OPTIONS, only: { type: "string" }, contenders: { type: "string" } },
    });
    if (values.help === true) {
      console.log(help);
      return true;
    }
    return run({
      problems: readNames("only", values.only, problems),
      contenders: readNames("contenders", values.contenders, contenders),
      samples: readCount("samples", values.samples),
      threads: readThreads(values.threads),
      json: values.json ?? null,
    });
  });
}
