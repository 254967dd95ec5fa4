/**
 * A headless Chromium for tests: the machine's own if it has one, else the one that test/engines brought.
 *
 * The packaged one (`@sparticuz/chromium`) unpacks itself into the temporary folder and takes whatever lies there for
 * whole, so that two test files starting at once would run half a browser. We let it unpack into a folder of this
 * process, then give that folder its final name: whoever is second finds it whole.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** No sandbox: tests often run as root, in containers. The others keep the browser from talking to anybody but us. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The part of puppeteer-core that tests use. Its own types come with test/engines, which may not be installed. */
export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  waitForFunction(script: string, options?: { timeout?: number }): Promise<unknown>;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(
    event: "console",
    listener: (message: { type(): string; text(): string; location(): { url: string } }) => void,
  ): unknown;
  close(): Promise<void>;
}

export interface Browser {
  newPage(): Promise<Page>;
  version(): Promise<string>;
  close(): Promise<void>;
}

interface Puppeteer {
  launch(options: Readonly<Record<string, unknown>>): Promise<Browser>;
}

/** What to start, and with which environment (default: ours). */
interface Program {
  readonly executablePath: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface PackagedChromium {
  executablePath(): Promise<string>;
}

/**
 * Starts a browser. Null when this machine has none: skip the test with `NO_CHROMIUM` then.
 * A browser that is there and does not start is an error.
 *
 * @example
 *   const browser = await launch();
 *   if (browser === null) return skip(NO_CHROMIUM);
 *   try { … } finally { await browser.close(); }
 */
export async function launch(): Promise<Browser | null> {
  const puppeteer = await importEngine<Puppeteer>("puppeteer-core");
  if (puppeteer === null) return null;
  const own = findOnPath();
  const program = own !== null ? { executablePath: own } : await unpack();
  if (program === null) return null;
  // The packaged one is Chromium's headless shell.
  return puppeteer.launch({ browser: "chrome", ...program, args: FLAGS, headless: own === null ? "shell" : true });
}

export const NO_CHROMIUM = `no Chromium for ${process.platform} ${process.arch}: install chromium or google-chrome`;

function findOnPath(): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: the next place.
      }
    }
  }
  return null;
}

/** Unpacks the packaged browser, once. Null where there is none for this platform: it is a Linux program for x64. */
async function unpack(): Promise<Program | null> {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const packaged = await importEngine<PackagedChromium>("@sparticuz/chromium");
  if (packaged === null) return null;
  const manifest = join(process.cwd(), "test/engines/node_modules/@sparticuz/chromium/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const folder = join(process.cwd(), "build", `chromium-${version}`);
  if (!existsSync(folder)) {
    const scratch = `${folder}.${process.pid}`;
    mkdirSync(scratch, { recursive: true });
    // The second of the two is how one asks for the libraries too: they are packed for a machine that has none.
    const restore = setEnvironment({ TMPDIR: scratch, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" });
    try {
      await packaged.executablePath();
    } finally {
      restore();
    }
    try {
      renameSync(scratch, folder);
    } catch (error) {
      // Another process was first; its copy is as good.
      rmSync(scratch, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  const executablePath = join(folder, "chromium");
  // The machine's own libraries where they are complete: the packed ones want a C library of 2021 or later.
  if (spawnSync(executablePath, ["--version"]).status === 0) return { executablePath };
  return { executablePath, env: { ...process.env, LD_LIBRARY_PATH: join(folder, "al2023", "lib") } };
}

/** Sets variables of the environment; returns what puts the old ones back. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** A package of test/engines, or null when it is not installed. */
async function importEngine<T>(name: string): Promise<T | null> {
  let path: string;
  try {
    path = createRequire(join(process.cwd(), "test/engines/package.json")).resolve(name);
  } catch {
    return null;
  }
  return ((await import(pathToFileURL(path).href)) as { default: T }).default;
}
