/**
 * The fixed-step driver: weighted sums of f over uniform grids, a chunk at a time, resumable after any group.
 *
 * It is the numeric contract of docs/numerics.md in code:
 *
 *   chunk   a run of panels; its sum is compensated over (pass, block)
 *   block   up to 4096 panels of one pass; its first node comes from the index in doubled precision
 *   group   16 consecutive nodes: x = (x0 + 16 g h) + r h, each product and each sum rounded once
 *   lane    point r of a group is added to partial sum r mod 8; the 8 sums meet as ((0+1)+(2+3)) over vectors, then low + high lane
 *   tail    what is left of a block when its groups are done, two points at a time into a ninth and tenth sum
 *
 * Nothing in it depends on how often the loop below is unrolled or where a call was interrupted.
 *
 * Groups are computed by stretches of 16, by the integrand's fast form. When that was in doubt anywhere in a stretch (a sine of 1e9, an exponential that
 * underflows), the whole stretch is computed again by its careful form. Stretches begin at multiples of 16 groups: an interruption between any
 * two groups would make what is computed again depend on the clock, and where fused operations are allowed the two forms differ in bits.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971), for the exact product;
 *         D. E. Knuth, TAOCP 2, 4.2.2, for TwoSum; A. Neumaier (1974) for carrying the compensation apart.
 * Role:   any thread. It takes no lock and never waits.
 */
import { careful, doubt, evaluate, prologue } from "./integrand";
import { Grid, Pass, Work } from "./records";

/** The chunk is complete: `sum`, `compensation`, `nonFinite` are final. */
export const FINISHED: i32 = 0;
/** The budget is spent; call again to go on. */
export const MORE: i32 = 1;
/** Nobody wants the result any more. */
export const CANCELLED: i32 = 2;

/** Panels per block: rounding of a plain sum grows with it, the cost of compensation falls; and the cancel word is read once a block. */
export const BLOCK: i64 = 4096;
/** log2 of the nodes per group. */
export const GROUP_SHIFT: i32 = 4;
/** Groups per stretch: enough to make looking for doubt cost nothing, few enough to be computed twice. */
const STRETCH: i32 = 16;

/**
 * A pass is "narrow" when its last node stands closer to the end of the range than this many times the larger bound: rounding could carry it past
 * the end, so all nodes of such a pass take the careful road, which clamps. 2^-50 is 4 units in the last place or more; a node is off by 2 at most.
 */
export const NARROW: f64 = 8.881784197001252e-16;

/**
 * Goes on with `work` for about `budget` groups.
 *
 * @param budget groups of 16 evaluations to spend, 1 at least; a stretch and a block's tail are not split, and a search for what is not finite, and
 *               what is computed twice, are on the house
 * @returns FINISHED, MORE or CANCELLED
 */
export function grid(work: Work, budget: i32): i32 {
  prologue(work.parameters);
  const grid = changetype<Grid>(work.grid);
  const lo = grid.lo;
  const hi = grid.hi;
  const h = grid.step;
  const step = f64x2.splat(h);
  const offsets = changetype<usize>(grid) + offsetof<Grid>("offsets");
  const o0 = v128.load(offsets);
  const o1 = v128.load(offsets, 16);
  const o2 = v128.load(offsets, 32);
  const o3 = v128.load(offsets, 48);
  const o4 = v128.load(offsets, 64);
  const o5 = v128.load(offsets, 80);
  const o6 = v128.load(offsets, 96);
  const o7 = v128.load(offsets, 112);
  const least = max(abs(lo), abs(hi)) * NARROW;

  if (work.ends) {
    // An end of weight 0 is not part of the rule, so f is not asked there: 1/x by the right rule on [0, 1] is finite.
    const low = grid.endLow;
    const high = grid.endHigh;
    if (low != 0 || high != 0) {
      const x = f64x2(low != 0 ? lo : hi, high != 0 ? hi : lo);
      const y = careful(x, work.parameters);
      const y0 = f64x2.extract_lane(y, 0);
      const y1 = f64x2.extract_lane(y, 1);
      if (low != 0) {
        if (y0 - y0 != 0) noteNonFinite(work, lo);
        accumulate(work, low * y0);
      }
      if (high != 0) {
        if (y1 - y1 != 0) noteNonFinite(work, hi);
        accumulate(work, high * y1);
      }
    }
    work.ends = 0;
  }

  while (true) {
    if (work.pass == grid.passCount) return FINISHED;
    const pass = changetype<Pass>(grid.passes + work.pass * offsetof<Pass>());
    const panels = work.panels - i64(work.last != 0 && pass.shift == 1);
    if (work.position >= panels) {
      work.pass += 1;
      work.position = 0;
      continue;
    }
    if (atomic.load<i32>(work.cancel)) return CANCELLED;
    if (budget <= 0) return MORE;

    const count = <i32>min(BLOCK, panels - work.position);
    const x0 = nodeAt(grid, work.first + work.position, pass.shift);
    // The last node's distance from `hi`. With shift 1 it is a whole panel, since `hi` itself is left out.
    const distance = pass.shift == 1 ? h : (1 - pass.shift) * h;
    const groups = distance < least ? 0 : count >> GROUP_SHIFT;
    let group = work.group;
    const stop = min(groups, (group + budget + (STRETCH - 1)) & ~(STRETCH - 1));
    budget -= stop - group + 1;

    let s0 = work.sum0;
    let s1 = work.sum1;
    let s2 = work.sum2;
    let s3 = work.sum3;
    while (group < stop) {
      const first = group;
      const end = min(stop, first + STRETCH);
      const before0 = s0;
      const before1 = s1;
      const before2 = s2;
      const before3 = s3;
      for (; group < end; group++) {
        const t = f64x2.splat(x0 + <f64>(group << GROUP_SHIFT) * h);
        s0 = f64x2.add(s0, evaluate(f64x2.add(t, o0)));
        s1 = f64x2.add(s1, evaluate(f64x2.add(t, o1)));
        s2 = f64x2.add(s2, evaluate(f64x2.add(t, o2)));
        s3 = f64x2.add(s3, evaluate(f64x2.add(t, o3)));
        s0 = f64x2.add(s0, evaluate(f64x2.add(t, o4)));
        s1 = f64x2.add(s1, evaluate(f64x2.add(t, o5)));
        s2 = f64x2.add(s2, evaluate(f64x2.add(t, o6)));
        s3 = f64x2.add(s3, evaluate(f64x2.add(t, o7)));
      }
      if (v128.any_true(doubt())) {
        work.sum0 = before0;
        work.sum1 = before1;
        work.sum2 = before2;
        work.sum3 = before3;
        again(work, x0, first, end);
        s0 = work.sum0;
        s1 = work.sum1;
        s2 = work.sum2;
        s3 = work.sum3;
      }
    }
    if (group < groups) {
      work.sum0 = s0;
      work.sum1 = s1;
      work.sum2 = s2;
      work.sum3 = s3;
      work.group = group;
      return MORE;
    }

    // The careful road: the tail, whose points are few; and then, only if the block's sum is not finite, all its points again,
    // to find those that were not. So the loop above needs no test.
    let tail = f64x2.splat(0);
    let sum: f64 = 0;
    for (let search = false; ; search = true) {
      for (let i = search ? 0 : groups << GROUP_SHIFT; i < count; i += 2) {
        const r = <f64>(i & 15);
        const second = i + 1 < count;
        const t = f64x2.splat(x0 + <f64>(i & ~15) * h);
        const offset = f64x2.mul(f64x2(r, second ? r + 1 : r), step);
        const x = f64x2.pmin(f64x2.splat(hi), f64x2.pmax(f64x2.splat(lo), f64x2.add(t, offset)));
        const y = careful(x, work.parameters);
        if (search) {
          const y0 = f64x2.extract_lane(y, 0);
          const y1 = f64x2.extract_lane(y, 1);
          if (y0 - y0 != 0) noteNonFinite(work, f64x2.extract_lane(x, 0));
          if (second && y1 - y1 != 0) noteNonFinite(work, f64x2.extract_lane(x, 1));
        } else {
          tail = f64x2.add(tail, second ? y : f64x2.replace_lane(y, 1, 0));
        }
      }
      if (search) break;
      const total = f64x2.add(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)), tail);
      sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
      if (sum - sum == 0) break;
    }
    accumulate(work, pass.weight * sum);
    work.position += count;
    work.group = 0;
    work.sum0 = f64x2.splat(0);
    work.sum1 = f64x2.splat(0);
    work.sum2 = f64x2.splat(0);
    work.sum3 = f64x2.splat(0);
  }
}

/** Adds the groups from `first` to `end` to the block's partial sums in `work`, as the hot loop does, but by the careful form. */
function again(work: Work, x0: f64, first: i32, end: i32): void {
  const grid = changetype<Grid>(work.grid);
  const offsets = changetype<usize>(grid) + offsetof<Grid>("offsets");
  const sums = changetype<usize>(work);
  for (let group = first; group < end; group++) {
    const t = f64x2.splat(x0 + <f64>(group << GROUP_SHIFT) * grid.step);
    for (let pair = 0; pair < 1 << (GROUP_SHIFT - 1); pair++) {
      const x = f64x2.add(t, v128.load(offsets + (pair << 4)));
      const sum = sums + ((pair & 3) << 4);
      v128.store(sum, f64x2.add(v128.load(sum), careful(x, work.parameters)));
    }
  }
}

/** lo + (i + shift) h, with the product i h exact and one rounding at the end that matters. */
export function nodeAt(grid: Grid, i: i64, shift: f64): f64 {
  const h = grid.step;
  const index = <f64>i;
  // Both factors in halves of at most 26 and 27 bits, so that each partial product is exact. The halves of h come from its bits: Veltkamp's
  // multiplication would overflow for the widest ranges.
  const indexHigh = <f64>(i & ~0x3ffffff);
  const indexLow = <f64>(i & 0x3ffffff);
  const high = reinterpret<f64>(reinterpret<u64>(h) & ~0x7ffffff);
  const low = h - high;
  const product = index * h;
  const productLow = indexHigh * high - product + indexHigh * low + indexLow * high + indexLow * low;
  const lo = grid.lo;
  const sum = lo + product;
  const b = sum - lo;
  const sumLow = lo - (sum - b) + (product - b);
  return sum + (sumLow + (productLow + index * grid.stepLow + shift * h));
}

/** Adds `term` to the chunk's compensated sum. */
export function accumulate(work: Work, term: f64): void {
  const sum = work.sum;
  const total = sum + term;
  const b = total - sum;
  work.compensation += sum - (total - b) + (term - b);
  work.sum = total;
}

export function noteNonFinite(work: Work, x: f64): void {
  if (work.nonFinite == 0 || x < work.nonFiniteX) work.nonFiniteX = x;
  work.nonFinite += 1;
}
