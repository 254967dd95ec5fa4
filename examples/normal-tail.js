// The tail of the normal distribution: how seldom is it more than z standard deviations above the mean?
import { evaluate, integrateSync } from "heddle";

for (const z of [1, 2, 5, 10, 30]) {
  const { value, error, status } = integrateSync("exp(-x^2/2)/sqrt(2*pi)", z, Infinity);
  const [exact] = evaluate("erfc(x/sqrt(2))/2", [z]);
  const isRight = Math.abs(value - exact) < 1e-12 * exact && error < 1e-10 * value;
  console.log(`z = ${z}: 1 in ${(1 / value).toPrecision(10)}, ${status}, ${isRight ? "right" : "wrong"}`);
}

// Output:
// z = 1: 1 in 6.302974375, converged, right
// z = 2: 1 in 43.95578902, converged, right
// z = 5: 1 in 3488555.787, converged, right
// z = 10: 1 in 1.312361271e+23, converged, right
// z = 30: 1 in 2.038023848e+197, converged, right
