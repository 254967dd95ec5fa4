/** `npm run bench -- ulp`: its command line. run.ts does the work. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readCount, readNames, runMain, UsageError } from "../tools/arguments.js";
import { functionsOf, runUlp } from "./run.js";

const HELP = `npm run bench -- ulp: the largest errors of the elementary functions, in units of the last place

  --samples 1e6      points of each function
  --quick            2e4 of them: to see that all works
  --only NAME,NAME   these functions
  --seed 1           other points
  --threads 2        workers (default: all cores)
  --provider FILE    another module than build/math.wasm
  --json FILE        everything that was measured, as JSON`;

const SAMPLES = 1e6;
const QUICK_SAMPLES = 2e4;

/** An integer of 1 or more; "1e6" is one. @throws {UsageError} */
function readInteger(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`--${option}: expected an integer of 1 or more, got "${text}"`);
}

await runMain(HELP, async () => {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      quick: { type: "boolean" },
      samples: { type: "string" },
      only: { type: "string" },
      seed: { type: "string", default: "1" },
      threads: { type: "string" },
      provider: { type: "string", default: join(process.cwd(), "build/math.wasm") },
      json: { type: "string" },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  const all = functionsOf(values.provider).map((name) => ({ name }));
  const samples = values.quick === true ? QUICK_SAMPLES : SAMPLES;
  return runUlp({
    provider: values.provider,
    only: values.only === undefined ? null : readNames("only", values.only, all).map(({ name }) => name),
    samples: values.samples === undefined ? samples : readInteger("samples", values.samples),
    seed: readInteger("seed", values.seed),
    threads: values.threads === undefined ? availableParallelism() : readCount("threads", values.threads),
    json: values.json ?? null,
  });
});
