/** How good values and error estimates are, on integrals whose values are known in closed form. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrate, integrateSync, type Rule } from "../../ts/index.js";
import { failureOf, inContext, resultBits } from "../runtime/library.js";

const HUNDRED_MILLION = 1e8;

test("accuracy: x^2 on [0, 10] with 10^8 panels is within 1e-15 of 1000/3", () => {
  const { value, error, status } = integrateSync("x^2", 0, 10, { points: HUNDRED_MILLION, threads: 1 });
  assert.is(status, "done");
  assert.ok(Math.abs(value / (1000 / 3) - 1) <= 1e-15, `got ${value}`);
  assert.ok(Math.abs(value - 1000 / 3) <= error, `the estimate ${error} is too small`);
});

test("accuracy: 4/(1+x^2) on [0, 1] with 10^8 panels is pi to the last bit", () => {
  assert.is(integrateSync("4/(1+x^2)", 0, 1, { points: HUNDRED_MILLION, threads: 1 }).value, Math.PI);
});

test("accuracy: rounding does not grow with N", () => {
  // A constant, whose sum is exact in every lane: what remains is the arithmetic around it.
  for (const points of [1, 10, 1000, 12345, 1e6, 10_000_019]) {
    for (const rule of ["midpoint", "trapezoid", "left"] as const) {
      assert.is(integrateSync("1", 0, 3, { points, rule }).value, 3, `${rule}, N = ${points}`);
    }
  }
  // 0.1 is not: every addition rounds, at most 512 of them to a sum, and these errors do not add up further.
  for (const points of [1e3, 1e4, 1e5, 1e6, 1e7, 1e8]) {
    const { value } = integrateSync("0.1", 0, 10, { points, threads: 1 });
    assert.ok(Math.abs(value - 1) <= 512 * 2 ** -53, `N = ${points}: ${value}`);
  }
});

test("accuracy: an odd function over a symmetric range cancels", () => {
  for (const points of [2, 17, 1000, 100_001]) {
    const { value } = integrateSync("x*x*x", -1, 1, { points });
    assert.ok(Math.abs(value) < 1e-16, `N = ${points}: ${value}`);
  }
});

test("accuracy: equal bounds give 0 and evaluate nothing", () => {
  for (const [a, b] of [
    [0, 0],
    [-0, 0],
    [3.5, 3.5],
    [-1e308, -1e308],
  ] as const) {
    const { value, error, evaluations, status, nonFinite } = integrateSync("1/0", a, b, { points: 100 });
    assert.equal(
      { value, error, evaluations, status, nonFinite },
      { value: 0, error: 0, evaluations: 0, status: "done", nonFinite: null },
    );
  }
});

test("accuracy: equal bounds do not excuse a wrong expression or option", () => {
  assert.throws(() => integrateSync("1/", 1, 1, { points: 10 }));
  assert.throws(() => integrateSync("x", 1, 1, { points: 0 }));
});

test("accuracy: 2^52 panels are accepted, and the call can be aborted", async () => {
  await inContext({ threads: 1 }, async (heddle) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = heddle.integrate("x", 0, 1, {
      points: 2 ** 52,
      threads: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    assert.is(await failureOf(call), reason);
    // The context is as good as new.
    assert.is((await heddle.integrate("x", 0, 2, { points: 100, threads: 1 })).value, 2);
  });
});

test("accuracy: one panel has nothing to compare with, so its error is infinite", async () => {
  for (const rule of ["midpoint", "boole", { gauss: 3 }] as const) {
    assert.is(integrateSync("x", 0, 1, { points: 1, rule }).error, Number.POSITIVE_INFINITY);
  }
  assert.is((await integrate("x", 0, 1, { points: 1 })).value, 0.5);
});

type Row = readonly [text: string, a: number, b: number, exact: number];

/** Integrand, bounds, exact value; smooth ones first, then ones with singular derivatives at an end. */
const BATTERY: readonly Row[] = [
  ["exp(x)", 0, 1, Math.E - 1],
  ["sin(x)", 0, Math.PI, 2],
  ["1/(1+x^2)", 0, 1, Math.PI / 4],
  ["x^5", -1, 2, 10.5],
  ["cos(x)^2", 0, Math.PI, Math.PI / 2],
  ["1/(1+25*x^2)", -1, 1, (2 / 5) * Math.atan(5)],
  ["log(x)", 1, 10, 10 * Math.log(10) - 9],
  ["exp(-x^2)", -6, 6, Math.sqrt(Math.PI)],
  ["sqrt(x)", 0, 1, 2 / 3],
  ["sqrt(1-x^2)", -1, 1, Math.PI / 2],
  ["x^1.5", 0, 1, 0.4],
];

/** Corners: where one lies within its panel decides how large the error is. The coarse grid is not lucky with these. */
const CORNERS: readonly Row[] = [
  ["abs(x-0.3)", 0, 1, (0.3 ** 2 + 0.7 ** 2) / 2],
  ["max(0, x-0.123)", 0, 1, 0.877 ** 2 / 2],
];
const SECOND_ORDER: readonly Rule[] = ["midpoint", "trapezoid", "simpson", "boole", { gauss: 2 }, { gauss: 7 }];

/** Checks |value - exact| <= factor × error, for each rule and some N. */
function assertEstimates([text, a, b, exact]: Row, rules: readonly Rule[], factor: number): void {
  for (const rule of rules) {
    for (const points of [128, 1000, 4097, 100_000]) {
      const { value, error } = integrateSync(text, a, b, { points, rule });
      const off = Math.abs(value - exact);
      // The exact value itself is a rounded number.
      const rounding = 2 ** -53 * Math.abs(exact);
      assert.ok(
        off <= factor * error + rounding,
        `${JSON.stringify(rule)}, N = ${points}: off by ${off}, estimate ${error}`,
      );
    }
  }
}

for (const row of BATTERY) {
  test(`accuracy: the estimate for ${row[0]} is not below the error`, () => {
    assertEstimates(row, SECOND_ORDER, 1);
  });

  test(`accuracy: for left and right the estimate for ${row[0]} is of the size of the error`, () => {
    // Their error falls as 1/N, just as the estimate takes it to: so it is the error itself, but for terms of higher order.
    assertEstimates(row, ["left", "right"], 2.5);
  });
}

for (const row of CORNERS) {
  test(`accuracy: the estimate for ${row[0]} is of the size of the error`, () => {
    assertEstimates(row, ["midpoint", "trapezoid", "left", "right"], 4);
  });
}

test("accuracy: estimates are positive, and finite from two panels on", () => {
  for (const points of [2, 3, 64, 65]) {
    const { error } = integrateSync("exp(x)", 0, 1, { points });
    assert.ok(error > 0 && Number.isFinite(error), `N = ${points}: ${error}`);
  }
  assert.is(integrateSync("0", 0, 1, { points: 100 }).error, 0);
});

test("accuracy: workers give the bits of one thread", async () => {
  await inContext({ threads: 2 }, async (heddle) => {
    for (const [text, a, b] of BATTERY.slice(0, 4)) {
      for (const rule of ["midpoint", "simpson"] as const) {
        const alone = integrateSync(text, a, b, { points: 200_003, rule });
        const shared = await heddle.integrate(text, a, b, { points: 200_003, rule, threads: 2 });
        assert.is(resultBits(shared), resultBits(alone), text);
      }
    }
  });
});

test.run();
