/**
 * The battery: every integral with its reference, and what has none.
 *
 * The references are written by scripts/battery/references.py, from the entries; data.test.ts says when they do not belong together.
 */
import { ANALYTIC } from "./analytic.js";
import { APPLIED } from "./applied.js";
import { CUBES } from "./cubes.js";
import { DIVERGENT } from "./divergent.js";
import { GENZ } from "./genz.js";
import { GSL } from "./gsl.js";
import type { BoxEntry, BoxIntegral, Entry, Integral, Reference } from "./item.js";
import { KAHANER } from "./kahaner.js";
import { LIARS } from "./liars.js";
import { LYNESS_KAGANOVE } from "./lyness-kaganove.js";
import { OSCILLATING } from "./oscillating.js";
import { QUADPACK } from "./quadpack.js";
import references from "./references.json" with { type: "json" };
import { SPECIAL_FUNCTIONS } from "./special-functions.js";
import { TANH_SINH } from "./tanh-sinh.js";
import { WARNINGS } from "./warnings.js";

export { DIVERGENT };

/** One dimension, without references. */
export const ENTRIES: readonly Entry[] = [
  ...QUADPACK,
  ...KAHANER,
  ...TANH_SINH,
  ...GSL,
  ...LYNESS_KAGANOVE,
  ...LIARS,
  ...ANALYTIC,
  ...OSCILLATING,
  ...SPECIAL_FUNCTIONS,
  ...WARNINGS,
];

/** Several dimensions, without references. */
export const BOX_ENTRIES: readonly BoxEntry[] = [...GENZ, ...CUBES, ...APPLIED];

/** One dimension. */
export const INTEGRALS: readonly Integral[] = ENTRIES.map((entry) => ({ ...entry, ...referenceOf(entry.name) }));

/** Several dimensions. */
export const BOX_INTEGRALS: readonly BoxIntegral[] = BOX_ENTRIES.map((entry) => ({
  ...entry,
  ...referenceOf(entry.name),
}));

/** NaN where the file has none: a new entry, whose reference is still to be computed. */
function referenceOf(name: string): Reference {
  const reference = (references as Readonly<Record<string, string>>)[name] ?? "";
  return { reference, value: reference === "" ? Number.NaN : Number(reference) };
}
