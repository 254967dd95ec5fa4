/**
 * Who takes part, and how each is started. A contender that is not on this machine says why.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { ContenderProcess } from "../tools/process.js";
import { BUILD, childProgram } from "../tools/programs.js";
import { pythonWith } from "../tools/python.js";
import { HIGH, LOW, PROBLEMS } from "./config.js";

export interface Contender {
  /** As the tables and `--contenders` call it. */
  readonly name: string;
  /** What it is, without versions. */
  readonly description: string;
  /** Makes what has to be made. @throws with the reason why it cannot take part here */
  prepare(): Promise<PreparedContender>;
}

export interface PreparedContender {
  /** @throws when it does not start although it should: no reason to go on without it */
  start(): Promise<RunningContender>;
}

export interface RunningContender {
  readonly process: ContenderProcess;
  /** Description and versions. */
  readonly title: string;
}

/** On x86-64 the baseline of what it can do, said aloud; elsewhere gcc knows no such option. */
const BASELINE = process.arch === "x64" ? ["-msse2"] : [];

/** (module (func (param v128) (result v128) (f64x2.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))) */
const FUSED = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b, 3, 2, 1, 0, 10, 13, 1, 11, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x87, 0x02, 0x0b,
]); // biome-ignore format: bytes

export const CONTENDERS: readonly Contender[] = [
  node("heddle", "Heddle, warm, its error estimate included"),
  relaxed("heddle-relaxed", "the same with fused multiply-add"),
  contender("heddle-function", "the same from a function of JavaScript", async () => [
    process.execPath,
    [childProgram("integrate", "heddle"), "function"],
  ]),
  node("javascript", "a plain loop with the expression in it; worker threads where there are several"),
  gcc("gcc", ["-O3", ...BASELINE]),
  gcc("gcc-fast", ["-O3", "-ffast-math", ...BASELINE]),
  gcc("gcc-native", ["-O3", "-ffast-math", "-march=native"]),
  numpy("numpy", "plain", "NumPy, the better of two chunk sizes, nodes from np.arange"),
  numpy("numpy-reused", "reused", "the same, but offsets of the nodes made once"),
];

function node(name: string, description: string): Contender {
  return contender(name, description, async () => [process.execPath, [childProgram("integrate", name)]]);
}

/** Only where this Node has the instructions. */
function relaxed(name: string, description: string): Contender {
  return contender(name, description, async () => {
    if (!WebAssembly.validate(FUSED))
      throw new Error(`Node ${process.versions.node} has no fused operations, Node 22 has`);
    return [process.execPath, [childProgram("integrate", "heddle"), "relaxed"]];
  });
}

function gcc(name: string, flags: readonly string[]): Contender {
  const sources = join("bench", "integrate");
  const output = join(BUILD, "integrate", name);
  return contender(name, flags.join(" "), async () => {
    // A folder of its own: compilers run side by side, and none may read a table that another is writing.
    const includes = `${output}.include`;
    await mkdir(includes, { recursive: true });
    const problems = PROBLEMS.map((problem) => `PROBLEM(${problem.name}, ${problem.c})\n`);
    await writeFile(join(includes, "problems.h"), problems.join(""));
    const args = [...flags, "-pthread", `-I${includes}`, join(sources, "midpoint.c"), "-o", output, "-lm"];
    await execute("gcc", args).catch((error: Error) => {
      throw new Error(`gcc cannot compile it (${error.message.split("\n", 1)[0]})`);
    });
    const vectors = (await readFile(output, "latin1")).includes("libmvec") ? ["vector functions of libmvec"] : [];
    return [output, [String(LOW), String(HIGH)], vectors];
  });
}

function numpy(name: string, form: string, description: string): Contender {
  return contender(name, description, async () => {
    const expressions = JSON.stringify(Object.fromEntries(PROBLEMS.map((problem) => [problem.name, problem.numpy])));
    const script = join("bench", "integrate", "midpoint.py");
    const python = await pythonWith("numpy");
    return [python, [script, String(LOW), String(HIGH), form, expressions]];
  });
}

/** `make` makes what has to be made, and answers command, arguments, and remarks for the title. */
function contender(
  name: string,
  description: string,
  make: () => Promise<[command: string, args: string[], remarks?: string[]]>,
): Contender {
  return {
    name,
    description,
    async prepare() {
      const [command, args, remarks = []] = await make();
      return {
        async start() {
          const { contender, greeting } = await ContenderProcess.start(name, command, args);
          return { process: contender, title: [description, greeting, ...remarks].join("; ") };
        },
      };
    },
  };
}
