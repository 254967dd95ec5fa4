// @timeout 300
/** The commands of the documentation, as they stand, by the built program: they print what is shown, but for times and what depends on the machine. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blocksOf, PAGES } from "./blocks.js";

const PROGRAM = resolve("build/cli.js");
/** Milliseconds until one is stopped. */
const LIMIT = 60_000;
/** In a clone a command begins so, elsewhere with the second. */
const NPM = "npm run integrate -- ";
const PROMPT = "$ heddle ";

interface Command {
  readonly place: string;
  readonly text: string;
  /** What it is shown to print; null where nothing is shown. */
  readonly shown: readonly string[] | null;
}

function commandsOf(page: string): Command[] {
  const commands: Command[] = [];
  for (const { language, lines, line } of blocksOf(page)) {
    const place = (index: number): string => `${page}:${line + index}`;
    if (language === "sh") {
      for (const [i, text] of lines.entries()) {
        if (text.startsWith(NPM))
          commands.push({ place: place(i), text: `integrate ${text.slice(NPM.length)}`, shown: null });
      }
    } else if (lines[0]?.startsWith("Numerical solution")) {
      commands.push({ place: place(0), text: "integrate", shown: lines });
    } else {
      const starts = lines.flatMap((text, i) => (text.startsWith(PROMPT) ? [i] : []));
      for (const [number, start] of starts.entries()) {
        const shown = lines.slice(start + 1, starts[number + 1]);
        commands.push({ place: place(start), text: lines[start]!.slice(PROMPT.length), shown });
      }
    }
  }
  return commands;
}

/** What times, the number of cores and the luck of scheduling decide is left open; spaces are one, since columns follow widths. */
function comparable(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !/█|^This machine runs|^threads +\d/.test(line))
    .map((line) =>
      line
        .replace(/\d[\d.]* (?:ms|s|microseconds)\b/g, "#")
        .replace(/^speed .*$/, "speed #")
        .replace(/^(\s*"(?:elapsed|startup|threads)"): .*$/, "$1: #,")
        .replace(/\s+/g, " ")
        .trimEnd(),
    );
}

/** Drawings are compared as they stand. */
const isDrawing = (line: string): boolean => /[│┤]/.test(line);

const pages = PAGES.map((page) => ({ page, commands: commandsOf(page) }));
for (const { page, commands } of pages) {
  // One folder for a page: later commands may read what earlier ones wrote.
  const folder = mkdtempSync(join(tmpdir(), "heddle-docs-"));
  for (const { place, text, shown } of commands) {
    test(`${place}: ${text} prints what is shown`, () => {
      const { stdout, status } = spawnSync(
        "sh",
        ["-c", `heddle() { "$NODE" "$PROGRAM" "$@"; }; exec 2>&1; heddle ${text}`],
        {
          cwd: folder,
          encoding: "utf8",
          timeout: LIMIT,
          env: { ...process.env, NODE: process.execPath, PROGRAM },
        },
      );
      if (shown === null) return assert.is(status, 0, stdout);
      const printed = stdout.trimEnd().split("\n");
      const all = shown.at(-1) === "…" ? [shown.slice(0, -1), printed.slice(0, shown.length - 1)] : [shown, printed];
      assert.equal(comparable(all[1]!), comparable(all[0]!), stdout);
      assert.equal(printed.filter(isDrawing), shown.filter(isDrawing), stdout);
    });
  }
  test(`${page} leaves nothing behind`, () => rmSync(folder, { recursive: true }));
}

test("there are some", () => assert.ok(pages.flatMap(({ commands }) => commands).length >= 15));

test.run();
