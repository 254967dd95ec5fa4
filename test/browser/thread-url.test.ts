// @serial
/** Pages whose workers for threads and pools cannot start, or take their time: whoever joins or submits is told, soon. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages, STRICT_POLICY, script } from "./page.js";

const pages = new Pages();
test.after(() => pages.close());

/** The page's script: starts a thread and a pool, and looks at how they fail. */
const ATTEMPT = (options: string) =>
  script(`
    const context = heddle.createHeddle(${options});
    const begun = performance.now();
    const thread = new heddle.Thread({ target: () => 1, context });
    thread.start();
    const failures = [await thread.join().catch((error) => error)];
    const pool = new heddle.Pool({ workers: 2, context });
    failures.push(await (async () => pool.submit(() => 1))().catch((error) => error));
    const elapsed = performance.now() - begun;
    for (const thing of [thread, pool]) thing.close();
    await context.close();
    return [elapsed, failures.map(({ name, code, message }) => ({ name, code, message }))];`);

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

const NO_SEAT = `
  import { serveThread } from "/browser.js";
  WebAssembly.Instance = class { constructor() { throw new Error("no instance"); } };
  serveThread();`;

const BROKEN: readonly [name: string, url: string, reason: RegExp, pages: Record<string, string>, policy?: string][] = [
  ["does not exist", "/missing.js", /could not be loaded/, {}],
  ["has a syntax error", "/syntax.js", /syntax\.js, or is no module that can be read/, { "/syntax.js": "const = 1;" }],
  ["throws at once", "/throws.js", /thrown at once/, { "/throws.js": 'throw new Error("thrown at once");' }],
  ["imports what is not there", "/imports.js", /could not be loaded/, { "/imports.js": 'import "./none.js";' }],
  ["cannot take its seat", "/seat.js", /no instance/, { "/seat.js": NO_SEAT }],
  ["is no address", "http://[", /http:\/\/\[/, {}],
  ["is of another origin", "http://127.0.0.1:1/thread.js", /127\.0\.0\.1:1/, {}],
  [
    "is forbidden by the policy",
    "/thread.browser.js",
    /could not be loaded/,
    {},
    STRICT_POLICY.replace("worker-src 'self'", "worker-src 'none'"),
  ],
];

for (const [name, threadUrl, reason, files, policy] of BROKEN) {
  test(`says soon that no thread can start when the script ${name}`, () =>
    pages.open({ pages: files, errorsAllowed: true, ...(policy === undefined ? {} : { policy }) }, async (page) => {
      const [elapsed, failures] = await page.evaluate<[number, Failure[]]>(ATTEMPT(JSON.stringify({ threadUrl })));
      const [joined, submitted] = failures;
      assert.equal([joined!.name, joined!.code], ["WorkerError", "ERR_WORKER"], JSON.stringify(joined));
      assert.equal(
        [submitted!.name, submitted!.code],
        ["BrokenPoolError", "ERR_BROKEN_POOL"],
        JSON.stringify(submitted),
      );
      for (const { message } of failures) {
        assert.match(message, reason);
        assert.match(message, "threadUrl");
        assert.match(message, "Content-Security-Policy");
      }
      console.log(`both told after ${elapsed.toFixed(0)} ms`);
    }));
}

test("on a page that is not isolated threads and pools are refused, with the headers that are missing", () =>
  pages.open({ isolated: false }, async (page) => {
    const failures = await page.evaluate<Failure[]>(
      script(`
        const failures = [];
        for (const act of [() => new heddle.Thread({ target: () => 1 }).start(), () => new heddle.Pool(1)]) {
          try { act(); } catch ({ name, code, message }) { failures.push({ name, code, message }); }
        }
        return failures;`),
    );
    for (const { code, message } of failures) {
      assert.is(code, "ERR_UNSUPPORTED");
      assert.match(message, "Cross-Origin-Opener-Policy: same-origin");
    }
    assert.is(failures.length, 2);
  }));

const SLOW: readonly [name: string, text: string][] = [
  [
    "awaits something first",
    'await new Promise((r) => setTimeout(r, 50)); (await import("/browser.js")).serveThread();',
  ],
  ["imports what awaits", 'import "/slow.js"; import { serveThread } from "/browser.js"; serveThread();'],
  ["imports later", 'import("/browser.js").then(({ serveThread }) => serveThread());'],
];

for (const [name, text] of SLOW) {
  test(`a script of one's own serves, though it ${name}`, () =>
    pages.open(
      { pages: { "/own.js": text, "/slow.js": "await new Promise((resolve) => setTimeout(resolve, 50));" } },
      async (page) => {
        const results = await page.evaluate<unknown>(
          script(`
            const context = heddle.createHeddle({ threadUrl: new URL("/own.js", location) });
            const pool = new heddle.Pool({ workers: 2, context });
            const results = await pool.map((x) => x * x, [1, 2, 3]);
            await context.close();
            return results;`),
        );
        assert.equal(results, [1, 4, 9]);
      },
    ));
}

test.run();
