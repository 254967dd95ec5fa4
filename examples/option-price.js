// What a call option costs: by the characteristic function of the logarithm of the price, as Gil-Pelaez inverts it, and by Black's and Scholes's closed form.
// Of other models (Heston, variance gamma) only the characteristic function differs.
import { compile, evaluate, integrateSync } from "heddle";

const [spot, strike, rate, volatility, years] = [100, 110, 0.05, 0.2, 1];
const variance = volatility ** 2 * years;
const forward = Math.log(spot / strike) + rate * years;

// Re(exp(-i*u*log(strike)) * phi(u) / (i*u)), where phi is that of a normal distribution.
const inverted = compile("exp(-variance*u^2/2)*sin(m*u)/u", { variable: "u", parameters: ["m", "variance"] });
const probability = (m) =>
  0.5 + integrateSync(inverted, 0, Infinity, { scale: 1 / volatility, parameters: { m, variance } }).value / Math.PI;
const price = (chance) =>
  spot * chance(forward + variance / 2) - strike * Math.exp(-rate * years) * chance(forward - variance / 2);
const closed = (m) => evaluate("erfc(-x/sqrt(2))/2", [m / Math.sqrt(variance)])[0];

console.log(`by integrals      ${price(probability).toFixed(10)}`);
console.log(`by closed form    ${price(closed).toFixed(10)}`);
console.log(`chance to end in the money ${(100 * probability(forward - variance / 2)).toFixed(2)} %`);

// Output:
// by integrals      6.0400881297
// by closed form    6.0400881297
// chance to end in the money 37.20 %
