// Twenty thousand integrals in one call: Euler's for the gamma function, whose logarithm the language of expressions has itself.
import { evaluate, integrateMany } from "heddle";

const s = Float64Array.from({ length: 20_000 }, (_, i) => 0.1 + i / 1000);
const { values, errors, counts } = await integrateMany("x^(s-1)*exp(-x)", 0, Infinity, { parameters: { s } });
const exact = evaluate("gamma(x)", s);

let worst = 0;
let within = 0;
for (const [i, value] of values.entries()) {
  const difference = Math.abs(value - exact[i]);
  worst = Math.max(worst, difference / exact[i]);
  if (difference <= Math.max(errors[i], 1e-15 * exact[i])) within++;
}
console.log(`${counts.converged} of ${s.length} converged`);
console.log(`right to 1e-10: ${worst < 1e-10}, within their errors: ${((100 * within) / s.length).toFixed(0)} %`);
console.log(`gamma(1/2) = ${values[400].toFixed(10)}`);

// Output:
// 20000 of 20000 converged
// right to 1e-10: true, within their errors: 100 %
// gamma(1/2) = 1.7724538509
