/**
 * One integral to a tolerance: compute, print, draw. Threads are not started ahead: most are over before a thread is up.
 */
import type { ToleranceProgress, ToleranceResult } from "../types.js";
import { orAborted } from "./abort.js";
import { EXIT_DONE, EXIT_NO_SUCCESS } from "./failures.js";
import { assertWritable, save } from "./files.js";
import { folded } from "./format.js";
import { columnsOf, type InputOutput } from "./io.js";
import { type Jsonable, spellJson } from "./json.js";
import type { Library } from "./library.js";
import { drawFunction } from "./plot/function-plot.js";
import type { Evaluate } from "./plot/sample.js";
import { ProgressBar, toleranceLine } from "./progress.js";
import { middleOf, plotSegments } from "./segments-plot.js";
import { reportTolerance } from "./tolerance-report.js";
import type { ToleranceRequest } from "./tolerance-request.js";

/** @returns the exit code */
export async function integrateToTolerance(
  request: ToleranceRequest,
  io: InputOutput,
  library: Library,
): Promise<number> {
  const { expression, variable, plot, options } = request;
  if (plot !== undefined) await assertWritable(io, plot);
  const result = await compute(request, io, library);
  const { parameters = {} } = options;
  const evaluate: Evaluate = (x) => library.evaluate(expression, x, { parameters, variable });
  if (request.json) io.out(`${spellJson(jsonOf(result, request.segments))}\n`);
  else {
    const picture = request.segments ? pictureOf(result, evaluate, columnsOf(io)) : "";
    io.out(`${folded(reportTolerance(options, result, plot), io.outColumns())}${picture}`);
  }
  if (plot !== undefined) await save(io, plot, await draw(request, result, evaluate));
  return result.status === "converged" ? EXIT_DONE : EXIT_NO_SUCCESS;
}

async function compute(request: ToleranceRequest, io: InputOutput, library: Library): Promise<ToleranceResult> {
  const bar = new ProgressBar({
    wanted: request.progress,
    write: io.err,
    columns: io.errColumns,
    now: () => performance.now(),
  });
  const onProgress = (progress: ToleranceProgress): void =>
    bar.showLine((_, columns) => toleranceLine(progress, columns));
  try {
    const options = { ...request.options, signal: io.signal, onProgress };
    return await orAborted(library.toTolerance(request.expression, request.a, request.b, options), io.signal);
  } finally {
    bar.erase();
  }
}

/** The fields of the result; those that were not asked for here are the plot's. */
function jsonOf({ segments, suspects, ...rest }: ToleranceResult, wantsSegments: boolean): Jsonable {
  const shown = {
    ...rest,
    suspects: suspects.map(({ x, error }) => ({ x: [...x], error })),
  } as { readonly [name: string]: Jsonable };
  if (!wantsSegments || segments === undefined) return shown;
  const { lo, hi, value, error } = segments;
  return { ...shown, segments: { lo: [...lo], hi: [...hi], value: [...value], error: [...error] } };
}

function pictureOf({ segments }: ToleranceResult, evaluate: Evaluate, columns: number): string {
  const picture = segments === undefined ? "" : plotSegments(segments, evaluate, columns);
  return picture === "" ? "" : `\n${picture}`;
}

/** Of an infinite range, what the terminal shows of it too. */
function draw(request: ToleranceRequest, result: ToleranceResult, evaluate: Evaluate): Promise<string> {
  const { expression, variable, a, b } = request;
  const { status, segments } = result;
  const isBounded = Number.isFinite(a) && Number.isFinite(b);
  const [low, high] = isBounded ? [a, b] : ((segments && middleOf(segments)) ?? [-1, 1]);
  return drawFunction({ expression, variable, a: low, b: high, how: { status, segments }, result }, evaluate);
}
