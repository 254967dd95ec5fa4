/** The AssemblyScript of docs/embedding.md, by its own command, against the package. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blocksOf } from "./blocks.js";

const COMPILER = "node_modules/assemblyscript/bin/asc.js";
const folder = mkdtempSync(join(tmpdir(), "heddle-embedding-"));
test.after(() => rmSync(folder, { recursive: true }));

test("compiles as it says, and computes", () => {
  const blocks = blocksOf("docs/embedding.md");
  const source = blocks.find(({ language }) => language === "ts")!;
  const command = blocks.flatMap(({ lines }) => lines).find((line) => line.startsWith("npx asc "))!;
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules/heddle"));
  writeFileSync(join(folder, "shared.ts"), source.lines.join("\n"));
  const words = command.split(" ").slice(2);
  const { status, stderr } = spawnSync(process.execPath, [resolve(COMPILER), ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.is(status, 0, stderr);

  const memory = new WebAssembly.Memory({ initial: 1, maximum: 100, shared: true });
  const module = new WebAssembly.Module(readFileSync(join(folder, "shared.wasm")));
  const { twice, bump } = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    (...args: number[]) => number
  >;
  assert.is(twice!(1), 2 * Math.E);
  // Beyond the first kilobytes, where the tables of exp may lie.
  assert.equal([bump!(60_000, 60_016, 3), bump!(60_000, 60_016, 4)], [1, 2]);
});

test.run();
