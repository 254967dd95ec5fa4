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
    assert.match(message, "worker script could not be loaded");
    assert.match(message, "workerUrl");
  });
});

test.run();
