/** The table in a headless Chromium, on the page's own thread or in a worker of it. */
import { test } from "uvu";
import { STRICT_POLICY } from "../browser/page.js";
import { launch, NO_CHROMIUM } from "../tools/chromium.js";
import { serve } from "../tools/serve.js";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";
import { bundle } from "./bundle.js";
import { type PlainError, RemoteError } from "./messages.js";
import { testAll } from "./table.js";

/** Longer than the page takes to notice that a case hangs. */
const SECONDS = 80;

const PAGE = '<!doctype html><title>heddle</title><script type="module" src="/semantics-page.js"></script>';

export async function testInChromium(where: "page" | "page-worker" | "page-thread"): Promise<void> {
  const browser = await launch();
  if (browser === null) {
    test("runs the table in a browser", () => skip(NO_CHROMIUM));
    return test.run();
  }
  const server = await serve("build", {
    policy: STRICT_POLICY,
    pages: {
      "/": PAGE,
      "/semantics-page.js": await bundle("page.browser"),
      "/semantics-worker.js": await bundle("worker.browser"),
      "/semantics-targets.js": await bundle("targets", "/browser.js"),
      "/semantics-thread.js": await bundle("thread"),
    },
  });
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(server.origin);
  await page.waitForFunction("typeof judge === 'function'", { timeout: 30_000 }).catch((error) => {
    throw new Error(`the page did not start: ${errors.join("; ")}`, { cause: error });
  });

  testAll(where, async (index, subject) => {
    const dog = watchdog(SECONDS, () => `in the case: ${subject.name}; the page's errors: ${errors.join("; ")}`);
    try {
      const failure = await page.evaluate<PlainError | null>(`judge(${index}, "${where}")`);
      if (failure !== null) throw new RemoteError(failure);
      const printed = errors.splice(0);
      if (printed.length > 0) throw new Error(`the page printed errors: ${printed.join("\n")}`);
    } finally {
      dog.clear();
    }
  });

  test.after(async () => {
    await browser.close();
    await server.close();
  });
  test.run();
}
