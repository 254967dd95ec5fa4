// @timeout 180
/** Threads, timers and pools on a page: what they run, how they end, and that the page's own thread is never blocked. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages, STRICT_POLICY, script } from "./page.js";

const pages = new Pages();
test.after(() => pages.close());

/** A module of the page's, as its authors would write it. */
const WORK = `
import { currentThread, move, task, Thread } from "/browser.js";

export default (x) => x + 1;
export const square = task(import.meta.url, "square", (x) => x * x);
export const slowly = async (x) => { await new Promise((resolve) => setTimeout(resolve, 5)); return -x; };
export const nameHere = (results) => void results.putNowait(currentThread().name);
export const submitTo = async (pool, x) => pool.submit(square, x);
export const double = (numbers) => move(numbers.map((x) => 2 * x));
export const draw = (canvas) => { canvas.getContext("2d").fillRect(0, 0, 1, 1); return move(canvas.transferToImageBitmap()); };
export const forEver = () => { for (;;); };
/** Ends the worker without a word: a page hears nothing of that but by the lock. */
export const leave = () => { self.close(); return new Promise(() => {}); };
export const throwLater = () => { setTimeout(() => { throw new Error("nobody catches it"); }); return new Promise(() => {}); };

export class Weaver extends Thread {
  static url = import.meta.url;
  constructor(results, word) {
    super({ args: [results] });
    this.word = word;
  }
  run(results) {
    results.putSync(this.word + " " + this.name);
  }
}`;

const PAGE = { pages: { "/work.js": WORK } };
const PLACE = 'const place = (name) => ({ url: new URL("/work.js", location), export: name });';

test("smoke: threads run places, tasks, classes and functions", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { Weaver } = await import("/work.js");
        const { Queue, Thread, activeCount, currentThread, mainThread } = heddle;
        const results = new Queue();
        const threads = [
          new Thread({ target: (queue, n) => queue.putSync(n), args: [results, 7] }),
          new Thread({ target: place("nameHere"), args: [results], name: "spool" }),
          new Weaver(results, "weaver"),
        ];
        const got = [];
        for (const thread of threads) {
          thread.start();
          got.push(await results.get(), thread.isAlive || thread.exitCode === 0, await thread.join(), thread.exitCode);
        }
        threads[2].name = "again";
        return [got, activeCount(), currentThread() === mainThread(), threads.map(({ ident }) => ident)];`),
    );
    const [got, count, isMain, idents] = seen as [unknown[], number, boolean, number[]];
    assert.equal(
      got.filter((_, i) => i % 4 !== 0),
      [true, true, 0, true, true, 0, true, true, 0],
    );
    assert.is(got[0], 7);
    assert.is(got[4], "spool");
    assert.match(String(got[8]), /^weaver Thread-/);
    assert.equal([count, isMain], [1, true]);
    assert.is(new Set(idents).size, 3);
  }));

test("smoke: a pool maps, submits, iterates, in a page", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { square } = await import("/work.js");
        const { Pool } = heddle;
        const pool = new Pool({ workers: 2, initializer: (n) => { globalThis.offset = n; }, initArgs: [100] });
        const seen = [
          await pool.map(square, [1, 2, 3]),
          await pool.map((x) => x + 1, ["a", "b"], { chunksize: 1 }),
          await pool.map(place("slowly"), [1, 2]),
          await pool.submit(new URL("/work.js", location), 41),
          await pool.submit(() => offset),
          await pool.starmap((a, b) => a - b, [[3, 1], [5, 2]]),
          await pool.submit(place("submitTo"), pool, 6),
        ];
        const some = [];
        for await (const result of pool.imap(square, [1, 2, 3, 4])) some.push(result);
        seen.push(some);
        const unordered = [];
        for await (const result of pool.imapUnordered(square, [1, 2, 3, 4])) unordered.push(result);
        seen.push(unordered.sort((a, b) => a - b));
        const error = await pool.submit(() => { throw Object.assign(new RangeError("mine"), { code: "E" }); }).exception();
        seen.push([error instanceof RangeError, error.message, error.code]);
        await pool.shutdown();
        pool.close();
        return seen;`),
    );
    assert.equal(seen, [
      [1, 4, 9],
      ["a1", "b1"],
      [-1, -2],
      42,
      100,
      [2, 3],
      36,
      [1, 4, 9, 16],
      [1, 4, 9, 16],
      [true, "mine", "E"],
    ]);
  }));

test("a worker that dies loses its task alone, soon, and is replaced", () =>
  pages.open({ ...PAGE, errorsAllowed: true }, async (page) => {
    const [names, others, whole, elapsed] = await page.evaluate<[string[], number[], number[], number]>(
      script(`${PLACE}
        const nameOf = async (future) => (await future.exception())?.name;
        const pool = new heddle.Pool(2);
        await pool.map((x) => x, [1, 2]);
        const names = [];
        const begun = performance.now();
        const lost = ["leave", "throwLater"].map((name) => pool.submit(place(name)));
        const others = Array.from({ length: 20 }, (_, i) => pool.submit((x) => x, i));
        for (const future of lost) names.push(await nameOf(future));
        const elapsed = performance.now() - begun;
        const done = await Promise.all(others);
        const whole = await pool.map((x) => 2 * x, [1, 2, 3]);
        await pool.shutdown();
        pool.close();
        return [names, done, whole, elapsed];`),
    );
    console.log(`both lost after ${elapsed.toFixed(0)} ms`);
    assert.equal(names, ["WorkerLostError", "WorkerLostError"]);
    assert.equal(
      others,
      Array.from({ length: 20 }, (_, i) => i),
    );
    assert.equal(whole, [2, 4, 6]);
  }));

test("an endless task ends with its time, or by its signal; its worker alone is replaced", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const messageOf = async (future) => { const { name, message } = await future.exception(); return name + ": " + message; };
        const pool = new heddle.Pool({ workers: 2, grace: 10 });
        const late = pool.submitWith({ timeout: 20 }, place("forEver"));
        const given = new AbortController();
        const aborted = pool.submitWith({ signal: given.signal }, place("forEver"));
        const neighbours = Array.from({ length: 10 }, (_, i) => pool.submit((x) => x, i));
        given.abort(new RangeError("enough"));
        const seen = [await messageOf(late), await messageOf(aborted), await Promise.all(neighbours)];
        seen.push(await pool.submit(() => "whole"));
        await pool.shutdown();
        pool.close();
        return seen;`),
    );
    assert.equal(seen, [
      "TimeoutError: expected the task's end within 20 ms",
      "RangeError: enough",
      Array.from({ length: 10 }, (_, i) => i),
      "whole",
    ]);
  }));

test("threads and pools are ended by force", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { Event, Lock, Pool, Thread } = heddle;
        const [lock, held] = [new Lock(), new Event()];
        const target = (lock, held) => { self.guard = lock.acquireSync(); held.set(); for (;;); };
        const thread = new Thread({ target, args: [lock, held] });
        thread.start();
        await held.wait();
        thread.terminate();
        const seen = [await thread.join(), thread.exitCode, (await lock.acquire()).abandoned];
        const pool = new Pool(1);
        const running = pool.submit(place("forEver"));
        while (!running.running) await new Promise((resolve) => setTimeout(resolve, 1));
        const queued = pool.submit(() => 1);
        pool.terminate();
        for (const future of [queued, running]) seen.push(await future.result().catch(({ name }) => name));
        try { pool.submit(() => 1); } catch ({ name }) { seen.push(name); }
        return seen;`),
    );
    assert.equal(seen, [true, -1, true, "CancelledError", "WorkerLostError", "PoolShutdownError"]);
  }));

test("workers are replaced after so many tasks; timers wait or are cancelled", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { Pool, Queue, Scheduler, Timer } = heddle;
        const pool = new Pool({ workers: 1, maxTasksPerChild: 2 });
        const who = [];
        for (let i = 0; i < 6; i++) who.push(await pool.submit(() => (self.mine ??= Math.random())));
        await pool.shutdown();
        pool.close();
        const ran = new Queue();
        const timer = new Timer(5, (queue, text) => queue.putNowait(text), [ran, "late"]);
        const never = new Timer(1e9, (queue, text) => queue.putNowait(text), [ran, "never"]);
        for (const each of [timer, never]) each.start();
        never.cancel();
        await Promise.all([timer.join(), never.join()]);
        const scheduler = new Scheduler();
        const order = [];
        scheduler.enter(20, 1, () => order.push("second"));
        scheduler.enter(10, 1, () => order.push("first"));
        await scheduler.run();
        return [new Set(who).size, [...ran.snapshot()], order];`),
    );
    assert.equal(seen, [3, ["late"], ["first", "second"]]);
  }));

test("the page's own thread is never blocked, and refuses what would", () =>
  pages.open(PAGE, async (page) => {
    const codes = await page.evaluate<string[]>(
      script(`${PLACE}
        const { Event, Pool, Thread } = heddle;
        const codes = [];
        const refused = (act) => { try { act(); } catch ({ code, message }) { codes.push(code + (message.includes("await") ? "" : " " + message)); } };
        const pool = new Pool(1);
        const gate = new Event();
        const thread = new Thread({ target: (gate) => gate.waitSync(), args: [gate] });
        thread.start();
        let turns = 0;
        // Both end when the page's events have run for a while, and not before.
        const timer = setInterval(() => { if (++turns === 20) gate.set(); }, 1);
        const future = pool.submit((gate) => gate.waitSync(), gate);
        refused(() => thread.joinSync());
        refused(() => future.resultSync());
        refused(() => pool.joinSync());
        await Promise.all([future, thread.join(), pool.join()]);
        clearInterval(timer);
        pool.close();
        return codes;`),
    );
    assert.equal(codes, ["ERR_UNSUPPORTED", "ERR_UNSUPPORTED", "ERR_UNSUPPORTED"]);
  }));

test("under a strict policy places and tasks run, an inline function is a FunctionError that names the policy", () =>
  pages.open({ ...PAGE, policy: STRICT_POLICY, errorsAllowed: true }, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { Pool, Queue, Thread } = heddle;
        const { square, Weaver } = await import("/work.js");
        const pool = new Pool({ workers: 1, initializer: place("default") });
        const seen = [await pool.map(square, [1, 2, 3])];
        const { name, message } = await pool.submit((x) => x, 1).exception();
        seen.push(name, message.includes("Content-Security-Policy"), message.includes("unsafe-eval"));
        const results = new Queue();
        const weaver = new Weaver(results, "weaver");
        weaver.start();
        seen.push(await weaver.join(), (await results.get()).split(" ")[0]);
        const inline = new Thread({ target: () => 1 });
        inline.start();
        seen.push(await inline.join(), inline.exitCode);
        await pool.shutdown();
        return seen;`),
    );
    assert.equal(seen, [[1, 4, 9], "FunctionError", true, true, true, "weaver", true, 1]);
  }));

test("an unhandled error of a thread goes to the page's console, and to the hook", () =>
  pages.open({ ...PAGE, errorsAllowed: true }, async (page) => {
    const texts: string[] = [];
    page.on("console", (message) => texts.push(message.text()));
    const code = await page.evaluate<unknown>(
      script(`
        const thread = new heddle.Thread({ target: () => { throw new RangeError("mine"); }, name: "bad" });
        thread.start();
        await thread.join();
        return thread.exitCode;`),
    );
    assert.is(code, 1);
    assert.ok(
      texts.some((text) => text.includes("Exception in thread bad") && text.includes("mine")),
      texts.join("\n"),
    );
  }));

test("a worker of the page has threads and pools of its own, and awaits them", () =>
  pages.open(
    {
      pages: {
        ...PAGE.pages,
        "/own.js": `
          import { Pool, Thread } from "/browser.js";
          import { square } from "/work.js";
          const pool = new Pool(2);
          const future = pool.submit(square, 7);
          const thread = new Thread({ target: () => 1 });
          thread.start();
          const codes = [() => future.resultSync(), () => pool.joinSync(), () => thread.joinSync()].map((act) => {
            try { act(); } catch ({ code, message }) { return code + " " + message.includes("await"); }
          });
          const lost = pool.submit({ url: new URL("/work.js", location), export: "leave" });
          const { name } = await lost.exception();
          postMessage([codes, await future, await thread.join(), name, await pool.map(square, [1, 2])]);`,
      },
    },
    async (page) => {
      const seen = await page.evaluate<unknown>(
        `new Promise((resolve, reject) => {
          const worker = new Worker("/own.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        })`,
      );
      const refused = "ERR_UNSUPPORTED true";
      assert.equal(seen, [[refused, refused, refused], 49, true, "WorkerLostError", [1, 4]]);
    },
  ));

test("a guest submits to the page's pool, awaits and sleeps for results, and hears of losses", () =>
  pages.open(
    {
      pages: {
        ...PAGE.pages,
        "/guest.js": `
          import { attach, Pool, Thread } from "/browser.js";
          import { square } from "/work.js";
          const place = (name) => ({ url: new URL("/work.js", location), export: name });
          onmessage = async ({ data: { share, handle } }) => {
            await attach(share);
            const pool = Pool.from(handle);
            const seen = [await pool.map(square, [1, 2, 3]), pool.submit(square, 4).resultSync()];
            const lost = pool.submit(place("leave"));
            try { lost.resultSync(); } catch ({ name }) { seen.push(name); }
            seen.push(await pool.submit(place("leave")).result().catch(({ name }) => name));
            seen.push(await pool.submitWith({ timeout: 20 }, place("forEver")).result().catch(({ name }) => name));
            await pool.join();
            for (const make of [() => new Pool(1), () => new Thread({ target: square }).start()]) {
              try { make(); } catch ({ code }) { seen.push(code); }
            }
            postMessage(seen);
          };`,
      },
    },
    async (page) => {
      const seen = await page.evaluate<unknown>(
        script(`
          const pool = new heddle.Pool({ workers: 1 });
          const worker = new Worker("/guest.js", { type: "module" });
          const seen = new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message }) => reject(new Error(message));
          });
          const share = heddle.share();
          worker.postMessage({ share, handle: pool.handle }, share.transfer);
          const found = await seen;
          const answer = await pool.submit(() => "whole");
          await pool.shutdown();
          return [found, answer];`),
      );
      const unsupported = "ERR_UNSUPPORTED";
      assert.equal(seen, [
        [[1, 4, 9], 16, "WorkerLostError", "WorkerLostError", "TimeoutError", unsupported, unsupported],
        "whole",
      ]);
    },
  ));

test("two libraries on a thread are one thread: a module that brings its own copy", () =>
  pages.open(
    {
      pages: {
        "/other.js": `
        import { currentThread, Pool, Queue } from "/browser.js?copy";
        export const put = (queue, n) => queue.putSync([n, currentThread().name]);
        export const nested = async (pool, n) => pool.submit((x) => 2 * x, n);`,
      },
    },
    async (page) => {
      const seen = await page.evaluate<unknown>(
        script(`
          const { Pool, Queue, Thread } = heddle;
          const place = (name) => ({ url: new URL("/other.js", location), export: name });
          const queue = new Queue();
          const thread = new Thread({ target: place("put"), args: [queue, 3], name: "copy" });
          thread.start();
          await thread.join();
          const pool = new Pool(2);
          const seen = [thread.exitCode, [...queue.snapshot()], await pool.submit(place("nested"), pool, 4)];
          await pool.shutdown();
          return seen;`),
      );
      assert.equal(seen, [0, [[3, "copy"]], 8]);
    },
  ));

test("values are moved to workers and back, what shared memory cannot take among them", () =>
  pages.open(PAGE, async (page) => {
    const seen = await page.evaluate<unknown>(
      script(`${PLACE}
        const { Pool, Queue, Thread, move } = heddle;
        const pool = new Pool(2);
        const numbers = new Float64Array([1, 2]);
        const doubled = pool.submit(place("double"), move(numbers));
        const seen = [numbers.length, [...(await doubled)]];
        const image = await pool.submit(place("draw"), move(new OffscreenCanvas(3, 2)));
        seen.push([image.width, image.height]);
        const queue = new Queue();
        const thread = new Thread({ target: (queue, given) => queue.putNowait(given.length), args: [queue, move(new Uint8Array(5))] });
        thread.start();
        seen.push(await queue.get());
        seen.push(await pool.submit((x) => x, move({ f() {} }, [])).result().catch(({ code }) => code));
        await pool.shutdown();
        return seen;`),
    );
    assert.equal(seen, [0, [2, 4], [3, 2], 5, "ERR_TRANSFER"]);
  }));

test.run();
