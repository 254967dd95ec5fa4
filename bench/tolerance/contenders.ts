/**
 * Who takes part, and how each is started. A contender that is not on this machine says why.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { ContenderProcess } from "../tools/process.js";
import { BUILD, childProgram } from "../tools/programs.js";
import { ASKED, CYCLE, PROBLEMS } from "./config.js";

export interface Contender {
  /** As the tables and `--contenders` call it. */
  readonly name: string;
  /** What it is, without versions. */
  readonly description: string;
  /** Whether it can use several threads. */
  readonly isParallel: boolean;
  /** Makes what has to be made, and starts it. @throws with the reason why it cannot take part here */
  start(): Promise<RunningContender>;
}

export interface RunningContender {
  readonly process: ContenderProcess;
  /** Description and versions. */
  readonly title: string;
}

const SOURCES = join("bench", "tolerance");

export const CONTENDERS: readonly Contender[] = [
  node("single-fast", 'Heddle, integrateSync with effort "fast", one integral at a time', "single", "fast"),
  node("single", "Heddle, integrateSync, one integral at a time", "single", "normal"),
  contender("gsl", "qags in C, -O3", async () => {
    const output = join(BUILD, "tolerance", "qags");
    await compileC(["-O3", join(SOURCES, "qags.c"), "-o", output, "-lgsl", "-lgslcblas", "-lm"], "libgsl-dev");
    return [output, [String(ASKED), String(CYCLE)]];
  }),
  contender("scipy-c", "quad with the integrand in C, -O3", async () => {
    const output = join(BUILD, "tolerance", "integrands.so");
    await compileC(["-O3", "-shared", "-fPIC", "-DLIBRARY", join(SOURCES, "qags.c"), "-o", output, "-lm"], "gcc");
    return scipy(output);
  }),
  contender("scipy", "quad with the integrand in Python", () => scipy("")),
];

function node(name: string, description: string, program: string, effort: string): Contender {
  const started = contender(name, description, async () => [
    process.execPath,
    [childProgram("tolerance", program), effort],
  ]);
  return { ...started, isParallel: program === "sweep" };
}

async function compileC(args: readonly string[], needs: string): Promise<void> {
  const includes = join(BUILD, "tolerance", `include-${needs}`);
  await mkdir(includes, { recursive: true });
  const lines = PROBLEMS.map(
    ({ name, c, range, base }) => `PROBLEM(${[name, c, range[0], range[1], base].join(", ")})\n`,
  );
  await writeFile(join(includes, "problems.h"), lines.join(""));
  await execute("gcc", [`-I${includes}`, ...args]).catch((error: Error) => {
    throw new Error(`gcc cannot compile it (${error.message.split("\n", 1)[0]}); it needs ${needs}`);
  });
}

async function scipy(library: string): Promise<[string, string[]]> {
  const python = await pythonWithScipy();
  const problems = Object.fromEntries(
    PROBLEMS.map(({ name, python: text, range, base }) => [name, [text, ...range, base]]),
  );
  const script = join(SOURCES, "quad.py");
  return [python, [script, String(ASKED), String(CYCLE), library === "" ? "" : library, JSON.stringify(problems)]];
}

/** The first Python that has SciPy: a Python of one's own may stand on the PATH before the system's. */
async function pythonWithScipy(): Promise<string> {
  const candidates = ["python3", "/usr/bin/python3"];
  for (const python of candidates) {
    const found = await execute(python, ["-c", "import scipy.integrate"]).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  throw new Error(`none of ${candidates.join(", ")} can import scipy`);
}

/** `make` makes what has to be made, and answers command and arguments. */
function contender(
  name: string,
  description: string,
  make: () => Promise<[command: string, args: string[]]>,
): Contender {
  return {
    name,
    description,
    isParallel: false,
    async start() {
      const [command, args] = await make();
      const { contender: child, greeting } = await ContenderProcess.start(name, command, args);
      return { process: child, title: `${description}; ${greeting}` };
    },
  };
}
