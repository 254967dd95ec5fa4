/**
 * The records that a quadrature driver reads and writes. They lie in shared memory; the addresses travel, not the contents.
 *
 *  Grid   one uniform division of [lo, hi]      written by the host before the job is published, then read-only
 *  Pass   one node per panel and its weight     the same
 *  Work   one thread's place in one chunk       written by that thread only; others may look at it for progress
 *
 * A rule is a list of passes: pass k adds `weight` times the sum of f(lo + (i + shift) h) over its panels i. The two ends of the
 * range, which neighbouring panels would share, are added once, with weights of their own.
 *
 *   rule        passes (shift: weight)                          ends (lo, hi)
 *   left        1: 1                                            1, 0
 *   right       1: 1                                            0, 1
 *   midpoint    1/2: 1                                          0, 0
 *   trapezoid   1: 1                                            1/2, 1/2
 *   Simpson     1/2: 4/6    1: 2/6                              1/6, 1/6
 *   Boole       1/4: 32/90  1/2: 12/90  3/4: 32/90  1: 14/90    7/90, 7/90
 *   Gauss n     (1 + t_k)/2: w_k/2, k = 1..n                    0, 0
 *
 * A pass with shift 1 stands on the panels' right ends; its last node would be `hi` itself, so it leaves that one out.
 */

/** A uniform division of [lo, hi] into `panels` panels. */
@unmanaged
export class Grid {
  /** The range, lo < hi. */
  lo: f64;
  hi: f64;
  /** Panel width as an unevaluated sum of two doubles: N up to 2^52 would spend all digits of one. */
  step: f64;
  stepLow: f64;
  /** Weights of f(lo) and f(hi). */
  endLow: f64;
  endHigh: f64;
  /** Number of panels, 1 to 2^52. */
  panels: i64;
  /** Panels in each chunk but the last. */
  chunkPanels: i64;
  /** Address of the first pass, and how many there are. */
  passes: u32;
  passCount: i32;
  /**
   * Offsets of a group's 16 nodes: r times `step`, r = 0 .. 15, the first of them here. They wait in memory because V8 would compute each product
   * again in every turn of the hot loop, if it saw one (0.34 ns per evaluation of x^2 instead of 0.21 on Node 20).
   */
  offsets: f64;
  offsets1: f64;
  offsets2: f64;
  offsets3: f64;
  offsets4: f64;
  offsets5: f64;
  offsets6: f64;
  offsets7: f64;
  offsets8: f64;
  offsets9: f64;
  offsets10: f64;
  offsets11: f64;
  offsets12: f64;
  offsets13: f64;
  offsets14: f64;
  offsets15: f64;
}

@unmanaged
export class Pass {
  shift: f64;
  weight: f64;
}

/** One thread's place in one chunk: where it is, and what it has summed up to there. */
@unmanaged
export class Work {
  /** Partial sums of the block that is under way: lane r mod 8 of point r. */
  sum0: v128;
  sum1: v128;
  sum2: v128;
  sum3: v128;
  /** The chunk's sum so far, compensated: its value is `sum + compensation`. */
  sum: f64;
  compensation: f64;
  /** How often the integrand was not finite, and the smallest x of those. */
  nonFinite: i64;
  nonFiniteX: f64;
  /** First panel of the chunk, and how many it has. */
  first: i64;
  panels: i64;
  /** Panels of the current pass that lie behind, a whole number of blocks. */
  position: i64;
  /** Address of the grid, the parameter record, and the word that becomes nonzero when the work is no longer wanted. */
  grid: u32;
  parameters: u32;
  cancel: u32;
  /** Current pass; groups of the current block that are done. */
  pass: i32;
  group: i32;
  /** Nonzero until the two ends have been added; only a grid's first chunk has them. */
  ends: i32;
  /** Nonzero in a grid's last chunk, whose last panel ends at `hi`. */
  last: i32;
  /** Nonzero while the record is about a chunk that is not delivered. */
  active: i32;
}
