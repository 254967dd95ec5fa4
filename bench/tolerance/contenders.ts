/**
 * Who takes part, and how each is started. A contender that is not on this machine says why.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { BUILD, childProgram } from "../tools/programs.js";
import { pythonWith } from "../tools/python.js";
import { type Integrator, integrator } from "../tools/side-by-side.js";
import { ASKED, CYCLE, PROBLEMS } from "./config.js";

const SOURCES = join("bench", "tolerance");

export const CONTENDERS: readonly Integrator[] = [
  node("sweep-fast", 'Heddle, integrateMany with effort "fast"', "sweep", "fast"),
  node("sweep", "Heddle, integrateMany", "sweep", "normal"),
  node("single-fast", 'Heddle, integrateSync with effort "fast", one integral at a time', "single", "fast"),
  node("single", "Heddle, integrateSync, one integral at a time", "single", "normal"),
  integrator("gsl", "qags in C, -O3", async () => {
    const output = join(BUILD, "tolerance", "qags");
    await compileC(["-O3", join(SOURCES, "qags.c"), "-o", output, "-lgsl", "-lgslcblas", "-lm"], "libgsl-dev");
    return [output, [String(ASKED), String(CYCLE)]];
  }),
  integrator("scipy-c", "quad with the integrand in C, -O3", async () => {
    const output = join(BUILD, "tolerance", "integrands.so");
    await compileC(["-O3", "-shared", "-fPIC", "-DLIBRARY", join(SOURCES, "qags.c"), "-o", output, "-lm"], "gcc");
    return scipy(output);
  }),
  integrator("scipy", "quad with the integrand in Python", () => scipy("")),
];

function node(name: string, description: string, program: string, effort: string): Integrator {
  const make = async (): Promise<[string, string[]]> => [
    process.execPath,
    [childProgram("tolerance", program), effort],
  ];
  return integrator(name, description, make, { isParallel: program === "sweep" });
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
  const python = await pythonWith("scipy.integrate");
  const problems = Object.fromEntries(
    PROBLEMS.map(({ name, python: text, range, base }) => [name, [text, ...range, base]]),
  );
  const script = join(SOURCES, "quad.py");
  return [python, [script, String(ASKED), String(CYCLE), library === "" ? "" : library, JSON.stringify(problems)]];
}
