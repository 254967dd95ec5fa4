/**
 * The function over the range of an integral, with the area that the rule adds up.
 */
import type { IntegrateResult, Rule } from "../../types.js";
import { fullValue, rough, sixDecimals } from "../format.js";
import { spellRule } from "../rule.js";
import { type Axis, makeAxis } from "./axis.js";
import { BLUE, BOTTOM, drawFrame, INK, leftOf, ORANGE, RIGHT, TOP } from "./frame.js";
import { makePanels, outline, type Panel } from "./panels.js";
import { breakAtPoles, chooseView, type Evaluate, type Point, sampleCurve, type View } from "./sample.js";
import { element } from "./svg.js";

/** Up to here single panels can be told apart. */
const PANELS_SHOWN = 60;
/** Up to here the nodes can. */
const NODES_SHOWN = 150;
/** How far beyond the view a coordinate may lie, in heights of the view: renderers fail on huge ones. */
const BEYOND = 2;

export interface FunctionPlot {
  readonly expression: string;
  readonly variable: string;
  readonly a: number;
  readonly b: number;
  readonly points: number;
  readonly rule: Rule;
  readonly result: IntegrateResult;
}

/**
 * @param evaluate the function at many points
 * @returns an SVG document
 */
export async function drawFunction(plot: FunctionPlot, evaluate: Evaluate): Promise<string> {
  const [{ scaleLinear }, { area, line }] = await Promise.all([import("d3-scale"), import("d3-shape")]);
  const { rule, result } = plot;
  const isEmpty = plot.a === plot.b;
  const [low, high] = rangeOf(plot.a, plot.b);
  const samples = sampleCurve(evaluate, low, high, RIGHT);
  const showsPanels = plot.points <= PANELS_SHOWN && !isEmpty;
  const panels = showsPanels ? makePanels(evaluate, low, high, plot.points, rule) : [];
  const nodes = panels.flatMap((panel) => panel.nodes);
  const view = chooseView(
    samples,
    nodes.map(({ y }) => y),
  );
  const vertical = makeAxis(view.low, view.high, BOTTOM, TOP, scaleLinear);
  const left = leftOf(vertical.ticks);
  const horizontal = makeAxis(low, high, left, RIGHT, scaleLinear);
  const y: Axis = { ...vertical, place: (value) => vertical.place(within(value, view)) };
  const curve = breakAtPoles(samples.points, view);
  const isGap = (point: Point): boolean => point === null;
  const px = (point: Point): number => horizontal.place(point?.x ?? 0);
  const py = (point: Point): number => y.place(point?.y ?? 0);
  const under = area<Point>()
    .defined((point) => !isGap(point))
    .x(px)
    .y0(y.place(0))
    .y1(py)
    .digits(2);
  const along = line<Point>()
    .defined((point) => !isGap(point))
    .x(px)
    .y(py)
    .digits(2);
  const outlines = panels.map((panel) => outline(panel, rule, horizontal, y));
  const hasShapes = showsPanels && typeof rule === "string" && rule !== "boole";
  const filled = hasShapes ? outlines.join("") : isEmpty ? "" : (under(curve) ?? "");
  const separators = showsPanels && !hasShapes ? bordersOf(panels, horizontal) : "";
  const about = `${spellRule(rule)}, N = ${plot.points}`;
  const outcome = result.status === "done" ? sixDecimals(result.value) : "no finite value";
  const cut = view.isCut ? "; the curve goes on outside the picture" : "";
  const gaps = samples.points.every(isGap) ? "; the function has no finite value here" : "";
  return drawFrame(
    {
      title: `${plot.expression} from ${fullValue(plot.a)} to ${fullValue(plot.b)}`,
      subtitle: `${about}: ${outcome}${errorText(result)}${cut}${gaps}`,
      description: `The function ${plot.expression} and the area under it; ${about}; the integral: ${outcome}.`,
      left,
      x: horizontal,
      y,
      xCaption: plot.variable,
      yCaption: "",
    },
    [
      element("path", {
        d: filled,
        fill: BLUE,
        "fill-opacity": 0.22,
        ...(hasShapes ? { stroke: BLUE, "stroke-opacity": 0.55 } : {}),
      }),
      element("path", { d: separators, stroke: BLUE, "stroke-opacity": 0.35 }),
      element("path", { d: `M${left} ${y.place(0).toFixed(2)}H${RIGHT}`, stroke: INK, "stroke-opacity": 0.6 }),
      element("path", {
        d: along(curve) ?? "",
        fill: "none",
        stroke: BLUE,
        "stroke-width": 2,
        "stroke-linejoin": "round",
      }),
    ],
    (nodes.length > NODES_SHOWN ? [] : nodes)
      .filter((node) => node.y >= view.low && node.y <= view.high)
      .map((node) => element("circle", { cx: horizontal.place(node.x), cy: y.place(node.y), r: 2.8, fill: ORANGE })),
  );
}

/** The range in ascending order; around a single point, some of its surroundings. */
function rangeOf(a: number, b: number): [number, number] {
  if (a !== b) return [Math.min(a, b), Math.max(a, b)];
  const reach = a === 0 ? 1 : Math.abs(a) / 4;
  return [a - reach, a + reach];
}

/** `value`, or the nearest that a coordinate can be made of. */
function within(value: number, { low, high }: View): number {
  const reach = BEYOND * (high - low);
  return Math.min(high + reach, Math.max(low - reach, value));
}

function bordersOf(panels: readonly Panel[], x: Axis): string {
  return panels
    .slice(1)
    .map(({ low }) => `M${x.place(low).toFixed(2)} ${TOP}V${BOTTOM}`)
    .join("");
}

function errorText({ status, error }: IntegrateResult): string {
  return status === "done" && Number.isFinite(error) ? `, estimated error ${rough(error)}` : "";
}
