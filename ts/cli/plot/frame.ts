/**
 * What all pictures share: paper, title, axes with their ticks.
 */
import { type Axis, TICK_SIZE } from "./axis.js";
import { element, escapeXml, fitText, label, textWidth } from "./svg.js";

export const WIDTH = 800;
export const HEIGHT = 500;
export const TOP = 84;
export const BOTTOM = 444;
export const RIGHT = 772;

/** Dark enough to read, apart for all kinds of colour vision. */
export const INK = "#222831";
export const FAINT = "#d9dee5";
export const BLUE = "#1b5fa7";
export const ORANGE = "#c8581a";

const TITLE_SIZE = 18;
const SUBTITLE_SIZE = 13;
const MARGIN = 28;

/** Where the plot's left edge must be for the labels of an axis to fit beside it. */
export function leftOf(ticks: Axis["ticks"]): number {
  const widest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label, TICK_SIZE)));
  return Math.ceil(MARGIN + widest + 10);
}

export interface Frame {
  readonly title: string;
  readonly subtitle: string;
  /** One sentence for those who hear the picture. */
  readonly description: string;
  readonly left: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xCaption: string;
  readonly yCaption: string;
}

/** The document around `content`, which is clipped to the plot's area, with `marks` on top, which are not. */
export function drawFrame(frame: Frame, content: readonly string[], marks: readonly string[]): string {
  const { left, x, y } = frame;
  const room = WIDTH - 2 * MARGIN;
  const inside = { x: left, y: TOP, width: RIGHT - left, height: BOTTOM - TOP };
  const parts = [
    element("title", {}, escapeXml(frame.title)),
    element("desc", {}, escapeXml(frame.description)),
    element("rect", { width: WIDTH, height: HEIGHT, fill: "#ffffff" }),
    element("clipPath", { id: "area" }, element("rect", inside)),
    label(fitText(frame.title, TITLE_SIZE, room), {
      x: MARGIN,
      y: 32,
      "font-size": TITLE_SIZE,
      "font-weight": 600,
      fill: INK,
    }),
    label(fitText(frame.subtitle, SUBTITLE_SIZE, room), { x: MARGIN, y: 54, "font-size": SUBTITLE_SIZE, fill: INK }),
    ...x.ticks.map(({ at }) => element("path", { d: `M${at.toFixed(1)} ${TOP}V${BOTTOM}`, stroke: FAINT })),
    ...y.ticks.map(({ at }) => element("path", { d: `M${left} ${at.toFixed(1)}H${RIGHT}`, stroke: FAINT })),
    element("g", { "clip-path": "url(#area)" }, ...content),
    element("path", { d: `M${left} ${TOP}V${BOTTOM}H${RIGHT}`, fill: "none", stroke: INK }),
    ...marks,
    ...x.ticks.map((tick) => label(tick.label, { x: tick.at, y: BOTTOM + 18, "text-anchor": "middle", fill: INK })),
    ...y.ticks.map((tick) => label(tick.label, { x: left - 8, y: tick.at + 4, "text-anchor": "end", fill: INK })),
    label(withUnit(frame.xCaption, x.unit), {
      x: (left + RIGHT) / 2,
      y: BOTTOM + 42,
      "text-anchor": "middle",
      fill: INK,
    }),
    label(withUnit(frame.yCaption, y.unit), { x: MARGIN, y: TOP - 12, fill: INK }),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    role: "img",
    "font-family": "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif",
    "font-size": TICK_SIZE,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", attributes, "\n", parts.join("\n"), "\n")}\n`;
}

function withUnit(caption: string, unit: string): string {
  return [caption, unit].filter((part) => part !== "").join(" ");
}
