/**
 * Who takes part, and how each is started. A contender that is not on this machine says why.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { BUILD, childProgram } from "../tools/programs.js";
import { pythonWith } from "../tools/python.js";
import { type Integrator, integrator } from "../tools/side-by-side.js";
import { ASKED, MAXIMUM, problemNamed } from "./config.js";

const SOURCES = join("bench", "cubature");
const OUTPUT = join(BUILD, "cubature");

export const CONTENDERS: readonly Integrator[] = [
  integrator(
    "heddle",
    "Heddle, integrate over a box",
    async () => [process.execPath, [childProgram("cubature", "heddle")]],
    {
      isParallel: true,
    },
  ),
  integrator("hcubature", "hcubature in C, -O3", async () => {
    const output = join(OUTPUT, "hcubature");
    await compileC(["-O3", join(SOURCES, "genz.c"), "-o", output, "-lcubature", "-lm"], "libcubature-dev");
    return [output, [String(ASKED), String(MAXIMUM)]];
  }),
  integrator(
    "nquad",
    "SciPy's nquad with the integrand in C, -O3",
    async () => {
      const output = join(OUTPUT, "integrands.so");
      await compileC(["-O3", "-shared", "-fPIC", "-DLIBRARY", join(SOURCES, "genz.c"), "-o", output, "-lm"], "gcc");
      return [await pythonWith("scipy.integrate"), [join(SOURCES, "nquad.py"), String(ASKED), output]];
    },
    { takes: isForNquad },
  ),
];

/** It makes 21 evaluations for each of those of the dimension outside, and three times as many where there are kinks. */
function isForNquad(name: string): boolean {
  const { family, dimensions } = problemNamed(name);
  return dimensions <= (family === "kinks" ? 3 : 4);
}

async function compileC(args: readonly string[], needs: string): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await execute("gcc", args).catch((error: Error) => {
    throw new Error(`gcc cannot compile it (${error.message.split("\n", 1)[0]}); it needs ${needs}`);
  });
}
