/** Every public name stands in the documentation; what is no error is used by a program there, or in examples/, that tests run. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as library from "../../ts/index.js";
import * as wasi from "../../ts/wasi/index.js";
import { blocksOf, PAGES } from "./blocks.js";

const NAMES = [...new Set([...Object.keys(library), ...Object.keys(wasi)])];
/** Called by a worker's script in a bundle: test/browser/thread-url.test.ts. */
const IN_BROWSERS = ["serveThread", "configure"];
/** Nobody makes one: `acquire` gives it. */
const GIVEN = ["Guard"];

const isIn = (text: string) => (name: string) => new RegExp(`\\b${name}\\b`).test(text);

test("every public name is documented", () => {
  const pages = PAGES.map((page) => readFileSync(page, "utf8")).join("\n");
  assert.equal(
    NAMES.filter((name) => !isIn(pages)(name)),
    [],
  );
});

test("every function and class is used by a program that is run", () => {
  const blocks = PAGES.flatMap(blocksOf).filter(({ language }) => language === "js");
  const examples = readdirSync("examples").map((name) => readFileSync(`examples/${name}`, "utf8"));
  const programs = [...blocks.map(({ lines }) => lines.join("\n")), ...examples].join("\n");
  assert.equal(
    NAMES.filter(
      (name) => !isIn(programs)(name) && !name.endsWith("Error") && ![...IN_BROWSERS, ...GIVEN].includes(name),
    ),
    [],
  );
});

test("every error stands in the page of errors, with its code", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const table = readFileSync("ts/errors.ts", "utf8").matchAll(/^ \* \| `(\w+)` *\| `(\w+)` *\| (.*?) *\|$/gm);
  const rows = [...table].map(([, name, code, when]) => `| \`${name}\` | \`${code}\` | ${when} |`);
  assert.is(rows.length, NAMES.filter((name) => name.endsWith("Error") && name !== "HeddleError").length);
  for (const row of rows) assert.ok(page.includes(row), `docs/errors.md lacks ${row}`);
});

test.run();
