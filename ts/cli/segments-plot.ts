/**
 * Where an integral was hard, in the terminal: the curve, and under it how finely the range was cut.
 *
 *        1.05 ┤           ⢀⡠⠔⠊⠉⠉⠑⠢⢄⡀
 *             │       ⣀⡠⠔⠊⠁        ⠈⠑⠢⢄⣀
 *        0.00 ┤⣀⣀⡠⠤⠒⠉                    ⠉⠒⠤⢄⣀⣀
 *   cut finer │              ▂▅▅▂
 *             │▁▁▁▁▁▁▁▁▁▁▁▁▁▂████▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁
 *             -4                               4
 *
 * Of an infinite range it shows the middle that holds all of the integral but a thousandth.
 */
import type { Segments } from "../types.js";
import { Canvas } from "./canvas.js";
import { rough } from "./format.js";
import { chooseView, type Evaluate, sampleCurve } from "./plot/sample.js";

const ROWS = 10;
/** Columns before the picture, for labels. */
const MARGIN = 12;
const COLUMNS_MAXIMUM = 100;
/** Narrower terminals wrap the lines; that cannot be helped. */
const COLUMNS_MINIMUM = 30;
/** Rows of the histogram below the curve. */
const DEPTH_ROWS = 3;
const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
/** Part of the integral of |f| that each side of an infinite range may leave outside the picture. */
const LEFT_OUT = 5e-4;

/**
 * @param evaluate the function at many points
 * @param columns  width of the terminal
 * @returns lines of text; none when there is nothing to show
 */
export function plotSegments(segments: Segments, evaluate: Evaluate, columns: number): string {
  const range = middleOf(segments);
  if (range === undefined) return "";
  const [low, high] = range;

  const width = Math.max(COLUMNS_MINIMUM, Math.min(COLUMNS_MAXIMUM, columns) - MARGIN - 2);
  const canvas = new Canvas(width, ROWS);
  const curve = sampleCurve(evaluate, low, high, canvas.width);
  const view = chooseView(curve);
  const place = (y: number): number => Math.round(((view.high - y) / (view.high - view.low)) * (canvas.height - 1));
  let before: { x: number; y: number } | undefined;
  for (const point of curve.points) {
    if (point === null) {
      before = undefined;
      continue;
    }
    const x = Math.min(canvas.width - 1, Math.floor(((point.x - low) / (high - low)) * canvas.width));
    // A pole is no vertical line: from beyond one edge to beyond the other nothing is drawn.
    const y = place(Math.min(2 * view.high - view.low, Math.max(2 * view.low - view.high, point.y)));
    const isJump = before !== undefined && view.isCut && isOutside(before.y, canvas) && isOutside(y, canvas);
    canvas.column(x, before === undefined || isJump ? y : before.y, y);
    before = { x, y };
  }
  const zero = Math.min(ROWS - 1, Math.max(0, place(0) >> 2));
  const labels = new Map([
    [zero, "0"],
    [0, rough(view.high, 3)],
    [ROWS - 1, rough(view.low, 3)],
  ]);
  if (view.high <= 0) labels.set(0, "0");
  if (view.low >= 0) labels.set(ROWS - 1, "0");
  const line = (label: string, tick: string, text: string): string => `${label.padStart(MARGIN)} ${tick}${text}\n`;
  const drawn = canvas.lines().map((text, row) => line(labels.get(row) ?? "", labels.has(row) ? "┤" : "│", text));
  const depths = drawDepths(segments, low, high, width).map((text, row) =>
    line(row === 0 ? "cut finer" : "", "│", text),
  );
  const [left, right] = [rough(low, 4), rough(high, 4)];
  const axis = `${left}${right.padStart(Math.max(1, width + 1 - left.length))}`;
  return `${drawn.join("")}${depths.join("")}${" ".repeat(MARGIN + 1)}${axis}\n${notes(segments, low, high)}`;
}

function isOutside(y: number, { height }: Canvas): boolean {
  return y < 0 || y >= height;
}

/** The finite ends of what is shown; undefined where nothing is finite or as wide as a double can tell. */
export function middleOf({ lo, hi, value }: Segments): [number, number] | undefined {
  const sizes = value.map(Math.abs);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let first = 0;
  let last = lo.length - 1;
  const mayGo = (index: number, left: number): boolean => left + (sizes[index] as number) <= LEFT_OUT * total;
  if (lo[first] === Number.NEGATIVE_INFINITY) {
    let left = 0;
    while (first < last && (!Number.isFinite(lo[first] as number) || mayGo(first, left)))
      left += sizes[first++] as number;
  }
  if (hi[last] === Number.POSITIVE_INFINITY) {
    let left = 0;
    while (first < last && (!Number.isFinite(hi[last] as number) || mayGo(last, left))) left += sizes[last--] as number;
  }
  const [low, high] = [lo[first] ?? Number.NaN, hi[last] ?? Number.NaN];
  return Number.isFinite(low) && Number.isFinite(high) && high > low ? [low, high] : undefined;
}

/** How often the range was halved, in each column where that was most often: rows of text, the highest first. */
function drawDepths({ lo, hi }: Segments, low: number, high: number, width: number): string[] {
  const depths = new Array<number>(width).fill(0);
  for (const [index, from] of lo.entries()) {
    const to = hi[index] as number;
    const depth = Math.log2((high - low) / (to - from));
    const first = Math.max(0, Math.floor(((from - low) / (high - low)) * width));
    const last = Math.min(width - 1, Math.ceil(((to - low) / (high - low)) * width) - 1);
    for (let column = first; column <= Math.max(first, last) && column < width; column++) {
      depths[column] = Math.max(depths[column] as number, depth);
    }
  }
  const least = Math.min(...depths);
  const most = Math.max(...depths);
  const eighths = 8 * DEPTH_ROWS - 1;
  const heights = depths.map(
    (depth) => 1 + (most - least < 0.5 ? 0 : Math.round(((depth - least) / (most - least)) * eighths)),
  );
  return Array.from({ length: DEPTH_ROWS }, (_, row) => {
    const below = 8 * (DEPTH_ROWS - 1 - row);
    return heights
      .map((height) => EIGHTHS[Math.min(8, Math.max(0, height - below))])
      .join("")
      .trimEnd();
  });
}

function notes({ lo, hi }: Segments, low: number, high: number): string {
  const widths = Array.from(lo, (from, index) => (hi[index] as number) - from);
  const least = Math.min(...widths);
  const at = lo[widths.indexOf(least)] as number;
  const texts = [`narrowest panel ${rough(least)}, at ${rough(at, 6)}`];
  const outside = lo.filter((from, index) => from >= high || (hi[index] as number) <= low).length;
  if (outside > 0) texts.push(`${outside} ${outside === 1 ? "panel lies" : "panels lie"} outside the picture`);
  return `${" ".repeat(MARGIN + 1)}${texts.join("; ")}\n`;
}
