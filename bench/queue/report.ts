/**
 * What was measured, as tables. Pure: results in, text out.
 */
import { shorten } from "../tools/shorten.js";
import { ratioOf, type Spread, showNumber, showQuartiles, spreadOf } from "../tools/statistics.js";
import { table } from "../tools/table.js";
import { TESTS, type Test } from "./config.js";
import type { Sample } from "./sampler.js";

/** The samples of one contender in one test, by round. */
export interface Result {
  readonly test: string;
  readonly contender: string;
  readonly samples: readonly Sample[];
  /** Why there are no more samples; null when there are all. */
  readonly failure: string | null;
  /** Why it may be wrong or fail without failing the bench; null when it may not. */
  readonly excuse: string | null;
}

/** Results that fail the bench: wrong or missing, and not excused. */
export function failures(results: readonly Result[]): Result[] {
  return results.filter((result) => result.excuse === null && (result.failure !== null || wrongSamples(result) > 0));
}

/** A result with what the tables say about it, for programs. */
export interface Summary extends Result {
  /** A spread for each column of the test. */
  readonly columns: readonly Spread[];
  /** Name of a row of Heddle -> how many times as fast it is. */
  readonly timesAsFast: Readonly<Record<string, Spread>>;
}

export function summaryOf(results: readonly Result[]): Summary[] {
  return results.map((result) => {
    const references = testOf(result).references.map((name) => [name, timesAsFast(results, result, name)] as const);
    const known = references.filter((entry): entry is [string, Spread] => entry[1] !== null);
    return { ...result, columns: columnsOf(result), timesAsFast: Object.fromEntries(known) };
  });
}

/** All tables, for people. */
export function reportOf(results: readonly Result[]): string {
  const parts = TESTS.map((test) => [test, results.filter((result) => result.test === test.name)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([test, some]) => `### ${test.name}\n\n${test.about}\n\n${tableOf(test, some)}`);
  const rounds = Math.max(...results.map(({ samples }) => samples.length));
  const legend = [
    `Medians of ${rounds} samples taken in turn [quartiles].`,
    '"× name" says how many times as fast Heddle\'s row of that name is: medians of the ratios within a round.',
    "ok: every sum of what arrived was right.",
  ].join("\n");
  const complaints = complaintsOf(results);
  // Last, where a terminal ends.
  const end = complaints.length === 0 ? [] : [["NOT OK:", ...complaints].join("\n")];
  return [...parts, legend, ...end].join("\n\n");
}

function tableOf(test: Test, results: readonly Result[]): string {
  const references = test.references.filter((name) =>
    results.some(({ contender, samples }) => contender === name && samples.length > 0),
  );
  const header = ["", ...test.columns, ...references.map((name) => `× ${name}`), "ok"];
  const rows = results.map((result) => [
    result.contender,
    ...test.columns.map((_, column) => showIfThere(columnsOf(result)[column], showQuartiles)),
    ...references.map((name) =>
      name === result.contender
        ? ""
        : showIfThere(timesAsFast(results, result, name), ({ median }) => showNumber(median)),
    ),
    verdictOf(result),
  ]);
  return table(header, rows);
}

/** "yes", or what is wrong. */
function verdictOf(result: Result): string {
  if (result.failure !== null) return "FAILED";
  const wrong = wrongSamples(result);
  return wrong === 0 ? "yes" : `WRONG ${wrong} of ${result.samples.length}`;
}

/** For each result that is not as it should be: who, in which test, and why; none when all are. */
export function complaintsOf(results: readonly Result[]): string[] {
  return results
    .filter((result) => verdictOf(result) !== "yes")
    .map((result) => {
      const { contender, test, samples, failure, excuse } = result;
      const first = samples.find(({ wrong }) => wrong !== null)?.wrong;
      const what = failure ?? `wrong sums in ${wrongSamples(result)} of ${samples.length} samples: ${first}`;
      return `${contender}, ${test}: ${shorten(what)}${excuse === null ? "" : ` (${excuse})`}`;
    });
}

function wrongSamples({ samples }: Result): number {
  return samples.filter(({ wrong }) => wrong !== null).length;
}

function columnsOf(result: Result): Spread[] {
  if (result.samples.length === 0) return [];
  return testOf(result).columns.map((_, column) => spreadOf(valuesOf(result, column)));
}

/** How many times as fast Heddle's row is as this one; null when a sample of one of them has no counterpart. */
function timesAsFast(all: readonly Result[], result: Result, reference: string): Spread | null {
  const ours = all.find(({ test, contender }) => test === result.test && contender === reference);
  if (ours === undefined || ours.samples.length === 0 || ours.samples.length !== result.samples.length) return null;
  const [mine, its] = [valuesOf(ours, 0), valuesOf(result, 0)];
  return testOf(result).isSpeed ? ratioOf(mine, its) : ratioOf(its, mine);
}

function valuesOf({ samples }: Result, column: number): number[] {
  return samples.map(({ columns }) => columns[column] as number);
}

function showIfThere<T>(value: T | null | undefined, show: (value: T) => string): string {
  return value === null || value === undefined ? "" : show(value);
}

function testOf({ test }: Result): Test {
  const found = TESTS.find(({ name }) => name === test);
  if (found === undefined) throw new Error(`heddle: expected the name of a test, got "${test}"`);
  return found;
}
