// @serial
/** Workers that cannot start, or that die of their work: typed errors, soon, and a context that can be closed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failureOf, inContext, loadLibrary, memoryReturns, resultBits } from "../library.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
const OPTIONS = { points: 490_000, threads: 2 };

const { createHeddle, WorkerError } = await loadLibrary();

const folder = mkdtempSync(join(tmpdir(), "heddle-workers-"));
test.after(() => rmSync(folder, { recursive: true }));

/** A worker script of this text; its address. */
function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}

const WORKER = pathToFileURL(join(process.cwd(), "build/worker.node.cjs")).href;

/**
 * The true worker, except that modules whose bytes hold `constant` (as a double) are deadly: `onLoad` runs when one is compiled, `onGrid` when its
 * driver is called with a chunk in hand.
 */
function deadlyWorker(name: string, constant: number, deeds: { onLoad?: string; onGrid?: string }): string {
  return script(
    name,
    `
    const mark = new Uint8Array(new Float64Array([${constant}]).buffer);
    const isMarked = (bytes) => bytes.some((_, at) => mark.every((byte, i) => bytes[at + i] === byte));
    const { Module, Instance } = WebAssembly;
    const marked = new WeakSet();
    WebAssembly.Module = new Proxy(Module, {
      construct(target, [bytes]) {
        const module = new target(bytes);
        if (isMarked(bytes)) {
          marked.add(module);
          ${deeds.onLoad ?? ""}
        }
        return module;
      },
    });
    WebAssembly.Instance = new Proxy(Instance, {
      construct(target, [module, imports]) {
        const instance = new target(module, imports);
        if (!marked.has(module)) return instance;
        const grid = (work, budget) => {
          ${deeds.onGrid ?? ""}
          return instance.exports.grid(work, budget);
        };
        return { exports: { ...instance.exports, grid } };
      },
    });
    await import(${JSON.stringify(WORKER)});
    `,
  );
}

const BROKEN: readonly [name: string, url: () => string, reason: RegExp][] = [
  ["a file that does not exist", () => pathToFileURL(join(folder, "missing.mjs")).href, /missing\.mjs/],
  ["a script with a syntax error", () => script("syntax.mjs", "const = 1;"), /Unexpected token/],
  ["a script that throws at once", () => script("throws.mjs", 'throw new Error("thrown at once");'), /thrown at once/],
  ["a script that throws no Error", () => script("odd.mjs", 'throw "a text";'), /a text/],
  ["a script that ends at once", () => script("ends.mjs", ""), /ended before it was ready/],
  ["a script that exits", () => script("exits.mjs", "process.exit(3);"), /ended before it was ready/],
  ["a data: URL that is no worker", () => "data:text/javascript,export default 1", /ended before it was ready/],
  ["a relative path", () => "workers/none.js", /relative/],
  ["an address that Node does not load", () => "https://127.0.0.1/worker.js", /https:/],
];

for (const [name, url, reason] of BROKEN) {
  test(`rejects, long before it would give a silent worker up, when workerUrl is ${name}`, async () => {
    const workerUrl = url();
    await inContext({ workerUrl, threads: 2 }, async (heddle) => {
      const begun = performance.now();
      const failure = await failureOf(heddle.integrate(F, 0, 4, OPTIONS));
      const elapsed = performance.now() - begun;
      assert.instance(failure, WorkerError);
      const { message, code } = failure as InstanceType<typeof WorkerError>;
      assert.is(code, "ERR_WORKER");
      assert.ok(message.includes(workerUrl), message);
      assert.match(message, reason);
      assert.not.match(message, "was not ready after");
      assert.match(message, /check workerUrl/);
      console.log(`rejected after ${elapsed.toFixed(0)} ms`);
      assert.instance(await failureOf(heddle.start(3)), WorkerError);
      assert.instance(await failureOf(heddle.integrate(F, 0, 4, OPTIONS)), WorkerError);
      // Alone, the calling thread needs no worker, and beside it they are a help that may fail.
      const { value, error } = heddle.integrateSync(F, 0, 4, OPTIONS);
      const healthy = createHeddle();
      assert.is(resultBits({ value, error }), resultBits(await healthy.integrate(F, 0, 4, OPTIONS)));
      await memoryReturns(heddle, 0);
      await healthy.close();
    });
  });
}

test("works again once the script is there", async () => {
  const url = pathToFileURL(join(folder, "late.mjs")).href;
  await inContext({ workerUrl: url, threads: 1 }, async (heddle) => {
    assert.instance(await failureOf(heddle.start()), WorkerError);
    script("late.mjs", `import ${JSON.stringify(WORKER)};`);
    await heddle.start();
    const { value } = await heddle.integrate("x", 0, 2, { points: 1024, threads: 1 });
    assert.is(value, 2);
  });
});

for (const [when, deeds] of [
  ["with a chunk in hand", { onGrid: "process.exit(1);" }],
  ["when it loads the integrand", { onLoad: "process.exit(1);" }],
  ["because its engine refuses the integrand", { onLoad: 'throw new WebAssembly.CompileError("refused");' }],
  ["of an exception in the integrand", { onGrid: 'throw new WebAssembly.RuntimeError("trapped");' }],
] as const) {
  test(`rejects an integral whose every worker dies ${when}, and no other`, async () => {
    const constant = 7.0625;
    const url = deadlyWorker(`deadly-${when.replaceAll(" ", "-")}.mjs`, constant, deeds);
    await inContext({ workerUrl: url, threads: 2 }, async (heddle) => {
      await heddle.start();
      const failure = await failureOf(heddle.integrate(`x*${constant}`, 0, 4, { points: 2 ** 17, threads: 2 }));
      assert.instance(failure, WorkerError);
      assert.match(String(failure), /ended three workers/);
      const { value } = await heddle.integrate("x*7.5", 0, 4, { points: 2 ** 17, threads: 2 });
      assert.is(value, 60);
      await memoryReturns(heddle, 0);
    });
  });
}

test("two deaths on one chunk are survived", async () => {
  const constant = 7.0625;
  // Workers 1 and 2 die of it; the third to have it does not.
  const count = join(folder, "deaths");
  writeFileSync(count, "");
  const onGrid = `
    const { appendFileSync, statSync } = await_fs;
    if (statSync(${JSON.stringify(count)}).size < 2) {
      appendFileSync(${JSON.stringify(count)}, "x");
      process.exit(1);
    }`.replace("await_fs", 'process.getBuiltinModule("node:fs")');
  const url = deadlyWorker("twice.mjs", constant, { onGrid });
  await inContext({ workerUrl: url, threads: 1 }, async (heddle) => {
    const { value, restarts } = await heddle.integrate(`x*${constant}`, 0, 4, { points: 1024, threads: 1 });
    assert.is(value, 8 * constant);
    assert.is(restarts, 2);
  });
});

test.run();
