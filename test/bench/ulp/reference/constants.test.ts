import { test } from "uvu";
import * as assert from "uvu/assert";
import * as constants from "../../../../bench/ulp/reference/constants.js";
import { DoubleDouble } from "../../../../bench/ulp/reference/double-double.js";
import { fromDecimal } from "../../../../bench/ulp/reference/exact.js";

/** OEIS A000796, A002162, A001620, A013661, A002117: 40 digits. */
const KNOWN: readonly (readonly [name: string, value: DoubleDouble, digits: string])[] = [
  ["pi", constants.PI, "3.141592653589793238462643383279502884197"],
  ["log 2", constants.LOG_2, "0.6931471805599453094172321214581765680755"],
  ["Euler's constant", constants.EULER, "0.5772156649015328606065120900824024310422"],
  ["zeta(2)", constants.ZETAS[0]!, "1.644934066848226436472415166646025189219"],
  ["zeta(3)", constants.ZETAS[1]!, "1.202056903159594285399738161511449990765"],
];

/** To 2^-104, relative. */
function same(value: DoubleDouble, expected: DoubleDouble): boolean {
  return Math.abs(value.minus(expected).high) <= 2 ** -104 * Math.abs(expected.high);
}

for (const [name, value, digits] of KNOWN) {
  test(name, () => {
    const { value: expected, exponent } = fromDecimal(digits);
    assert.ok(same(value, expected.scaled(2 ** exponent)));
  });
}

test("the last bits of pi, by another formula", () => {
  // C. Hutton's: pi/4 = 2 atan(1/3) + atan(1/7), with 64 bits to spare.
  const bits = BigInt(constants.PI_BITS + 64);
  const atan = (n: bigint): bigint => {
    let power = (1n << bits) / n;
    let sum = 0n;
    for (let odd = 1n; power !== 0n; odd += 2n) {
      sum += odd % 4n === 1n ? power / odd : -power / odd;
      power /= n * n;
    }
    return sum;
  };
  const difference = constants.PI_FIXED - ((8n * atan(3n) + 4n * atan(7n)) >> 64n);
  assert.ok(difference >= -1n && difference <= 1n, String(difference));
});

test("log 2 in two parts is log 2, and multiples of the first are doubles", () => {
  const sum = DoubleDouble.of(constants.LOG_2_HEAD).plus(constants.LOG_2_TAIL);
  assert.ok(same(sum, constants.LOG_2));
  assert.is(DoubleDouble.product(constants.LOG_2_HEAD, 8191).low, 0);
});

test("Bernoulli numbers", () => {
  const expected = [
    [1n, 6n],
    [-1n, 30n],
    [1n, 42n],
    [-1n, 30n],
    [5n, 66n],
    [-691n, 2730n],
    [7n, 6n],
  ] as const;
  expected.forEach(([n, d], index) => {
    const [numerator, denominator] = constants.BERNOULLI[index]!;
    assert.is(numerator * d, n * denominator);
  });
});

test("a late zeta is 1 and its first terms", () => {
  const expected = DoubleDouble.of(1)
    .plus(DoubleDouble.of(2 ** -80))
    .plus(DoubleDouble.of(3 ** -80));
  assert.ok(same(constants.ZETAS[78]!, expected));
});

test.run();
