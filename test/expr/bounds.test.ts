/** The table of docs/expressions.md promises what ts/expr/bounds.ts says. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BOUNDS } from "../../ts/expr/bounds.js";

/** Function -> error in ulp, from the rows of the table with a number in their second column, and what is said of `pow` under "Powers". */
function promised(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, names, ulp] of text.matchAll(/^\| +(`[^|]*?) +\| +([\d.]+) +\|/gm)) {
    for (const [, name] of names!.matchAll(/`(\w+)/g)) found.set(name!, Number(ulp));
  }
  const pow = /the function `pow` \(([\d.]+) ulp/.exec(text);
  if (pow !== null) found.set("pow", Number(pow[1]));
  // The same function under another name.
  assert.is(found.get("ln"), found.get("log"));
  found.delete("ln");
  return found;
}

test("the documentation promises each function's bound", () => {
  const documented = promised(readFileSync("docs/expressions.md", "utf8"));
  const bounds = new Map(Object.entries(BOUNDS).map(([name, { ulp }]) => [name, ulp]));
  const sorted = (map: Map<string, number>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  assert.equal(sorted(documented), sorted(bounds));
});

test.run();
