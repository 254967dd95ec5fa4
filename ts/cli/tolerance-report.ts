/**
 * The result of an integral to a tolerance as text: the line that everything else stands under, then value, status, work, time.
 */
import type { ToleranceResult } from "../types.js";
import { aligned, counted, duration, fullValue, rough, sixDecimals } from "./format.js";

/** What the library takes where nothing is typed (docs/integrals.md). */
const TOLERANCE_DEFAULT = 1e-10;

/** What was asked, as the first line names it: `tolerance=1e-10`. */
export interface Asked {
  readonly relativeTolerance?: number;
  readonly absoluteTolerance?: number;
}

/** `Numerical solution with tolerance=1e-10 : 1.772454`, and a line break. */
export function firstLineToTolerance(
  { relativeTolerance = TOLERANCE_DEFAULT, absoluteTolerance = 0 }: Asked,
  value: number,
): string {
  return `Numerical solution with ${askedOf({ relativeTolerance, absoluteTolerance })} : ${sixDecimals(value)}\n`;
}

/** `tolerance=1e-10`, and the absolute one behind it if there is one. */
export function askedOf({ relativeTolerance = TOLERANCE_DEFAULT, absoluteTolerance = 0 }: Asked): string {
  const absolute = absoluteTolerance > 0 ? ` or ${powerOfTen(absoluteTolerance)} absolutely` : "";
  return `tolerance=${powerOfTen(relativeTolerance)}${absolute}`;
}

/** `1e-6`, where `fullValue` has 0.000001. */
function powerOfTen(tolerance: number): string {
  return tolerance > 0 && tolerance < 0.001 ? tolerance.toExponential() : fullValue(tolerance);
}

/** @param plot file that was drawn */
export function reportTolerance(asked: Asked, result: ToleranceResult, plot: string | undefined): string {
  const { value, error, status, reason, nonFinite, relaxed, elapsed, startup, threads, rule } = result;
  const rows: [string, string][] = [];
  if (!Number.isNaN(value)) rows.push(["value", `${fullValue(value)}, estimated error ${rough(error)}`]);
  rows.push(["status", `${status}: ${inTerminalWords(reason)}`]);
  for (const [index, { x, error }] of result.suspects.entries()) {
    const [from, to] = [rough(x[0], 8), rough(x[1], 8)];
    const place = from === to ? `near ${from}` : `from ${from} to ${to}`;
    rows.push([index === 0 ? "suspects" : "", `error ${rough(error)} ${place}`]);
  }
  if (nonFinite !== null && status !== "not-finite") {
    const times = nonFinite.count === 1 ? "once, at" : `${nonFinite.count} times, first at`;
    rows.push(["not finite", `${times} ${fullValue(nonFinite.x)}; taken as 0 there`]);
  }
  rows.push(["rule", rule]);
  rows.push(["work", workText(result)]);
  if (threads > 1) rows.push(["threads", String(threads)]);
  rows.push(["time", `${duration(elapsed)}, of it startup ${duration(startup)}`]);
  if (relaxed) rows.push(["relaxed", "operations were fused: another machine may differ in the last bits"]);
  if (plot !== undefined) rows.push(["plot", plot]);
  return `${firstLineToTolerance(asked, value)}\n${aligned(rows)}`;
}

function workText({ evaluations, panels, rounds }: ToleranceResult): string {
  return `${evaluations} evaluations, ${counted(panels, "panel")}, ${counted(rounds, "round")}`;
}

/** Options of the library under the names that one types. */
function inTerminalWords(reason: string): string {
  return reason
    .replace("pass it as one of `breakPoints`", "pass it by --break")
    .replace("an `absoluteTolerance`", "an --absolute-tolerance");
}
