/**
 * `npm test [-- [--verbose] pattern…]`: every test/**\/*.test.ts whose path contains one of the patterns.
 *
 * Each file is bundled by esbuild into build/test/ and runs as a Node process of its own, as many at a time as the
 * machine has cores. One line per file; what a file printed is shown only when it failed, its failures first. A file may
 * say at its top:
 *
 *   // @serial         runs alone, after all others (it measures, or needs all cores)
 *   // @timeout 300    seconds until it is stopped and counted as failed; default 120
 *
 * A test that cannot run here prints `SKIP <how many> <reason>` (test/tools/skip.ts). Skips are listed, and under
 * `CI=true` they fail the run: a machine that is meant to run everything must.
 * The last line is `N passed, N failed`, with `, N skipped` when some were.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { note, seconds } from "./command.mjs";
import { filesUnder, ROOT } from "./products.mjs";
import { ensureBuilt, ensureEngines, ensureInstalled } from "./setup.mjs";

const TIMEOUT_S = 120;

/** How long a stopped file may take to print its last words before it is killed. */
const LAST_WORDS_MS = 2_000;

/** Process groups of running files, to stop them with us. */
const running = new Set();

const { verbose, patterns } = readArguments(process.argv.slice(2));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    for (const child of running) killGroup(child, "SIGKILL");
    process.exit(1);
  });
}

const totals = { passed: 0, failed: 0, skips: [] };
try {
  await ensureInstalled();
  await ensureEngines();
  await runAll();
} catch (error) {
  note(error.message.startsWith("heddle:") ? error.message : error.stack);
  totals.failed++;
}
const skipped = totals.skips.reduce((sum, { count }) => sum + count, 0);
for (const { path, count, reason } of totals.skips) console.log(`skipped ${count} of ${path}: ${reason}`);
if (skipped > 0 && process.env.CI === "true") console.log("CI=true: a skipped test fails the run");
if (totals.failed > 0 || (skipped > 0 && process.env.CI === "true")) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

async function runAll() {
  const paths = filesUnder("test").filter(
    (path) =>
      path.endsWith(".test.ts") &&
      !path.includes("/node_modules/") &&
      (patterns.length === 0 || patterns.some((pattern) => path.includes(pattern))),
  );
  if (paths.length === 0) throw new Error(`heddle: no test file matches ${patterns.join(" ")}`);
  // A failed build is one failure of the run, not its end: most tests bundle their sources themselves.
  await ensureBuilt({ types: true }).catch((error) => record("build", failure(error.message)));
  const files = (await bundle(paths)).map((file) => ({ ...file, ...readDirectives(file.path) }));
  const together = files.filter(({ serial }) => !serial);
  await Promise.all(Array.from({ length: availableParallelism() }, () => drain(together)));
  await drain(files.filter(({ serial }) => serial));
}

/** Takes files off the front of `queue` until none is left. */
async function drain(queue) {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    record(file.path, file.error === undefined ? await runFile(file) : failure(file.error));
  }
}

/**
 * Bundles all files in one go; when that fails, one by one, so that a broken file fails alone.
 *
 * @returns {Promise<{ path: string, bundle: string, error?: string }[]>}
 */
async function bundle(paths) {
  const esbuild = await import("esbuild");
  const options = {
    absWorkingDir: ROOT,
    outbase: "test",
    outdir: "build/test",
    bundle: true,
    platform: "node",
    format: "esm",
    // As in build/: a newer target would embed the .wasm by means that Node 20 lacks.
    target: "es2022",
    packages: "external",
    loader: { ".wasm": "binary" },
    sourcemap: true,
    charset: "utf8",
    logLevel: "silent",
  };
  const files = paths.map((path) => ({ path, bundle: `build/${path.replace(/\.ts$/, ".js")}` }));
  try {
    await esbuild.build({ ...options, entryPoints: paths });
    return files;
  } catch {
    return Promise.all(
      files.map(async (file) => {
        try {
          await esbuild.build({ ...options, entryPoints: [file.path] });
          return file;
        } catch ({ errors, message }) {
          return {
            ...file,
            error: errors ? (await esbuild.formatMessages(errors, { kind: "error" })).join("") : message,
          };
        }
      }),
    );
  }
}

/** What a test file asks for in the comments before its first statement. */
function readDirectives(path) {
  const top = /^(?:\s*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/))*/.exec(readFileSync(join(ROOT, path), "utf8"))[0];
  const timeout = /^\/\/ @timeout (\d+)$/m.exec(top);
  return {
    serial: /^\/\/ @serial\b/m.test(top),
    timeoutMs: 1000 * (timeout === null ? TIMEOUT_S : Number(timeout[1])),
  };
}

/** Runs one bundled file and reads what uvu printed. */
async function runFile({ bundle: script, timeoutMs }) {
  const start = performance.now();
  // A group of its own, so that what the file started (browsers, other Nodes) goes with it.
  const child = spawn(process.execPath, ["--enable-source-maps", script], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  running.add(child);
  let output = "";
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  let timedOut = false;
  let lastWords;
  const watchdog = setTimeout(() => {
    timedOut = true;
    child.kill("SIGTERM");
    lastWords = setTimeout(() => killGroup(child, "SIGKILL"), LAST_WORDS_MS);
  }, timeoutMs);
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const closed = new Promise((resolve) => child.once("close", resolve));
  const { code, signal } = await ended;
  clearTimeout(watchdog);
  clearTimeout(lastWords);
  // Whatever the file left running holds its pipes open: without this, "close" might never come.
  killGroup(child, "SIGKILL");
  await closed;
  running.delete(child);
  return { ...judge(output, code, signal, timedOut && timeoutMs), output, milliseconds: performance.now() - start };
}

/** Counts a file's tests. A file that did not end well counts at least one failure, whatever it printed before. */
function judge(rawOutput, code, signal, timeoutMs) {
  const output = stripColours(rawOutput);
  // uvu prints its bullets without line breaks, so a SKIP line may follow one.
  const skips = [...output.matchAll(/(?:^|[•✘] )SKIP (\d+) ([^\n]+)/gm)].map(([, count, reason]) => ({
    count: Number(count),
    reason,
  }));
  const skipped = skips.reduce((sum, { count }) => sum + count, 0);
  const read = (word) => Number([...output.matchAll(new RegExp(`^  ${word}: +(\\d+)$`, "gm"))].at(-1)?.[1] ?? 0);
  const total = read("Total");
  const passed = read("Passed");
  // Left out by uvu itself: test.skip, or the others beside a test.only. A SKIP line may stand for them.
  const leftOut = read("Skipped");
  if (leftOut > skipped) skips.push({ count: leftOut - skipped, reason: "test.skip or test.only, without a reason" });
  // The other SKIP lines were printed by tests that then returned, which uvu took for success.
  const hollow = Math.min(passed, Math.max(0, skipped - leftOut));
  let problem = "";
  if (timeoutMs) problem = `did not end within ${timeoutMs / 1000} s; what it had printed by then:`;
  else if (signal !== null) problem = `died of ${signal}`;
  else if (code !== 0 && passed === total) problem = `ended with exit code ${code}`;
  else if (total === 0 && skipped === 0) problem = "ran no test: does it end with test.run()?";
  const failed = Math.max(total - passed, problem === "" ? 0 : 1);
  return { passed: passed - hollow, failed, skips, problem };
}

function failure(output) {
  return { passed: 0, failed: 1, skips: [], problem: "", output, milliseconds: 0 };
}

/** Adds a file to the totals and prints its line. */
function record(path, { passed, failed, skips, problem, output, milliseconds }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skips.push(...skips.map((skip) => ({ path, ...skip })));
  const skipped = skips.reduce((sum, { count }) => sum + count, 0);
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`].filter(
    Boolean,
  );
  console.log(`${failed > 0 ? "FAIL" : "ok  "} ${path.padEnd(44)} ${counts.join(", ")} (${seconds(milliseconds)})`);
  if (problem !== "") console.log(`     ${path} ${problem}`);
  const shown = failed > 0 ? failuresFirst(output.trimEnd()) : output.trimEnd();
  if (failed > 0 || verbose) console.log(shown.replace(/^/gm, "     "));
}

/**
 * uvu writes what failed behind everything that the tests printed. Whoever reads the log may have only the first lines
 * under a file's name, so these come first here.
 */
function failuresFirst(output) {
  const lines = output.split("\n");
  const first = lines.findIndex((line) => /^ {3}FAIL {2}/.test(stripColours(line)));
  if (first <= 0) return output;
  return [...lines.slice(first), "", "printed before:", ...lines.slice(0, first)].join("\n");
}

function killGroup(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH" && error.code !== "EPERM") throw error;
  }
}

function stripColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colours begin with
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

function readArguments(args) {
  const unknown = args.find((argument) => argument.startsWith("-") && argument !== "--verbose");
  if (unknown !== undefined) {
    note(`heddle: expected --verbose or parts of test paths, got ${unknown}`);
    process.exit(1);
  }
  return { verbose: args.includes("--verbose"), patterns: args.filter((argument) => argument !== "--verbose") };
}
