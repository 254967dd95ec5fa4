import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  argumentsOf,
  columnsOf,
  expectedSum,
  firstState,
  ITEMS_MAXIMUM,
  nextState,
  orderOf,
  priorityOf,
  readFigures,
  STORED,
  TESTS,
  type Test,
  warmItems,
  wholeItems,
} from "../../../bench/queue/config.js";

function named(name: string): Test {
  const found = TESTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

test("tests have names of their own, and first items that all threads can share", () => {
  assert.is(new Set(TESTS.map(({ name }) => name)).size, TESTS.length);
  for (const { name, firstItems } of TESTS) assert.is(wholeItems(firstItems), firstItems, name);
});

test("wholeItems goes up to what four threads can share in batches of 64 in each of their passes, and ends at the maximum", () => {
  assert.equal([1, 1024, 1025, 4000].map(wholeItems), [1024, 1024, 2048, 4096]);
  assert.is(wholeItems(1e9), ITEMS_MAXIMUM);
  assert.is(ITEMS_MAXIMUM % 1024, 0);
});

test("the expected sum is what the producers put in", () => {
  for (const name of ["numbers-1/1", "numbers-2/2", "objects-2/2", "arrays-1/1", "numbers-4/4", "ping-pong"]) {
    const { producers } = named(name);
    let sum = 0;
    for (let producer = 0; producer < producers; producer++) for (let i = 1; i <= 1024 / producers; i++) sum += i;
    assert.is(expectedSum(named(name), 1024), sum, name);
  }
});

test("the largest sum is exact", () => {
  const { producers } = named("numbers-1/1");
  assert.is(producers, 1);
  const n = BigInt(ITEMS_MAXIMUM);
  assert.is(BigInt(expectedSum(named("numbers-1/1"), ITEMS_MAXIMUM)), (n * (n + 1n)) / 2n);
});

test("the expected sum of a priority queue is that of every stream, the pass before included", () => {
  const items = 512;
  const streams: [stream: number, count: number][] = [
    [0, STORED],
    [1, (items + warmItems(items)) / 2],
    [2, (items + warmItems(items)) / 2],
  ];
  let sum = 0;
  for (const [stream, count] of streams) {
    let state = firstState(stream);
    for (let i = 0; i < count; i++) {
      state = nextState(state);
      sum += priorityOf(state);
    }
  }
  assert.is(expectedSum(named("priority-2"), items), sum);
});

test("priorities are whole numbers of 24 bits, and streams differ", () => {
  const firsts = [0, 1, 2, 3, 4].map((stream) => nextState(firstState(stream)));
  assert.is(new Set(firsts).size, 5);
  for (const state of firsts) {
    assert.ok(state > 0 && Number.isInteger(state) && state < 2 ** 32);
    assert.ok(priorityOf(state) < 2 ** 24);
  }
});

test("an order has a hundred bytes as JSON", () => {
  assert.is(JSON.stringify(orderOf(123_456)).length, 100);
});

test("a contender is told kind, threads, items, warm items, capacity", () => {
  assert.equal(argumentsOf(named("numbers-2/2"), 4096), ["numbers", "2", "2", "4096", "4096", "1024"]);
  assert.equal(argumentsOf(named("priority-2"), 4096), ["priority", "2", "0", "4096", "4096", "0"]);
});

test("readFigures takes the last line, and refuses what is none", () => {
  assert.equal(readFigures('a remark\n{"seconds": 0.5, "sum": 3}\n'), { seconds: 0.5, sum: 3 });
  assert.equal(readFigures('{"seconds":1,"sum":-1,"p50":2.5,"p99":9}'), { seconds: 1, sum: -1, p50: 2.5, p99: 9 });
  for (const output of [
    "",
    "fast",
    "null",
    "3",
    "{}",
    '{"seconds": 0, "sum": 3}',
    '{"seconds": -1, "sum": 3}',
    '{"seconds": 1}',
    '{"seconds": 1, "sum": null}',
    '{"seconds": 1, "sum": "3"}',
    '{"seconds": 1, "sum": 3, "p50": "fast"}',
    '{"seconds": 1, "sum": 3}\nand goodbye',
  ]) {
    assert.throws(() => readFigures(output), /expected \{"seconds"/, output);
  }
});

test("columns are speeds, latencies or shares", () => {
  const figures = { seconds: 2, sum: 0, p50: 0.4, p99: 7, percent: 0.25 };
  assert.equal(columnsOf(named("numbers-1/1"), 4e6, figures), [2]);
  assert.equal(columnsOf(named("arrays-1/1"), 4e3, figures), [2]);
  assert.equal(columnsOf(named("priority-1"), 4e6, figures), [4], "a push and a pop are two operations");
  assert.equal(columnsOf(named("ping-pong"), 4e6, figures), [0.4, 7]);
  assert.equal(columnsOf(named("idle"), 5120, figures), [0.25]);
});

test.run();
