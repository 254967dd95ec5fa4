import { test } from "uvu";
import * as assert from "uvu/assert";
import { rowsOf, sweep, sweepRuns } from "../../ts/cli/sweep.js";
import { makeResult } from "./world.js";

const timed = (...times: number[]) => times.map((elapsed) => makeResult({ elapsed }));

test("goes through all counts, three times", async () => {
  const order: number[] = [];
  const runs: number[] = [];
  await sweep([1, 4, 2], async (threads, run) => {
    order.push(threads);
    runs.push(run);
    return makeResult({ threads });
  });
  assert.equal(order, [1, 4, 2, 1, 4, 2, 1, 4, 2]);
  assert.equal(runs, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.is(sweepRuns([1, 4, 2]), 9);
});

test("takes medians, against the fewest threads", () => {
  const rows = rowsOf([4, 1, 2], [timed(30, 5, 25), timed(100, 90, 1000), timed(50, 60, 40)]);
  assert.equal(
    rows.map(({ elapsed }) => elapsed),
    [25, 100, 50],
  );
  assert.equal(
    rows.map(({ speedup }) => speedup),
    [4, 1, 2],
  );
  assert.equal(
    rows.map(({ efficiency }) => efficiency),
    [1, 1, 1],
  );
  assert.equal(
    rows.map(({ fastest }) => fastest),
    [true, false, false],
  );
  assert.equal(rows[0]?.samples, [30, 5, 25]);
  assert.is(rows[1]?.result.elapsed, 100);
});

test("measures efficiency against two threads when nobody ran one", () => {
  const rows = rowsOf([2, 8], [timed(40, 40, 40), timed(20, 20, 20)]);
  assert.equal(
    rows.map(({ speedup, efficiency }) => [speedup, efficiency]),
    [
      [1, 1],
      [2, 0.5],
    ],
  );
});

test("marks one row when two are equally fast", () => {
  assert.equal(
    rowsOf([1, 2], [timed(7, 7, 7), timed(7, 7, 7)]).map(({ fastest }) => fastest),
    [true, false],
  );
});

test.run();
