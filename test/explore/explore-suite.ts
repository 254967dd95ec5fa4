/** The tests of a suite: each program as far as its `quick` bound. The whole is for the soak (README.md). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { explore } from "./explore.js";
import { formatReport } from "./report.js";
import { Scheduler } from "./scheduler.js";
import type { Suite } from "./suite.js";
import { onNodeThatSuspends } from "./suspend.js";

export async function exploreSuite({ programs, subject }: Suite): Promise<void> {
  await onNodeThatSuspends(() => {
    for (const program of programs) {
      const bound = program.quick ?? program.bound;
      test(`explore: ${program.name}, to ${bound} departures`, async () => {
        const report = await explore(new Scheduler(program, subject().target()), { bound });
        console.log(formatReport(report));
        assert.is(report.failure, null);
      });
    }
    test.run();
  }, programs.length);
}
