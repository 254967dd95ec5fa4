/**
 * Speed-up against threads, beside the line that twice the threads at twice the speed would give.
 */
import { duration } from "../format.js";
import type { SweepRow } from "../sweep.js";
import { makeAxis } from "./axis.js";
import { BLUE, BOTTOM, drawFrame, INK, leftOf, ORANGE, RIGHT, TOP } from "./frame.js";
import { element, label } from "./svg.js";

/** Wide enough for "ideal" beside the end of its line. */
const ROOM_RIGHT = 44;

export interface SpeedupPlot {
  readonly expression: string;
  readonly points: number;
  readonly rows: readonly SweepRow[];
}

/** @returns an SVG document */
export async function drawSpeedup({ expression, points, rows }: SpeedupPlot): Promise<string> {
  const [{ scaleLinear }, { line }] = await Promise.all([import("d3-scale"), import("d3-shape")]);
  const sorted = [...rows].sort((p, q) => p.threads - q.threads);
  const fewest = (sorted[0] as SweepRow).threads;
  const most = (sorted.at(-1) as SweepRow).threads;
  const fastest = sorted.find((row) => row.fastest) as SweepRow;
  const ideal = most / fewest;
  const top = 1.08 * Math.max(ideal, ...sorted.map((row) => row.speedup));
  const y = makeAxis(0, top, BOTTOM, TOP, scaleLinear);
  const left = leftOf(y.ticks);
  // Threads are counted: a tick for each measured number, as far as their labels have room.
  const plain = makeAxis(0, most, left, RIGHT - ROOM_RIGHT, scaleLinear);
  const x = { ...plain, ticks: ticksAt(sorted, plain.place) };
  const path = line<SweepRow>()
    .x((row) => x.place(row.threads))
    .y((row) => y.place(row.speedup))
    .digits(2);
  const against = fewest === 1 ? "one thread" : `${fewest} threads`;
  const gain = fastest.threads === fewest ? "" : `, ${fastest.speedup.toFixed(2)} times the speed of ${against}`;
  const outcome = `fastest: ${fastest.threads} ${fastest.threads === 1 ? "thread" : "threads"}, ${duration(fastest.elapsed)}`;
  return drawFrame(
    {
      title: `Speed-up of ${expression}`,
      subtitle: `N = ${points}; ${outcome}${gain}`,
      description: sorted.map((row) => `${row.threads} threads: ${row.speedup.toFixed(2)}`).join("; "),
      left,
      x,
      y,
      xCaption: "threads",
      yCaption: "speed-up",
    },
    [
      element("path", {
        d: `M${x.place(0).toFixed(2)} ${y.place(0).toFixed(2)}L${x.place(most).toFixed(2)} ${y.place(ideal).toFixed(2)}`,
        stroke: INK,
        "stroke-opacity": 0.55,
        "stroke-dasharray": "6 5",
      }),
      element("path", {
        d: path(sorted) ?? "",
        fill: "none",
        stroke: BLUE,
        "stroke-width": 2,
        "stroke-linejoin": "round",
      }),
    ],
    [
      label("ideal", { x: x.place(most) + 6, y: y.place(ideal) + 4, fill: INK }),
      ...sorted.map((row) =>
        element("circle", {
          cx: x.place(row.threads),
          cy: y.place(row.speedup),
          r: 4.5,
          fill: row.fastest ? ORANGE : BLUE,
        }),
      ),
    ],
  );
}

/** Ticks at the measured numbers, from the left, skipping those that would touch the one before. */
function ticksAt(rows: readonly SweepRow[], place: (value: number) => number): { at: number; label: string }[] {
  const ticks: { at: number; label: string }[] = [];
  for (const { threads } of rows) {
    const at = place(threads);
    const before = ticks.at(-1);
    if (before === undefined || at - before.at >= 34) ticks.push({ at, label: String(threads) });
  }
  return ticks;
}
