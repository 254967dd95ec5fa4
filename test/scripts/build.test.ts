import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { House } from "./house.js";

let house: House;

test.before.each(() => {
  house = new House();
  house.write("assembly/core.ts", "export function seven(): i32 { return 7; }");
  house.write("ts/errors.ts", "export class OneError extends Error {}");
  house.write("ts/core.ts", 'import bytes from "../build/core.wasm";\nexport const size: number = bytes.length;');
  house.write("ts/index.ts", 'export { OneError } from "./errors.js";\nexport { size } from "./core.js";');
  house.write("ts/wasm.d.ts", 'declare module "*.wasm" { const bytes: Uint8Array; export default bytes; }');
  house.write(
    "ts/cli/main.ts",
    'import { size } from "../index.js";\nimport { OneError } from "../errors.js";\n' +
      "console.log(new OneError() instanceof Error, size > 0, process.argv.slice(2).join());\nprocess.exitCode = 3;",
  );
});

test.after.each(() => house.remove());

/** What `npm run build` says that it built. */
function built(): string {
  const { status, stderr } = house.run("build");
  assert.is(status, 0, stderr);
  return stderr
    .split("\n")
    .filter((line) => !line.startsWith("heddle: left out"))
    .join("\n")
    .replace(/ \([\d.]+ s\)/, "")
    .trim();
}

test("builds what is missing, then nothing, and leaves out what has no source", () => {
  assert.is(built(), "heddle: built core, node, browser, cli, types");
  assert.is(built(), "heddle: nothing to build");
  assert.match(house.run("build").stderr, "left out drivers: there is no assembly/drivers.ts");
  assert.equal(
    readdirSync(join(house.root, "build")).filter((name) => /^\.(tmp|lock)/.test(name)),
    [],
  );
});

test("builds again what depends on a change, and nothing else", () => {
  built();
  house.write("assembly/core.ts", "export function eight(): i32 { return 8; }");
  assert.is(built(), "heddle: built core, node, browser");
  house.write("ts/cli/main.ts", "console.log(1);");
  assert.is(built(), "heddle: built cli, types");
  const path = join(house.root, "ts/index.ts");
  utimesSync(path, new Date(0), new Date(0));
  assert.is(built(), "heddle: nothing to build");
});

test("a source that does not compile is an error that says where, and keeps what was built", () => {
  built();
  const before = readFileSync(join(house.root, "build/core.wasm"));
  house.write("assembly/core.ts", "export function seven(): i32 { return; }");
  const { status, stderr } = house.run("build");
  assert.is(status, 1);
  assert.match(stderr, "assembly/core.ts does not compile");
  assert.match(stderr, "in assembly/core.ts(1,");
  assert.equal(readFileSync(join(house.root, "build/core.wasm")), before);
});

test("three builds at once leave one whole build", async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => house.start("build")));
  assert.equal(
    outcomes.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.is(outcomes.filter(({ stderr }) => stderr.includes("heddle: built core")).length, 1);
  assert.is(built(), "heddle: nothing to build");
});

test("a lock whose holder died does not stop the next", () => {
  house.write("build/.lock/owner", `${2 ** 22 + 1} ${hostname()}`);
  assert.match(built(), "heddle: built core");
});

test("the command line shares the library's classes, is executable, and gets its arguments", () => {
  const { status, stdout, stderr } = house.run("integrate", ["x^2", "-1"]);
  assert.match(stderr, /^heddle: built core, node, browser, cli \([\d.]+ s\)\n$/);
  assert.is(stdout, "true true integrate,x^2,-1\n");
  assert.is(status, 3);
  assert.is(house.run("integrate").stderr, "");
  const text = readFileSync(join(house.root, "build/cli.js"), "utf8");
  assert.ok(text.startsWith("#!/usr/bin/env node\n"));
  assert.match(text, 'from "./node.js"');
  assert.not(text.includes("class OneError"));
  assert.ok((statSync(join(house.root, "build/cli.js")).mode & 0o100) !== 0);
});

test("a worker that imports what it cannot find later is refused", () => {
  house.write("ts/runtime/entries/worker.browser.ts", 'export { a } from "https://example.org/a.js";');
  const { status, stderr } = house.run("build");
  assert.is(status, 1);
  assert.match(stderr, 'must be one file without imports, but its bundle imports "https://example.org/a.js"');
});

test("--debug adds modules with names and assertions", () => {
  assert.is(house.run("build", ["--debug"]).status, 0);
  const names = WebAssembly.Module.customSections(
    new WebAssembly.Module(readFileSync(join(house.root, "build/debug/core.wasm"))),
    "name",
  );
  assert.is(names.length, 1);
  assert.ok(existsSync(join(house.root, "build/debug/core.wasm.map")));
});

test.run();
