// @timeout 300
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { disassemble } from "../../memory/instrument.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
test.after(() => rmSync(folder, { recursive: true }));

function compile(module: string): Uint8Array<ArrayBuffer> {
  const output = join(folder, `${module}.wasm`);
  const source = `bench/queue/assembly/${module}.ts`;
  execFileSync(process.execPath, ["scripts/compile-assembly.mjs", source, output, "release"], { stdio: "pipe" });
  // A copy: a small file lies in a buffer that others share.
  return new Uint8Array(readFileSync(output));
}

// Where the wait is inlined, Node 20 may lose a local of the loop around it (assembly/sync/futex.ts).
for (const module of ["ring", "heddle"]) {
  test(`${module}: the wait stands alone in a function of its own`, async () => {
    const functions = (await disassemble(compile(module))).split(/^ {2}\(func /m).slice(1);
    const waiting = functions.filter((text) => text.includes("memory.atomic.wait"));
    assert.is(waiting.length, 1);
    const [text = ""] = waiting;
    assert.ok(text.includes(`call ${/^\$\S+/.exec(text)?.[0]}`), "it calls itself");
  });
}

test("ring: numbers leave in the order in which they entered, one by one and in batches, round and round", () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(compile("ring")), { env: { memory } });
  const ring = exports as unknown as {
    ringInit(ring: number): void;
    push(ring: number, value: number): void;
    pop(ring: number): number;
    pushMany(ring: number, from: number, count: number): void;
    popMany(ring: number, to: number, count: number): number;
  };
  const [at, batch] = [1024, 131_072];
  const numbers = new Float64Array(memory.buffer, batch, 100);
  ring.ringInit(at);
  let [entered, left] = [0, 0];
  for (let lap = 0; lap < 50; lap++) {
    for (let i = 0; i < 37; i++) ring.push(at, entered++);
    for (let i = 0; i < 64; i++) numbers[i] = entered++;
    ring.pushMany(at, batch, 64);
    for (let i = 0; i < 50; i++) assert.is(ring.pop(at), left++);
    // 51 are there, one more than is asked for, then that one.
    assert.is(ring.popMany(at, batch, 50), 50);
    for (let i = 0; i < 50; i++) assert.is(numbers[i], left++);
    assert.is(ring.popMany(at, batch, 50), 1);
    assert.is(numbers[0], left++);
  }
});

test.run();
