import { test } from "uvu";
import * as assert from "uvu/assert";
import { NOTHING, type Worst } from "../../../bench/ulp/measure.js";
import { isWithin, type Result, reportOf } from "../../../bench/ulp/report.js";
import { BOUNDS } from "../../../ts/expr/bounds.js";

const worst = (ulp: number): Worst => ({ ulp, at: [0.25], value: 1.5, expected: 1.25, range: "to 1" });
const good: Result = { name: "exp", tally: { ...NOTHING, samples: 1000, total: worst(0.50001) } };

function withTally(change: Partial<Result["tally"]>): Result {
  return { ...good, tally: { ...good.tally, ...change } };
}

const setting = { samples: 1000, seed: 7 };

test("a row for each function; errors are rounded up", () => {
  const [header, , row] = reportOf([good], setting).split("\n");
  const cells = (line: string): string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  assert.equal(cells(header!), ["function", "ulp", "at", "fast, ulp", "at", "in doubt", "bound", "samples"]);
  assert.equal(cells(row!), ["exp", "0.501", "0.25", "", "", "", String(BOUNDS.exp.ulp), "1000"]);
  assert.match(reportOf([good], setting), "All bounds hold.");
  assert.match(reportOf([good], setting), "seed 7");
});

test("the fast form has its own figures, and the share that it leaves", () => {
  const report = reportOf([withTally({ fast: worst(0.5), doubted: 25 })], setting);
  assert.match(report, /\| +0\.500 \| there \| +2\.5% \|/);
});

test("what breaks the bound is named, with the place and both values", () => {
  const bad = withTally({ total: worst(3) });
  assert.not.ok(isWithin(bad));
  assert.match(reportOf([good, bad], setting), "exp: 3 ulp, at 0.25 (to 1): got 1.5, expected 1.25; the bound is");
});

test("so is a fast form that breaks it, one that has other bits, and a function that nobody measured", () => {
  const fast = withTally({ fast: worst(Number.POSITIVE_INFINITY) });
  assert.match(reportOf([fast], setting), "expFast: Infinity ulp");
  const differing = withTally({ fast: worst(0.5), differing: worst(0.5) });
  assert.match(reportOf([differing], setting), "expFast: not the bits of exp");
  const nothing: Result = { name: "exp", tally: NOTHING };
  assert.match(reportOf([nothing], setting), "exp: nothing was measured");
  assert.equal([good, fast, differing, nothing].map(isWithin), [true, false, false, false]);
});

test.run();
