/** `run` in Node: what goes into a program and comes out of it, how it can end, and what cannot be run. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CalledProcessError, TimeoutError } from "../../ts/errors.js";
import { failureOf, inContext, LIBRARY_URL, loadLibrary, until } from "../runtime/library.js";
import { serve } from "../tools/serve.js";
import { watchdog } from "../tools/watchdog.js";
import { MEBIBYTE, programs } from "./programs.js";

const WASI_URL = pathToFileURL(join(process.cwd(), "build/wasi.node.js")).href;
const { Barrier, Event, Pool, Queue, Thread, close } = await loadLibrary();
const { run } = (await import(WASI_URL)) as typeof import("../../ts/wasi/index.js");
type Pools = InstanceType<typeof Pool>;

const { folder, end } = programs();
const urlOf = (name: string): URL => pathToFileURL(join(folder, name));
const TOOL = urlOf("tool.wasm");

const pool = new Pool(2);
const dog = watchdog(100, () => `a program hangs; ${pool}`);
test.after(async () => {
  dog.clear();
  await close();
  end();
});

/** Runs the tool. */
const tool = (...args: string[]) => run(TOOL, { args, pool });

async function errorOf<E extends Error>(outcome: Promise<unknown>): Promise<E> {
  const error = await failureOf(outcome);
  assert.instance(error, Error);
  return error as E;
}

/** Both workers are there: neither could meet the other if it were not. */
async function assertWhole(pool: Pools): Promise<void> {
  const barrier = new Barrier(2, { context: pool });
  const meet = (barrier: { waitSync(): number }): number => barrier.waitSync();
  const met = await Promise.all([pool.submit(meet, barrier), pool.submit(meet, barrier)]);
  assert.equal([...met].sort(), [0, 1]);
  barrier.close();
}

test("gives an exit code, output and errors", async () => {
  assert.equal(await tool("w"), {
    args: ["tool.wasm", "w"],
    exitCode: 0,
    trap: null,
    stdout: "out",
    stderr: "err",
    files: {},
  });
});

for (const code of [0, 1, 42, 4_294_967_295]) {
  test(`gives the exit code ${code}`, async () => {
    assert.is((await tool(`x${code}`)).exitCode, code);
  });
}

test("hands on arguments, whatever their letters, under the module's name or another", async () => {
  const args = ["a", "", "two words", "naïve 🎈"];
  const { stdout } = await run(TOOL, { args, pool });
  assert.is(stdout, ["tool.wasm", ...args, ""].join("\n"));
  assert.is((await run(TOOL, { args: ["a"], argv0: "ls", pool })).stdout, "ls\na\n");
  assert.is((await run(readFileSync(TOOL), { args: ["a"], pool })).stdout, "program\na\n");
});

test("hands on an environment, and nothing of its own", async () => {
  const env = { NAME: "ünder", EMPTY: "", MISSING: undefined, EQUAL: "a=b" };
  assert.is((await run(TOOL, { args: ["e"], env, pool })).stdout, "NAME=ünder\nEMPTY=\nEQUAL=a=b\n");
  assert.is((await tool("e")).stdout, "");
});

test("hands on input, as text and as bytes", async () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7) % 256);
  assert.is((await run(TOOL, { args: ["c"], stdin: "\ufeffüber\n", pool })).stdout, "\ufeffüber\n");
  for (const stdin of [bytes, bytes.buffer, new DataView(bytes.buffer)]) {
    const { stdout, stderr } = await run(TOOL, { args: ["c"], stdin, text: false, pool });
    assert.ok(Buffer.from(stdout).equals(bytes));
    assert.equal(stderr, new Uint8Array(0));
  }
  assert.is((await run(TOOL, { args: ["c"], stdin: Uint8Array.of(0x61, 0xff), pool })).stdout, "a\ufffd");
});

test("takes a megabyte of output", async () => {
  assert.ok((await tool("m")).stdout === MEBIBYTE);
  assert.ok((await run(TOOL, { args: ["c"], stdin: MEBIBYTE, pool })).stdout === MEBIBYTE);
});

test("shows a program files, and hands back those that it has changed", async () => {
  const files = { "in.txt": "abc", "data/other.txt": "untouched" };
  const { exitCode, files: changed } = await run(TOOL, { args: ["f"], files, pool });
  assert.is(exitCode, 0);
  assert.equal(changed, { "out.txt": new TextEncoder().encode("abcabc") });
  const NO_ENTRY = 44;
  assert.is((await run(TOOL, { args: ["f"], files: {}, pool })).exitCode, NO_ENTRY);
  const BAD_DESCRIPTOR = 8;
  assert.is((await tool("f")).exitCode, BAD_DESCRIPTOR);
});

test("lets a program sleep, and wait for one of two things", async () => {
  assert.is((await tool("s")).exitCode, 17);
  assert.is((await tool("p")).exitCode, 15);
});

for (const [letter, words] of [
  ["u", /unreachable/],
  ["d", /divide by zero/],
  ["o", /out of bounds/],
  ["r", /stack/],
] as const) {
  test(`tells of a trap: ${words.source}`, async () => {
    const { exitCode, trap } = await tool(letter);
    assert.is(exitCode, null);
    assert.match(trap!.message, words);
    assert.match(trap!.stack, "wasm");
  });
}

test("throws with `check` what has ended badly, with what it wrote", async () => {
  assert.is((await run(TOOL, { args: ["w"], check: true, pool })).stdout, "out");
  const error = await errorOf<CalledProcessError>(run(TOOL, { args: ["x42"], check: true, pool }));
  assert.is(error.name, "CalledProcessError");
  assert.equal([error.args, error.exitCode, error.trap], [["tool.wasm", "x42"], 42, null]);
  assert.is(error.message, "expected tool.wasm to end with exit code 0, it ended with exit code 42");
  const trapped = await errorOf<CalledProcessError>(run(TOOL, { args: ["u"], check: true, text: false, pool }));
  assert.match(trapped.message, "a trap: unreachable");
  assert.equal([trapped.exitCode, trapped.stdout], [null, new Uint8Array(0)]);
});

test("ends a program whose time is over, hands on what it wrote, and harms no neighbour", async () => {
  const event = new Event({ context: pool });
  const neighbour = pool.submit((event: { waitSync(): boolean }) => (event.waitSync() ? "unharmed" : ""), event);
  const error = await errorOf<TimeoutError>(run(TOOL, { args: ["l"], timeout: 2000, pool }));
  assert.is(error.name, "TimeoutError");
  assert.equal([error.stdout, error.stderr], ["before\n", ""]);
  event.set();
  assert.is(await neighbour, "unharmed");
  event.close();
  await assertWhole(pool);
});

test("ends a program that writes without end, and keeps nothing of it", () =>
  inContext({}, async (heddle) => {
    const own = new Pool({ workers: 2, context: heddle });
    await run(TOOL, { args: ["n"], pool: own });
    for (const [maxOutput, message] of [
      [undefined, "at most 67108864 bytes of output"],
      [100_000, "at most 100000 bytes"],
    ] as const) {
      const error = await errorOf<TimeoutError>(run(TOOL, { args: ["y"], maxOutput, pool: own }));
      assert.is(error.name, "ProgramError", error.stack);
      assert.match(error.message, message);
      const { length } = error.stdout as string;
      assert.ok(length > 80_000 && length <= (maxOutput ?? 2 ** 26), `${length} characters`);
      assert.match((error.stdout as string).slice(0, 24), MEBIBYTE.slice(0, 24));
      assert.equal(Object.keys(error).sort(), ["code", "name"]);
    }
    // What fits is no more than allowed.
    const { stdout } = await run(TOOL, { args: ["x0"], maxOutput: 0, pool: own });
    assert.is(stdout, "");
    await assertWhole(own);
    // Less than one piece of what was written.
    await until(() => heddle.info().memory.used < 9200);
    own.close();
  }));

test("ends a program that is aborted, before it begins and while it runs", async () => {
  const given = new AbortController();
  const running = errorOf(run(TOOL, { args: ["l"], signal: given.signal, pool }));
  await until(() => pool.running === 1);
  const reason = new Error("enough");
  given.abort(reason);
  assert.is(await running, reason);
  assert.is(await errorOf(run(TOOL, { args: ["l"], signal: given.signal, pool })), reason);
  await assertWhole(pool);
});

for (const [name, ...words] of [
  ["missing.wasm", "could not be read", "ENOENT"],
  ["text.wasm", "it is none"],
  ["empty.wasm", "a function _start"],
  ["library.wasm", "a function _start", "a reactor"],
  ["foreign.wasm", "env.alert (function), wasi_snapshot_preview1.fd_fly (function)"],
  ["hidden.wasm", 'export its memory as "memory"'],
  ["component.wasm", "WASI preview 2"],
] as const) {
  test(`refuses ${name} in words`, async () => {
    // Twice: a failure is not kept.
    for (let i = 0; i < 2; i++) {
      const error = await errorOf(run(urlOf(name), { pool }));
      assert.is(error.name, "ProgramError");
      assert.match(error.message, name);
      for (const part of words) assert.ok(error.message.includes(part), error.message);
    }
  });
}

test("fetches programs from servers, once for each thread", async () => {
  const server = await serve(folder);
  const own = new Pool(1);
  const url = `${server.origin}/tool.wasm?version=1`;
  try {
    assert.is((await run(url, { args: ["a"], pool: own })).stdout, "tool.wasm\na\n");
    const error = await errorOf(run(`${server.origin}/none.wasm`, { pool: own }));
    assert.match(error.message, "the server answered 404");
  } finally {
    await server.close();
  }
  assert.is((await run(url, { args: ["x3"], pool: own })).exitCode, 3);
  const error = await errorOf(run(`${server.origin}/other.wasm`, { pool: own }));
  assert.match(error.message, "could not be read: fetch failed (");
  await own.shutdown();
  own.close();
});

test("refuses what is not as it should be", async () => {
  const module = new WebAssembly.Module(readFileSync(TOOL));
  const wrong: [unknown, object, RegExp][] = [
    ["./tool.wasm", {}, /`program` must be an absolute URL.*import\.meta\.url/],
    [module, {}, /a compiled module cannot go to another thread/],
    [7, {}, /`program`/],
    [TOOL, { args: "x" }, /`args` must be an array/],
    [TOOL, { args: [7] }, /`args\[0\]` must be a string/],
    [TOOL, { args: ["a\0b"] }, /`args\[0\]`/],
    [TOOL, { env: { "A=B": "c" } }, /`env`/],
    [TOOL, { env: { A: 1 } }, /`env\.A`/],
    [TOOL, { stdin: 7 }, /`stdin`/],
    [TOOL, { files: { "../in.txt": "" } }, /`files`/],
    [TOOL, { files: { a: "", "a/b": "" } }, /`files`/],
    [TOOL, { files: { "in.txt": 7 } }, /`files\["in\.txt"\]`/],
    [TOOL, { text: "utf8" }, /`text`/],
    [TOOL, { check: 1 }, /`check`/],
    [TOOL, { pool: {} }, /`pool`/],
    [TOOL, { input: "" }, /unknown option `input`/],
  ];
  for (const [program, options, words] of wrong) {
    const error = await errorOf(run(program as URL, options as object));
    assert.is(error.name, "ArgumentError");
    assert.match(error.message, words);
  }
});

test("runs 50 programs at once on two workers", async () => {
  const inputs = Array.from({ length: 50 }, (_, i) => `${i} ${"z".repeat(i * 1000)}`);
  const done = await Promise.all(inputs.map((stdin) => run(TOOL, { args: ["c"], stdin, pool })));
  assert.equal(
    done.map(({ stdout }) => stdout),
    inputs,
  );
});

// The last test with the pool above: it closes the context.
test("runs on a pool of its own when it is given none, again after a close, and on any thread", async () => {
  assert.is((await run(TOOL, { args: ["x5"] })).exitCode, 5);
  await close();
  assert.is((await run(TOOL, { args: ["x6"] })).exitCode, 6);
  const codes = new Queue<number | null>();
  const thread = new Thread({
    target: async (wasi: string, url: string, codes: { put(code: unknown): Promise<void> }) => {
      const { run } = (await import(wasi)) as typeof import("../../ts/wasi/index.js");
      await codes.put((await run(url, { args: ["x7"] })).exitCode);
    },
    args: [WASI_URL, TOOL.href, codes],
  });
  thread.start();
  assert.is(await codes.get({ timeout: 60_000 }), 7);
  await thread.join();
});

test("keeps no program alive", () => {
  const source = `
    const { run } = await import(${JSON.stringify(WASI_URL)});
    const { Pool } = await import(${JSON.stringify(LIBRARY_URL)});
    const { stdout } = await run(${JSON.stringify(TOOL.href)}, { args: ["w"] });
    await run(${JSON.stringify(TOOL.href)}, { args: ["l"], timeout: 50 }).catch(({ name }) => console.log(stdout, name));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.is(output, "out TimeoutError\n");
});

test.run();
