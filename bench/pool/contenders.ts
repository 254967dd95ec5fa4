/**
 * Who takes part. A contender that is not on this machine says why, and how to install it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { ContenderProcess } from "../tools/process.js";
import { childProgram } from "../tools/programs.js";
import type { Answer } from "../tools/serve.js";
import type { Name, Test } from "./config.js";

export interface Contender {
  /** As the tables and `--only` call it. */
  readonly name: string;
  /** What it is, without versions. */
  readonly description: string;
  /** The tests it takes part in. */
  readonly tests: readonly Name[];
  /** @returns versions and remarks. @throws with the reason why it cannot take part here, and how to install what is missing */
  prepare(): Promise<string>;
  /** @throws when it fails, or stays silent for a minute */
  time(test: Test, workers: number): Promise<Answer>;
  stop(): Promise<void>;
}

const ALL: readonly Name[] = ["empty", "map", "one", "objects", "compute", "start", "cold"];
/** Of Python an integral would say how fast Python is, nothing of its pools. */
const PYTHON: readonly Name[] = ["empty", "map", "one", "objects", "start", "cold"];

/** A cold start that takes this long hangs. */
const PATIENCE_MS = 30_000;

export const CONTENDERS: readonly Contender[] = [
  javascript("heddle", "Pool: submit, and map", ALL, null),
  javascript("piscina", "the npm package; a map by hand, in chunks that are Float64Arrays", ALL, "piscina"),
  javascript("piscina-8", "the same, eight tasks at a time for each worker", ["empty", "one"], "piscina"),
  javascript("tinypool", "the npm package; a map by hand", ALL, "tinypool"),
  javascript("workerpool", "the npm package; a map by hand", ALL, "workerpool"),
  javascript("port", "bare messages to worker threads, in turn: no pool, a reference", ALL, null),
  javascript("inline", "the integrals on the main thread: a reference", ["compute"], null),
  python("python-threads", "ThreadPoolExecutor; its map runs one element at a time", "threads"),
  python("python-processes", "multiprocessing.Pool", "processes"),
];

function program(
  name: string,
  description: string,
  tests: readonly Name[],
  { command, args, look }: { command: string; args: readonly string[]; look: () => Promise<string> },
): Contender {
  let process: ContenderProcess | undefined;
  return {
    name,
    description,
    tests,
    async prepare() {
      const remarks = await look();
      const { contender, greeting } = await ContenderProcess.start(name, command, args);
      process = contender;
      return [remarks, greeting].filter((part) => part !== "").join("; ");
    },
    async time(test, workers) {
      if (!test.isFresh) {
        if (process === undefined) throw new Error(`${name} was not prepared`);
        return process.time(test.name, test.items, workers);
      }
      const output = await execute(command, [...args, test.name, String(workers)], { timeoutMs: PATIENCE_MS });
      const [seconds = Number.NaN, value = Number.NaN] = output.trim().split(" ").map(Number);
      return { seconds, value };
    },
    async stop() {
      await process?.stop();
    },
  };
}

function javascript(name: string, description: string, tests: readonly Name[], module: string | null): Contender {
  return program(name, description, tests, {
    command: process.execPath,
    args: [childProgram("pool", "pool"), name],
    look: async () => (module === null ? "" : versionOf(module)),
  });
}

function versionOf(module: string): string {
  try {
    // Its own folder may not be asked for by name ("exports"); where it would be, it says its version.
    const text = readFileSync(join("node_modules", module, "package.json"), "utf8");
    return `${module} ${(JSON.parse(text) as { version: string }).version}`;
  } catch {
    throw new Error("the package is not installed (npm ci)");
  }
}

function python(name: string, description: string, which: string): Contender {
  return program(name, description, PYTHON, {
    command: "python3",
    args: [join("bench", "pool", "pools.py"), which],
    async look() {
      await execute("python3", ["--version"]).catch(() => {
        throw new Error("there is no python3 (Debian: apt-get install python3)");
      });
      return "";
    },
  });
}
