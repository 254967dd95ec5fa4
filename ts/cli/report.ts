/**
 * A result as text: the line that everything else stands under, then value, threads, time, speed.
 */
import type { IntegrateResult } from "../types.js";
import { aligned, bar, duration, fullValue, rough, sixDecimals } from "./format.js";
import type { SweepRow } from "./sweep.js";

const BAR_COLUMNS = 32;

/** An estimated error above this part of the value, and this, is worth a hint; the second is for integrals that are 0. */
const DOUBTFUL_PART = 1e-9;
const DOUBTFUL = 1e-12;

/** `Numerical solution with N=100000000 : 333.333333`, and a line break. */
export function firstLine({ points, value }: IntegrateResult): string {
  return `Numerical solution with N=${points} : ${sixDecimals(value)}\n`;
}

/**
 * @param asked    threads that were asked for
 * @param starting milliseconds that the threads took to start, before the call
 * @param plot     file that was drawn
 * @param usual    neither panels nor a rule were asked for
 */
export function reportResult(
  result: IntegrateResult,
  asked: number,
  starting: number,
  plot: string | undefined,
  usual = false,
): string {
  const { evaluations, elapsed, startup, restarts, relaxed } = result;
  const rows = valueRows(result);
  rows.push(["threads", threadsText(result, asked)]);
  const before = starting > 0 ? `; threads started before in ${duration(starting)}` : "";
  rows.push(["time", `${duration(elapsed)}, of it startup ${duration(startup)}${before}`]);
  rows.push(["speed", `${rough(evaluations / (elapsed / 1000), 3)} evaluations per second, ${evaluations} in all`]);
  if (relaxed) rows.push(["relaxed", "operations were fused: another machine may differ in the last bits"]);
  if (restarts > 0) rows.push(["restarts", `${restarts} pieces of work were computed again because their thread died`]);
  if (plot !== undefined) rows.push(["plot", plot]);
  if (usual && isDoubtful(result)) rows.push(["hint", "--tolerance 1e-10 goes on until the error is small enough"]);
  return `${firstLine(result)}\n${aligned(rows)}`;
}

/**
 * @param cores threads that the machine runs at a time
 * @param columns of the terminal
 */
export function reportSweep(
  rows: readonly SweepRow[],
  cores: number,
  columns: number,
  plot: string | undefined,
): string {
  const { result } = rows[0] as SweepRow;
  const isSame = rows.every((row) => Object.is(row.result.value, result.value));
  const lines = valueRows(result);
  if (plot !== undefined) lines.push(["plot", plot]);
  const notes: string[] = [];
  if (!isSame) notes.push("The values differ between the rows, which should not happen; please report it.");
  const fewest = Math.min(...rows.map(({ threads }) => threads));
  if (fewest > 1) notes.push(`Speed-up and efficiency are against ${fewest} threads.`);
  if (rows.some(({ threads }) => threads > cores)) {
    notes.push(`This machine runs ${cores} ${cores === 1 ? "thread" : "threads"} at a time: more of them take turns.`);
  }
  const short = rows.find((row) => row.result.threads < row.threads && row.result.mode === "inline");
  if (short !== undefined) notes.push(`Threads could not be had: ${short.result.modeReason}.`);
  return `${firstLine(result)}\n${aligned(lines)}\n${table(rows, columns)}${notes.length > 0 ? `\n${notes.join("\n")}\n` : ""}`;
}

function table(rows: readonly SweepRow[], columns: number): string {
  const cells = rows.map(({ threads, elapsed, speedup, efficiency }) => [
    String(threads),
    duration(elapsed),
    speedup.toFixed(2),
    `${(100 * efficiency).toFixed(0)} %`,
  ]);
  const head = ["threads", "time", "speed-up", "efficiency"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => (row[column] as string).length)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padStart(widths[column] as number)).join("   ");
  const mark = "  fastest";
  const room = columns - line(head).length - 3 - mark.length - 1;
  const barColumns = Math.max(4, Math.min(BAR_COLUMNS, room));
  const most = Math.max(...rows.map(({ speedup }) => speedup));
  const body = rows.map(({ speedup, fastest }, index) => {
    const drawn = bar(speedup / most, barColumns);
    return `${line(cells[index] as string[])}   ${fastest ? drawn + mark : drawn}\n`;
  });
  return `${line(head)}\n${body.join("")}`;
}

function valueRows({ value, error, status, reason }: IntegrateResult): [string, string][] {
  if (status !== "done") return [["stopped", reason]];
  const accuracy = Number.isFinite(error) ? `estimated error ${rough(error)}` : "without an estimate of its error";
  return [["value", `${fullValue(value)}, ${accuracy}`]];
}

/** Whether so many panels should have come nearer: those of a smooth function do. */
function isDoubtful({ value, error, status }: IntegrateResult): boolean {
  return status === "done" && error > DOUBTFUL_PART * Math.abs(value) && error > DOUBTFUL;
}

/** How many threads computed, and why not as many as were asked for. */
function threadsText({ threads, mode, modeReason }: IntegrateResult, asked: number): string {
  if (threads >= asked) return String(threads);
  if (mode === "inline") return `${threads} of ${asked}: ${modeReason}`;
  return `${threads} of ${asked}: the others found nothing left to do`;
}
