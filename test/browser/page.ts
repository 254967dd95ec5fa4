/** Pages with the built library on them, in a headless Chromium, for tests. */
import { type Browser, launch, NO_CHROMIUM, type Page } from "../tools/chromium.js";
import { type ServeOptions, serve } from "../tools/serve.js";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";

const TITLE = "<!doctype html><title>heddle</title>";

/** The policy of which the documentation says that it is enough. */
export const STRICT_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

export interface PageOptions extends ServeOptions {
  /** What "/" stands for. Default "build". */
  folder?: string;
  /** Whether what the page prints as an error is meant to be there. Default: it fails the test. */
  errorsAllowed?: boolean;
}

/** Opens a page that is served from build/ and hands it to `body`. Errors on its console fail the test. */
async function onPage(browser: Browser, options: PageOptions, body: (page: Page, origin: string) => Promise<void>) {
  const { folder = "build", errorsAllowed = false, pages, ...rest } = options;
  const server = await serve(folder, { ...rest, pages: { "/": TITLE, ...pages } });
  const errors: string[] = [];
  const dog = watchdog(60, () => `a page; its errors: ${errors.join("; ") || "none"}`);
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(server.origin);
    await body(page, server.origin);
    await page.close();
    if (!errorsAllowed && errors.length > 0) throw new Error(`the page printed errors: ${errors.join("\n")}`);
  } finally {
    dog.clear();
    await server.close();
  }
}

/** One browser for the tests of a file: made by the first, ended by `close`. */
export class Pages {
  private browser: Promise<Browser | null> | undefined;

  /** Runs `body` on a page, or skips the test where there is no browser. */
  async open(options: PageOptions, body: (page: Page, origin: string) => Promise<void>): Promise<void> {
    this.browser ??= launch();
    const browser = await this.browser;
    if (browser === null) return skip(NO_CHROMIUM);
    await onPage(browser, options, body);
  }

  async close(): Promise<void> {
    await (await this.browser)?.close();
  }
}

/** A script that imports the library, as `heddle`, and runs `body` in an async function; what it returns must survive JSON. */
export function script(body: string): string {
  return `(async () => { const heddle = await import("/browser.js"); ${body} })()`;
}
