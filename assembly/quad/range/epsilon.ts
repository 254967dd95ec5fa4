/**
 * The limit of a sequence of partial sums, by Wynn's epsilon algorithm.
 *
 *   e(-1, i) = 0,  e(0, i) = S(i),  e(k + 1, i) = e(k - 1, i + 1) + 1 / (e(k, i + 1) - e(k, i))
 *
 * The even columns converge to the limit of a sum of geometric sequences, such as the shells around an algebraic singularity give. It is applied to the last 9,
 * 15, 25 and 40 sums; the estimate is the last entry of the even column that differs least from the two entries before it, and that difference is its error.
 *
 * Source: P. Wynn, "On a device for computing the e_m(S_n) transformation", MTAC 10 (1956); the choice by least change as in QUADPACK's QELG (1983).
 * Bounds: none are proved. shells.ts asks for more before it believes a limit.
 * Role:   whoever decides between rounds.
 */
import { Integral } from "./integral";

/** Bytes behind the sums where the table's two columns are. */
const TABLE: u32 = 1024 << 3;
const COLUMN_BYTES: u32 = 64 << 3;

/** Finds the limit of the first `count` sums in scratch; leaves it in `limit`, its error in `limitError`, Infinity where none was found. */
export function accelerate(integral: Integral, count: i32): void {
  const sums = <usize>integral.scratch;
  integral.limit = count > 0 ? load<f64>(sums + ((<usize>(count - 1)) << 3)) : 0;
  integral.limitError = Infinity;
  window(integral, count, 9);
  window(integral, count, 15);
  window(integral, count, 25);
  window(integral, count, 40);
}

function window(integral: Integral, count: i32, size: i32): void {
  if (count < size) return;
  let before = <usize>integral.scratch + TABLE;
  let column = before + COLUMN_BYTES;
  const from = <usize>integral.scratch + ((<usize>(count - size)) << 3);
  for (let i: usize = 0; i < <usize>size; i++) {
    store<f64>(before + (i << 3), 0);
    store<f64>(column + (i << 3), load<f64>(from + (i << 3)));
  }
  store<f64>(before + ((<usize>size) << 3), 0);
  let length = size;
  for (let step = 1; length > 1; step++) {
    length--;
    for (let i = 0; i < length; i++) {
      const at = (<usize>i) << 3;
      const next = load<f64>(before + at, 8) + 1 / (load<f64>(column + at, 8) - load<f64>(column + at));
      // Two equal entries: the column has converged, or there is nothing to learn from it.
      if (next - next != 0) return;
      store<f64>(before + at, next);
    }
    const swap = before;
    before = column;
    column = swap;
    if ((step & 1) == 0 && length >= 3) {
      const last = column + ((<usize>(length - 1)) << 3);
      const value = load<f64>(last);
      const change = abs(value - load<f64>(last - 8)) + abs(value - load<f64>(last - 16));
      if (change < integral.limitError) {
        integral.limit = value;
        integral.limitError = change;
      }
    }
  }
}
