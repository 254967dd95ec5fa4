/** `npm run bench -- overhead`: its command line. run.ts does the work. */
import { parseArgs } from "node:util";
import { COMMON_HELP, COMMON_OPTIONS, readCount, readThreads, runMain } from "../tools/arguments.js";
import { runOverhead } from "./run.js";

const HELP = `npm run bench -- overhead: what a call and a start cost\n\n${COMMON_HELP}`;

/** A sample of the warm rows is as many calls as fill this time. */
const MINIMUM_SECONDS = 0.1;

await runMain(HELP, async () => {
  const { values } = parseArgs({ options: COMMON_OPTIONS });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  await runOverhead({
    samples: readCount("samples", values.samples),
    threads: readThreads(values.threads),
    minimumSeconds: MINIMUM_SECONDS,
    json: values.json ?? null,
  });
  return true;
});
