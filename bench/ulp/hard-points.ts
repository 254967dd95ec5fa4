/**
 * test/math/fixtures.json: the functions at hard points, exact to 40 digits (made by scripts/math-fixtures.py).
 *
 * Role: the bench's main thread and tests.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Exact, fromDecimal } from "./reference/exact.js";

export interface HardPoint {
  /** One, or two. */
  readonly at: readonly number[];
  readonly exact: Exact;
}

/** By the function's name. */
export function readHardPoints(): ReadonlyMap<string, readonly HardPoint[]> {
  const file = JSON.parse(readFileSync(join(process.cwd(), "test/math/fixtures.json"), "utf8")) as Record<
    string,
    readonly (readonly (number | string)[])[]
  >;
  return new Map(
    Object.entries(file).map(([name, rows]) => [
      name,
      rows.map((row) => ({ at: row.slice(0, -1).map(Number), exact: fromDecimal(String(row.at(-1))) })),
    ]),
  );
}
