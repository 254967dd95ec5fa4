import { test } from "uvu";
import * as assert from "uvu/assert";
import { DoubleDouble, ONE, polynomial, TWO } from "../../../../bench/ulp/reference/double-double.js";
import { random } from "../../../tools/random.js";

const SEED = 5;
const ROUNDS = 2000;

/** value * 2^300, which is whole for all numbers here. */
function whole(x: number): bigint {
  return BigInt(x * 2 ** 150) << 150n;
}

function wholeOf({ high, low }: DoubleDouble): bigint {
  return whole(high) + whole(low);
}

const next = random(SEED);

/** Any bits in both parts, of either sign, between 2^-20 and 2^20. */
function anyNumber(): DoubleDouble {
  const high = (next() + 1 + next() * 2 ** -32) * 2 ** Math.floor(40 * next() - 20) * (next() < 0.5 ? -1 : 1);
  return DoubleDouble.sum(high, high * 2 ** -54 * (2 * next() - 1));
}

/** |found - expected| / |expected| <= bound * 2^-106 */
function isWithin(found: bigint, expected: bigint, bound: number): boolean {
  const off = found > expected ? found - expected : expected - found;
  const size = expected < 0n ? -expected : expected;
  return off << 106n <= size * BigInt(bound);
}

test("sums and products of doubles are exact", () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [anyNumber().high, anyNumber().high];
    assert.is(wholeOf(DoubleDouble.sum(a, b)), whole(a) + whole(b), `${a} + ${b}`);
    assert.is(wholeOf(DoubleDouble.product(a, b)) << 300n, whole(a) * whole(b), `${a} * ${b}`);
  }
});

test("operations keep 106 bits, but for a few units", () => {
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [anyNumber(), anyNumber()];
    const [x, y] = [wholeOf(a), wholeOf(b)];
    assert.ok(isWithin(wholeOf(a.plus(b)), x + y, 4), "plus");
    assert.ok(isWithin(wholeOf(a.minus(b)), x - y, 4), "minus");
    assert.ok(isWithin(wholeOf(a.times(b)), (x * y) >> 300n, 8), "times");
    assert.ok(isWithin(wholeOf(a.over(b)), (x << 300n) / y, 12), "over");
    const root = wholeOf(a.absolute().squareRoot());
    assert.ok(isWithin((root * root) >> 300n, x < 0n ? -x : x, 24), "squareRoot");
  }
});

test("equal parts cancel to nothing, and what is left is exact", () => {
  const small = DoubleDouble.sum(1, 2 ** -90);
  assert.is(small.minus(ONE).high, 2 ** -90);
  assert.is(small.minus(small).high, 0);
});

test("a polynomial", () => {
  assert.is(polynomial([ONE, TWO, DoubleDouble.of(3)], DoubleDouble.of(10)).high, 321);
});

test.run();
