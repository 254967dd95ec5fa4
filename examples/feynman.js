// Feynman's wheel with three spokes: three loops, six edges, u, v, w the spokes. With a parameter for each edge its integral is 6 zeta(3).
import { integrate } from "heddle";

// Kirchhoff's polynomial: of each of the 16 spanning trees the edges that are not in it.
const kirchhoff =
  "(p*q*r + p*q*u + p*q*w + p*r*v + p*r*w + p*u*v + p*u*w + p*v*w" +
  " + q*r*u + q*r*v + q*u*v + q*u*w + q*v*w + r*u*v + r*u*w + r*v*w)";
const sum = "(u + v + w + p + q + r)";
const half = [0, Infinity];
const rest = { u: half, v: half, w: half, p: half, q: half };

const options = { rule: "vegas", relativeTolerance: 2e-3, maximumEvaluations: 2e7 };
const six = await integrate(`${sum}*exp(-${sum})/${kirchhoff}^2`, { ...rest, r: half }, options);
// Only proportions count, so one parameter may be 1, and the exponential goes.
const five = await integrate(`1/${kirchhoff.replaceAll("r", "1")}^2`, rest, { ...options, rule: "genz-malik" });

const exact = 6 * 1.2020569031595942;
for (const { value, error, status, rule } of [six, five]) {
  console.log(`${rule}: ${status}, ${value.toFixed(1)}, within its error: ${Math.abs(value - exact) <= error}`);
}

// Output:
// vegas: converged, 7.2, within its error: true
// genz-malik: converged, 7.2, within its error: true
