/**
 * Integrators side by side: what was measured, as tables. Pure: results in, text out. In samples points are integrals, values their mean.
 */
import { distinct, find, legend, type Result, section } from "./cells.js";
import { ratioOf, type Spread, showSpread, spreadOf } from "./statistics.js";
import { table } from "./table.js";

/** What a bench compares. */
export interface Comparison {
  /** Of what is shown per integral: its name, and how many there are in a second. */
  readonly unit: string;
  readonly perSecond: number;
  /** The mean of the first so many integrals of a problem. */
  readonly exact: (problem: string, integrals: number) => number;
  /** Largest relative error of a right mean. */
  readonly tolerance: number;
  /** What is divided by what. */
  readonly pairs: readonly (readonly [ours: string, theirs: string])[];
}

/** A result with what the tables say about it, for programs. */
export interface Summary extends Result {
  /** Per integral, in the bench's unit. */
  readonly times: Spread;
  /** Of one integral; of a sweep the mean. */
  readonly evaluations: number | null;
}

export function summaryOf(results: readonly Result[], comparison: Comparison): Summary[] {
  return results.map((result) => ({
    ...result,
    times: spreadOf(timesOf(result, comparison)),
    evaluations: evaluationsOf(result),
  }));
}

/** All tables, for people. */
export function reportOf(results: readonly Result[], comparison: Comparison): string {
  const times = (result: Result): number[] => timesOf(result, comparison);
  const threads = distinct(results.map((result) => result.threads));
  const alone = results.filter((result) => result.threads === 1);
  const parts = threads.map((count) =>
    section(
      `${comparison.unit} per integral, ${count} ${count === 1 ? "thread" : "threads"}`,
      results.filter((result) => result.threads === count),
      (cell) => showSpread(spreadOf(times(cell))),
    ),
  );
  parts.push(
    section("evaluations per integral", alone, (cell) => String(evaluationsOf(cell) ?? "")),
    ratios(alone, comparison),
  );
  for (const count of threads.slice(1)) {
    const some = results.filter((result) => result.threads === count);
    parts.push(
      section(`speed-up, ${count} threads over ${threads[0]}`, some, (cell) => {
        const one = find(results, { ...cell, threads: threads[0] as number });
        return one === undefined ? "" : showSpread(ratioOf(times(one), times(cell)));
      }),
    );
  }
  parts.push(legend(results, ": below 1, the first is faster."), checkOf(results, comparison));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Ours over theirs, a column for each pair of which both took part. */
function ratios(results: readonly Result[], comparison: Comparison): string {
  const times = (result: Result): number[] => timesOf(result, comparison);
  const problems = distinct(results.map((result) => result.problem));
  const pairs = comparison.pairs.filter((pair) =>
    pair.every((name) => results.some(({ contender }) => contender === name)),
  );
  if (pairs.length === 0) return "";
  const rows = problems.map((problem) => [
    problem,
    ...pairs.map(([ours, theirs]) => {
      const [one, other] = [ours, theirs].map((contender) => find(results, { problem, contender, threads: 1 }));
      return one === undefined || other === undefined ? "" : showSpread(ratioOf(times(one), times(other)));
    }),
  ]);
  return `### ratios\n\n${table(["", ...pairs.map((pair) => pair.join(" / "))], rows)}`;
}

/** Says that all answers were right, or which were not. */
function checkOf(results: readonly Result[], comparison: Comparison): string {
  const complaints = complaintsOf(results, comparison);
  const { tolerance } = comparison;
  if (complaints.length === 0) return `Every mean is within ${tolerance} of that of the exact integrals, relative.`;
  return [`WRONG ANSWERS (relative tolerance ${tolerance}):`, ...complaints].join("\n");
}

/** For each wrong result: whose, of what, and how far off; none when all are right. */
export function complaintsOf(results: readonly Result[], { exact, tolerance }: Comparison): string[] {
  return results.flatMap(({ problem, contender, threads, samples }) => {
    const wrong = samples.find(({ points, value }) => {
      const expected = exact(problem, points);
      return !(Math.abs(value - expected) <= tolerance * Math.abs(expected));
    });
    if (wrong === undefined) return [];
    return [
      `${contender}, ${problem}, ${threads} threads: expected ${exact(problem, wrong.points)}, got ${wrong.value}`,
    ];
  });
}

function timesOf({ samples }: Result, { perSecond }: Comparison): number[] {
  return samples.map(({ seconds, points }) => (perSecond * seconds) / points);
}

function evaluationsOf({ samples }: Result): number | null {
  return samples[0]?.evaluations ?? null;
}
