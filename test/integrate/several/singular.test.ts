/** Ends of axes and surfaces that the text shows to be singular: the axis is flattened there, and the integrand is smooth, or nearly. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Box, createHeddle, type SeveralOptions } from "../../../ts/index.js";
import { poseSeveral } from "../../../ts/integrate/several/problem.js";

const heddle = createHeddle({ threads: 1 });

const { POSITIVE_INFINITY: INFINITE } = Number;
const UNIT = [0, 1] as const;

/** What it is; evaluations within which it has to be there. Without flattening each takes ten times as many, or does not get there. */
const CASES: readonly (readonly [text: string, box: Box, exact: number, most: number, options?: SeveralOptions])[] = [
  ["exp(x*y)/sqrt(x*y)", { x: UNIT, y: UNIT }, 4.540419758842611, 5000],
  ["exp(x*y)/sqrt(x*y)", { x: [1, 0], y: UNIT }, -4.540419758842611, 5000],
  ["abs(x-y)^-0.5", { x: UNIT, y: UNIT }, 8 / 3, 20_000],
  ["log(abs(x-y))", { x: UNIT, y: UNIT }, -1.5, 20_000],
  ["1/sqrt(abs(x*x-y))", { x: UNIT, y: UNIT }, 1 + Math.PI / 2, 20_000],
  ["sqrt(1-x-y)", { x: UNIT, y: [0, "1-x"] }, 4 / 15, 5000],
  ["sqrt(1-x^2-y^2)", { x: [-1, 1], y: ["-sqrt(1-x^2)", "sqrt(1-x^2)"] }, (2 / 3) * Math.PI, 6000],
  ["exp(-x*(1+y))/sqrt(x)", { x: [0, INFINITE], y: UNIT }, 2 * Math.sqrt(Math.PI) * (Math.SQRT2 - 1), 20_000],
  ["exp(x*(1+y))/sqrt(-x)", { x: [-INFINITE, 0], y: UNIT }, 2 * Math.sqrt(Math.PI) * (Math.SQRT2 - 1), 20_000],
  ["abs(x-0.3)^-0.5*exp(x*y)", { x: UNIT, y: UNIT }, 3.443959415945804, 10_000],
  ["x^(a-1)*exp(x*y)", { x: UNIT, y: UNIT }, 2.4140433267106305, 10_000, { parameters: { a: 0.5 } }],
];

for (const [text, box, exact, most, options] of CASES) {
  test(`${text} over ${JSON.stringify(box)}`, () => {
    const { status, value, error, evaluations } = heddle.integrateSync(text, box, { ...options });
    assert.is(status, "converged");
    assert.ok(Math.abs(value - exact) <= Math.min(error, 1e-6 * Math.abs(exact)), `${value} ± ${error}`);
    assert.ok(evaluations <= most, `${evaluations} evaluations`);
  });
}

test("an axis is passed as it is where nothing is singular all along its end", () => {
  for (const text of ["log(x+y)", "1/(1+x*y)", "(x*y)^3", "abs(x*y-0.5)", "x^2.5*exp(x*y)", "1/(1-x*y)"]) {
    const { spec } = poseSeveral(text, { x: [0.25, 1], y: [0, 2] }, {});
    assert.equal([spec.lo, spec.hi.slice(0, 1)], [[0.25, 0], [1]], text);
  }
});

test("rules that have no regions see the axes as they are", () => {
  const { spec } = poseSeveral("exp(x*y)/sqrt(x)", { x: [0, 4], y: [0, 2] }, { rule: "quasi-monte-carlo" });
  assert.equal(spec.hi, [4, 2]);
  const { spec: ofRegions } = poseSeveral("exp(x*y)/sqrt(x)", { x: [0, 4], y: [0, 2] }, { rule: "genz-malik" });
  assert.equal(ofRegions.hi, [1, 2]);
});

test("what is not finite is named where it is in the variables", () => {
  const { nonFinite } = heddle.integrateSync("log(x-0.5)+exp(x*y)/sqrt(x)", { x: [0, 1], y: [0, 1] });
  const { x = Number.NaN } = nonFinite?.point ?? {};
  assert.ok(x > 0 && x < 0.5, `${x}`);
});

test.after(() => heddle.close());

test.run();
