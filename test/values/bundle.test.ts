/** What bundlers make of the codec: a page may forbid eval and has nothing of Node; threads share no tables. */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TransferError } from "../../ts/errors.js";
import { bundleFiles } from "../tools/bundle-files.js";

type CodecModule = typeof import("../../ts/values/codec.js");

const hooks = {
  toHandle: () => undefined,
  fromHandle: () => assert.unreachable("nobody made a handle") as never,
};

/** The codec with a msgpackr of its own, as another thread has it. */
async function another(): Promise<CodecModule> {
  const { outputFiles } = await build({
    entryPoints: ["ts/values/codec.ts"],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    logLevel: "silent",
  });
  const source = `${outputFiles[0]!.text}\n// ${count++}`;
  return import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
}
let count = 0;

test("takes messages to threads that never met the sender", async () => {
  const [first, second] = [await another(), await another()];
  assert.is.not(first.makeCodec, second.makeCodec);
  const sender = first.makeCodec(hooks);
  const values = Array.from({ length: 300 }, (_, i) => ({
    id: i,
    [`own${i % 90}`]: [{ id: i, tags: ["a"] }, new Map([[i, { id: i }]])],
    error: new RangeError("far", { cause: { id: i } }),
  }));
  // Each message goes to a receiver that has seen nothing before.
  for (const value of values) {
    const encoded = sender.encode(value);
    const bytes = new Uint8Array(encoded.byteLength);
    encoded.write(bytes);
    const receiver = second.makeCodec(hooks);
    assert.equal(receiver.decode(encoded.tag, encoded.number, bytes), value);
  }
  assert.throws(
    () => sender.encode(() => 0),
    (error: unknown) => !(error instanceof TransferError) && (error as Error).name === "TransferError",
  );
});

function textOf(name: string): string {
  return bundleFiles(name)
    .map((file) => readFileSync(`build/${file}`, "utf8"))
    .join("\n");
}

for (const name of ["browser", "worker.browser", "node", "worker.node", "supervisor.node", "cli"]) {
  test(`${name} has msgpackr in it, or does without, and nothing of what a page forbids`, () => {
    const bundle = textOf(name);
    assert.not.match(bundle, /\bfrom\s*["']msgpackr/);
    assert.not.match(bundle, /msgpackr-extract/);
    // One place compiles a text: a function that somebody gives to a thread, or has integrated, which says so where a policy forbids it.
    const compiles = bundle.match(/\bnew Function\s*\(/g) ?? [];
    assert.is(compiles.length, name === "supervisor.node" || name === "cli" ? 0 : 1);
    assert.not.match(bundle, /\beval\s*\(/);
    if (!name.includes("browser")) return;
    assert.not.match(bundle, /\brequire\s*\(/);
    assert.not.match(bundle, /["']node:|\bfrom\s*["'](?:module|fs|stream|buffer|path|url)["']/);
  });
}

test("build/browser.js and build/node.js have the codec in them", () => {
  for (const name of ["browser", "node"]) assert.match(textOf(name), "msgpackr");
});

test.run();
