/**
 * What was measured, as tables. Pure: results in, text out.
 */
import type { Sample } from "../tools/rounds.js";
import { ratioOf, type Spread, showSpread, spreadOf } from "../tools/statistics.js";
import { table } from "../tools/table.js";
import { exactMean, problemNamed, relativeError, TOLERANCE } from "./config.js";

/** The samples of one contender on one problem with one number of threads, by round. Points are integrals. */
export interface Result {
  readonly problem: string;
  readonly contender: string;
  readonly threads: number;
  readonly samples: readonly Sample[];
}

/** What is compared with what: ours over theirs. */
const PAIRS: readonly (readonly [ours: string, theirs: string])[] = [
  ["sweep-fast", "gsl"],
  ["sweep", "scipy-c"],
  ["single-fast", "scipy-c"],
  ["single", "scipy-c"],
  ["single", "scipy"],
];

/** A result with what the tables say about it, for programs. */
export interface Summary extends Result {
  /** Per integral. */
  readonly microseconds: Spread;
  /** Of one integral; of a sweep the mean. */
  readonly evaluations: number | null;
}

export function summaryOf(results: readonly Result[]): Summary[] {
  return results.map((result) => ({
    ...result,
    microseconds: spreadOf(microseconds(result)),
    evaluations: evaluationsOf(result),
  }));
}

/** All tables, for people. */
export function reportOf(results: readonly Result[]): string {
  const threads = distinct(results.map((result) => result.threads));
  const alone = results.filter((result) => result.threads === 1);
  const parts = threads.map((count) =>
    section(
      `microseconds per integral, ${count} ${count === 1 ? "thread" : "threads"}`,
      results.filter((result) => result.threads === count),
      (cell) => showSpread(spreadOf(microseconds(cell))),
    ),
  );
  parts.push(
    section("evaluations per integral", alone, (cell) => String(evaluationsOf(cell) ?? "")),
    ratios(alone),
  );
  for (const count of threads.slice(1)) {
    const some = results.filter((result) => result.threads === count);
    parts.push(
      section(`speed-up, ${count} threads over ${threads[0]}`, some, (cell) => {
        const one = find(results, { ...cell, threads: threads[0] as number });
        return one === undefined ? "" : showSpread(ratioOf(microseconds(one), microseconds(cell)));
      }),
    );
  }
  parts.push(
    [
      `Medians of ${results[0]?.samples.length ?? 0} samples taken in turn; in brackets the distance of the quartiles, in percent of the median.`,
      "Ratios are medians of the ratios within a round: below 1, the first is faster.",
    ].join("\n"),
    checkOf(results),
  );
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Ours over theirs, a column for each pair of which both took part. */
function ratios(results: readonly Result[]): string {
  const problems = distinct(results.map((result) => result.problem));
  const pairs = PAIRS.filter((pair) => pair.every((name) => results.some(({ contender }) => contender === name)));
  if (pairs.length === 0) return "";
  const rows = problems.map((problem) => [
    problem,
    ...pairs.map(([ours, theirs]) => {
      const [one, other] = [ours, theirs].map((contender) => find(results, { problem, contender, threads: 1 }));
      return one === undefined || other === undefined
        ? ""
        : showSpread(ratioOf(microseconds(one), microseconds(other)));
    }),
  ]);
  return `### ratios\n\n${table(["", ...pairs.map((pair) => pair.join(" / "))], rows)}`;
}

/** Says that all answers were right, or which were not. */
function checkOf(results: readonly Result[]): string {
  const complaints = complaintsOf(results);
  if (complaints.length === 0) return `Every mean is within ${TOLERANCE} of that of the exact integrals, relative.`;
  return [`WRONG ANSWERS (relative tolerance ${TOLERANCE}):`, ...complaints].join("\n");
}

/** For each wrong result: whose, of what, and how far off; none when all are right. */
export function complaintsOf(results: readonly Result[]): string[] {
  return results.flatMap(({ problem: name, contender, threads, samples }) => {
    const problem = problemNamed(name);
    const wrong = samples.find(({ points, value }) => !(relativeError(problem, points, value) <= TOLERANCE));
    if (wrong === undefined) return [];
    const expected = exactMean(problem, wrong.points);
    return [`${contender}, ${name}, ${threads} threads: expected ${expected}, got ${wrong.value}`];
  });
}

/** A titled table with a row per problem and a column per contender; empty when no cell has anything to say. */
function section(title: string, results: readonly Result[], show: (cell: Result) => string): string {
  const problems = distinct(results.map((result) => result.problem));
  const contenders = distinct(results.map((result) => result.contender));
  const rows = problems.map((problem) => [
    problem,
    ...contenders.map((contender) => {
      const cell = results.find((result) => result.problem === problem && result.contender === contender);
      return cell === undefined ? "" : show(cell);
    }),
  ]);
  if (rows.every(([, ...cells]) => cells.every((cell) => cell === ""))) return "";
  return `### ${title}\n\n${table(["", ...contenders], rows)}`;
}

function microseconds({ samples }: Result): number[] {
  return samples.map(({ seconds, points }) => (1e6 * seconds) / points);
}

function evaluationsOf({ samples }: Result): number | null {
  return samples[0]?.evaluations ?? null;
}

function find(
  results: readonly Result[],
  wanted: Pick<Result, "problem" | "contender" | "threads">,
): Result | undefined {
  return results.find(
    ({ problem, contender, threads }) =>
      problem === wanted.problem && contender === wanted.contender && threads === wanted.threads,
  );
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
