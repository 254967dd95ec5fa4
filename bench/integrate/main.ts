/** `npm run bench -- integrate`: its command line. run.ts does the work. */
import { problemsMain } from "../tools/problems-main.js";
import { PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runIntegrate } from "./run.js";

/** A sample's shortest duration: long against the 0.1 ms in which threads wake and start, and the clock's grain. */
const MINIMUM_SECONDS = 0.1;

await problemsMain(
  {
    title: "integrate: ten integrands, Heddle against JavaScript, C and NumPy",
    problems: PROBLEMS,
    contenders: CONTENDERS,
    only: "x2,rat",
    some: "heddle,gcc",
  },
  (options) => runIntegrate({ ...options, minimumSeconds: MINIMUM_SECONDS }),
);
