import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportResult, reportSweep } from "../../ts/cli/report.js";
import { rowsOf } from "../../ts/cli/sweep.js";
import { makeResult } from "./world.js";

test("begins with the solution, then says how it came about", () => {
  const text = reportResult(makeResult({ points: 100000000 }), 2, 58, "plot.svg");
  assert.is(
    text,
    `Numerical solution with N=100000000 : 333.333333

value     333.3333333333333, estimated error 1.0e-10
threads   2
time      10.0 ms, of it startup 1.00 ms; threads started before in 58.0 ms
speed     1.02e5 evaluations per second, 1016 in all
plot      plot.svg
`,
  );
});

test("says where the integrand was not finite", () => {
  const text = reportResult(
    makeResult({ value: Number.NaN, status: "not-finite", reason: "f(x) was not finite once, at x = 0" }),
    2,
    0,
    undefined,
  );
  assert.match(text, /^Numerical solution with N=1000 : NaN\n\nstopped {3}f\(x\) was not finite once, at x = 0\n/);
});

test("says why fewer threads computed than were asked for", () => {
  const inline = makeResult({ threads: 1, mode: "inline", modeReason: "this page is not isolated" });
  assert.match(reportResult(inline, 4, 0, undefined), "threads   1 of 4: this page is not isolated\n");
  assert.match(
    reportResult(makeResult({ threads: 1 }), 4, 0, undefined),
    "threads   1 of 4: the others found nothing left to do\n",
  );
  assert.match(reportResult(makeResult({ restarts: 3 }), 2, 0, undefined), "restarts   3 pieces");
});

test("says when there is no estimate", () => {
  assert.match(
    reportResult(makeResult({ error: Number.POSITIVE_INFINITY }), 2, 0, undefined),
    "without an estimate of its error",
  );
});

test("proposes a tolerance where the usual panels did not come near, and nothing else was asked for", () => {
  const hint = "hint      --tolerance 1e-10 goes on until the error is small enough\n";
  const rough = makeResult({ error: 1e-5 });
  assert.ok(reportResult(rough, 2, 0, undefined, true).endsWith(hint));
  for (const text of [
    reportResult(rough, 2, 0, undefined, false),
    reportResult(makeResult({ error: 1e-10 }), 2, 0, undefined, true),
    reportResult(makeResult({ value: 0, error: 1e-16 }), 2, 0, undefined, true),
  ]) {
    assert.not.match(text, "hint");
  }
});

test("draws a sweep as a table with bars", () => {
  const rows = rowsOf(
    [1, 2, 4],
    [[makeResult({ elapsed: 80 })], [makeResult({ elapsed: 40 })], [makeResult({ elapsed: 64 })]],
  );
  assert.is(
    reportSweep(rows, 2, 80, undefined),
    `Numerical solution with N=1000 : 333.333333

value   333.3333333333333, estimated error 1.0e-10

threads      time   speed-up   efficiency
      1   80.0 ms       1.00        100 %   █████████████
      2   40.0 ms       2.00        100 %   ██████████████████████████  fastest
      4   64.0 ms       1.25         31 %   ████████████████▎

This machine runs 2 threads at a time: more of them take turns.
`,
  );
});

test("keeps a table within the terminal", () => {
  const rows = rowsOf([1, 255], [[makeResult({ elapsed: 80 })], [makeResult({ elapsed: 123_456 })]]);
  for (const columns of [60, 72, 80, 200]) {
    for (const line of reportSweep(rows, 255, columns, undefined).split("\n").slice(3)) {
      assert.ok([...line].length < columns, line);
    }
  }
});

test("does not hide values that differ", () => {
  const rows = rowsOf([1, 2], [[makeResult({ value: 1 })], [makeResult({ value: 1 + Number.EPSILON })]]);
  assert.match(reportSweep(rows, 2, 80, undefined), "The values differ between the rows");
  const same = rowsOf([1, 2], [[makeResult({ value: Number.NaN })], [makeResult({ value: Number.NaN })]]);
  assert.not.match(reportSweep(same, 2, 80, undefined), "differ");
});

test.run();
