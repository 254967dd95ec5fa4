/**
 * Values of a region that are not finite: their points count as 0, and are counted.
 *
 * Role: any thread.
 */
import { Cubature, Region } from "./regions";

/** Writes 0 for all values of points of which one is not finite. y of component k of pair i at y + 16 (m i + k); the center stands in both lanes of pair 0. */
export function cleanValues(c: Cubature, region: Region, y: usize): void {
  const step = (<usize>c.components) << 4;
  let bad = 0;
  let first = 0;
  for (let index = c.nodes - 1; index >= 0; index--) {
    const place = index == 0 ? 0 : index + 1;
    const from = y + <usize>(place >> 1) * step + ((<usize>(place & 1)) << 3);
    let isBad = false;
    for (let at = from; at < from + step; at += 16) {
      const value = load<f64>(at);
      if (value - value != 0) isBad = true;
    }
    if (!isBad) continue;
    for (let at = from; at < from + step; at += 16) store<f64>(at, 0);
    bad++;
    first = place;
  }
  region.bad = bad;
  region.badPoint = first;
}
