/** The reference against values of 40 digits, which another program made with another method (scripts/math-fixtures.py, mpmath). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { errorInUlp } from "../../../../bench/ulp/error.js";
import { readHardPoints } from "../../../../bench/ulp/hard-points.js";
import { type Exact, shifted } from "../../../../bench/ulp/reference/exact.js";
import { REFERENCES } from "../../../../bench/ulp/reference/index.js";
import { BOUNDS } from "../../../../ts/expr/bounds.js";

/** What each file's header promises: relative errors, as powers of two. */
const PROMISED: Readonly<Record<string, number>> = { pow: -90, erf: -85, erfc: -85, gamma: -90, lgamma: -90 };
const OTHERS = -98;

/** Where that is of something larger than the value. */
const FLOORS: Readonly<Record<string, (x: number) => number>> = {
  lgamma: (x) => (x < 0 ? 1 : 0),
  j0: (x) => (Math.abs(x) > 40 ? Math.sqrt(2 / Math.PI / Math.abs(x)) : 0),
  j1: (x) => (Math.abs(x) > 40 ? Math.sqrt(2 / Math.PI / Math.abs(x)) : 0),
};

/** |a - b| / max(|b|, floor), both below 2^900. */
function distance(a: Exact, b: Exact, floor: number): number {
  const shift = a.exponent - b.exponent;
  const half = Math.trunc(shift / 2);
  const aligned = a.value.scaled(2 ** half).scaled(2 ** (shift - half));
  return Math.abs(aligned.minus(b.value).high) / Math.max(Math.abs(b.value.high), shifted(floor, -b.exponent));
}

for (const [name, points] of readHardPoints()) {
  test(`${name} agrees with 40 digits`, () => {
    const reference = REFERENCES[name]!;
    const allowed = 2 ** (PROMISED[name] ?? OTHERS);
    for (const { at, exact } of points) {
      const value = reference(at[0]!, at[1] ?? Number.NaN);
      assert.ok(value !== null, `${name}(${at})`);
      const off = distance(value, exact, FLOORS[name]?.(at[0]!) ?? 0);
      assert.ok(off <= allowed, `${name}(${at}) is off by 2^${Math.log2(off)}`);
    }
  });
}

test("every function that promises a bound has a reference and hard points", () => {
  const hardPoints = readHardPoints();
  for (const name of Object.keys(BOUNDS)) {
    assert.ok(name in REFERENCES, name);
    assert.ok(hardPoints.has(name), name);
  }
});

test("all kinds of doubles have exact values, or none that is finite", () => {
  const kinds = [
    0,
    5e-324,
    1e-310,
    2.3e-308,
    1e-160,
    2 ** -60,
    0.3,
    0.8,
    1,
    1.5,
    2.5,
    3,
    11.5,
    27,
    39.9,
    41,
    175.5,
    1e3,
    1e6 + 0.5,
    1e18,
    1e150,
    1e300,
  ];
  const doubles = [...kinds, Number.MAX_VALUE].flatMap((x) => [x, -x]);
  for (const [name, reference] of Object.entries(REFERENCES)) {
    for (const x of doubles) {
      for (const y of ["pow", "atan2", "hypot"].includes(name) ? doubles : [0]) {
        const found = reference(x, y);
        if (found === null) continue;
        const { high, low } = found.value;
        const isOutside = Number.isNaN(high);
        const inside = ["asin", "acos", "acosh", "atanh", "log", "log1p", "log2", "log10", "sqrt", "pow"].includes(
          name,
        );
        assert.ok(inside || !isOutside, `${name}(${x}, ${y}) is NaN`);
        assert.ok(isOutside || (Number.isFinite(high) && Number.isFinite(low)), `${name}(${x}, ${y}): ${high}, ${low}`);
        // As Math has it, where it has it, roughly: no branch is another one's.
        const known = (Math as unknown as Record<string, ((...all: number[]) => number) | undefined>)[name];
        if (known === undefined) continue;
        const error = errorInUlp(known(x, y), found);
        assert.ok(error <= 1000, `${name}(${x}, ${y}): Math has ${known(x, y)}, off by ${error}`);
      }
    }
  }
});

test("what Math does not have is what other functions say", () => {
  const near = (name: string, x: number, expected: number): void => {
    const found = REFERENCES[name]!(x, 0)!;
    const error = errorInUlp(expected, found);
    assert.ok(error <= 3, `${name}(${x}): off by ${error}`);
  };
  near("exp2", 0.5, Math.SQRT2);
  near("exp2", -1074, 5e-324);
  near("sinc", 1e300, Math.sin(1e300) / 1e300);
  near("gamma", 171, 7.257415615307999e306);
  near("gamma", 0.5, Math.sqrt(Math.PI));
  near("gamma", -0.5, -2 * Math.sqrt(Math.PI));
  near("lgamma", 0.5, Math.log(Math.PI) / 2);
  near("erfc", -7, 2);
  near("j1", 1e-320, 5e-321);
});

test.run();
