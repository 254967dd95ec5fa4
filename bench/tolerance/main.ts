/** `npm run bench -- tolerance`: its command line. */
import { parseArgs } from "node:util";
import { COMMON_HELP, COMMON_OPTIONS, readCount, readNames, readThreads, runMain } from "../tools/arguments.js";
import { runSideBySide } from "../tools/side-by-side.js";
import { COMPARISON, PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";

const HELP = `npm run bench -- tolerance: ten integrals to 1e-10, by the thousand, Heddle against GSL and SciPy

${COMMON_HELP}
  --only exp,log           problems: ${PROBLEMS.map(({ name }) => name).join(" ")}
  --contenders sweep,gsl   contenders: ${CONTENDERS.map(({ name }) => name).join(" ")}`;

/** A sample's shortest duration. */
const MINIMUM_SECONDS = 0.05;
/** Integrals of a first run: of the slowest contender some ten milliseconds. */
const FIRST_INTEGRALS = 1000;

await runMain(HELP, async () => {
  const { values } = parseArgs({
    options: { ...COMMON_OPTIONS, only: { type: "string" }, contenders: { type: "string" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  return runSideBySide(COMPARISON, {
    problems: readNames("only", values.only, PROBLEMS),
    contenders: readNames("contenders", values.contenders, CONTENDERS),
    samples: readCount("samples", values.samples),
    threads: readThreads(values.threads),
    minimumSeconds: MINIMUM_SECONDS,
    firstPoints: FIRST_INTEGRALS,
    json: values.json ?? null,
  });
});
