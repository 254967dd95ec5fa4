/**
 * Heddle as a contender, all integrals in a call: `integrateMany`, with warm workers.
 *
 *   sweep.child.js fast|normal
 */
import { createHeddle, type Effort } from "heddle";
import { serve } from "../tools/serve.js";
import { ASKED, CYCLE, parameterOf, problemNamed } from "./config.js";

const effort = process.argv[2] as Effort;
const heddle = createHeddle();

await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, async (name, integrals, threads) => {
  const problem = problemNamed(name);
  const [low, high] = problem.range;
  const p = Float64Array.from({ length: integrals }, (_, index) => parameterOf(problem, index));
  const options = { parameters: { p }, effort, threads, relativeTolerance: ASKED };
  const begun = performance.now();
  const { values, evaluations } = await heddle.integrateMany(problem.heddle, low, high, options);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, value: meanOf(values), evaluations: Math.round(evaluations / integrals) };
});
await heddle.close();

/** In parts, so that a million values lose no digits. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let from = 0; from < values.length; from += CYCLE) {
    sum += values.subarray(from, from + CYCLE).reduce((total, value) => total + value, 0);
  }
  return sum / values.length;
}
