/** Files that comments and pages name are there: a name that nobody can follow is worse than none. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const FOLDERS = ["assembly", "ts", "test", "bench", "scripts", "examples", "docs"];

/** A path from the root, or from a folder with folders of the same names: names in capitals stand for others, and dots for any. */
const PATH = new RegExp(`(?<![\\w./-])(?:${FOLDERS.join("|")})/[a-z\\d./-]+\\.(?:ts|mjs|py|md)\\b`, "g");
/** A file's name, or a path that begins in the folder of whoever names it, above it, or in assembly/ or ts/. */
const NAME = /(?<![\w./*-])(?:\.\.\/)*[a-z\d-]+(?:\/[a-z\d-]+)*(?:\.(?:node|browser|test))?\.ts\b/g;

/** Names that are examples. */
const MADE_UP = new Set(["squares.ts"]);

function files(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );
}

/** What is said, rather than done: a page as a whole, of other files the comments. */
function wordsOf(path: string, text: string): string {
  if (path.endsWith(".md")) return text;
  const comments = path.endsWith(".py") ? /"""[\s\S]*?"""|#[^\n]*/g : /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;
  return (text.match(comments) ?? []).join("\n");
}

/** Names in `words` that lead nowhere, from the file at `path`. */
function lost(path: string, words: string, there: readonly string[]): string[] {
  const half = path.split("/")[0] ?? "";
  const isFound = (name: string, places: readonly string[]): boolean =>
    places.some((place) => there.includes(posix.join(place, name)));
  const folder = posix.dirname(path);
  const fromRoot = (words.match(PATH) ?? []).filter((name) => !isFound(name, [".", folder]));
  if (half !== "assembly" && half !== "ts") return fromRoot;
  const others = (words.match(NAME) ?? []).filter((name) => {
    if (MADE_UP.has(name) || isFound(name, [".", folder, posix.dirname(folder), half])) return false;
    // A map has the folder in the heading above the name.
    return !(path.endsWith(".md") && there.some((file) => file.startsWith(`${folder}/`) && file.endsWith(`/${name}`)));
  });
  return [...new Set([...fromRoot, ...others])];
}

test("every file that is named is there", () => {
  const there = files();
  const readable = there.filter((path) => /\.(ts|mjs|py|md)$/.test(path) && !/node_modules|named-files/.test(path));
  const found = [...readable, "README.md"].flatMap((path) =>
    lost(path, wordsOf(path, readFileSync(path, "utf8")), there).map((name) => `${path} names ${name}`),
  );
  assert.equal(found, []);
});

test("a name that leads nowhere is found: from the root, from the folder, from its half", () => {
  const there = ["assembly/quad/desk.ts", "assembly/quad/box/a.ts", "assembly/pool/job.ts"];
  const words = (text: string): string[] => lost("assembly/quad/box/a.ts", wordsOf("a.ts", text), there);
  assert.equal(words("// a.ts, desk.ts, ../desk.ts, quad/desk.ts, pool/job.ts, assembly/pool/job.ts"), []);
  assert.equal(words("/* b.ts, job.ts and docs/gone.md */"), ["docs/gone.md", "b.ts", "job.ts"]);
  assert.equal(words('import { b } from "./b.ts";'), []);
});

test.run();
