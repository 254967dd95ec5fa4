/**
 * Heddle as a contender, in a process of its own: what `npm run build` made, with warm workers.
 *
 *   heddle.child.js [relaxed|function]
 *
 *   relaxed    with fused operations
 *   function   the integrand is a function of JavaScript instead of a text
 *
 * A sample is the whole `await integrate(…)`: waking the workers, the coarse second grid of the error estimate, the
 * result object. It makes as many evaluations as the others do, so that 64 of 65 are on the grid that was asked for. The workers' modules are compiled
 * before, in the runs that choose N.
 */
import { createHeddle } from "heddle";
import { serve } from "../tools/serve.js";
import { HIGH, LOW, problemNamed } from "./config.js";

/** The error estimate takes one evaluation for each 64. */
const ON_THE_GRID = 64 / 65;

const heddle = createHeddle();
const relaxed = process.argv[2] === "relaxed";
const isFunction = process.argv[2] === "function";

await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, async (name, points, threads) => {
  const problem = problemNamed(name);
  const integrand = isFunction ? functionOf(problem.javascript) : problem.heddle;
  const panels = Math.ceil(points * ON_THE_GRID);
  const begun = performance.now();
  const result = await heddle.integrate(integrand, LOW, HIGH, { points: panels, threads, relaxed });
  const seconds = (performance.now() - begun) / 1000;
  if (result.relaxed !== relaxed) throw new Error("expected fused operations, this engine has none");
  if (result.integrand.kind !== "compiled")
    throw new Error(`expected a compiled integrand, got ${result.integrand.kind}`);
  if (result.mode !== "threads") throw new Error(`expected workers to compute, but ${result.modeReason}`);
  return { seconds, value: result.value };
});
await heddle.close();

function functionOf(expression: string): (x: number) => number {
  return new Function("x", `return ${expression};`) as (x: number) => number;
}
