/**
 * Shifted lattice points, folded: for the periodic what Sobol points are for the rest, and folding makes any continuous integrand periodic.
 *
 *   point i, coordinate k     2^-52 (i z_k 2^(52-n) + shift + 1/2) modulo 1, of 2^n points; then u -> 1 - |2u - 1|, the tent (or baker's) transformation
 *
 * For smooth integrands the error falls nearly like 2^-2n. Coordinates are odd multiples of 2^-52: never 0 and never 1.
 *
 * Source: F. J. Hickernell, "Obtaining O(N^-2+ε) convergence for lattice quadrature rules" (2002), the tent; generating vectors: ts/quad/lattice-vectors.ts.
 * Role:   any thread.
 */
import { Bench, LATTICE_SHORTEST, Quasi, axisOf, cellOf } from "./quasi";
import { LESS, MASK, ONE, shiftOf } from "./sobol";

/** What a coordinate advances by from a point to the next, in units of 2^-52. */
function stepOf(quasi: Quasi, now: i32, dimension: i32): u64 {
  const component = load<u32>(
    quasi.vectorsAt + ((<u32>((now - LATTICE_SHORTEST) * quasi.dimensions + dimension)) << 2),
  );
  const places: u64 = 52 - now;
  return (<u64>component) << places;
}

/** The state of each coordinate at `bench.pair`. */
export function beginLattice(quasi: Quasi, bench: Bench): void {
  const now = cellOf(quasi, bench.cell).now;
  for (let dimension = 0; dimension < quasi.dimensions; dimension++) {
    const step = stepOf(quasi, now, dimension);
    const state = 2 * <u64>bench.pair * step + shiftOf(quasi, bench.replicate, dimension);
    store<u64>(bench.stateAt + ((<u32>dimension) << 4), state & MASK);
    store<u64>(bench.stateAt + ((<u32>dimension) << 4), (state + step) & MASK, 8);
  }
}

/** Writes `pairs` pairs of points, from `bench.pair` on. */
export function writeLattice(quasi: Quasi, bench: Bench, pairs: i32): void {
  const now = cellOf(quasi, bench.cell).now;
  const dimensions = quasi.dimensions;
  const stride = (<usize>dimensions) << 4;
  const one = i64x2.splat(ONE);
  const unit = f64x2.splat(1);
  const less = f64x2.splat(LESS);
  const mask = i64x2.splat(MASK);
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const axis = axisOf(quasi, bench.cell, dimension);
    const lo = f64x2.splat(axis.lo);
    const width = f64x2.splat(axis.width);
    const least = f64x2.splat(axis.least);
    const most = f64x2.splat(axis.most);
    const step = i64x2.splat(2 * stepOf(quasi, now, dimension));
    const place = bench.stateAt + ((<u32>dimension) << 4);
    let state = v128.load(place);
    let at = <usize>bench.x + ((<usize>dimension) << 4);
    for (let pair = 0; pair < pairs; pair++) {
      const fraction = f64x2.sub(v128.or(state, one), less);
      // 2u - 1, without rounding.
      const centered = f64x2.sub(f64x2.add(fraction, fraction), unit);
      const x = f64x2.add(lo, f64x2.mul(width, f64x2.sub(unit, f64x2.abs(centered))));
      v128.store(at, f64x2.pmin(f64x2.pmax(x, least), most));
      at += stride;
      state = v128.and(i64x2.add(state, step), mask);
    }
    v128.store(place, state);
  }
}
