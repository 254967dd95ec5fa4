/**
 * One integral over several variables: compute, print.
 */
import type { SeveralProgress, SeveralResult } from "../several-types.js";
import { orAborted } from "./abort.js";
import { EXIT_DONE, EXIT_NO_SUCCESS } from "./failures.js";
import { aligned, counted, duration, folded, fullValue, rough } from "./format.js";
import type { InputOutput } from "./io.js";
import { type Jsonable, spellJson } from "./json.js";
import type { Library } from "./library.js";
import { ProgressBar, toleranceLine } from "./progress.js";
import type { SeveralRequest } from "./several-request.js";
import { firstLineToTolerance } from "./tolerance-report.js";

/** What the library takes where nothing is typed (docs/integrals.md): over one variable, and over more. */
const TOLERANCE_DEFAULTS = [1e-10, 1e-6] as const;

/** @returns the exit code */
export async function integrateSeveral(request: SeveralRequest, io: InputOutput, library: Library): Promise<number> {
  const result = await compute(request, io, library);
  if (request.json) io.out(`${spellJson({ ...result } as unknown as Jsonable)}\n`);
  else io.out(folded(reportSeveral(request, result), io.outColumns()));
  return result.status === "converged" ? EXIT_DONE : EXIT_NO_SUCCESS;
}

async function compute(
  { expression, box, options, progress }: SeveralRequest,
  io: InputOutput,
  library: Library,
): Promise<SeveralResult> {
  const bar = new ProgressBar({
    wanted: progress,
    write: io.err,
    columns: io.errColumns,
    now: () => performance.now(),
  });
  const onProgress = ({ values, errors, ...rest }: SeveralProgress): void => {
    const moment = { ...rest, value: values[0] ?? Number.NaN, error: errors[0] ?? Number.NaN };
    bar.showLine((_, columns) => toleranceLine(moment, columns));
  };
  try {
    return await orAborted(library.several(expression, box, { ...options, signal: io.signal, onProgress }), io.signal);
  } finally {
    bar.erase();
  }
}

function reportSeveral({ box, options }: SeveralRequest, result: SeveralResult): string {
  const { value, error, status, reason, nonFinite, rule, relaxed, threads, elapsed, startup } = result;
  const { evaluations, panels, rounds } = result;
  const relativeTolerance = TOLERANCE_DEFAULTS[Object.keys(box).length > 1 ? 1 : 0];
  const rows: [string, string][] = [];
  if (!Number.isNaN(value)) rows.push(["value", `${fullValue(value)}, estimated error ${rough(error)}`]);
  rows.push(["status", `${status}: ${reason}`]);
  if (nonFinite !== null && status !== "not-finite") {
    const { count, point } = nonFinite;
    const place =
      point === null
        ? ""
        : `, first at ${Object.entries(point)
            .map(([name, at]) => `${name} = ${fullValue(at)}`)
            .join(", ")}`;
    rows.push(["not finite", `${counted(count, "time")}${place}; taken as 0 there`]);
  }
  rows.push(["rule", rule]);
  rows.push(["work", `${evaluations} evaluations, ${counted(panels, "region")}, ${counted(rounds, "round")}`]);
  if (threads > 1) rows.push(["threads", String(threads)]);
  rows.push(["time", `${duration(elapsed)}, of it startup ${duration(startup)}`]);
  if (relaxed) rows.push(["relaxed", "operations were fused: another machine may differ in the last bits"]);
  return `${firstLineToTolerance({ relativeTolerance, ...options }, value)}\n${aligned(rows)}`;
}
