/**
 * What was measured, as a table. Pure: results in, text out.
 */
import { table } from "../tools/table.js";
import { boundOf } from "./bound.js";
import type { Tally, Worst } from "./measure.js";

export interface Result {
  readonly name: string;
  readonly tally: Tally;
}

/** Whether a function keeps its bound in both forms, and both forms agree. */
export function isWithin(result: Result): boolean {
  return complaintsOf(result).length === 0;
}

export interface Setting {
  readonly samples: number;
  readonly seed: number;
}

/** The table, for people and for docs/benchmarks.md, and below it what is not as it should be. */
export function reportOf(results: readonly Result[], { samples, seed }: Setting): string {
  const rows = results.map(({ name, tally }) => [
    name,
    showUlp(tally.total),
    showPoint(tally.total),
    tally.fast === null ? "" : showUlp(tally.fast),
    tally.fast === null ? "" : tally.fast.at.join() === tally.total?.at.join() ? "there" : showPoint(tally.fast),
    tally.fast === null ? "" : showShare(tally.doubted / tally.samples),
    showBound(name),
    String(tally.samples),
  ]);
  const header = ["function", "ulp", "at", "fast, ulp", "at", "in doubt", "bound", "samples"];
  const legend = [
    `Largest errors at ${samples} points of each function, seed ${seed}, and at its hard points (test/math/fixtures.json).`,
    '"fast": the form that is written into integrands, where it does not call for the other ("there": at the same point). "in doubt": the share of these points where it does; most of them are hard on purpose.',
  ].join("\n");
  const complaints = results.flatMap((result) => complaintsOf(result));
  const verdict = complaints.length === 0 ? "All bounds hold." : ["NOT OK:", ...complaints].join("\n");
  return [table(header, rows), legend, verdict].join("\n\n");
}

function complaintsOf({ name, tally }: Result): string[] {
  const complaints: string[] = [];
  const bound = boundOf(name);
  if (bound === null || tally.total === null) return [`${name}: nothing was measured`];
  for (const [form, worst] of [
    [name, tally.total],
    [`${name}Fast`, tally.fast],
  ] as const) {
    if (worst === null) continue;
    if (worst.ulp > bound.ulp)
      complaints.push(`${form}: ${worst.ulp} ulp, ${describe(worst)}; the bound is ${bound.ulp}`);
  }
  if (tally.differing !== null) {
    complaints.push(`${name}Fast: not the bits of ${name}, and not in doubt, ${describe(tally.differing)}`);
  }
  return complaints;
}

function describe({ at, value, expected, range }: Worst): string {
  return `at ${at.join(", ")} (${range}): got ${value}, expected ${expected}`;
}

function showUlp(worst: Worst | null): string {
  // Rounded up: 0.5001 is more than 0.5.
  return worst === null ? "" : (Math.ceil(worst.ulp * 1000) / 1000).toFixed(3);
}

function showPoint(worst: Worst | null): string {
  return worst === null ? "" : worst.at.join(", ");
}

function showShare(share: number): string {
  return share === 0 ? "0" : `${(100 * share).toPrecision(2)}%`;
}

function showBound(name: string): string {
  const bound = boundOf(name);
  return bound === null ? "" : String(bound.ulp);
}
