/** Heddle as a contender: a text over a box, by `integrateSync` on one thread, by `await integrate` with warm workers on several. */
import { createHeddle } from "heddle";
import { serve } from "../tools/serve.js";
import { ASKED, MAXIMUM, problemNamed } from "./config.js";

const heddle = createHeddle();

await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, async (name, integrals, threads) => {
  const problem = problemNamed(name);
  const box = Object.fromEntries(
    Array.from({ length: problem.dimensions }, (_, k): [string, [number, number]] => [`x${k + 1}`, [0, 1]]),
  );
  const options = { relativeTolerance: ASKED, maximumEvaluations: MAXIMUM, threads };
  let [sum, evaluations] = [0, 0];
  const begun = performance.now();
  for (let index = 0; index < integrals; index++) {
    const result =
      threads === 1
        ? heddle.integrateSync(problem.heddle, box, options)
        : await heddle.integrate(problem.heddle, box, options);
    sum += result.value;
    evaluations = result.evaluations;
  }
  return { seconds: (performance.now() - begun) / 1000, value: sum / integrals, evaluations };
});
await heddle.close();
