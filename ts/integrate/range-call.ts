/**
 * Calls of `integrate` with bounds: with a fixed number of panels, or to a tolerance.
 *
 * Role: the thread that calls `integrate`.
 */
import { integralAsync, integralSync } from "../quad/run-integral.js";
import { runInline } from "../runtime/jobs/run-inline.js";
import { runSync } from "../runtime/jobs/run-sync.js";
import { runThreads } from "../runtime/jobs/run-threads.js";
import type {
  IntegrateOptions,
  IntegrateResult,
  IntegrateSyncOptions,
  Progress,
  ToleranceOptions,
  ToleranceProgress,
  ToleranceResult,
} from "../types.js";
import { checkCallback, checkSignal, hasPoints, readOptions } from "./arguments.js";
import type { House } from "./house.js";
import { pose } from "./problem.js";
import { emptyResult, resultOf } from "./result.js";
import { emptyTolerance, poseToTolerance, toleranceResult } from "./tolerance.js";

export async function integrateRange(
  house: House,
  f: unknown,
  a: number,
  b: number,
  options: IntegrateOptions,
): Promise<IntegrateResult | ToleranceResult> {
  if (!hasPoints(options)) return toTolerance(house, f, a, b, options);
  const begun = performance.now();
  const { context } = house;
  const read = readOptions(options, "integrate");
  const signal = checkSignal(read.signal);
  const onProgress = checkCallback<(progress: Progress) => void>("onProgress", read.onProgress);
  const problem = pose(f, a, b, read);
  signal?.throwIfAborted();
  const compiled = performance.now() - begun;
  context.assertOpen();
  if (a === b) {
    onProgress?.({ fraction: 1, evaluations: 0, evaluationsPerSecond: 0 });
    return emptyResult(problem, begun, compiled);
  }
  const choice = house.choose(problem, false);
  let fraction = 0;
  const report = (now: number): void => {
    fraction = Math.max(fraction, now);
    const evaluations = Math.round(fraction * problem.evaluations);
    onProgress?.({ fraction, evaluations, evaluationsPerSecond: (1000 * evaluations) / (performance.now() - begun) });
  };
  const onFraction = onProgress === undefined ? undefined : report;
  const kernel = house.kernelOf(problem.integrand);
  const run = choice.inline
    ? await runInline(context, kernel, problem.spec, { signal, onFraction })
    : await runThreads(context, kernel, problem.spec, choice.threads, { signal, onFraction });
  onFraction?.(1);
  return resultOf(problem, choice, run, begun, compiled);
}

export function integrateRangeSync(
  house: House,
  f: unknown,
  a: number,
  b: number,
  options: IntegrateSyncOptions,
): IntegrateResult | ToleranceResult {
  if (!hasPoints(options)) return toToleranceSync(house, f, a, b, options);
  const begun = performance.now();
  const { context } = house;
  const problem = pose(f, a, b, readOptions(options, "integrateSync"));
  const compiled = performance.now() - begun;
  context.assertOpen();
  if (a === b) return emptyResult(problem, begun, compiled);
  const choice = house.choose(problem, true);
  const run = runSync(context, house.kernelOf(problem.integrand), problem.spec, choice.threads);
  return resultOf(problem, choice, run, begun, compiled);
}

async function toTolerance(house: House, f: unknown, a: number, b: number, options: unknown): Promise<ToleranceResult> {
  const begun = performance.now();
  const { context } = house;
  const read = readOptions<ToleranceOptions>(options, "toTolerance");
  const signal = checkSignal(read.signal);
  const onProgress = checkCallback<(progress: ToleranceProgress) => void>("onProgress", read.onProgress);
  const problem = poseToTolerance(f, a, b, read);
  signal?.throwIfAborted();
  const compiled = performance.now() - begun;
  context.assertOpen();
  const report = ({ value, error, evaluations, rounds }: ToleranceProgress): void =>
    onProgress?.({ value, error, evaluations, rounds });
  let result: ToleranceResult;
  if (a === b) {
    result = emptyTolerance(problem, begun, compiled);
  } else {
    const onState = (state: ToleranceProgress): void => report({ ...state, value: problem.sign * state.value });
    const run = await integralAsync(context, house.taskOf(problem), {
      deadline: begun + problem.maximumTime,
      wantsSegments: problem.wantsSegments,
      sharing: house.sharingOf(problem, false),
      signal,
      onState: onProgress === undefined ? undefined : onState,
    });
    result = toleranceResult(problem, run, begun, compiled);
  }
  report(result);
  return result;
}

function toToleranceSync(house: House, f: unknown, a: number, b: number, options: unknown): ToleranceResult {
  const begun = performance.now();
  const { context } = house;
  const problem = poseToTolerance(f, a, b, readOptions<ToleranceOptions>(options, "toToleranceSync"));
  const compiled = performance.now() - begun;
  context.assertOpen();
  if (a === b) return emptyTolerance(problem, begun, compiled);
  const run = integralSync(
    context,
    house.taskOf(problem),
    {
      deadline: begun + problem.maximumTime,
      wantsSegments: problem.wantsSegments,
      sharing: house.sharingOf(problem, true),
    },
    begun,
  );
  return toleranceResult(problem, run, begun, compiled);
}
