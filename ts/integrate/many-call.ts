/**
 * Calls of `integrateMany`.
 *
 * Role: the thread that calls.
 */
import type { ManyOptions, ManyProgress, ManyResult, ManySyncOptions } from "../many-types.js";
import { sweepAlone, sweepInline, sweepSync, sweepThreads } from "../quad/run-sweep.js";
import { Sweeping } from "../quad/sweep.js";
import { checkCallback, checkSignal, readOptions } from "./arguments.js";
import type { House } from "./house.js";
import { type ManyProblem, manyResult, poseMany, workOf } from "./many.js";
import type { Choice } from "./result.js";

export async function integrateMany(
  house: House,
  f: unknown,
  a: unknown,
  b: unknown,
  options: ManyOptions,
): Promise<ManyResult> {
  const begun = performance.now();
  const { context } = house;
  const read = readOptions<ManyOptions>(options, "many");
  const signal = checkSignal(read.signal);
  const onProgress = checkCallback<(progress: ManyProgress) => void>("onProgress", read.onProgress);
  const problem = poseMany(f, a, b, read);
  signal?.throwIfAborted();
  const compiled = performance.now() - begun;
  context.assertOpen();
  const choice = house.choose(workOf(problem), false);
  const sweep = sweepOf(house, problem, choice);
  const report = (): void => {
    const { fraction, done, evaluations } = sweep;
    onProgress?.({ fraction, integrals: done, evaluations });
  };
  const how = { signal, onState: onProgress === undefined ? undefined : report };
  const run = await context.hold(signal, () => (choice.inline ? sweepInline : sweepThreads)(context, sweep, how));
  report();
  return manyResult(problem, sweep, run, choice, begun, compiled);
}

export function integrateManySync(
  house: House,
  f: unknown,
  a: unknown,
  b: unknown,
  options: ManySyncOptions,
): ManyResult {
  const begun = performance.now();
  const { context } = house;
  const problem = poseMany(f, a, b, readOptions<ManyOptions>(options, "manySync"));
  const compiled = performance.now() - begun;
  context.assertOpen();
  const choice = house.choose(workOf(problem), true);
  const sweep = sweepOf(house, problem, choice);
  const run = (choice.threads > 1 ? sweepSync : sweepAlone)(context, sweep);
  return manyResult(problem, sweep, run, choice, begun, compiled);
}

function sweepOf(house: House, { integrand, spec }: ManyProblem, { threads }: Choice): Sweeping {
  return new Sweeping(house.context, house.kernelOf(integrand), house.distanceOf(integrand), spec, threads);
}
