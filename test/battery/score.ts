/**
 * Counts what an integrator gets right on the battery, where it says so, and where it says so and is wrong.
 *
 *   right         |value - exact| <= 1e-8 |exact|, in several dimensions 1e-6 |exact|; the same number absolutely where exact is 0
 *   claim         the status is "converged"
 *   wrong claim   a claim that is not right: the one thing an integrator must not do; of a divergent integral every claim is wrong
 *   honest        of a claim: |value - exact| <= error, but for half a unit in the last place of the exact value, which is rounded itself, and the
 *                 item's uncertainty
 *
 * Role: tests and benches; `solve` may be any integrator, such as those of others.json.
 */
import { table } from "../../bench/tools/table.js";
import type { BoxIntegral, Divergent, Integral, Kind } from "./item.js";

export const CLOSE = 1e-8;
export const CLOSE_BOX = 1e-6;

export type Item = Integral | BoxIntegral | Divergent;

/** What an integrator says: the part of its result that counts here. */
export interface Answer {
  readonly value: number;
  /** Its estimate of |value - exact|. */
  readonly error: number;
  readonly status: string;
  readonly evaluations?: number;
}

export interface Verdict {
  readonly item: Item;
  readonly answer: Answer;
  readonly isRight: boolean;
  readonly isClaim: boolean;
  readonly isHonest: boolean;
}

export interface Score {
  /** One for each item, in their order. */
  readonly verdicts: readonly Verdict[];
  /** Items that have a value. */
  readonly asked: number;
  readonly right: number;
  /** Of those that have a value. */
  readonly claims: number;
  readonly wrongClaims: number;
  readonly honestClaims: number;
  /** Items without a value, and how many of them were claimed. */
  readonly divergent: number;
  readonly divergentClaims: number;
  /** Over all items; NaN where an answer does not say. */
  readonly evaluations: number;
}

/**
 * Puts every item before an integrator.
 *
 * @param solve  its answer; it may throw or reject, which ends the count: an integrator says that it failed by its status
 * @example
 *   const counted = await score(INTEGRALS, (item) => integrateSync(item.text, ...item.range, { parameters: item.parameters }));
 *   console.log(summary({ heddle: counted }), failures(counted));
 */
export async function score<I extends Item>(
  items: readonly I[],
  solve: (item: I) => Answer | Promise<Answer>,
): Promise<Score> {
  const verdicts: Verdict[] = [];
  for (const item of items) verdicts.push(judge(item, await solve(item)));
  const valued = verdicts.filter(({ item }) => "value" in item);
  const claims = valued.filter(({ isClaim }) => isClaim);
  const divergent = verdicts.filter(({ item }) => !("value" in item));
  return {
    verdicts,
    asked: valued.length,
    right: count(valued, ({ isRight }) => isRight),
    claims: claims.length,
    wrongClaims: count(claims, ({ isRight }) => !isRight),
    honestClaims: count(claims, ({ isHonest }) => isHonest),
    divergent: divergent.length,
    divergentClaims: count(divergent, ({ isClaim }) => isClaim),
    evaluations: verdicts.reduce((sum, { answer }) => sum + (answer.evaluations ?? Number.NaN), 0),
  };
}

/** Holds one answer against an item. */
export function judge(item: Item, answer: Answer): Verdict {
  const isClaim = answer.status === "converged";
  if (!("value" in item)) return { item, answer, isRight: !isClaim, isClaim, isHonest: !isClaim };
  const close = "ranges" in item ? CLOSE_BOX : CLOSE;
  const off = Math.abs(answer.value - item.value);
  // NaN compares false.
  const isRight = off <= close * (item.value === 0 ? 1 : Math.abs(item.value));
  const isHonest = off <= answer.error + 2 ** -53 * Math.abs(item.value) + (item.uncertainty ?? 0);
  return { item, answer, isRight, isClaim, isHonest };
}

/** A table: a line for each score, by name. */
export function summary(scores: Readonly<Record<string, Score>>): string {
  const rows = Object.entries(scores).map(([name, counted]) => [
    name,
    `${counted.right} of ${counted.asked}`,
    String(counted.claims),
    String(counted.wrongClaims),
    counted.claims === 0 ? "-" : `${((100 * counted.honestClaims) / counted.claims).toFixed(1)} %`,
    counted.divergent === 0 ? "-" : `${counted.divergentClaims} of ${counted.divergent}`,
    Number.isNaN(counted.evaluations) ? "-" : counted.evaluations.toExponential(1),
  ]);
  return table(["", "right", "claims", "wrong claims", "honest", "divergent claimed", "evaluations"], rows);
}

/** A table: how many are right of each kind, a column for each score. */
export function byKind(scores: Readonly<Record<string, Score>>): string {
  const all = Object.values(scores);
  const kinds = new Set(all.flatMap(({ verdicts }) => verdicts.flatMap(({ item }) => kindOf(item) ?? [])));
  const rows = [...kinds].map((kind) => {
    const of = (counted: Score): Verdict[] => counted.verdicts.filter(({ item }) => kindOf(item) === kind);
    const asked = Math.max(...all.map((counted) => of(counted).length));
    return [kind, String(asked), ...all.map((counted) => String(count(of(counted), ({ isRight }) => isRight)))];
  });
  return table(["right of", "asked", ...Object.keys(scores)], rows);
}

/** A line for each item that was answered wrongly, claimed wrongly or with too small an error. Empty when there is none. */
export function failures({ verdicts }: Score): string {
  const lines = verdicts.flatMap((verdict) => {
    const what = complaint(verdict);
    if (what === undefined) return [];
    const { item, answer } = verdict;
    const exact =
      "value" in item ? `exact ${item.value}, off by ${Math.abs(answer.value - item.value).toExponential(1)}, ` : "";
    return [
      `${what.padEnd(15)} ${item.name}: ${answer.status}, ${answer.value}; ${exact}error ${answer.error.toExponential(1)}`,
    ];
  });
  return lines.join("\n");
}

function complaint({ item, isRight, isClaim, isHonest }: Verdict): string | undefined {
  if (!isRight && isClaim) return "value" in item ? "WRONG CLAIM" : "DIVERGENT CLAIM";
  if (!isRight) return "not reached";
  return isClaim && !isHonest ? "error too small" : undefined;
}

function kindOf(item: Item): Kind | undefined {
  return "kind" in item ? item.kind : undefined;
}

function count<T>(list: readonly T[], holds: (each: T) => boolean): number {
  return list.filter(holds).length;
}
