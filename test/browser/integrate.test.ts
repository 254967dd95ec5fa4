// @serial
/** The library on pages of a real browser: with threads, without, under a policy, while things go wrong. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HeddleInfo, IntegrateResult } from "../../ts/index.js";
import { loadLibrary, resultBits } from "../runtime/library.js";
import { Pages, STRICT_POLICY, script } from "./page.js";

const F = "exp(-x*x)*sin(3*x)+cos(x)";
/** Some 0.3 s of one core. */
const POINTS = 10_000_000;
/** Minutes of work: whoever ends before that was aborted. */
const ENDLESS = 2 ** 36;
/** Exactly 1 everywhere, so the integral is the length of the range: a chunk that is lost or counted twice shows. */
const ONE = "(sin(x)^2+cos(x/2)+2)/(sin(x)^2+cos(x/2)+2)";
/** Milliseconds, at least, that such an integral is to take: Chromium lets a worker in a Wasm loop go on for two seconds after `terminate()`. */
const LONG = 3500;
/** So many points tell how fast the machine is. */
const PROBE_POINTS = 8_000_000;

const library = await loadLibrary();
/** What this Node computes: the same bits are wanted from every page. */
const EXPECTED = resultBits(library.integrateSync(F, 0, 4, { points: POINTS }));

const pages = new Pages();
test.after(() => pages.close());

interface Seen {
  readonly isolated: boolean;
  readonly result: IntegrateResult;
  readonly info: HeddleInfo;
}

const CALL = `JSON.stringify(F), 0, 4, { points: ${POINTS}`.replace("JSON.stringify(F)", JSON.stringify(F));

for (const policy of [undefined, STRICT_POLICY]) {
  const under = policy === undefined ? "" : " under a strict policy";
  const rest = policy === undefined ? {} : { policy };

  test(`integrates with two threads on an isolated page${under}`, () =>
    pages.open({ ...rest }, async (page) => {
      const { isolated, result, info } = await page.evaluate<Seen>(
        script(`
          const context = heddle.createHeddle({ threads: 2 });
          await context.start();
          const result = await context.integrate(${CALL}, threads: 2 });
          const info = context.info();
          await context.close();
          return { isolated: crossOriginIsolated, result, info };`),
      );
      assert.is(isolated, true);
      assert.is(resultBits(result), EXPECTED);
      assert.is(result.mode, "threads");
      // Both are up; whether both find something to do before it is done is a matter of luck.
      assert.ok(result.threads === 1 || result.threads === 2, String(result.threads));
      assert.is(result.restarts, 0);
      assert.is(info.mode, "threads");
      assert.equal(info.workers, [1, 2]);
    }));

  test(`integrates on the page's own thread where the page is not isolated, and says why${under}`, () =>
    pages.open({ ...rest, isolated: false }, async (page) => {
      const { isolated, result, info } = await page.evaluate<Seen>(
        script(`
          await heddle.start(2);
          const result = await heddle.integrate(${CALL}, threads: 2 });
          return { isolated: crossOriginIsolated, result, info: heddle.info() };`),
      );
      assert.is(isolated, false);
      assert.is(resultBits(result), EXPECTED);
      assert.is(result.mode, "inline");
      assert.is(result.threads, 1);
      for (const reason of [result.modeReason, info.modeReason]) {
        assert.match(reason, "Cross-Origin-Opener-Policy: same-origin");
        assert.match(reason, "Cross-Origin-Embedder-Policy: require-corp");
      }
      assert.is(info.mode, "inline");
      assert.equal(info.workers, []);
    }));
}

test("a policy without 'wasm-unsafe-eval' is an UnsupportedError that names it", () =>
  pages.open({ policy: "script-src 'self'", errorsAllowed: true }, async (page) => {
    const error = await page.evaluate<{ code: string; message: string }>(
      script("try { heddle.createHeddle(); } catch ({ code, message }) { return { code, message }; }"),
    );
    assert.is(error.code, "ERR_UNSUPPORTED");
    assert.match(error.message, "'wasm-unsafe-eval'");
  }));

for (const isolated of [true, false]) {
  test(`integrateSync computes on the page's own thread, isolated: ${isolated}`, () =>
    pages.open({ isolated }, async (page) => {
      const result = await page.evaluate<IntegrateResult>(
        script(`return heddle.integrateSync(${CALL}, threads: 2 });`),
      );
      assert.is(resultBits(result), EXPECTED);
      assert.is(result.threads, 1);
    }));

  test(`the page draws and its timers run while an integral is under way, isolated: ${isolated}`, () =>
    pages.open({ isolated }, async (page) => {
      const { result, reason } = await page.evaluate<{ result: IntegrateResult; reason: string }>(
        script(`
          await heddle.start(2);
          const result = await heddle.integrate(${CALL} });
          const controller = new AbortController();
          const seen = { frames: 0, turns: 0 };
          const look = (what) => {
            seen[what]++;
            if (seen.frames > 2 && seen.turns > 20) controller.abort("enough");
          };
          const frame = () => {
            look("frames");
            if (!controller.signal.aborted) requestAnimationFrame(frame);
          };
          requestAnimationFrame(frame);
          const timer = setInterval(() => look("turns"), 1);
          const endless = { points: ${ENDLESS}, signal: controller.signal };
          const reason = await heddle.integrate("sin(x)", 0, 4, endless).catch((reason) => reason);
          clearInterval(timer);
          return { result, reason };`),
      );
      assert.is(result.mode, isolated ? "threads" : "inline");
      assert.is(reason, "enough");
    }));

  test(`an abort rejects with its reason, and the library works after, isolated: ${isolated}`, () =>
    pages.open({ isolated }, async (page) => {
      const { reason, latency, result, used } = await page.evaluate<{
        reason: string;
        latency: number;
        result: IntegrateResult;
        used: number;
      }>(
        script(`
          const controller = new AbortController();
          let begun = 0;
          const onProgress = () => {
            begun ||= performance.now();
            controller.abort("enough");
          };
          const long = { points: ${ENDLESS}, signal: controller.signal, onProgress };
          const reason = await heddle.integrate("sin(x)", 0, 4, long).catch((reason) => reason);
          const latency = performance.now() - begun;
          const result = await heddle.integrate(${CALL} });
          while (heddle.info().memory.used > 0) await new Promise((resolve) => setTimeout(resolve, 1));
          return { reason, latency, result, used: heddle.info().memory.used };`),
      );
      console.log(`rejected ${latency.toFixed(1)} ms after the abort`);
      assert.is(reason, "enough");
      assert.is(resultBits(result), EXPECTED);
      assert.is(used, 0);
    }));
}

test("workers killed under way: the same bits, restarts counted, the crew heals", () =>
  pages.open({}, async (page) => {
    const { results, workers } = await page.evaluate<{ results: IntegrateResult[]; workers: number[] }>(
      script(`
        const context = heddle.createHeddle({ threads: 2 });
        await context.start();
        const one = (points, onProgress) => context.integrate(${JSON.stringify(ONE)}, 0, 4, { points, threads: 2, onProgress });
        await one(${PROBE_POINTS});
        const { elapsed } = await one(${PROBE_POINTS});
        // A power of two, so that no rounding hides a panel.
        const points = 2 ** Math.ceil(Math.log2((${PROBE_POINTS} * ${LONG}) / elapsed));
        const victims = [...context.info().workers];
        const onProgress = ({ fraction }) => {
          if (fraction > 0) for (const worker of victims.splice(0)) context.killWorker(worker);
        };
        const results = [await one(points, onProgress)];
        const { workers } = context.info();
        results.push(await context.integrate(${CALL}, threads: 2 }));
        context.killWorker(context.info().workers[0], 30);
        results.push(await context.integrate(${CALL}, threads: 2 }));
        await context.close();
        return { results, workers };`),
    );
    const [long, ...others] = results;
    assert.is(long!.value, 4);
    assert.is(long!.error, 4 * 2 ** -50);
    console.log(`${long!.elapsed.toFixed(0)} ms, restarts ${long!.restarts}, workers ${workers}`);
    assert.ok(long!.restarts > 0, `${long!.restarts}`);
    // The number of a dead worker rests for some seconds, so successors have others.
    assert.equal(workers, [3, 4]);
    for (const result of others) assert.is(resultBits(result), EXPECTED);
  }));

test("a worker that dies idle is replaced", () =>
  pages.open({}, async (page) => {
    const { result, workers } = await page.evaluate<{ result: IntegrateResult; workers: number[] }>(
      script(`
        const context = heddle.createHeddle({ threads: 2 });
        await context.start();
        context.killWorker(1);
        const isHealed = () => context.info().workers.join() === "2,3";
        while (!isHealed()) await new Promise((resolve) => setTimeout(resolve, 1));
        const result = await context.integrate(${CALL}, threads: 2 });
        const { workers } = context.info();
        await context.close();
        return { result, workers };`),
    );
    assert.is(resultBits(result), EXPECTED);
    assert.is(result.restarts, 0);
    assert.equal(workers, [2, 3]);
  }));

test("a worker killed while it starts is replaced", () =>
  pages.open({}, async (page) => {
    const result = await page.evaluate<IntegrateResult>(
      script(`
        const context = heddle.createHeddle({ threads: 2 });
        const call = context.integrate(${CALL}, threads: 2 });
        for (let after = 0; after < 40; after += 4) for (const worker of [1, 2, 3, 4, 5, 6]) context.killWorker(worker, after);
        const result = await call;
        await context.close();
        return result;`),
    );
    assert.is(resultBits(result), EXPECTED);
  }));

const BROKEN: readonly [name: string, workerUrl: string, pages: Record<string, string>][] = [
  ["does not exist", "/missing.js", {}],
  ["has a syntax error", "/syntax.js", { "/syntax.js": "const = 1;" }],
  ["throws at once", "/throws.js", { "/throws.js": 'throw new Error("thrown at once");' }],
  ["throws no Error", "/odd.js", { "/odd.js": "throw 1;" }],
  ["is no address", "http://[", {}],
  ["is of another origin", "http://127.0.0.1:1/worker.js", {}],
];

for (const [name, workerUrl, files] of BROKEN) {
  test(`rejects, long before it would give a silent worker up, when the worker's script ${name}`, () =>
    pages.open({ pages: files, errorsAllowed: true }, async (page) => {
      const { elapsed, error, value } = await page.evaluate<{
        elapsed: number;
        error: { code: string; message: string; isWorkerError: boolean };
        value: number;
      }>(
        script(`
          const context = heddle.createHeddle({ workerUrl: ${JSON.stringify(workerUrl)}, threads: 2 });
          const begun = performance.now();
          const error = await context.integrate(${CALL}, threads: 2 }).then(String, (error) => ({
            code: error.code,
            message: error.message,
            isWorkerError: error instanceof heddle.WorkerError,
          }));
          const elapsed = performance.now() - begun;
          await context.close();
          const { value } = await heddle.integrate("x", 0, 2, { points: 1024, threads: 1 });
          return { elapsed, error, value };`),
      );
      assert.is(error.isWorkerError, true, JSON.stringify(error));
      assert.is(error.code, "ERR_WORKER");
      assert.match(error.message, workerUrl);
      assert.match(error.message, "Content-Security-Policy");
      assert.not.match(error.message, "was not ready after");
      console.log(`rejected after ${elapsed.toFixed(0)} ms`);
      assert.is(value, 2);
    }));
}

test("works in a worker of the page, where it may block", () =>
  pages.open(
    {
      pages: {
        "/own.js": `
          import * as heddle from "/browser.js";
          const async = await heddle.integrate(${CALL}, threads: 2 });
          const sync = heddle.integrateSync(${CALL}, threads: 2 });
          await heddle.start(1);
          postMessage({ async, sync });`,
      },
    },
    async (page) => {
      const { async, sync } = await page.evaluate<{ async: IntegrateResult; sync: IntegrateResult }>(
        `new Promise((resolve, reject) => {
          const worker = new Worker("/own.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        })`,
      );
      assert.is(resultBits(async), EXPECTED);
      assert.is(async.mode, "threads");
      assert.is(resultBits(sync), EXPECTED);
    },
  ));

test.run();
