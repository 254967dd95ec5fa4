/** What a user's bundler makes of the package: one file for the page, with the worker's script copied beside it. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IntegrateResult } from "../../ts/index.js";
import { bitsOf, loadLibrary } from "../runtime/library.js";
import { Pages, STRICT_POLICY } from "./page.js";

const library = await loadLibrary();
const pages = new Pages();
const folder = mkdtempSync(join(tmpdir(), "heddle-bundle-"));
test.after(async () => {
  await pages.close();
  rmSync(folder, { recursive: true });
});

const APPLICATION = `
  import { integrate, createHeddle } from "heddle";
  globalThis.run = async () => {
    const shared = await integrate("x^2", 0, 3, { points: 1e6, threads: 2 });
    const own = createHeddle({ threads: 1 });
    const { value } = await own.integrate("x^2", 0, 3, { points: 1e6, threads: 1 });
    await own.close();
    return { shared, value };
  };
`;

/** Bundles the application as a user would; its folder then holds all that is served. */
async function bundle(name: string, minify: boolean): Promise<string> {
  const project = join(folder, name);
  const site = join(project, "site");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  mkdirSync(site);
  symlinkSync(process.cwd(), join(project, "node_modules/heddle"), "dir");
  writeFileSync(join(project, "application.js"), APPLICATION);
  const { warnings } = await build({
    absWorkingDir: project,
    entryPoints: ["application.js"],
    outdir: "site",
    bundle: true,
    minify,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  assert.equal(warnings, []);
  copyFileSync("build/worker.browser.js", join(site, "worker.browser.js"));
  writeFileSync(join(site, "index.html"), '<!doctype html><script type="module" src="application.js"></script>');
  return site;
}

for (const minify of [false, true]) {
  test(`a page bundled by esbuild works, minified: ${minify}`, async () => {
    const site = await bundle(`minify-${minify}`, minify);
    assert.equal(readdirSync(site).sort(), ["application.js", "index.html", "worker.browser.js"]);
    await pages.open({ folder: site, policy: STRICT_POLICY }, async (page, origin) => {
      await page.goto(`${origin}/index.html`);
      await page.waitForFunction("typeof run === 'function'", { timeout: 20_000 });
      const { shared, value } = await page.evaluate<{ shared: IntegrateResult; value: number }>("run()");
      const expected = library.integrateSync("x^2", 0, 3, { points: 1e6 });
      assert.is(shared.mode, "threads");
      assert.is(bitsOf(shared.value), bitsOf(expected.value));
      assert.is(bitsOf(value), bitsOf(expected.value));
    });
  });
}

test("a page bundled without the worker's script says so and names the cure", async () => {
  const site = await bundle("no-worker", true);
  rmSync(join(site, "worker.browser.js"));
  await pages.open({ folder: site, errorsAllowed: true }, async (page, origin) => {
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction("typeof run === 'function'", { timeout: 20_000 });
    const message = await page.evaluate<string>("run().then(String, (error) => error.message)");
    assert.match(message, /worker script could not be loaded from http:\/\/.*\/worker\.browser\.js/);
    assert.match(message, "workerUrl");
  });
});

const WORK = `
  import { currentThread, task } from "heddle";
  export const square = task(new URL("./work.js", import.meta.url), "square", (x) => x * x);
  export const put = (queue, n) => queue.putSync([n, currentThread().name]);
`;

/** @param rest what it does before */
const threadsApplication = (rest: string): string => `
  import { Pool, Queue, Thread, configure } from "heddle";
  import { put, square } from "./work.js";
  ${rest}
  globalThis.run = async () => {
    const queue = new Queue();
    const thread = new Thread({ target: { url: new URL("./work.js", import.meta.url), export: "put" }, args: [queue, 3], name: "spool" });
    thread.start();
    const seen = [await thread.join(), thread.exitCode, [...queue.snapshot()]];
    const pool = new Pool(2);
    seen.push(await pool.map(square, [1, 2, 3]), typeof put);
    const inline = await pool.submit((x) => x + 1, 1).result().catch(({ name }) => name);
    await pool.shutdown();
    return [...seen, inline];
  };
`;

async function bundleThreads(name: string, sources: Record<string, string>, options: object): Promise<string> {
  const project = join(folder, name);
  const site = join(project, "site");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  mkdirSync(site);
  symlinkSync(process.cwd(), join(project, "node_modules/heddle"), "dir");
  for (const [file, text] of Object.entries(sources)) writeFileSync(join(project, file), text);
  const { warnings } = await build({
    absWorkingDir: project,
    entryPoints: Object.keys(sources),
    outdir: "site",
    bundle: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
    ...options,
  });
  assert.equal(warnings, []);
  writeFileSync(join(site, "index.html"), '<!doctype html><script type="module" src="application.js"></script>');
  return site;
}

const BESIDE = ["worker.browser.js", "thread.browser.js"];
const OWN_SCRIPT = 'import { serveThread } from "heddle"; serveThread();';
const CONFIGURE = 'configure({ threadUrl: new URL("./heddle-thread.js", import.meta.url) });';

for (const [name, make] of [
  [
    "with the package's files beside the bundle, and a copy of the library in each module",
    async () => {
      const sources = { "application.js": threadsApplication(""), "work.js": WORK };
      const site = await bundleThreads("beside", sources, { minify: true });
      for (const file of BESIDE) copyFileSync(`build/${file}`, join(site, file));
      return site;
    },
  ],
  [
    "with a script of one's own as threadUrl, and one library for all by splitting",
    () => {
      const sources = {
        "application.js": threadsApplication(CONFIGURE),
        "work.js": WORK,
        "heddle-thread.js": OWN_SCRIPT,
      };
      return bundleThreads("splitting", sources, { minify: true, splitting: true });
    },
  ],
  [
    "with a script of one's own as threadUrl, which brings its own library, as every module does",
    () => {
      const sources = {
        "application.js": threadsApplication(CONFIGURE),
        "work.js": WORK,
        "heddle-thread.js": OWN_SCRIPT,
      };
      return bundleThreads("apart", sources, {});
    },
  ],
] as const) {
  test(`threads and pools of a page bundled by esbuild: ${name}`, async () => {
    const site = await make();
    for (const policy of [undefined, STRICT_POLICY]) {
      const isStrict = policy !== undefined;
      await pages.open(
        { folder: site, errorsAllowed: isStrict, ...(isStrict ? { policy } : {}) },
        async (page, origin) => {
          await page.goto(`${origin}/index.html`);
          await page.waitForFunction("typeof run === 'function'", { timeout: 20_000 });
          const seen = await page.evaluate<unknown>("run()");
          assert.equal(seen, [true, 0, [[3, "spool"]], [1, 4, 9], "function", isStrict ? "FunctionError" : 2]);
        },
      );
    }
  });
}

test("a task that a bundle has put elsewhere is told of as such", async () => {
  const sources = {
    "application.js": `
      import { Pool, task } from "heddle";
      const square = task(import.meta.url, "square", (x) => x * x);
      globalThis.run = async () => {
        const { name, message } = await new Pool(1).submit(square, 2).exception();
        return [name, message];
      };`,
  };
  const site = await bundleThreads("elsewhere", sources, {});
  for (const file of BESIDE) copyFileSync(`build/${file}`, join(site, file));
  await pages.open({ folder: site }, async (page, origin) => {
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction("typeof run === 'function'", { timeout: 20_000 });
    const [name, message] = await page.evaluate<[string, string]>("run()");
    assert.is(name, "FunctionError");
    assert.match(message, 'export "square" of ');
    assert.match(message, "bundler");
  });
});

test.run();
