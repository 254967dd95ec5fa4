/**
 * What is added up over a panel while its values are at hand: by the driver, after each panel that it has evaluated; by range/kronrod.ts, where values have weights.
 *
 *   K | G | least value | largest value      doubles, added up by lanes in the order of range/kronrod.ts
 *
 * Role: any thread; the core, and drivers.
 */

/** @param rule address of the weights, as `writeRule` (range/kronrod.ts) has them @param y of a panel's values @param to where the four go */
export function sumUp(rule: usize, y: usize, to: usize): void {
  const center = v128.load(y, 160);
  let k = f64x2.mul(v128.load64_splat(rule, 160), f64x2.replace_lane(center, 1, 0));
  let g = f64x2.splat(0);
  let least = center;
  let most = center;
  const end = y + 160;
  for (let gauss = rule; y < end; ) {
    const outer = v128.load(y);
    const inner = v128.load(y, 16);
    k = f64x2.add(k, f64x2.mul(v128.load64_splat(rule, 80), outer));
    k = f64x2.add(k, f64x2.mul(v128.load64_splat(rule, 88), inner));
    g = f64x2.add(g, f64x2.mul(v128.load64_splat(gauss, 168), inner));
    least = f64x2.pmin(f64x2.pmin(least, outer), inner);
    most = f64x2.pmax(f64x2.pmax(most, outer), inner);
    y += 32;
    rule += 16;
    gauss += 8;
  }
  v128.store(to, f64x2.add(v128.shuffle<f64>(k, g, 0, 2), v128.shuffle<f64>(k, g, 1, 3)));
  store<f64>(to, f64x2.extract_lane(f64x2.pmin(least, v128.shuffle<f64>(least, least, 1, 0)), 0), 16);
  store<f64>(to, f64x2.extract_lane(f64x2.pmax(most, v128.shuffle<f64>(most, most, 1, 0)), 0), 24);
}
