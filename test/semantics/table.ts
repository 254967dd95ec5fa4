/** Turns the table of cases into tests of uvu, whoever runs them. */
import { test } from "uvu";
import { CASES } from "./cases/index.js";
import type { Case, Where } from "./world.js";

/** A part of a case's name: `CASES="Lock: " npm test -- semantics/node-main` runs those alone. */
const WANTED = process.env.CASES ?? "";

/** Makes a test of each case that says something `where`. Returns how many. */
export function testAll(where: Where, run: (index: number, subject: Case) => Promise<void>): number {
  let count = 0;
  for (const [index, subject] of CASES.entries()) {
    if (!belongs(subject, where) || !subject.name.includes(WANTED)) continue;
    count++;
    test(subject.name, async () => {
      try {
        await run(index, subject);
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        error.message += `\n  Python: ${subject.python}${subject.ours === undefined ? "" : `\n  ours:   ${subject.ours}`}`;
        throw error;
      }
    });
  }
  const differing = CASES.filter(({ ours }) => ours !== undefined).length;
  console.log(`${count} of ${CASES.length} cases, ${where}; we differ from Python in ${differing}`);
  return count;
}

function belongs({ needs, places }: Case, where: Where): boolean {
  if (needs?.sync === true && where === "page") return false;
  return (needs?.only ?? places).includes(where);
}
