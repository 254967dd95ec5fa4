/**
 * Heddle as a contender, one integral at a time: `integrateSync` of a compiled integrand, warm, each call with another parameter.
 *
 *   single.child.js fast|normal
 */
import { compile, createHeddle, type Effort } from "heddle";
import { serve } from "../tools/serve.js";
import { ASKED, parameterOf, problemNamed } from "./config.js";

const effort = process.argv[2] as Effort;
const heddle = createHeddle({ threads: 1 });

await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, async (name, integrals) => {
  const problem = problemNamed(name);
  const [low, high] = problem.range;
  const f = compile(problem.heddle, { parameters: ["p"] });
  const one = (p: number) =>
    heddle.integrateSync(f, low, high, { parameters: { p }, effort, relativeTolerance: ASKED });
  let sum = 0;
  const begun = performance.now();
  for (let index = 0; index < integrals; index++) sum += one(parameterOf(problem, index)).value;
  const seconds = (performance.now() - begun) / 1000;
  const { status, evaluations } = one(problem.base);
  if (status !== "converged") throw new Error(`expected it to converge, got ${status}`);
  return { seconds, value: sum / integrals, evaluations };
});
await heddle.close();
