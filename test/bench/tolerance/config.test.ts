import { integrateSync } from "heddle";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CYCLE, exactMean, PROBLEMS, parameterOf, problemNamed } from "../../../bench/tolerance/config.js";

/** By Simpson's rule in s, with x = low + (high - low) s^4 (s (35 - 84 s + 70 s^2 - 20 s^3)): smooth at both ends, whatever f is there. Nobody's contender. */
function integralOf(f: (x: number) => number, [low, high]: readonly [number, number]): number {
  const panels = 20_000;
  const g = (s: number): number => {
    const x = low + (high - low) * s ** 4 * (35 - 84 * s + 70 * s * s - 20 * s ** 3);
    return s <= 0 || s >= 1 ? 0 : f(x) * (high - low) * 140 * (s * (1 - s)) ** 3;
  };
  let sum = 0;
  for (let i = 0; i < panels; i++) sum += g(i / panels) + 4 * g((i + 0.5) / panels) + g((i + 1) / panels);
  return sum / (6 * panels);
}

for (const problem of PROBLEMS) {
  test(`${problem.name}: the closed form is the integral, for any parameter, in JavaScript and in Heddle`, () => {
    const text = problem.c
      .replaceAll(/(sqrt|exp|log|sin)/g, "Math.$1")
      .replaceAll("M_PI", "Math.PI")
      .replace("fabs", "Math.abs");
    const f = new Function("x", "p", `return ${text};`) as (x: number, p: number) => number;
    for (const index of [0, 700]) {
      const p = parameterOf(problem, index);
      const exact = problem.exact(p);
      const found = integralOf((x) => f(x, p), problem.range);
      assert.ok(Math.abs(found - exact) < 1e-7 * Math.abs(exact), `${found}, ${exact}`);
      const { value } = integrateSync(problem.heddle, ...problem.range, { parameters: { p } });
      assert.ok(Math.abs(value - exact) < 1e-11 * Math.abs(exact), `${value}, ${exact}`);
    }
  });
}

test("means are those of the integrals, through any part of the cycle", () => {
  const problem = problemNamed("kink");
  for (const count of [1, 3, CYCLE, 2 * CYCLE + 1]) {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += problem.exact(parameterOf(problem, index));
    assert.ok(Math.abs(exactMean(problem, count) - sum / count) < 1e-14);
  }
  assert.is(parameterOf(problem, CYCLE), problem.base);
  assert.throws(() => problemNamed("ratio"), /expected one of exp, sqrt, .*, got "ratio"/);
});

test.run();
