import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  anyDouble,
  around,
  aroundPoints,
  besideIntegers,
  both,
  type Draw,
  magnitudes,
  multiples,
  type Pair,
  randomNumbers,
  seedOf,
  stepped,
  uniform,
} from "../../../bench/ulp/samples.js";

const COUNT = 4000;

function drawn<T>(draw: Draw<T>, seed = 7): T[] {
  const random = randomNumbers(seed);
  return Array.from({ length: COUNT }, (_, index) => draw((index + random()) / COUNT, random));
}

test("random numbers have 53 bits, lie from 0 up to 1, and are the same for the same seed", () => {
  const some = Array.from({ length: COUNT }, randomNumbers(seedOf("1 sin 0 0")));
  assert.ok(some.every((x) => x >= 0 && x < 1));
  assert.ok(some.some((x) => (x * 2 ** 52) % 1 !== 0));
  const mean = some.reduce((a, b) => a + b) / COUNT;
  assert.ok(Math.abs(mean - 0.5) < 0.03, String(mean));
  assert.equal(Array.from({ length: COUNT }, randomNumbers(seedOf("1 sin 0 0"))), some);
  assert.not.equal(Array.from({ length: COUNT }, randomNumbers(seedOf("2 sin 0 0"))), some);
});

test("steps go from double to double, across 0 too", () => {
  assert.is(stepped(1, 1), 1 + 2 ** -52);
  assert.is(stepped(1, -1), 1 - 2 ** -53);
  assert.is(stepped(-1, 1), -1 + 2 ** -53);
  assert.is(stepped(0, -2), -1e-323);
  assert.is(stepped(-5e-324, 2), 5e-324);
  assert.is(stepped(5e-324, -2), -5e-324);
  assert.is(stepped(-0, 1), 5e-324);
  assert.is(stepped(Number.MAX_VALUE, -0), Number.MAX_VALUE);
});

test("uniform leaves no gap", () => {
  const some = drawn(uniform(-3, 5));
  assert.is(some.length, COUNT);
  some.forEach((x, index) => {
    const from = -3 + (8 * index) / COUNT;
    assert.ok(x >= from - 1e-12 && x <= from + 8 / COUNT + 1e-12);
  });
});

test("magnitudes reach all powers of two, subnormal ones and the largest, with the signs that were asked for", () => {
  const some = drawn(magnitudes(-1074, 1024));
  assert.ok(some.every((x) => Number.isFinite(x) && x !== 0));
  assert.ok(some.some((x) => Math.abs(x) < 1e-320));
  assert.ok(some.some((x) => Math.abs(x) > 1e307));
  assert.ok(some.some((x) => x < 0) && some.some((x) => x > 0));
  assert.ok(drawn(magnitudes(-3, 3, "positive")).every((x) => x >= 0.125 && x <= 8));
  assert.ok(drawn(magnitudes(-3, 3, "negative")).every((x) => x <= -0.125));
});

test("around is at a centre, next to it on both sides, and farther away", () => {
  const some = drawn(around([1, -2], 30));
  for (const x of [1, 1 + 2 ** -52, 1 - 2 ** -53, -2, -2 - 2 ** -51, -2 + 2 ** -52])
    assert.ok(some.includes(x), String(x));
  assert.ok(some.some((x) => x > 1 + 2 ** -30));
  assert.ok(some.every((x) => Math.abs(x - 1) < 2 ** -21 || Math.abs(x + 2) < 2 ** -20));
});

test("around points moves each argument by itself, and never beyond the largest double", () => {
  const some = drawn(
    aroundPoints(
      [
        [1, -4],
        [Number.MAX_VALUE, 1e300],
      ],
      44,
    ),
  ) as Pair[];
  const first = some.filter(([x]) => x < 2);
  assert.ok(first.length > COUNT / 3 && first.length < (2 * COUNT) / 3);
  assert.ok(first.every(([x, y]) => Math.abs(x - 1) < 1 / 128 && Math.abs(y + 4) < 1 / 32));
  assert.ok(first.some(([x, y]) => x === 1 && y !== -4) && first.some(([x, y]) => x !== 1 && y === -4));
  assert.ok(some.flat().every(Number.isFinite));
  assert.ok(drawn(aroundPoints([[3]], 10)).every((x) => typeof x === "number"));
});

test("multiples are near multiples, the first and the last", () => {
  const counts = drawn(multiples(Math.PI, 1000, 20)).map((x) => x / Math.PI);
  assert.ok(counts.every((count) => Math.abs(count - Math.round(count)) < 1e-6));
  const whole = counts.map(Math.round);
  for (const count of [1, -1, 2]) assert.ok(whole.includes(count), String(count));
  assert.ok(whole.some((count) => count > 990));
  assert.ok(whole.every((count) => Math.abs(count) <= 1000));
});

test("besides integers are doubles next to them, never farther than 1/2", () => {
  const some = drawn(besideIntegers(-5, 5));
  assert.ok(some.every((x) => x >= -5.5 && x <= 5.5 && !Number.isInteger(x)));
  for (const n of [-5, 0, 5])
    assert.ok(
      some.some((x) => Math.abs(x - n) < 1e-12),
      String(n),
    );
});

test("any double is finite, of any size and sign", () => {
  const some = drawn(anyDouble());
  assert.ok(some.every(Number.isFinite));
  assert.ok(some.some((x) => Math.abs(x) < 1e-250) && some.some((x) => Math.abs(x) > 1e250));
  assert.ok(some.some((x) => x < 0) && some.some((x) => x > 0));
});

test("two draws do not know each other", () => {
  const some = drawn(both(uniform(0, 1), uniform(0, 1)));
  assert.ok(some.some(([x, y]) => x < 0.1 && y > 0.9) && some.some(([x, y]) => x > 0.9 && y < 0.1));
});

test.run();
