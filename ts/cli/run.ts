/**
 * One command from its tokens to its exit code.
 *
 *   read the tokens -> read what they mean, refuse what is wrong -> start all threads -> compute -> print, draw
 *
 * Standard output gets the result and nothing else; standard error gets messages and the progress bar.
 */

import { ArgumentError } from "../errors.js";
import type { IntegrateResult, Progress } from "../types.js";
import { orAborted } from "./abort.js";
import { readArguments } from "./arguments.js";
import { EXIT_DONE, EXIT_NO_SUCCESS, explain } from "./failures.js";
import { assertWritable, save } from "./files.js";
import { folded } from "./format.js";
import { columnsOf, type InputOutput } from "./io.js";
import { spellJson } from "./json.js";
import type { Library } from "./library.js";
import { readManyRequest } from "./many-request.js";
import { integrateMany } from "./many-run.js";
import { drawFunction } from "./plot/function-plot.js";
import { drawSpeedup } from "./plot/speedup-plot.js";
import { ProgressBar } from "./progress.js";
import { reportResult, reportSweep } from "./report.js";
import { optionsOf, type Request, readRequest } from "./request.js";
import { readSeveralRequest } from "./several-request.js";
import { integrateSeveral } from "./several-run.js";
import { type SweepRow, sweep, sweepRuns } from "./sweep.js";
import { readToleranceRequest, whyToTolerance } from "./tolerance-request.js";
import { integrateToTolerance } from "./tolerance-run.js";

/** Panels of the run that makes all threads compile the integrand before a sweep measures: some milliseconds of work for each. */
const WARM_UP_PANELS = 4_000_000;

/**
 * Runs the command. Never rejects.
 *
 * @param argv tokens without the program's name
 * @returns the exit code, as failures.ts lists them
 */
export async function run(argv: readonly string[], io: InputOutput, library: Library): Promise<number> {
  try {
    const typed = await readArguments(argv, { out: io.out, columns: columnsOf(io) });
    if (typed === undefined) return EXIT_DONE;
    if (typed.tolerance.sweeps.length > 0) {
      return await integrateMany(await readManyRequest(library, typed), io, library);
    }
    if (typed.tolerance.csv !== undefined) refuseTable(typed.tolerance.csv);
    if (typed.tolerance.variables.length > 0) {
      return await integrateSeveral(await readSeveralRequest(library, typed), io, library);
    }
    const why = whyToTolerance(library, typed);
    if (why !== undefined) {
      return await integrateToTolerance(await readToleranceRequest(library, typed, why), io, library);
    }
    const request = await readRequest(library, typed);
    if (request.plot !== undefined) await assertWritable(io, request.plot);
    return request.sweep ? await sweepThreads(request, io, library) : await integrateOnce(request, io, library);
  } catch (error) {
    const { code, text } = explain(io.signal.aborted ? io.signal.reason : error);
    if (text !== "") io.err(text);
    return code;
  }
}

function refuseTable(file: string): never {
  throw new ArgumentError(
    "expected --sweep-param beside --csv: the table is of a sweep, such as --sweep-param s=0:1:100",
    "--csv",
    file,
  );
}

async function integrateOnce(request: Request, io: InputOutput, library: Library): Promise<number> {
  const [threads] = request.threads as [number];
  const starting = await startThreads(threads, io, library);
  const [result] = await withBar(
    request,
    io,
    1,
    (compute) => compute(threads, request.points, 0).then((one) => [one]),
    library,
  );
  const done = result as IntegrateResult;
  if (request.json) io.out(`${spellJson({ ...done })}\n`);
  else io.out(folded(reportResult(done, threads, starting, request.plot, request.usual), io.outColumns()));
  if (request.plot !== undefined) {
    const { expression, variable, a, b, points, rule, parameters } = request;
    const evaluate = (x: Float64Array): Float64Array => library.evaluate(expression, x, { parameters, variable });
    await save(
      io,
      request.plot,
      await drawFunction({ expression, variable, a, b, how: { points, rule }, result: done }, evaluate),
    );
  }
  return codeOf(done);
}

async function sweepThreads(request: Request, io: InputOutput, library: Library): Promise<number> {
  const { threads: counts, points } = request;
  const most = Math.max(...counts);
  await startThreads(most, io, library);
  const rows = await withBar(
    request,
    io,
    sweepRuns(counts),
    async (compute) => {
      await compute(most, Math.min(points, WARM_UP_PANELS * most), 0);
      return sweep(counts, (threads, index) => compute(threads, points, index));
    },
    library,
  );
  // Fields under the names of the API; only those of a row are the command's own.
  if (request.json) io.out(`${spellJson(rows.map((row) => ({ ...row, result: { ...row.result } })))}\n`);
  else io.out(reportSweep(rows, library.info().threads, columnsOf(io), request.plot));
  if (request.plot !== undefined) {
    await save(io, request.plot, await drawSpeedup({ expression: request.expression, points, rows }));
  }
  return codeOf((rows[0] as SweepRow).result);
}

/** Starts threads ahead of the call, so that it can be given a number of them. Says so when there are none. Returns milliseconds. */
async function startThreads(threads: number, io: InputOutput, library: Library): Promise<number> {
  const { mode, modeReason } = library.info();
  if (mode === "inline") {
    io.err(`heddle: computing on one thread: ${modeReason}\n`);
    return 0;
  }
  const begun = performance.now();
  await orAborted(library.start(threads), io.signal);
  return performance.now() - begun;
}

type Compute = (threads: number, points: number, index: number) => Promise<IntegrateResult>;

/** Does `work`, which computes `runs` times the same integral, under a progress bar that is gone afterwards. */
async function withBar<T>(
  request: Request,
  io: InputOutput,
  runs: number,
  work: (compute: Compute) => Promise<T>,
  library: Library,
): Promise<T> {
  const bar = new ProgressBar({
    wanted: request.progress,
    write: io.err,
    columns: io.errColumns,
    now: () => performance.now(),
  });
  const compute: Compute = (threads, points, index) => {
    const onProgress = (progress: Progress): void =>
      bar.show({ ...progress, fraction: (index + progress.fraction) / runs });
    // A warm-up of fewer panels than the runs counts as no progress.
    const watched = points === request.points ? { onProgress } : {};
    const options = { ...optionsOf(request, threads), points, signal: io.signal, ...watched };
    return orAborted(library.integrate(request.expression, request.a, request.b, options), io.signal);
  };
  try {
    return await work(compute);
  } finally {
    bar.erase();
  }
}

function codeOf({ status }: IntegrateResult): number {
  return status === "done" ? EXIT_DONE : EXIT_NO_SUCCESS;
}
