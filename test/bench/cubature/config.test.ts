import { integrate } from "heddle";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROBLEMS, problemNamed } from "../../../bench/cubature/config.js";

for (const problem of PROBLEMS.filter(({ dimensions }) => dimensions === 3)) {
  test(`${problem.name}: the closed form is the integral`, async () => {
    const box = { x1: [0, 1], x2: [0, 1], x3: [0, 1] } as const;
    const { value, status } = await integrate(problem.heddle, box, { relativeTolerance: 1e-8 });
    assert.is(status, "converged");
    assert.ok(Math.abs(value - problem.exact) < 1e-7 * Math.abs(problem.exact), `${value}, ${problem.exact}`);
  });
}

test("problemNamed names the problems when there is none of that name", () => {
  assert.is(problemNamed("gauss-4").dimensions, 4);
  assert.throws(() => problemNamed("gauss-2"), /expected one of oscillatory-3, .*, got "gauss-2"/);
});

test.run();
