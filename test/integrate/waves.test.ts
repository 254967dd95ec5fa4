/** Tails that oscillate are summed lobe by lobe; others are not looked at as if they did. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle } from "../../ts/index.js";

const heddle = createHeddle();
test.after(() => heddle.close());

const INFINITY = Number.POSITIVE_INFINITY;

test("a tail that does not change its sign is no wave, however coarse the first look", () => {
  for (const [f, value] of [
    ["x^2*exp(-x)", 2],
    ["x^4*exp(-x)", 24],
    ["-x^9*exp(-x)", -362_880],
    ["x^2.5*exp(-x)", 3.323350970447843],
  ] as const) {
    for (const effort of ["fast", "normal"] as const) {
      const result = heddle.integrateSync(f, 0, INFINITY, { effort });
      assert.is(result.status, "converged", f);
      assert.ok(Math.abs(result.value / value - 1) < 1e-10, `${f}: ${result.value}`);
      assert.ok(result.evaluations < (effort === "fast" ? 2000 : 5000), `${f}, ${effort}: ${result.evaluations}`);
    }
  }
});

test("one that does is, with the coarsest look too", () => {
  for (const [f, a, value] of [
    ["sin(x)/x", 0, Math.PI / 2],
    ["cos(x^2)", 0, Math.sqrt(Math.PI / 8)],
    ["sin(x)/x", 1, 0.6247132564277136],
  ] as const) {
    for (const effort of ["fast", "normal"] as const) {
      const result = heddle.integrateSync(f, a, INFINITY, { effort });
      assert.is(result.status, "converged", f);
      assert.ok(Math.abs(result.value / value - 1) < 1e-9, `${f}: ${result.value}`);
    }
  }
});

test.run();
