import { evaluate } from "heddle";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HIGH, LOW, PROBLEMS, problemNamed, relativeError, TOLERANCE } from "../../../bench/integrate/config.js";

/** Simpson's rule in t with x = t^2: that makes the square roots at 0 smooth. Slow, and nobody's contender. */
function integralOf(f: (x: number) => number): number {
  assert.is(LOW, 0);
  const panels = 20_000;
  const step = Math.sqrt(HIGH) / panels;
  const g = (t: number): number => 2 * t * f(t * t);
  let sum = 0;
  for (let i = 0; i < panels; i++) sum += g(i * step) + 4 * g((i + 1 / 2) * step) + g((i + 1) * step);
  return (sum * step) / 6;
}

function inJavaScript(expression: string): (x: number) => number {
  return new Function("x", `return ${expression};`) as (x: number) => number;
}

for (const problem of PROBLEMS) {
  test(`${problem.name}: the closed form is the integral`, () => {
    const error = relativeError(problem, integralOf(inJavaScript(problem.javascript)));
    assert.ok(error < TOLERANCE / 100, `${error}`);
  });

  test(`${problem.name}: Heddle and JavaScript are given the same function`, () => {
    const f = inJavaScript(problem.javascript);
    const x = Array.from({ length: 101 }, (_, i) => LOW + ((HIGH - LOW) * i) / 100);
    evaluate(problem.heddle, x).forEach((y, i) => {
      const expected = f(x[i] as number);
      assert.ok(Math.abs(y - expected) <= 1e-13 * Math.abs(expected), `f(${x[i]}): expected ${expected}, got ${y}`);
    });
  });
}

test("problemNamed names the problems when there is none of that name", () => {
  assert.is(problemNamed("rat").heddle, "1/(1+x^2)");
  assert.throws(() => problemNamed("ratio"), /expected one of x2, rat, .*, got "ratio"/);
});

test.run();
