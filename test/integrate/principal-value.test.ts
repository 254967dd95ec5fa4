/** Principal values: poles of odd order cancel, wherever they are; others are divergent; what cannot be asked for is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle, type ToleranceOptions, type ToleranceResult } from "../../ts/index.js";

const heddle = createHeddle({ threads: 2 });
const { log, cos, tan, PI, LN2 } = Math;
const INFINITY = Number.POSITIVE_INFINITY;
/** Dawson's integral at 1: A&S 7.1.17. */
const DAWSON = 0.5380795069127684;

type Options = Pick<ToleranceOptions, "effort" | "rule" | "breakPoints" | "scale">;

function principal(
  f: string | ((x: number) => number),
  a: number,
  b: number,
  at: number | readonly number[],
  options: Options = {},
): ToleranceResult {
  const all: ToleranceOptions = { principalValue: at, absoluteTolerance: 1e-13, ...options };
  return typeof f === "string" ? heddle.integrateSync(f, a, b, all) : heddle.integrateSync(f, a, b, all);
}

const VALUES: readonly [text: string, a: number, b: number, at: number | readonly number[], exact: number][] = [
  ["1/x", -1, 2, 0, LN2],
  ["1/x", -1, 1, 0, 0],
  ["1/(x-0.3)", 0, 1, 0.3, log(0.7 / 0.3)],
  ["1/(x-1000.1)", 1000, 1001, 1000.1, log((1001 - 1000.1) / (1000.1 - 1000))],
  ["1/(x-1e-3)", 0, 1, 1e-3, log(0.999 / 0.001)],
  // The poles of these are beside the doubles.
  ["tan(x)", 0, 3, PI / 2, -log(-cos(3))],
  ["tan(x)", 0, 8, [PI / 2, (3 * PI) / 2, (5 * PI) / 2], -log(-cos(8))],
  ["1/(x^2-2)", 0, 2, Math.SQRT2, log((2 - Math.SQRT2) / (2 + Math.SQRT2)) / (2 * Math.SQRT2)],
  ["1/(exp(x)-2)", 0, 1, LN2, 0.5 * log(1 - 2 / Math.E)],
  ["1/sin(x)", -1, 2, 0, log(tan(1) / tan(0.5))],
  ["x^2/(x-0.7)", 0, 1, 0.7, 0.5 + 0.7 + 0.49 * log(0.3 / 0.7)],
  // Logarithmic and exponential integrals: A&S 5.1.3, 5.1.10, 5.1.1.
  ["1/log(x)", 0, 2, 1, 1.045163780117493],
  ["exp(x)/x", -1, 1, 0, 2.114501750751457],
  ["x/(x^2-1)*exp(-x)", 0, INFINITY, 1, 0.5 * (Math.E * 0.21938393439552029 - 1.8951178163559368 / Math.E)],
  ["1/(x^2-1)", -3, 4, [-1, 1], 0.5 * (log(3 / 5) - log(4 / 2))],
  ["1/(x-0.3)+1/sqrt(x)", 0, 1, 0.3, log(0.7 / 0.3) + 2],
  // Hilbert transforms.
  ["exp(-x^2)/(x-1)", -INFINITY, INFINITY, 1, -2 * Math.sqrt(PI) * DAWSON],
  ["1/((1+x^2)*(x-2))", -INFINITY, INFINITY, 2, (-2 * PI) / 5],
  // Nothing that needs it.
  ["sin(x)/x", -1, 1, 0, 1.892166140734366],
  ["exp(x)", 0, 1, 0.4, Math.E - 1],
  ["abs(x-0.3)^-0.5", 0, 1, 0.3, 2 * (Math.sqrt(0.3) + Math.sqrt(0.7))],
];

for (const [text, a, b, at, exact] of VALUES) {
  test(`${text} on ${a} … ${b} at ${at}: ${exact}`, () => {
    for (const effort of ["normal", "fast"] as const) {
      const { value, error, status } = principal(text, a, b, at, { effort });
      assert.is(status, "converged");
      assert.ok(
        Math.abs(value - exact) <= error + 4e-13 * Math.abs(exact),
        `${value}, ${exact} is exact, error ${error}`,
      );
    }
    assert.ok(Math.abs(principal(text, b, a, at).value + exact) < 1e-11 * Math.max(1, Math.abs(exact)), "b, a");
  });
}

test("functions that are called back: the same, without a tree", () => {
  const functions: readonly [f: (x: number) => number, a: number, b: number, at: number, exact: number][] = [
    [
      (x) => {
        let y = 0;
        for (const k of [1]) y += k / (x - 0.3);
        return y;
      },
      0,
      1,
      0.3,
      log(0.7 / 0.3),
    ],
    [
      (x) => {
        let y = 0;
        for (const k of [1]) y += k * Math.tan(x);
        return y;
      },
      0,
      3,
      PI / 2,
      -log(-cos(3)),
    ],
    [
      (x) => {
        let y = 0;
        for (const k of [1]) y += (k * Math.exp(x)) / x;
        return y;
      },
      -1,
      1,
      0,
      2.114501750751457,
    ],
  ];
  for (const [f, a, b, at, exact] of functions) {
    const { value, error, status, integrand } = principal(f, a, b, at);
    assert.is(integrand.kind, "callback");
    assert.is(status, "converged");
    assert.ok(Math.abs(value - exact) <= error + 1e-13, `${value}, ${exact} is exact, error ${error}`);
  }
});

test("poles of even order, and those that are elsewhere, are divergent", () => {
  const rows: readonly [text: string, a: number, b: number, at: number][] = [
    ["1/x^2", -1, 1, 0],
    ["1/(x-0.3)^2", 0, 1, 0.3],
    ["1/abs(x)", -1, 1, 0],
    ["1/(x-0.5)", 0, 1, 0.4],
    ["1/(x-0.3)^2", 0, 1, 0.25],
  ];
  for (const [text, a, b, at] of rows) assert.is(principal(text, a, b, at).status, "divergent", text);
});

test("a window is one segment", () => {
  const { segments, value } = heddle.integrateSync("1/(x-0.3)", 0, 1, { principalValue: 0.3, segments: true });
  const at = segments!.lo.findIndex((lo, i) => lo < 0.3 && segments!.hi[i]! > 0.3);
  assert.is(segments!.lo[at], 0.3 - 0.15);
  assert.is(segments!.hi[at], 0.3 + 0.15);
  assert.is(segments!.hi[at - 1], segments!.lo[at]);
  assert.is(segments!.lo[at + 1], segments!.hi[at]);
  assert.ok(Math.abs(segments!.value.reduce((sum, each) => sum + each, 0) - value) < 1e-14);
});

test("never silently", () => {
  assert.is(heddle.integrateSync("1/(x-0.3)", 0, 1).status, "divergent");
  assert.is(heddle.integrateSync("1/x", -1, 1).status, "divergent");
});

test("poles at a bound, outside, too near to something, no numbers, too many, with another rule: refused", () => {
  const cases: readonly unknown[] = [0, 1, -1, 2, Number.NaN, "x", [], [0.5, 1], new Array(17).fill(0.5), {}, null];
  for (const at of cases) assert.throws(() => principal("1/x", 0, 1, at as number), /principalValue/, String(at));
  assert.throws(() => principal("1/(x-0.5)", 0, 1, 0.5, { breakPoints: [0.5 + 1e-9] }), /too near/);
  assert.throws(() => principal("1/(x-0.5)", 0, 1, 0.5, { rule: "tanh-sinh" }), /principalValue/);
});

test.after(() => heddle.close());

test.run();
