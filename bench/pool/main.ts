/** `npm run bench -- pool`: its command line. run.ts does the work. */
import { parseArgs } from "node:util";
import { readCount, readPattern, runMain, UsageError } from "../tools/arguments.js";
import { TESTS } from "./config.js";
import { CONTENDERS } from "./contenders.js";
import { runPool } from "./run.js";

const HELP = `npm run bench -- pool: Heddle's pools against those of other packages, and Python's

  --rounds 7       samples of each figure
  --quick          3 samples: to see that all works, not to believe
  --workers 2      workers of each pool
  --only PATTERN   what "TEST CONTENDER" matches, a regular expression: empty, "one (heddle|piscina)$", heddle
  --json FILE      everything that was measured, as JSON

tests        ${TESTS.map(({ name }) => name).join(" ")}
contenders   ${CONTENDERS.map(({ name }) => name).join(" ")}`;

const ROUNDS = 7;
const QUICK_ROUNDS = 3;
/** Rounds until compilers have seen everything. */
const WARM_ROUNDS = 2;

await runMain(HELP, async () => {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h" },
      quick: { type: "boolean" },
      rounds: { type: "string" },
      workers: { type: "string", default: "2" },
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
  const rounds = values.quick === true ? QUICK_ROUNDS : ROUNDS;
  return runPool({
    tests: TESTS,
    contenders: CONTENDERS,
    isWanted,
    workers: readCount("workers", values.workers),
    rounds: values.rounds === undefined ? rounds : readCount("rounds", values.rounds),
    warmRounds: values.quick === true ? 1 : WARM_ROUNDS,
    json: values.json ?? null,
  });
});
