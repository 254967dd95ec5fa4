/** `npm run bench -- cubature`: its command line. */
import { parseArgs } from "node:util";
import { COMMON_HELP, COMMON_OPTIONS, readCount, readNames, readThreads, runMain } from "../tools/arguments.js";
import { runSideBySide } from "../tools/side-by-side.js";
import { COMPARISON, PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";

const HELP = `npm run bench -- cubature: Genz's families in 3 to 6 dimensions to 1e-6, Heddle against hcubature and SciPy

${COMMON_HELP}
  --only gauss-3,corner-6  problems: ${PROBLEMS.map(({ name }) => name).join(" ")}
  --contenders heddle      contenders: ${CONTENDERS.map(({ name }) => name).join(" ")}`;

/** A sample's shortest duration. */
const MINIMUM_SECONDS = 0.05;

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
    firstPoints: 1,
    json: values.json ?? null,
  });
});
