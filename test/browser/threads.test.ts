// @timeout 180
/** Threads, timers and pools on a page: what they run, how they end, and that the page's own thread is never blocked. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages, script } from "./page.js";

const pages = new Pages();
test.after(() => pages.close());

/** A module of the page's, as its authors would write it. */
const WORK = `
import { currentThread, task, Thread } from "/browser.js";

export default (x) => x + 1;
export const square = task(import.meta.url, "square", (x) => x * x);
export const slowly = async (x) => { await new Promise((resolve) => setTimeout(resolve, 5)); return -x; };
export const nameHere = (results) => void results.putNowait(currentThread().name);
export const submitTo = async (pool, x) => pool.submit(square, x);
export const forEver = () => { for (;;); };
export const leave = () => self.close();

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

test.run();
