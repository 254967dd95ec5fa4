/**
 * Scrambled Sobol points: a digital net in base 2, whose generating matrices and shift are random.
 *
 *   point i, coordinate k        the sum (exclusive or) of the columns of matrix k that stand where the Gray code of i has a one, and of a shift
 *   matrix k                     L_k C_k: C_k Sobol's, of 32 bits, L_k random: lower triangular, with ones on the diagonal, of 52 by 32 bits
 *
 * So 2^n points are a net with the parameters of the unscrambled one, each coordinate alone has one point in every interval of length 2^-n, and each point is
 * uniform in the cube. The variance is that of Owen's nested scrambling, whose randomness costs time for each point; this one is free.
 *
 * A coordinate is (j + 1/2) 2^-52 with its 52 bits j: never 0 and never 1.
 *
 * Pairs of points, 2p and 2p + 1, stand in two lanes. Their Gray codes differ in bit 0; from a pair to the next, bits 0 and 1 + (the trailing zeros of p + 1)
 * change: one exclusive or with the sum of these two columns. The table holds for each dimension column 0, and for c > 0 the sum of columns 0 and c.
 *
 * Source: I. M. Sobol' (1967); I. A. Antonov, V. M. Saleev (1979), the Gray code; direction numbers: ts/quad/sobol-numbers.ts; J. Matoušek, "On the
 *         L2-discrepancy for anchored boxes", J. Complexity 14 (1998), linear scrambling; A. B. Owen, "Variance with alternative scramblings of digital nets",
 *         ACM TOMACS 13 (2003), that the variances agree, and A. B. Owen, "On dropping the first Sobol' point" (2020), that no point is to be left out.
 * Role:   `layColumns` the thread that made the integral, between rounds; the rest any thread.
 */
import { Bench, COLUMNS, Quasi, REPLICATES, axisOf } from "./quasi";
import { keyOf, randomOf } from "./random";

/** Streams of random numbers. Shifts are those of lattices too. */
const MATRICES: u64 = 1;
const SHIFTS: u64 = 2;

export const BITS: u32 = 52;
export const MASK: u64 = (1 << 52) - 1;
/** 1, whose fraction is zeros; and 1 - 2^-53: what lies between it and 1.fraction is (fraction + 1/2) 2^-52, without rounding. */
export const ONE: u64 = 0x3ff0000000000000;
export const LESS: f64 = 0.99999999999999988898;

// @ts-ignore: decorator
@inline
function columnsOf(quasi: Quasi, replicate: i32, dimension: i32): usize {
  return quasi.columnAt + ((<u32>((replicate * quasi.dimensions + dimension) * COLUMNS)) << 3);
}

// @ts-ignore: decorator
@inline
export function shiftOf(quasi: Quasi, replicate: i32, dimension: i32): u64 {
  return load<u64>(quasi.shiftAt + ((<u32>(replicate * quasi.dimensions + dimension)) << 3));
}

/** Draws the shifts. */
export function layShifts(quasi: Quasi): void {
  const key = keyOf(<u64>quasi.seed, SHIFTS);
  const count = REPLICATES * quasi.dimensions;
  for (let index = 0; index < count; index++) {
    store<u64>(quasi.shiftAt + ((<u32>index) << 3), randomOf(key, <u64>index) & MASK);
  }
}

/** Computes columns of all matrices up to `count`, 1 at least. */
export function layColumns(quasi: Quasi, count: i32): void {
  const from = quasi.columns;
  if (from >= count) return;
  const key = keyOf(<u64>quasi.seed, MATRICES);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    for (let dimension = 0; dimension < quasi.dimensions; dimension++) {
      const columns = columnsOf(quasi, replicate, dimension);
      const first = <u64>(replicate * quasi.dimensions + dimension) * COLUMNS;
      for (let column = from; column < count; column++) {
        const direction = load<u32>(quasi.directionsAt + (<u32>(dimension * 32 + column) << 2));
        let sum: u64 = 0;
        // Bit 31 - j of the direction number is its jth digit; column j of L starts there.
        for (let digits = direction; digits != 0; ) {
          const j = clz(digits);
          digits ^= 0x80000000 >> j;
          const diagonal = <u64>1 << (51 - j);
          sum ^= diagonal | (randomOf(key, first + j) & (diagonal - 1));
        }
        if (column > 0) sum ^= load<u64>(columns);
        store<u64>(columns + (<u32>column << 3), sum);
      }
    }
  }
  quasi.columns = count;
}

/** The state of each coordinate at `bench.pair`. */
export function beginSobol(quasi: Quasi, bench: Bench): void {
  const replicate = bench.replicate;
  const pair = <u32>bench.pair;
  // Bit c of the Gray code of 2 pair, c > 0: it has no bit 0, or it has, and then that of the pair's number is odd.
  const gray = (pair << 1) ^ pair;
  for (let dimension = 0; dimension < quasi.dimensions; dimension++) {
    const columns = columnsOf(quasi, replicate, dimension);
    const zero = load<u64>(columns);
    let state = shiftOf(quasi, replicate, dimension);
    if ((gray & 1) != 0) state ^= zero;
    for (let bits = gray & ~1; bits != 0; bits &= bits - 1) {
      state ^= zero ^ load<u64>(columns + ((<u32>ctz(bits)) << 3));
    }
    // Of 2p and 2p + 1 the even one has the bit 0 of its Gray code equal to bit 0 of p.
    store<u64>(bench.stateAt + (<u32>dimension << 4), state);
    store<u64>(bench.stateAt + (<u32>dimension << 4), state ^ zero, 8);
  }
}

/** Writes `pairs` pairs of points, from `bench.pair` on. */
export function writeSobol(quasi: Quasi, bench: Bench, pairs: i32): void {
  const dimensions = quasi.dimensions;
  const stride = <usize>dimensions << 4;
  const one = i64x2.splat(ONE);
  const less = f64x2.splat(LESS);
  const first = bench.pair + 1;
  const end = first + pairs;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const axis = axisOf(quasi, bench.cell, dimension);
    const lo = f64x2.splat(axis.lo);
    const width = f64x2.splat(axis.width);
    const least = f64x2.splat(axis.least);
    const most = f64x2.splat(axis.most);
    const columns = columnsOf(quasi, bench.replicate, dimension);
    const place = bench.stateAt + (<u32>dimension << 4);
    let state = v128.load(place);
    let at = <usize>bench.x + (<usize>dimension << 4);
    for (let next = first; next < end; next++) {
      const fraction = f64x2.sub(v128.or(state, one), less);
      const x = f64x2.add(lo, f64x2.mul(width, fraction));
      v128.store(at, f64x2.pmin(f64x2.pmax(x, least), most));
      at += stride;
      state = v128.xor(state, v128.load64_splat(columns + ((<usize>(ctz(next) + 1)) << 3)));
    }
    v128.store(place, state);
  }
}
