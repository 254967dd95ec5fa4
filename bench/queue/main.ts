/** `npm run bench -- queue`: its command line. run.ts does the work. */
import { testsMain } from "../tools/tests-main.js";
import { TESTS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runQueue } from "./run.js";

/** A sample's shortest duration: long against the 0.1 ms in which threads wake, and the slices of a scheduler. */
const MINIMUM_SECONDS = 0.5;
const QUICK_SECONDS = 0.1;

await testsMain(
  {
    title: "queue: Heddle's queues against those of other languages and packages",
    tests: TESTS,
    contenders: CONTENDERS,
    quick: ", and shorter ones",
    only: 'numbers-1, "ping-pong (go|ring)", heddle',
  },
  (options) => runQueue({ ...options, minimumSeconds: options.isQuick ? QUICK_SECONDS : MINIMUM_SECONDS }),
);
