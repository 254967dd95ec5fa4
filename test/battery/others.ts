/**
 * What other integrators answer to the battery: others.json, written by scripts/battery/others.py, and how they score.
 *
 * Role: others.test.ts, and whoever wants to show Heddle beside them.
 */
import { BOX_INTEGRALS, DIVERGENT, INTEGRALS } from "./index.js";
import others from "./others.json" with { type: "json" };
import { type Answer, type Item, type Score, score } from "./score.js";

/** Null where a program has no finite number to show. */
type Row = readonly [value: number | null, error: number | null, status: string, evaluations: number | null];

interface Program {
  readonly about: string;
  readonly answers: Readonly<Record<string, Row>>;
}

/** By name, in the file's order. */
export const PROGRAMS = others.programs as unknown as Readonly<Record<string, Program>>;

/** The scores of the programs for one dimension, over all that has a range and over the divergent ones. */
export function singleScores(): Promise<Record<string, Score>> {
  return scoresOf([...INTEGRALS, ...DIVERGENT]);
}

/** The scores of the programs for several dimensions. */
export function boxScores(): Promise<Record<string, Score>> {
  return scoresOf(BOX_INTEGRALS);
}

async function scoresOf(items: readonly Item[]): Promise<Record<string, Score>> {
  const scores: Record<string, Score> = {};
  for (const [name, { answers }] of Object.entries(PROGRAMS)) {
    if (items.some((item) => item.name in answers))
      scores[name] = await score(items, ({ name }) => toAnswer(answers[name]));
  }
  return scores;
}

function toAnswer(row: Row | undefined): Answer {
  if (row === undefined) throw new Error("others.json lacks an item: run scripts/battery/others.py");
  const [value, error, status, evaluations] = row;
  return { value: value ?? Number.NaN, error: error ?? Number.NaN, status, evaluations: evaluations ?? Number.NaN };
}
