/**
 * Where a panel's nodes are: c - h t and c + h t for each t of the rule, product and sum rounded, a vector each; the center stands in both lanes of the last.
 *
 * Role: any thread; the core, and drivers.
 */

/** c, in both lanes. @param ends of the panel: lo, hi */
// @ts-ignore: decorator
@inline
export function centerOf(ends: v128): v128 {
  const halves = f64x2.mul(f64x2.splat(0.5), ends);
  return f64x2.add(halves, v128.shuffle<f64>(halves, halves, 1, 0));
}

/** -h, h. */
// @ts-ignore: decorator
@inline
export function reachOf(ends: v128): v128 {
  const halves = f64x2.mul(f64x2.splat(0.5), ends);
  return f64x2.sub(halves, v128.shuffle<f64>(halves, halves, 1, 0));
}

/** The pair of nodes whose t stands at `rule` (range/kronrod.ts, `writeRule`). */
// @ts-ignore: decorator
@inline
export function nodesAt(center: v128, reach: v128, rule: usize): v128 {
  return f64x2.add(center, f64x2.mul(reach, v128.load64_splat(rule)));
}

/** Writes all of them. */
export function writeNodes(rule: usize, ends: v128, x: usize): void {
  const center = centerOf(ends);
  const reach = reachOf(ends);
  const last = x + 160;
  for (; x < last; x += 16, rule += 8) v128.store(x, nodesAt(center, reach, rule));
  v128.store(x, center);
}
