/** `npm run bench -- pool`: its command line. run.ts does the work. */
import { testsMain } from "../tools/tests-main.js";
import { TESTS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runPool } from "./run.js";

/** Rounds until compilers have seen everything. */
const WARM_ROUNDS = 2;

await testsMain(
  {
    title: "pool: Heddle's pools against those of other packages, and Python's",
    tests: TESTS,
    contenders: CONTENDERS,
    quick: "",
    only: 'empty, "one (heddle|piscina)$", heddle',
    hasWorkers: true,
  },
  (options) => runPool({ ...options, warmRounds: options.isQuick ? 1 : WARM_ROUNDS }),
);
