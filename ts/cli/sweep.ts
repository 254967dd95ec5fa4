/**
 * Which number of threads is fastest.
 *
 * Warm: all threads are up and have run the integrand before the first measurement. Interleaved: three rounds, each through all
 * numbers of threads, so that a machine that slows down or speeds up treats all of them alike; the median of the three counts.
 */
import type { IntegrateResult } from "../types.js";

/** Measurements of each number of threads: the median of three forgives one disturbance. */
const ROUNDS = 3;

export interface SweepRow {
  readonly threads: number;
  /** Milliseconds, the median of `samples`. */
  readonly elapsed: number;
  readonly samples: readonly number[];
  /** How many times as fast as the row with the fewest threads. */
  readonly speedup: number;
  /** Speed-up for each thread more: 1 where twice the threads take half the time. */
  readonly efficiency: number;
  readonly fastest: boolean;
  /** Of the run whose time is the median. */
  readonly result: IntegrateResult;
}

/**
 * Measures.
 *
 * @param counts numbers of threads, each once
 * @param compute one run with so many threads
 * @returns a row for each count, in their order
 */
export async function sweep(
  counts: readonly number[],
  compute: (threads: number, run: number) => Promise<IntegrateResult>,
): Promise<SweepRow[]> {
  const results = counts.map((): IntegrateResult[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, threads] of counts.entries()) {
      results[index]?.push(await compute(threads, round * counts.length + index));
    }
  }
  return rowsOf(counts, results);
}

/** How often `sweep` computes. */
export function sweepRuns(counts: readonly number[]): number {
  return ROUNDS * counts.length;
}

/** The rows for measurements: `results[i]` are the runs with `counts[i]` threads. */
export function rowsOf(counts: readonly number[], results: readonly (readonly IntegrateResult[])[]): SweepRow[] {
  const medians = results.map(
    (runs) => [...runs].sort((p, q) => p.elapsed - q.elapsed)[runs.length >> 1] as IntegrateResult,
  );
  const fewest = Math.min(...counts);
  const base = medians[counts.indexOf(fewest)] as IntegrateResult;
  const best = Math.min(...medians.map(({ elapsed }) => elapsed));
  const first = medians.findIndex(({ elapsed }) => elapsed === best);
  return counts.map((threads, index) => {
    const result = medians[index] as IntegrateResult;
    const speedup = base.elapsed / result.elapsed;
    return {
      threads,
      elapsed: result.elapsed,
      samples: (results[index] as readonly IntegrateResult[]).map(({ elapsed }) => elapsed),
      speedup,
      efficiency: (speedup * fewest) / threads,
      fastest: index === first,
      result,
    };
  });
}
