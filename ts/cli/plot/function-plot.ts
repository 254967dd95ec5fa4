/**
 * The function over the range of an integral, with the area that the rule adds up.
 */
import type { Rule, Segments } from "../../types.js";
import { fullValue, rough, sixDecimals } from "../format.js";
import { spellRule } from "../rule.js";
import { type Axis, makeAxis } from "./axis.js";
import { BLUE, BOTTOM, drawFrame, INK, leftOf, ORANGE, RIGHT, TOP } from "./frame.js";
import { makePanels, outline, type Panel } from "./panels.js";
import { breakAtPoles, chooseView, type Evaluate, type Point, sampleCurve, type View } from "./sample.js";
import { element } from "./svg.js";

/** Up to here single panels can be told apart. */
const PANELS_SHOWN = 60;
/** Up to here the marks between the panels of an integral to a tolerance can. */
const MARKS_SHOWN = 500;
/** Up to here the nodes can. */
const NODES_SHOWN = 150;
/** How far beyond the view a coordinate may lie, in heights of the view: renderers fail on huge ones. */
const BEYOND = 2;

export interface FunctionPlot {
  readonly expression: string;
  readonly variable: string;
  readonly a: number;
  readonly b: number;
  readonly how: Panels | Refined;
  readonly result: { readonly value: number; readonly error: number };
}

/** A fixed number of panels, which are drawn one by one where they are few. */
interface Panels {
  readonly points: number;
  readonly rule: Rule;
}

/** What an integral to a tolerance came to; marks show where the range was cut. */
interface Refined {
  readonly status: string;
  readonly segments: Segments | undefined;
}

/**
 * @param evaluate the function at many points
 * @returns an SVG document
 */
export async function drawFunction(plot: FunctionPlot, evaluate: Evaluate): Promise<string> {
  const [{ scaleLinear }, { area, line }] = await Promise.all([import("d3-scale"), import("d3-shape")]);
  const { how, result } = plot;
  const { points, rule } = "rule" in how ? how : { points: Number.POSITIVE_INFINITY, rule: "midpoint" as const };
  const isEmpty = plot.a === plot.b;
  const [low, high] = rangeOf(plot.a, plot.b);
  const samples = sampleCurve(evaluate, low, high, RIGHT);
  const showsPanels = points <= PANELS_SHOWN && !isEmpty;
  const panels = showsPanels ? makePanels(evaluate, low, high, points, rule) : [];
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
  const about = "rule" in how ? `${spellRule(rule)}, N = ${points}` : how.status;
  const marks = "rule" in how ? "" : marksOf(how.segments, low, high, horizontal);
  const outcome = Number.isNaN(result.value) ? "no finite value" : sixDecimals(result.value);
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
      element("path", { d: marks, stroke: ORANGE, "stroke-opacity": 0.7 }),
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

/** Short strokes on the lower edge, where the range was cut. */
function marksOf(segments: Segments | undefined, low: number, high: number, x: Axis): string {
  const cuts = [...(segments?.lo ?? [])].filter((cut) => cut > low && cut < high);
  return cuts.length > MARKS_SHOWN ? "" : cuts.map((cut) => `M${x.place(cut).toFixed(2)} ${BOTTOM}v-9`).join("");
}

function errorText({ value, error }: FunctionPlot["result"]): string {
  return !Number.isNaN(value) && Number.isFinite(error) ? `, estimated error ${rough(error)}` : "";
}
