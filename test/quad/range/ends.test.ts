/** The numbers of the rule for singular ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DISTANCES, integrateEnd, WEIGHTS } from "./ends.js";

test("distances and weights are those of the substitution", () => {
  for (let n = 0; n < 66; n++) {
    const t = (n - 38) / 8;
    const grown = Math.exp(-Math.PI * Math.sinh(t));
    const distance = 1 / (1 + grown);
    const weight = Math.PI * Math.cosh(t) * grown * distance * distance;
    assert.ok(Math.abs(DISTANCES[n]! / distance - 1) < 1e-12, `${n}: ${DISTANCES[n]}, ${distance}`);
    assert.ok(Math.abs(WEIGHTS[n]! / weight - 1) < 1e-12, `${n}: ${WEIGHTS[n]}, ${weight}`);
  }
});

test("singular functions come out to the last digits, with an error that is not less than the true one", () => {
  for (const power of [-0.75, -0.5, 0.5, 1.5]) {
    const exact = 2 ** (-6 * (power + 1)) / (power + 1);
    const found = integrateEnd((x) => x ** power, 2 ** -6, 1e-8 * exact);
    assert.ok(found !== undefined && Math.abs(found.value - exact) <= found.error);
  }
});

test("what has no integral, what is left out, and what is not resolved is refused", () => {
  for (const f of [
    (x: number) => 1 / x,
    (x: number) => 1 / (x * Math.log(x) ** 2),
    (x: number) => x ** -0.95,
    (x: number) => Math.sin(1 / x) / x,
    (x: number) => Number(x > 0.01),
  ]) {
    assert.is(integrateEnd(f, 2 ** -6, 1e-10), undefined);
  }
});

test.run();
