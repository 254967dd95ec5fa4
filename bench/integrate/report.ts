/**
 * What was measured, as tables. Pure: results in, text out.
 */
import { distinct, find, legend, type Result, section } from "../tools/cells.js";
import type { Sample } from "../tools/rounds.js";
import { ratioOf, type Spread, showSpread, spreadOf } from "../tools/statistics.js";
import { problemNamed, relativeError, TOLERANCE } from "./config.js";

/** Whose figures the others are compared with. */
const OURS = "heddle";

/** Results of which a sample was further than the tolerance from the exact integral, or not a number. */
export function wrongAnswers(results: readonly Result[]): Result[] {
  return results.filter(({ problem, samples }) => !(worstError(problem, samples) <= TOLERANCE));
}

/** A result with what the tables say about it, for programs. */
export interface Summary extends Result {
  /** Per panel of the rule. */
  readonly nanoseconds: Spread;
  /** heddle / this one, of samples of the same round; null without Heddle. */
  readonly ratio: Spread | null;
}

export function summaryOf(results: readonly Result[]): Summary[] {
  return results.map((result) => ({
    ...result,
    nanoseconds: spreadOf(nanoseconds(result)),
    ratio: ratioToOurs(results, result),
  }));
}

/** All tables, for people. */
export function reportOf(results: readonly Result[]): string {
  const threads = distinct(results.map((result) => result.threads));
  const parts = threads.flatMap((count) => {
    const some = results.filter((result) => result.threads === count);
    const on = `${count} ${count === 1 ? "thread" : "threads"}`;
    return [
      section(`ns per evaluation, ${on}`, some, (cell) => showSpread(spreadOf(nanoseconds(cell)))),
      section(
        `heddle / contender, ${on}`,
        some.filter(({ contender }) => contender !== OURS),
        (cell) => showIfThere(ratioToOurs(results, cell)),
      ),
    ];
  });
  const [fewest] = threads;
  for (const count of threads.slice(1)) {
    const some = results.filter((result) => result.threads === count);
    parts.push(
      section(`speed-up, ${count} threads over ${fewest}`, some, (cell) => {
        const alone = find(results, { ...cell, threads: fewest as number });
        return showIfThere(alone === undefined ? null : ratioOf(nanoseconds(alone), nanoseconds(cell)));
      }),
    );
  }
  parts.push(legend(results, ". Above 1, heddle is slower."), checkOf(results));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Says that all answers were right, or which were not. */
function checkOf(results: readonly Result[]): string {
  const complaints = complaintsOf(results);
  if (complaints.length === 0) {
    const worst = Math.max(...results.map(({ problem, samples }) => worstError(problem, samples)));
    return `Every answer is within ${TOLERANCE} of the exact integral, relative; the worst one within ${worst.toPrecision(1)}.`;
  }
  return [`WRONG ANSWERS (relative tolerance ${TOLERANCE}):`, ...complaints].join("\n");
}

/** For each wrong result: whose, of what, and how far off; none when all are right. */
export function complaintsOf(results: readonly Result[]): string[] {
  return wrongAnswers(results).map(
    ({ problem, contender, threads, samples }) =>
      `${contender}, ${problem}, ${threads} threads: expected ${problemNamed(problem).exact}, got ${worstSample(problem, samples).value}`,
  );
}

function ratioToOurs(all: readonly Result[], cell: Result): Spread | null {
  const ours = find(all, { ...cell, contender: OURS });
  return ours === undefined ? null : ratioOf(nanoseconds(ours), nanoseconds(cell));
}

function showIfThere(spread: Spread | null): string {
  return spread === null ? "" : showSpread(spread);
}

/** Time by panels of the rule: whatever else a contender evaluates is its own expense. */
function nanoseconds({ samples }: Result): number[] {
  return samples.map(({ seconds, points }) => (1e9 * seconds) / points);
}

/** NaN when an answer was NaN: no comparison may overlook it. */
function worstError(problem: string, samples: readonly Sample[]): number {
  return relativeError(problemNamed(problem), worstSample(problem, samples).value);
}

function worstSample(name: string, samples: readonly Sample[]): Sample {
  const problem = problemNamed(name);
  const [first, ...rest] = samples;
  if (first === undefined) throw new Error(`expected samples of ${name}, got none`);
  return rest.reduce((worst, sample) => {
    const isWorse = !(relativeError(problem, sample.value) <= relativeError(problem, worst.value));
    return isWorse && !Number.isNaN(worst.value) ? sample : worst;
  }, first);
}
