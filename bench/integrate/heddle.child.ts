/**
 * Heddle as a contender, in a process of its own: what `npm run build` made, with warm workers.
 *
 * A sample is the whole `await integrate(…)`: waking the workers, the coarse second grid of the error estimate, the
 * result object. The workers' modules are compiled before, in the runs that choose N.
 */
import { createHeddle } from "heddle";
import { serve } from "../tools/serve.js";
import { HIGH, LOW, problemNamed } from "./config.js";

const heddle = createHeddle();

await serve(`Node ${process.versions.node}, V8 ${process.versions.v8}`, async (name, points, threads) => {
  const { heddle: expression } = problemNamed(name);
  const begun = performance.now();
  const result = await heddle.integrate(expression, LOW, HIGH, { points, threads });
  const seconds = (performance.now() - begun) / 1000;
  if (result.mode !== "threads") throw new Error(`expected workers to compute, but ${result.modeReason}`);
  return { seconds, value: result.value };
});
await heddle.close();
