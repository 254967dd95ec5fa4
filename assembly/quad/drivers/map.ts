/**
 * The simplest driver: f at given points. Plots and tests use it; no sum, no grid.
 *
 * Role: any thread. It takes no lock and never waits.
 */
import { careful, doubt, evaluate, prologue } from "./integrand";

/**
 * Writes f(x[i]) to y[i] for i < count.
 *
 * @param x @param y addresses of `count` doubles each, 8-byte aligned; they may be the same. Both need room for an even count:
 *                   an odd last point is computed with its neighbour behind it, whose result is written too.
 */
export function map(parameters: usize, x: usize, y: usize, count: i32): void {
  prologue(parameters);
  for (let i = 0; i < count; i += 2) {
    const offset = (<usize>i) << 3;
    const at = v128.load(x + offset);
    let value = evaluate(at);
    if (v128.any_true(doubt())) value = careful(at, parameters);
    v128.store(y + offset, value);
  }
}
