import { test } from "uvu";
import * as assert from "uvu/assert";
import { launch, NO_CHROMIUM } from "./chromium.js";
import { serve } from "./serve.js";
import { skip } from "./skip.js";

const PAGE = { pages: { "/": "<!doctype html><title>heddle</title>" } };

test("a served page is isolated or not, as asked, and obeys the policy", async () => {
  const browser = await launch();
  if (browser === null) return skip(NO_CHROMIUM);
  const isolated = await serve("test", PAGE);
  const plain = await serve("test", { ...PAGE, isolated: false, policy: "script-src 'self'" });
  try {
    const page = await browser.newPage();
    await page.goto(isolated.origin);
    assert.is(await page.evaluate("crossOriginIsolated"), true);
    assert.is(await page.evaluate("typeof SharedArrayBuffer"), "function");
    await page.goto(plain.origin);
    assert.is(await page.evaluate("crossOriginIsolated"), false);
    const refused = `fetch("/").then((response) => response.headers.get("content-security-policy"))`;
    assert.is(await page.evaluate(refused), "script-src 'self'");
  } finally {
    await browser.close();
    await Promise.all([isolated.close(), plain.close()]);
  }
});

test("the server does not serve what lies outside its folder", async () => {
  const server = await serve("test");
  try {
    assert.is((await fetch(`${server.origin}/README.md`)).status, 200);
    assert.is((await fetch(`${server.origin}/..%2fpackage.json`)).status, 404);
    assert.is((await fetch(`${server.origin}/missing.js`)).status, 404);
  } finally {
    await server.close();
  }
});

test.run();
