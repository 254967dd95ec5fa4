// @serial
/** `run` on pages: the same programs, fetched. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Pages, STRICT_POLICY, script } from "../browser/page.js";
import { MEBIBYTE, programs } from "./programs.js";

const { folder, end } = programs();
const pages = new Pages();
test.after(async () => {
  await pages.close();
  end();
});

/** Runs `body` on a page that has `run`, a pool of two, and `tool`, which runs the tool. */
const withTool = (body: string): string =>
  script(`
    const { run } = await import("/wasi.browser.js");
    const pool = new heddle.Pool(2);
    const tool = (args, rest) => run(new URL("/tool.wasm", location.href), { args, pool, ...rest });
    const failure = (outcome) => outcome.then(String, ({ name, message, stdout }) => [name, message, stdout]);
    const meet = (barrier) => barrier.waitSync();
    const whole = async () => {
      const barrier = new heddle.Barrier(2);
      return (await Promise.all([pool.submit(meet, barrier), pool.submit(meet, barrier)])).sort();
    };
    ${body}`);

for (const policy of [undefined, STRICT_POLICY]) {
  test(`runs programs on a page${policy === undefined ? "" : " under a strict policy"}`, () =>
    pages.open({ folder, ...(policy === undefined ? {} : { policy }) }, async (page) => {
      const seen = await page.evaluate<unknown[]>(
        withTool(`
          return [
            await tool(["w"]),
            (await tool(["a", "naïve"])).stdout,
            (await tool(["e"], { env: { A: "b" } })).stdout,
            (await tool(["c"], { stdin: "abc" })).stdout,
            (await tool(["x42"])).exitCode,
            (await tool(["s"])).exitCode,
            (await tool(["u"])).trap.message,
            new TextDecoder().decode((await tool(["f"], { files: { "in.txt": "abc" } })).files["out.txt"]),
            (await Promise.all(Array.from({ length: 50 }, (_, i) => tool(["x" + i])))).map(({ exitCode }) => exitCode).join(),
          ];`),
      );
      assert.equal(seen, [
        { args: ["tool.wasm", "w"], exitCode: 0, trap: null, stdout: "out", stderr: "err", files: {} },
        "tool.wasm\na\nnaïve\n",
        "A=b\n",
        "abc",
        42,
        17,
        "unreachable",
        "abcabc",
        Array.from({ length: 50 }, (_, i) => i).join(),
      ]);
    }));
}

test("takes a megabyte of output on a page", () =>
  pages.open({ folder }, async (page) => {
    const stdout = await page.evaluate<string>(withTool('return (await tool(["m"])).stdout;'));
    assert.ok(stdout === MEBIBYTE);
  }));

test("ends programs on a page by time and by signal, and has its workers afterwards", () =>
  pages.open({ folder }, async (page) => {
    const seen = await page.evaluate<unknown[]>(
      withTool(`
        await tool(["n"]);
        const event = new heddle.Event();
        const neighbour = pool.submit((event) => event.waitSync(), event);
        const late = await failure(tool(["l"], { timeout: 2000 }));
        event.set();
        const unharmed = await neighbour;
        const given = new AbortController();
        const aborted = failure(tool(["l"], { signal: given.signal }));
        while (pool.running === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        given.abort(new Error("enough"));
        return [late[0], late[2], unharmed, (await aborted)[1], await whole()];`),
    );
    assert.equal(seen, ["TimeoutError", "before\n", true, "enough", [0, 1]]);
  }));

test("runs programs on a page that was bundled, from scripts beside the bundle", async () => {
  const project = mkdtempSync(join(tmpdir(), "heddle-bundled-"));
  const site = join(project, "site");
  mkdirSync(join(project, "node_modules"));
  symlinkSync(process.cwd(), join(project, "node_modules/heddle"), "dir");
  const { warnings, metafile } = await build({
    absWorkingDir: project,
    stdin: {
      contents: `
        import { run } from "heddle/wasi";
        globalThis.program = run(new URL("./tool.wasm", import.meta.url), { args: ["w"] });`,
      resolveDir: project,
    },
    outfile: "site/application.js",
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    logLevel: "silent",
  });
  assert.equal(warnings, []);
  assert.not(Object.keys(metafile.inputs).some((path) => path.endsWith("wasi-program.js")));
  for (const name of ["thread.browser.js", "browser.js", "wasi-program.js", "tool.wasm"]) {
    copyFileSync(join(folder, name), join(site, name));
  }
  writeFileSync(join(site, "index.html"), '<!doctype html><script type="module" src="application.js"></script>');
  await pages.open({ folder: site }, async (page, origin) => {
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction("typeof program === 'object'", { timeout: 20_000 });
    assert.is(await page.evaluate<string>("program.then(({ stdout, stderr }) => stdout + stderr)"), "outerr");
  });
  rmSync(project, { recursive: true });
});

test("refuses on a page what is no program", () =>
  pages.open({ folder, errorsAllowed: true }, async (page) => {
    const seen = await page.evaluate<string[][]>(
      withTool(`
        const refusals = [];
        for (const name of ["missing.wasm", "text.wasm", "empty.wasm", "foreign.wasm"]) {
          refusals.push(await failure(run(new URL("/" + name, location.href), { pool })));
        }
        refusals.push(await failure(run("file:///tool.wasm", { pool })));
        return refusals;`),
    );
    const words = ["the server answered 404", "it is none", "_start", "env.alert", "could not be read"];
    assert.equal(
      seen.map(([name]) => name),
      words.map(() => "ProgramError"),
    );
    for (const [i, part] of words.entries()) assert.ok(seen[i]![1]!.includes(part), seen[i]![1]!);
  }));

test.run();
