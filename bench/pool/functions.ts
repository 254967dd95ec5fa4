/**
 * What the contenders' workers run.
 */
import { type Order, PANELS } from "./config.js";

export function nothing(): undefined {
  return undefined;
}

export function double(x: number): number {
  return 2 * x;
}

/** A chunk of a map, by hand: numbers travel fastest as a Float64Array. */
export function doubleAll(numbers: Float64Array): Float64Array {
  return numbers.map(double);
}

export function pass(order: Order): Order {
  return order;
}

/** The integral of 1/(1+x^2) over [0, 10], by the midpoint rule. */
export function integral(): number {
  const width = 10 / PANELS;
  let sum = 0;
  for (let i = 0; i < PANELS; i++) {
    const x = (i + 0.5) * width;
    sum += 1 / (1 + x * x);
  }
  return sum * width;
}
