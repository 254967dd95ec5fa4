// @timeout 180
/**
 * The command as a process of its own: exit codes, streams, signals, terminals.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ending, endingOf } from "../tools/program.js";
import { skip } from "../tools/skip.js";
import { readPicture } from "./plot/picture.js";

const CLI = join(process.cwd(), "build", "cli.js");
/** Hours of work on any machine: what is tested is that it can be stopped. */
const ENDLESS = ["integrate", "sin(x)^3.3", "0", "1", "--points", "1e14"];

/** @param act is called with the process and everything that it has written so far, each time that it writes */
function heddle(
  argv: readonly string[],
  act: (child: ChildProcess, written: string) => void = () => {},
): Promise<Ending> {
  return ended(spawn(process.execPath, [CLI, ...argv], { stdio: ["ignore", "pipe", "pipe"] }), act);
}

function ended(child: ChildProcess, act: (child: ChildProcess, written: string) => void = () => {}): Promise<Ending> {
  return endingOf(child, { seconds: 60, onWritten: (written) => act(child, written) });
}

test("prints the solution, threads, time and speed", async () => {
  const { code, stdout, stderr } = await heddle(["integrate", "--points", "1_000_000", "--rule", "simpson"]);
  assert.is(stderr, "");
  assert.is(code, 0);
  assert.match(
    stdout,
    /^Numerical solution with N=1000000 : 333\.333333\n\nvalue {5}333\.3333\d+, estimated error \S+\nthreads {3}.+\ntime {6}.+ ms.*\nspeed {5}.+ evaluations per second.*\n$/,
  );
});

test("integrates -x^2 from -1 to pi/2", async () => {
  const { code, stdout } = await heddle([
    "integrate",
    "-x^2",
    "-1",
    "pi/2",
    "--points",
    "1e5",
    "--rule",
    "simpson",
    "--json",
  ]);
  assert.is(code, 0);
  const exact = -((Math.PI / 2) ** 3 + 1) / 3;
  assert.ok(Math.abs(JSON.parse(stdout).value - exact) < 1e-13);
});

test("prints JSON with the same bits for every number of threads", async () => {
  const fields = [
    "value",
    "error",
    "status",
    "reason",
    "nonFinite",
    "evaluations",
    "integrand",
    "threads",
    "mode",
    "modeReason",
    "restarts",
    "elapsed",
    "startup",
    "points",
    "rule",
    "relaxed",
  ];
  const values = new Set<string>();
  for (const threads of ["1", "2", "3", "5"]) {
    const { code, stdout, stderr } = await heddle([
      "integrate",
      "sin(x)/x",
      "1",
      "20",
      "--json",
      "--points",
      "123456",
      "--threads",
      threads,
    ]);
    assert.equal([code, stderr], [0, ""]);
    const read = JSON.parse(stdout);
    assert.equal(Object.keys(read).sort(), [...fields].sort());
    values.add(`${read.value} ${read.error}`);
  }
  assert.is(values.size, 1);
});

test("exits with 3 where there is no finite value", async () => {
  const { code, stdout } = await heddle([
    "integrate",
    "1/x",
    "-1",
    "1",
    "--rule",
    "trapezoid",
    "--points",
    "2",
    "--json",
  ]);
  assert.is(code, 3);
  const { value, status, nonFinite } = JSON.parse(stdout);
  assert.equal([value, status, nonFinite], ["NaN", "not-finite", { count: 1, x: 0 }]);
});

test("refuses wrong expressions with exit code 2 and a caret", async () => {
  for (const text of [
    "",
    "x+",
    "2x",
    "sin x",
    "(",
    ")",
    "1,5",
    "foo(x)",
    "x^",
    "-",
    "\u0001",
    "😀",
    "x".repeat(100_000),
  ]) {
    const { code, signal, stdout, stderr } = await heddle(["integrate", text, "0", "1"]);
    assert.equal([code, signal, stdout], [2, null, ""], text.slice(0, 20));
    assert.match(stderr, /^heddle: .+\n.*\n +\^+\n$/u);
  }
});

test("sweeps, and draws what it measured", async () => {
  await inFolder(async (folder) => {
    const plot = join(folder, "speed-up.svg");
    const { code, stdout, stderr } = await heddle(["integrate", "--sweep", "1,2", "--points", "3e6", "--plot", plot]);
    assert.equal([code, stderr], [0, ""]);
    assert.match(stdout, /^threads +time +speed-up +efficiency$/m);
    assert.match(stdout, /^ +1 +[\d.]+ m?s +1\.00 +100 % +█/m);
    assert.is(stdout.match(/fastest$/gm)?.length, 1);
    assert.not.match(stdout, "differ");
    assert.match(readPicture(readFileSync(plot, "utf8")).title, "x^2");
  });
});

test("draws the function", async () => {
  await inFolder(async (folder) => {
    const plot = join(folder, "sinc.svg");
    const { code } = await heddle(["integrate", "sin(x)/x", "1", "20", "--points", "20", "--plot", plot]);
    assert.is(code, 0);
    assert.is(readPicture(readFileSync(plot, "utf8")).title, "sin(x)/x from 1 to 20");
    for (const bad of [join(folder, "none", "a.svg"), join(plot, "a.svg")]) {
      const failed = await heddle(["integrate", "--points", "10", "--plot", bad]);
      assert.equal([failed.code, failed.stdout], [1, ""]);
      assert.match(failed.stderr, /^heddle: expected a file that can be written, but .+\n$/);
      assert.not.ok(existsSync(bad));
    }
  });
});

test("stops on Ctrl-C with 130, on a termination with 143, though hours of work are left", async () => {
  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    let sent = false;
    const { code, stdout, stderr } = await heddle([...ENDLESS, "--progress"], (child, written) => {
      // The bar is up: the work is under way.
      if (sent || !written.includes("%")) return;
      sent = true;
      child.kill(signal);
    });
    assert.is(code, expected);
    assert.is(stdout, "");
    assert.match(stderr, /\r +\r$/, "expected the bar to be wiped out");
  }
});

test("needs no second Ctrl-C, and bears one", async () => {
  let first = true;
  const { code, signal } = await heddle([...ENDLESS, "--progress"], (child, written) => {
    if (!first || !written.includes("%")) return;
    first = false;
    child.kill("SIGINT");
    child.kill("SIGINT");
  });
  assert.ok(code === 130 || signal === "SIGINT", `${code} ${signal}`);
});

test("shows a bar on a terminal, and nothing of it is left", async () => {
  if (spawnSync("script", ["--version"]).status !== 0) return skip("no `script` of util-linux to make a terminal with");
  const command = `stty cols 60; "${process.execPath}" "${CLI}" ${ENDLESS.map((token) => `"${token}"`).join(" ")}`;
  let interrupted = false;
  const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "pipe"] });
  const { stdout } = await ended(child, (_, written) => {
    // Ctrl-C as a terminal sends it: the character, not the signal.
    if (interrupted || !/%[^%]+%/.test(written)) return;
    interrupted = true;
    child.stdin?.write("\u0003");
  });
  const lines = stdout.split("\r").filter((line) => line.includes("%"));
  assert.ok(lines.length >= 2);
  // With the ^C that the terminal echoes.
  for (const line of lines) assert.ok([...line].length < 60, JSON.stringify(line));
  const screen = screenOf(stdout);
  assert.equal(
    screen.filter((line) => line.trim() !== ""),
    [],
  );
});

test("does not mind a reader that leaves", async () => {
  const child = spawn(process.execPath, [CLI, "integrate", "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const { stderr, signal } = await ended(child);
  assert.equal([stderr, signal], ["", null]);
});

test("says when its output is lost", async () => {
  if (!existsSync("/dev/full")) return skip("no /dev/full to fill");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [CLI, "integrate", "--points", "10"], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  const { code, stderr } = await ended(child);
  assert.is(code, 1);
  assert.match(stderr, /^heddle: standard output cannot be written: ENOSPC/);
});

/** What a terminal would show: lines, carriage returns obeyed. */
function screenOf(written: string): string[] {
  return written.split("\n").map((line) => {
    const cells: string[] = [];
    let at = 0;
    for (const character of line) {
      if (character === "\r") at = 0;
      else cells[at++] = character;
    }
    return cells.join("");
  });
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-cli-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.run();
