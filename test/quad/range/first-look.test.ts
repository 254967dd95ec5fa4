/** Sweeps whose first pass is one panel: what a look at that panel decides is what the integral by itself comes to, to the bit. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateManySync, integrateSync, TOLERANCE_STATUSES } from "../../../ts/index.js";
import { bitsOf } from "../../runtime/library.js";
import { random } from "../../tools/random.js";

const SETS = 150;
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));

/** Enough at once, or not; of two signs; zeros, none but subnormals; too large; not finite in places, or everywhere; noise. */
const INTEGRANDS = [
  "exp(p*x)",
  "x^3-p*x",
  "sin(9*p*x)",
  "1/(1+p*x^4)",
  "1/(p+x^2)",
  "0*p*x",
  "p*1e-308*x^2",
  "1e-322*sin(9*p*x)",
  "p*1e308*x^2",
  "sqrt(x-p)",
  "1/x",
  "log(x)/(x-x)",
  "sin(1e16*p*x)",
];

for (const f of INTEGRANDS) {
  test(`${f}: by the thousand as by itself`, () => {
    const next = random(SEED);
    const column = (make: () => number): Float64Array => Float64Array.from({ length: SETS }, make);
    const lower = column(() => (next() < 0.3 ? 0 : 4 * next() - 2));
    const upper = column(() => (next() < 0.1 ? Number.POSITIVE_INFINITY : next() < 0.1 ? 0 : 4 * next() - 2));
    // Too narrow to be halved.
    for (let set = 0; set < SETS; set += 9) upper[set] = lower[set]! * (1 + 2 ** -44);
    const p = column(() => 2 * next() - 0.5);
    for (const asked of [
      { relativeTolerance: 1e-13 },
      { relativeTolerance: 1e-4 },
      { relativeTolerance: 0, absoluteTolerance: 1e-6 },
      // Less than rounding leaves.
      { relativeTolerance: 0, absoluteTolerance: 1e-30 },
      // Just enough for two more panels, and one less.
      { relativeTolerance: 1e-13, maximumEvaluations: 63 },
      { relativeTolerance: 1e-13, maximumEvaluations: 62 },
    ]) {
      const options = { maximumEvaluations: 2000, ...asked, effort: "fast" } as const;
      const { values, errors, statuses, evaluations } = integrateManySync(f, lower, upper, {
        ...options,
        parameters: { p },
      });
      let spent = 0;
      for (let set = 0; set < SETS; set++) {
        const [a, b] = [lower[set]!, upper[set]!];
        const alone = integrateSync(f, a, b, { ...options, parameters: { p: p[set]! } });
        const where = `seed ${SEED}, from ${a} to ${b}, p = ${p[set]}, ${JSON.stringify(asked)}`;
        assert.is(TOLERANCE_STATUSES[statuses[set]!], alone.status, where);
        assert.is(bitsOf(values[set]!), bitsOf(alone.value), where);
        assert.is(bitsOf(errors[set]!), bitsOf(alone.error), where);
        spent += alone.evaluations;
      }
      assert.is(evaluations, spent, `seed ${SEED}`);
    }
  });
}

test.run();
