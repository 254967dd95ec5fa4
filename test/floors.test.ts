import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { wrongArrows } from "./tools/floors.js";

/** ts/ and assembly/ as they are. */
function house(): Map<string, string> {
  const sources = new Map<string, string>();
  for (const half of ["ts", "assembly"]) {
    for (const name of readdirSync(half, { recursive: true, encoding: "utf8" })) {
      const path = join(half, name).replaceAll("\\", "/");
      if (path.endsWith(".ts")) sources.set(path, readFileSync(path, "utf8"));
    }
  }
  return sources;
}

/** What is wrong with a made-up house: one file, and empty files where it points. */
function complaints(path: string, text: string, ...others: string[]): string[] {
  return wrongArrows(new Map([...others.map((other): [string, string] => [other, ""]), [path, text]]));
}

test("imports go down or sideways, never in a ring", () => {
  assert.equal(wrongArrows(house()), []);
});

test("an import that goes up is named, with both floors", () => {
  const found = complaints("ts/wasm/a.ts", 'import type { B } from "../runtime/core/b.js";', "ts/runtime/core/b.ts");
  assert.equal(found, ["ts/wasm/a (floor 1) imports ts/runtime/core/b (floor 2.1): imports go down or sideways"]);
});

test("an import that goes up in AssemblyScript is named", () => {
  const found = complaints("assembly/memory/a.ts", 'export { b } from "../pool/b";', "assembly/pool/b.ts");
  assert.equal(found, ["assembly/memory/a (floor 1) imports assembly/pool/b (floor 3): imports go down or sideways"]);
});

test("the rooms of a folder have floors of their own, and each file of such a folder has a room", () => {
  const up = complaints("assembly/quad/range/a.ts", 'import { b } from "../box/b";', "assembly/quad/box/b.ts");
  assert.equal(up, [
    "assembly/quad/range/a (floor 4.1) imports assembly/quad/box/b (floor 4.2): imports go down or sideways",
  ]);
  const integrand = complaints(
    "assembly/quad/box/a.ts",
    'import { b } from "../drivers/b";',
    "assembly/quad/drivers/b.ts",
  );
  assert.match(integrand.join(), "a rule knows no integrand");
  assert.match(complaints("ts/runtime/a.ts", "").join(), "ts/runtime/a has no floor");
});

test("expr does not know runtime, nor the command line the inside of the library", () => {
  const expr = complaints(
    "ts/expr/a.ts",
    'const { b } = await import("../runtime/core/b.js");',
    "ts/runtime/core/b.ts",
  );
  assert.equal(expr, [
    "ts/expr/a imports ts/runtime/core/b: expr and runtime do not know each other; they meet in integrate",
  ]);
  const cli = complaints("ts/cli/a.ts", 'import "../wasm/b.js";', "ts/wasm/b.ts");
  assert.is(cli.length, 1);
  assert.match(cli[0] ?? "", "through index");
});

test("the platform's own files are below everything that imports #platform", () => {
  const platforms = ["ts/platform/node.ts", "ts/platform/browser.ts"];
  assert.equal(complaints("ts/runtime/core/a.ts", 'import { platform } from "#platform";', ...platforms), []);
  const found = complaints("ts/errors.ts", 'import { platform } from "#platform";', ...platforms);
  assert.match(found.join("\n"), "ts/errors (floor 0) imports ts/platform/node (floor 1)");
});

test("an import of a file that does not exist is named", () => {
  assert.equal(complaints("ts/wasm/a.ts", 'import "./b.js";'), ["ts/wasm/a imports ts/wasm/b, which does not exist"]);
});

test("a ring is shown as a whole", () => {
  const sources = new Map([
    ["ts/wasm/a.ts", 'import { b } from "./b.js";'],
    ["ts/wasm/b.ts", 'import { c } from "./c.js";'],
    ["ts/wasm/c.ts", 'import { a } from "./a.js";'],
  ]);
  const expected = "imports in a ring: ts/wasm/a -> ts/wasm/b -> ts/wasm/c -> ts/wasm/a";
  assert.equal(wrongArrows(sources), [expected]);
});

test("a new folder must be given a floor", () => {
  assert.match(complaints("ts/made-up/a.ts", "").join(), "ts/made-up/a has no floor");
});

test("imports in comments do not count", () => {
  const text = '/**\n * import { a } from "../index.js";\n */\n// import "../cli/main.js";\nexport const a = 1;';
  assert.equal(complaints("ts/wasm/a.ts", text), []);
});

test.run();
