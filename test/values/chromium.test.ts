// @timeout 300
/** The tests beside this one that need nothing of Node, on a page in Chromium. */
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { launch, NO_CHROMIUM } from "../tools/chromium.js";
import { serve } from "../tools/serve.js";
import { skip } from "../tools/skip.js";

const FILES = ["codec", "error-values", "refusals", "strings", "structured"];
const TIMEOUT_MS = 100_000;

/** Collects what uvu prints, which ends with the line that begins so. An error ends it too. */
const LAST_LINE = "Duration:";
const COLLECT = `
  globalThis.printed = "";
  console.log = (...parts) => { printed += parts.join(" "); };
  addEventListener("error", ({ message }) => console.log(message, "${LAST_LINE}"));
`;

const browser = await launch();
test.after(() => browser?.close());

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`test/values/${file}.test.ts`],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    target: "es2022",
    charset: "utf8",
    define: { "process.env": "{}" },
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

for (const file of FILES) {
  test(`passes ${file}.test.ts on a page`, async () => {
    if (browser === null) return skip(NO_CHROMIUM);
    const html = `<script>${COLLECT}</script><script type="module" src="/test.js"></script>`;
    const server = await serve("build", { pages: { "/": html, "/test.js": await bundle(file) } });
    const page = await browser.newPage();
    try {
      await page.goto(`${server.origin}/`);
      await page.waitForFunction(`printed.includes("${LAST_LINE}")`, { timeout: TIMEOUT_MS });
      const printed = await page.evaluate<string>("printed");
      const [, total, passed] = /Total: +(\d+)[\s\S]*Passed: +(\d+)/.exec(printed) ?? [];
      assert.ok(Number(total) > 0 && total === passed, printed);
    } finally {
      await page.close();
      await server.close();
    }
  });
}

test.run();
