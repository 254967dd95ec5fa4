/** Sweeps over bounds and parameters of the battery's integrals: the bits of one integral at a time, whatever is easy or hard beside it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Effort, integrateManySync, integrateSync, TOLERANCE_STATUSES } from "../../ts/index.js";
import { DIVERGENT, INTEGRALS } from "./index.js";

const BUDGET = 20_000;

/** The range, backwards, parts of it, a part of no width. */
function boundsOf(a: number, b: number): { a: number[]; b: number[] } {
  const from = Number.isFinite(a) ? a : -2;
  const to = Number.isFinite(b) ? b : 3;
  const [low, high] = [0.75 * from + 0.25 * to, 0.3 * from + 0.7 * to];
  return { a: [a, b, low, a, high, low, a], b: [b, a, b, high, high, high, b] };
}

for (const effort of ["fast", "normal"] as const satisfies readonly Effort[]) {
  test(`effort ${effort}`, () => {
    for (const {
      name,
      text,
      range: [low, high],
      parameters = {},
    } of [...INTEGRALS, ...DIVERGENT]) {
      const { a, b } = boundsOf(low!, high!);
      const options = { effort, maximumEvaluations: BUDGET };
      const many = integrateManySync(text, a, b, { ...options, parameters, threads: 1 });
      a.forEach((from, set) => {
        const { value, error, status } = integrateSync(text, from, b[set]!, { ...options, parameters });
        const got = [many.values[set], many.errors[set], TOLERANCE_STATUSES[many.statuses[set]!]];
        assert.equal(got, [value, error, status], `${name}, ${from} to ${b[set]}`);
      });
    }
  });
}

test.run();
