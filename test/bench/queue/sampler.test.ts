import { test } from "uvu";
import * as assert from "uvu/assert";
import { expectedSum, type Figures, TESTS, type Test } from "../../../bench/queue/config.js";
import { Sampler } from "../../../bench/queue/sampler.js";

const MINIMUM = 0.3;

const [NUMBERS] = TESTS as readonly [Test];
const PING_PONG = TESTS.find(({ kind }) => kind === "ping-pong") as Test;

/** A contender that takes `cost(run)` seconds per item; `log` gets the items of each run. */
function contender(of: Test, cost: (run: number) => number, change: (run: number) => Partial<Figures> = () => ({})) {
  const log: number[] = [];
  const run = async (items: number): Promise<Figures> => {
    log.push(items);
    return { seconds: items * cost(log.length), sum: expectedSum(of, items), ...change(log.length) };
  };
  return { log, sampler: new Sampler(of, run, MINIMUM) };
}

test("settling finds how many items fill a sample", async () => {
  for (const cost of [1e-8, 1e-7, 1e-5]) {
    const { log, sampler } = contender(NUMBERS, () => cost);
    await sampler.settle();
    const runs = log.length;
    const { items, seconds } = await sampler.take();
    assert.ok(seconds >= MINIMUM, `${seconds}`);
    assert.ok(seconds < 3 * MINIMUM || items === NUMBERS.firstItems, `${seconds}`);
    assert.is(log.length, runs + 1, "one run fills a sample");
  }
});

test("a short run counts, and is added to", async () => {
  // Four times as fast as it was when the items were chosen, as two threads that have fallen into step.
  let speed = 1e-6;
  const { log, sampler } = contender(NUMBERS, () => speed);
  await sampler.settle();
  speed /= 4;
  const before = log.length;
  const sample = await sampler.take();
  const runs = log.slice(before);
  assert.ok(runs.length > 1);
  assert.is(
    sample.items,
    runs.reduce((a, b) => a + b, 0),
  );
  assert.ok(sample.seconds >= MINIMUM);
  assert.ok(Math.abs((sample.columns[0] as number) - 4) < 1e-9, `${sample.columns[0]} million per second`);
  assert.ok((runs.at(-1) as number) > (runs[0] as number), "the next runs have more items");
});

test("a contender that becomes very slow is given less to do", async () => {
  let speed = 1e-6;
  const { log, sampler } = contender(NUMBERS, () => speed);
  await sampler.settle();
  speed *= 100;
  await sampler.take();
  const { seconds } = await sampler.take();
  assert.ok(seconds >= MINIMUM && seconds < 5 * MINIMUM, `${seconds}`);
  assert.ok((log.at(-1) as number) < (log.at(-2) as number));
});

test("one wrong sum makes a sample wrong", async () => {
  // Runs of a tenth of a second, of which the second is wrong.
  const { sampler } = contender(
    NUMBERS,
    () => 1e-9,
    (run) => ({ seconds: 0.1, ...(run === 2 ? { sum: -1 } : {}) }),
  );
  const { wrong } = await sampler.take();
  assert.match(wrong ?? "", /^expected the sum \d+ of \d+ items, got -1$/);
  assert.is((await sampler.take()).wrong, null);
});

test("percentiles of several runs count by their items", async () => {
  const { log, sampler } = contender(
    PING_PONG,
    () => 1,
    (run) => ({ seconds: run === 1 ? 0.2 : 0.4, p50: run, p99: 10 * run }),
  );
  const { columns } = await sampler.take();
  const [first, second] = log as [number, number];
  assert.is(log.length, 2);
  const expected = (first + 2 * second) / (first + second);
  assert.ok(Math.abs((columns[0] as number) - expected) < 1e-9);
  assert.ok(Math.abs((columns[1] as number) - 10 * expected) < 1e-9);
});

test.run();
