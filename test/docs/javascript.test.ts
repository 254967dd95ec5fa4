// @timeout 300
/** The JavaScript of the documentation, as it stands, on the built package: it runs, and prints what its comments say. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { skip } from "../tools/skip.js";
import { assemble } from "../wasm/wat.js";
import { type Block, blocksOf, PAGES } from "./blocks.js";
import { answersIn, isKept, type Marked, mark } from "./promises.js";

/** Within the package, whose own name leads to what was built. */
const FOLDER = resolve("build/test/documents");
/** Milliseconds until one is stopped. */
const LIMIT = 60_000;

/** What two pages' examples read, and the reader makes. */
const DENSITY = '(module (func (export "density") (param f64) (result f64) local.get 0))';
const C_COMPILER = ["--target=wasm32-wasi", "--sysroot=/usr", "-O2"];

/** Blocks with a file's name in their first line are the files of one program, the first of which is run. */
interface Example {
  readonly blocks: readonly Block[];
  readonly place: string;
}

const countOf = (files: readonly Marked[]): number => files.reduce((sum, { promises }) => sum + promises.length, 0);

const nameOf = ({ lines }: Block): string | undefined => /^\/\/ ([\w-]+\.mjs)$/.exec(lines[0] ?? "")?.[1];

function examplesOf(page: string): Example[] {
  const examples: Block[][] = [];
  for (const block of blocksOf(page).filter(({ language }) => language === "js")) {
    const name = nameOf(block);
    if (name === undefined || name === "main.mjs") examples.push([block]);
    else examples.at(-1)!.push(block);
  }
  return examples.map((blocks) => ({ blocks, place: `${page}:${blocks[0]!.line}` }));
}

/** @returns what this machine lacks for it */
async function prepare(folder: string, text: string): Promise<string | null> {
  if (text.includes("density.wasm")) writeFileSync(join(folder, "density.wasm"), await assemble(DENSITY));
  if (!text.includes("upper.wasm")) return null;
  const source = blocksOf("docs/other-programs.md").find(({ language }) => language === "c")!;
  writeFileSync(join(folder, "upper.c"), `${source.lines.join("\n")}\n`);
  const { status } = spawnSync("clang", [...C_COMPILER, "upper.c", "-o", "upper.wasm"], { cwd: folder });
  return status === 0 ? null : "no clang with wasi-libc";
}

rmSync(FOLDER, { recursive: true, force: true });
let promisesInAll = 0;

for (const page of PAGES) {
  for (const [number, { blocks, place }] of examplesOf(page).entries()) {
    const files: (Marked & { block: Block })[] = [];
    for (const block of blocks) files.push({ block, ...mark(block.lines.join("\n"), countOf(files)) });
    promisesInAll += countOf(files);
    test(`${place} runs, and prints what its comments say`, async () => {
      const folder = join(FOLDER, `${page.replaceAll("/", "-")}-${number}`);
      mkdirSync(folder, { recursive: true });
      const missing = await prepare(folder, files.map(({ text }) => text).join());
      if (missing !== null) return skip(missing);
      const names = files.map(({ block }) => nameOf(block) ?? "main.mjs");
      for (const [i, { text }] of files.entries()) writeFileSync(join(folder, names[i]!), text);
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [names[0]!], {
        cwd: folder,
        encoding: "utf8",
        timeout: LIMIT,
      });
      assert.is(status, 0, `ended with ${status ?? signal}:\n${stderr}${stdout}`);
      assert.is(stderr, "");
      const answers = answersIn(stdout);
      const broken = files
        .flatMap(({ block, promises }) => promises.map(({ line, text }) => ({ line: block.line + line - 1, text })))
        .flatMap(({ line, text }, i) =>
          isKept(text, answers.get(i))
            ? []
            : [`${page}:${line}\n  says   ${text}\n  prints ${answers.get(i) ?? "nothing"}`],
        );
      assert.is(broken.length, 0, broken.join("\n"));
    });
  }
}

test("a comment that says something else is noticed", () => {
  const { promises } = mark("console.log(1 + 1); // 3: or so\n1 + 1; // 2\nf(); // a remark");
  assert.equal(
    promises.map(({ text }) => text),
    ["3: or so", "2"],
  );
  assert.is(isKept("3: or so", "2"), false);
  assert.is(isKept("3: or so", "3"), true);
  assert.is(isKept("3.14…: pi", "3.1416"), true);
  assert.is(isKept("3.14…: pi", "3.2"), false);
  assert.is(isKept("2", undefined), false);
});

test("the comments say something", () =>
  assert.ok(promisesInAll >= 50, `only ${promisesInAll} comments promise anything`));

test.run();
