/** `npm run bench -- queue`: its command line. run.ts does the work. */
import { parseArgs } from "node:util";
import { readCount, readPattern, runMain, UsageError } from "../tools/arguments.js";
import { TESTS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runQueue } from "./run.js";

const HELP = `npm run bench -- queue: Heddle's queues against those of other languages and packages

  --rounds 7       samples of each figure
  --quick          3 samples, and shorter ones: to see that all works, not to believe
  --only PATTERN   what "TEST CONTENDER" matches, a regular expression: numbers-1, "ping-pong (go|ring)", heddle
  --json FILE      everything that was measured, as JSON

tests        ${TESTS.map(({ name }) => name).join(" ")}
contenders   ${CONTENDERS.map(({ name }) => name).join(" ")}`;

/** A sample's shortest duration: long against the 0.1 ms in which threads wake, and the slices of a scheduler. */
const MINIMUM_SECONDS = 0.5;
const QUICK_SECONDS = 0.1;
const QUICK_ROUNDS = 3;

await runMain(HELP, async () => {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      quick: { type: "boolean" },
      rounds: { type: "string" },
      only: { type: "string" },
      json: { type: "string" },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return true;
  }
  const pattern = readPattern("only", values.only ?? "");
  const isWanted = (test: { name: string }, contender: { name: string }) =>
    pattern.test(`${test.name} ${contender.name}`);
  if (!TESTS.some((test) => CONTENDERS.some((contender) => isWanted(test, contender)))) {
    throw new UsageError(`--only: nothing matches "${values.only}"`);
  }
  const isQuick = values.quick === true;
  return runQueue({
    tests: TESTS,
    contenders: CONTENDERS,
    isWanted,
    rounds: values.rounds === undefined ? (isQuick ? QUICK_ROUNDS : 7) : readCount("rounds", values.rounds),
    minimumSeconds: isQuick ? QUICK_SECONDS : MINIMUM_SECONDS,
    json: values.json ?? null,
  });
});
