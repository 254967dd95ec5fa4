/**
 * What was measured, as tables. Pure: results in, text out.
 */
import { shorten } from "../tools/shorten.js";
import { ratioOf, type Spread, showNumber, showQuartiles, spreadOf } from "../tools/statistics.js";
import { table } from "../tools/table.js";
import { TESTS, testNamed } from "./config.js";

export interface Sample {
  /** In the test's unit. */
  readonly figure: number;
  readonly isRight: boolean;
}

/** The samples of one contender in one test, by round. */
export interface Result {
  readonly test: string;
  readonly contender: string;
  readonly samples: readonly Sample[];
  /** Why there are no more samples; null when there are all. */
  readonly failure: string | null;
}

/** A result with what the tables say about it, for programs. */
export interface Summary extends Result {
  readonly figure: Spread | null;
  /** How many times as fast Heddle is; null where one of them has no samples. */
  readonly timesAsFast: Spread | null;
}

/** Whom all are compared with. */
const REFERENCE = "heddle";

/** Results that fail the bench: wrong, or missing. */
export function failures(results: readonly Result[]): Result[] {
  return results.filter((result) => result.failure !== null || wrongSamples(result) > 0);
}

export function summaryOf(results: readonly Result[]): Summary[] {
  return results.map((result) => ({
    ...result,
    figure: result.samples.length === 0 ? null : spreadOf(figuresOf(result)),
    timesAsFast: timesAsFast(results, result),
  }));
}

/** All tables, for people. */
export function reportOf(results: readonly Result[]): string {
  const parts = TESTS.map((test) => [test, results.filter((result) => result.test === test.name)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([test, some]) => `### ${test.name}\n\n${test.about}\n\n${tableOf(test.unit, some)}`);
  const rounds = Math.max(...results.map(({ samples }) => samples.length));
  const legend = [
    `Medians of ${rounds} samples taken in turn [quartiles].`,
    '"× heddle" says how many times as fast Heddle is: medians of the ratios within a round.',
    "ok: every answer was right.",
  ].join("\n");
  const complaints = complaintsOf(results);
  // Last, where a terminal ends.
  const end = complaints.length === 0 ? [] : [["NOT OK:", ...complaints].join("\n")];
  return [...parts, legend, ...end].join("\n\n");
}

function tableOf(unit: string, results: readonly Result[]): string {
  const rows = summaryOf(results).map((result) => [
    result.contender,
    result.figure === null ? "" : showQuartiles(result.figure),
    result.contender === REFERENCE || result.timesAsFast === null ? "" : showNumber(result.timesAsFast.median),
    verdictOf(result),
  ]);
  return table(["", unit, `× ${REFERENCE}`, "ok"], rows);
}

function verdictOf(result: Result): string {
  if (result.failure !== null) return "FAILED";
  const wrong = wrongSamples(result);
  return wrong === 0 ? "yes" : `WRONG ${wrong} of ${result.samples.length}`;
}

/** For each result that is not as it should be: who, in which test, and why; none when all are. */
export function complaintsOf(results: readonly Result[]): string[] {
  return failures(results).map((result) => {
    const what = result.failure ?? `wrong answers in ${wrongSamples(result)} of ${result.samples.length} samples`;
    return `${result.contender}, ${testNamed(result.test).name}: ${shorten(what)}`;
  });
}

function wrongSamples({ samples }: Result): number {
  return samples.filter(({ isRight }) => !isRight).length;
}

/** Null when a sample of one of them has no counterpart. */
function timesAsFast(all: readonly Result[], result: Result): Spread | null {
  const ours = all.find(({ test, contender }) => test === result.test && contender === REFERENCE);
  if (ours === undefined || ours.samples.length === 0 || ours.samples.length !== result.samples.length) return null;
  return ratioOf(figuresOf(result), figuresOf(ours));
}

function figuresOf({ samples }: Result): number[] {
  return samples.map(({ figure }) => figure);
}
