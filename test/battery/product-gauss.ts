/**
 * Gauss's rule on a grid, slowly and obviously: what the references of the battery's smooth integrals in two and three dimensions are held against.
 *
 * Every axis is cut at its break points, and between them into panels of 24 nodes each. Bounds may depend on outer variables.
 */
import { evaluate } from "../../ts/index.js";
import { gaussLegendre } from "../../ts/integrate/gauss.js";
import type { Bound, BoxEntry } from "./item.js";

/** Panels on an axis, by the number of axes: enough for peaks 0.01 wide in two, 0.1 in three. */
const PANELS: Readonly<Record<number, number>> = { 2: 40, 3: 5 };
const NODES = gaussLegendre(24);

/** The integral of an entry of two or three dimensions whose bounds are finite. */
export function productGauss(entry: BoxEntry): number {
  return along(entry, Object.entries(entry.ranges), entry.parameters ?? {});
}

type Values = Readonly<Record<string, number>>;

/** Over the axes that are left; `values` are the outer variables', and the parameters. */
function along(entry: BoxEntry, axes: readonly (readonly [string, readonly [Bound, Bound]])[], values: Values): number {
  const [[name, [lower, upper]], ...inner] = axes as readonly [(typeof axes)[number], ...typeof axes];
  const a = boundOf(lower, values);
  const b = boundOf(upper, values);
  const { points, weights } = grid(
    [a, ...(entry.breakPoints?.[name] ?? []), b],
    PANELS[Object.keys(entry.ranges).length]!,
  );
  const heights =
    inner.length === 0
      ? evaluate(entry.text, points, { variable: name, parameters: values })
      : points.map((point) => along(entry, inner, { ...values, [name]: point }));
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum += weights[i]! * heights[i]!;
  return sum;
}

function boundOf(bound: Bound, values: Values): number {
  return typeof bound === "number" ? bound : evaluate(bound, [0], { variable: "unused", parameters: values })[0]!;
}

function grid(cuts: readonly number[], panels: number): { points: number[]; weights: number[] } {
  const points: number[] = [];
  const weights: number[] = [];
  const each = Math.ceil(panels / (cuts.length - 1));
  for (let i = 0; i + 1 < cuts.length; i++) {
    const half = (cuts[i + 1]! - cuts[i]!) / (2 * each);
    for (let panel = 0; panel < each; panel++) {
      const centre = cuts[i]! + (2 * panel + 1) * half;
      for (const { t, weight } of NODES) {
        points.push(centre + half * t);
        weights.push(half * weight);
      }
    }
  }
  return { points, weights };
}
