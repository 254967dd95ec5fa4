/** `npm run bench -- integrate`: its command line. run.ts does the work. */
import { parseArgs } from "node:util";
import { COMMON_HELP, COMMON_OPTIONS, readCount, readNames, readThreads, runMain } from "../tools/arguments.js";
import { PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runIntegrate } from "./run.js";

const HELP = `npm run bench -- integrate: ten integrands, Heddle against JavaScript, C and NumPy

${COMMON_HELP}
  --only x2,rat            problems: ${PROBLEMS.map(({ name }) => name).join(" ")}
  --contenders heddle,gcc  contenders: ${CONTENDERS.map(({ name }) => name).join(" ")}`;

/** A sample's shortest duration: long against the 0.1 ms in which threads wake and start, and the clock's grain. */
const MINIMUM_SECONDS = 0.1;

await runMain(HELP, async () => {
  const { values } = parseArgs({
    options: { ...COMMON_OPTIONS, only: { type: "string" }, contenders: { type: "string" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  return runIntegrate({
    problems: readNames("only", values.only, PROBLEMS),
    contenders: readNames("contenders", values.contenders, CONTENDERS),
    samples: readCount("samples", values.samples),
    threads: readThreads(values.threads),
    minimumSeconds: MINIMUM_SECONDS,
    json: values.json ?? null,
  });
});
