// @timeout 300
/** Every program of every suite, as far as its `quick` bound: no failure. The whole is for the soak (README.md). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { explore } from "./explore.js";
import { formatReport } from "./report.js";
import { Scheduler } from "./scheduler.js";
import { SUITES } from "./suites.js";
import { onNodeThatSuspends } from "./suspend.js";

const tests = SUITES.flatMap(({ programs }) => programs).length;

await onNodeThatSuspends(() => {
  for (const { programs, subject } of SUITES) {
    let target: ReturnType<ReturnType<typeof subject>["target"]> | undefined;
    for (const program of programs) {
      const bound = program.quick ?? program.bound;
      test(`explore: ${program.name}, to ${bound} departures`, async () => {
        target ??= subject().target();
        const report = await explore(new Scheduler(program, target), { bound });
        console.log(formatReport(report));
        assert.is(report.failure, null);
      });
    }
  }
  test.run();
}, tests);
