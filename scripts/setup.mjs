/**
 * What every command needs before it can start: packages installed, products built.
 *
 * Says in one line what it set up, on standard error (standard output belongs to the command), and nothing when there
 * was nothing to do. Works on a fresh clone: it imports nothing that has to be installed first.
 *
 *   ensureInstalled()   node_modules as package-lock.json wants it
 *   ensureEngines()     test/engines/node_modules: other Nodes and a browser, for tests only (some 800 MB)
 *   ensureBuilt()       build/: see products.mjs for what depends on what
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { note, seconds } from "./command.mjs";
import { withLock } from "./lock.mjs";
import { ROOT, staleProducts } from "./products.mjs";

/** Installs what package-lock.json names, when node_modules differs from it. Throws when npm fails. */
export async function ensureInstalled() {
  await installInto(ROOT, "package-lock.json");
}

/**
 * The same for test/engines. Does not throw: without engines most tests still run, and those that need one
 * skip themselves with a reason (which fails a run under `CI=true`).
 */
export async function ensureEngines() {
  const folder = join(ROOT, "test", "engines");
  try {
    await installInto(folder, "test/engines/package-lock.json");
  } catch (error) {
    note(`${error.message}\nheddle: continuing without some engines; the tests that need them will be skipped`);
  }
}

/**
 * Builds what is stale in build/.
 *
 * @param {object} [options]
 * @param {boolean} [options.types] also the declarations, which only tests and packages need. Default false.
 * @throws when a source does not compile; the message holds the compiler's output
 */
export async function ensureBuilt({ types = false } = {}) {
  // Nothing heavy is imported on this path: with everything fresh, it costs reading and hashing the sources.
  if (staleProducts({ types }).length === 0) return;
  const { build } = await import("./compile.mjs");
  const { built, milliseconds } = await build({ types });
  if (built.length > 0) note(`heddle: built ${built.join(", ")} (${seconds(milliseconds)})`);
}

/** Installs under the lock, if `isInstalled` still says no by then. */
async function installInto(folder, lockName) {
  if (isInstalled(folder)) return;
  await withLock(join(ROOT, "build", ".lock"), async () => {
    if (isInstalled(folder)) return;
    const start = performance.now();
    await npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder], folder);
    const count = Object.keys(readLock(join(folder, "node_modules", ".package-lock.json"))).length;
    note(`heddle: installed ${count} packages from ${lockName} (${seconds(performance.now() - start)})`);
  });
}

/**
 * Compares package-lock.json with the record that npm leaves in node_modules: every package at its version,
 * except the optional ones of other platforms.
 */
function isInstalled(folder) {
  const recordFile = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(recordFile)) return false;
  const record = readLock(recordFile);
  for (const [path, wanted] of Object.entries(readLock(join(folder, "package-lock.json")))) {
    if (path === "") continue;
    const found = record[path];
    if (
      found !== undefined ? found.version !== wanted.version || found.integrity !== wanted.integrity : isForHere(wanted)
    ) {
      return false;
    }
  }
  return true;
}

function readLock(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/** Whether npm would install this package here: the rules of "os", "cpu" and "libc" in a package.json. */
function isForHere({ optional = false, os, cpu, libc }) {
  if (!optional) return true;
  return (
    matches(os, process.platform) && matches(cpu, process.arch) && (libc === undefined || matches(libc, cLibrary()))
  );
}

function matches(wanted, actual) {
  if (wanted === undefined) return true;
  const list = [wanted].flat();
  if (list.includes(`!${actual}`)) return false;
  return list.includes(actual) || list.every((entry) => entry.startsWith("!"));
}

/** "glibc" or "musl" on Linux; elsewhere no package asks. */
function cLibrary() {
  if (process.platform !== "linux") return "";
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
}

/** Runs npm, quietly; when it fails its output becomes the error. The npm that started us is the one that we run. */
function npm(args, folder) {
  const script = process.env.npm_execpath;
  const viaNode = script !== undefined && /\.c?js$/.test(script) && existsSync(script);
  const [command, start] = viaNode ? [process.execPath, [script]] : ["npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...start, ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      shell: !viaNode && process.platform === "win32",
    });
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (cause) => reject(new Error(`heddle: expected npm on the PATH: ${cause.message}`, { cause })));
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`heddle: npm ci in ${folder} failed (exit code ${code}):\n${output.trimEnd()}`));
    });
  });
}
