/** Tables of results: a row for each problem, a column for each contender. Pure: results in, text out. */
import type { Sample } from "./rounds.js";
import { table } from "./table.js";

/** The samples of one contender on one problem with one number of threads, by round. */
export interface Result {
  readonly problem: string;
  readonly contender: string;
  readonly threads: number;
  readonly samples: readonly Sample[];
}

/** A titled table; empty when no cell has anything to say. */
export function section(title: string, results: readonly Result[], show: (cell: Result) => string): string {
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

export function find(
  results: readonly Result[],
  wanted: Pick<Result, "problem" | "contender" | "threads">,
): Result | undefined {
  return results.find(
    ({ problem, contender, threads }) =>
      problem === wanted.problem && contender === wanted.contender && threads === wanted.threads,
  );
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** What medians and brackets are, below all tables. */
export function legend(results: readonly Result[], ratios: string): string {
  return [
    `Medians of ${results[0]?.samples.length ?? 0} samples taken in turn; in brackets the distance of the quartiles, in percent of the median.`,
    `Ratios are medians of the ratios within a round${ratios}`,
  ].join("\n");
}
