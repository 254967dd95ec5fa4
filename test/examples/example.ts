/**
 * An example, and the output that it promises in the comment at its end:
 *
 *   // Output:                    exactly these lines
 *   // Output, numbers differ:    these lines, but for their numbers
 *   // Output, the threads' lines in any order:
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";

export const FOLDER = "examples";
/** Lines that an example may have, its output included. */
const LINES_MAXIMUM = 60;

const HEADING = /^\/\/ Output(, the threads' lines in any order|, numbers differ)?:\n/m;

export interface Example {
  readonly name: string;
  readonly text: string;
  /** Without the slashes. */
  readonly promised: readonly string[];
  readonly anyOrder: boolean;
  readonly numbersDiffer: boolean;
}

export function readExamples(): Example[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".js"))
    .map(readExample);
}

function readExample(name: string): Example {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const heading = HEADING.exec(text);
  if (heading === null) throw new Error(`${name}: expected a comment "// Output:" at the end`);
  const comment = text.slice(heading.index + heading[0].length).trimEnd();
  const promised = comment.split("\n").map((line) => line.replace(/^\/\/ ?/, ""));
  if (!comment.split("\n").every((line) => line.startsWith("//"))) throw new Error(`${name}: code follows its output`);
  const count = text.trimEnd().split("\n").length;
  if (count > LINES_MAXIMUM) throw new Error(`${name} has ${count} lines, more than ${LINES_MAXIMUM}`);
  return {
    name,
    text,
    promised,
    anyOrder: heading[1]?.endsWith("in any order") === true,
    numbersDiffer: heading[1] === ", numbers differ",
  };
}

/** Whether it uses what only Node has. */
export function isOfNode({ text }: Example): boolean {
  return /from "node:|\bprocess\b/.test(text);
}

/** Fails if the lines are not those that it promises. @param anyOrder their order is not the example's to say */
export function assertKept(example: Example, printed: readonly string[], anyOrder = example.anyOrder): void {
  const normal = (lines: readonly string[]): string => {
    const shown = lines.map((line) => shownOf(example, line));
    return (anyOrder ? shown.sort() : shown).join("\n");
  };
  assert.is(normal(printed), normal(example.promised), `${example.name} printed:\n${printed.join("\n")}`);
}

/** Fails if these lines, those of one thread, stand in another order than it promises. */
export function assertInOrder(example: Example, some: readonly string[]): void {
  let at = -1;
  for (const line of some) {
    at = example.promised.findIndex((other, i) => i > at && shownOf(example, other) === shownOf(example, line));
    assert.ok(at >= 0, `${example.name} printed too late, or not at all as promised: ${line}`);
  }
}

function shownOf({ numbersDiffer }: Example, line: string): string {
  return numbersDiffer ? line.replace(/\d+(\.\d+)?/g, "0") : line;
}
