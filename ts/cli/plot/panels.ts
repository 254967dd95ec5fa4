/**
 * What a rule adds up, panel by panel: the rectangles, trapezoids and parabolas whose areas make the result.
 *
 *   left, right, midpoint   rectangles                      nodes: one end, or the middle
 *   trapezoid               trapezoids                      nodes: both ends
 *   simpson                 areas under parabolas           nodes: both ends and the middle
 *   boole, gauss:n          drawn under the curve itself: their polynomials of degree 4 and 2n - 1 would hardly differ from it
 */
import type { Rule } from "../../types.js";
import type { Axis } from "./axis.js";
import type { Evaluate } from "./sample.js";
import { pixels } from "./svg.js";

/** Where in a panel of width 1 the rule looks; empty where the curve is drawn instead. */
const NODES: Readonly<Record<Extract<Rule, string>, readonly number[]>> = {
  left: [0],
  right: [1],
  midpoint: [0.5],
  trapezoid: [0, 1],
  simpson: [0, 0.5, 1],
  boole: [0, 0.25, 0.5, 0.75, 1],
};

export interface Panel {
  readonly low: number;
  readonly high: number;
  readonly nodes: readonly { readonly x: number; readonly y: number }[];
}

/** The panels with f at their nodes; Gauss-Legendre's nodes are not shown. */
export function makePanels(evaluate: Evaluate, low: number, high: number, points: number, rule: Rule): Panel[] {
  const shifts = typeof rule === "string" ? NODES[rule] : [];
  const at = (position: number): number => low + (high - low) * (position / points);
  const x = Float64Array.from({ length: points * shifts.length }, (_, i) =>
    at(Math.floor(i / shifts.length) + (shifts[i % shifts.length] as number)),
  );
  const y = x.length === 0 ? x : evaluate(x);
  return Array.from({ length: points }, (_, index) => ({
    low: at(index),
    high: at(index + 1),
    nodes: shifts.map((_shift, i) => ({
      x: x[index * shifts.length + i] as number,
      y: y[index * shifts.length + i] as number,
    })),
  }));
}

/**
 * The outline of a panel's area as SVG path data; undefined where a node is not finite, or where the rule has no simple shape.
 */
export function outline({ low, high, nodes }: Panel, rule: Rule, x: Axis, y: Axis): string | undefined {
  if (rule === "boole" || typeof rule !== "string" || nodes.some((node) => !Number.isFinite(node.y))) return undefined;
  const place = (px: number, py: number): string => `${pixels(x.place(px))} ${pixels(y.place(py))}`;
  const first = nodes[0]?.y as number;
  const last = nodes.at(-1)?.y as number;
  const start = `M${place(low, 0)}L${place(low, first)}`;
  const end = `L${place(high, 0)}Z`;
  if (rule !== "simpson") return `${start}L${place(high, last)}${end}`;
  // A parabola through three points is a quadratic Bézier curve whose control point makes its middle hit the middle one.
  const middle = nodes[1]?.y as number;
  const control = 2 * middle - (first + last) / 2;
  return `${start}Q${place((low + high) / 2, control)} ${place(high, last)}${end}`;
}
