/**
 * The same bits for every number of threads, in every version of Node, in a browser with threads and without, and under V8's first compiler alone.
 * test/bits/measure.mjs has the list of problems and says how golden.json is written.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { launch, NO_CHROMIUM } from "../tools/chromium.js";
import { findNode, NODE_MAJORS } from "../tools/node-versions.js";
import { serve } from "../tools/serve.js";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";

interface Problem {
  readonly name: string;
  readonly large?: boolean;
  readonly same?: readonly unknown[];
  readonly value: string;
  readonly error: string;
}

/** Threads -> "name, method: value error". */
type Lines = Readonly<Record<string, readonly string[]>>;

const THREADS = ["1", "2", "3", "7", "16"];
const GOLDEN = JSON.parse(readFileSync("test/bits/golden.json", "utf8")) as readonly Problem[];

/** What `measure` must have said. */
function expected(threads: string): string[] {
  return GOLDEN.flatMap(({ name, large, value, error, same = [] }) => {
    const methods = large ? (threads === "3" || threads === "0" ? ["integrate"] : []) : ["integrate", "integrateSync"];
    return methods.flatMap((method) => Array(1 + same.length).fill(`${name}, ${method}: ${value} ${error}`));
  });
}

function assertGolden(lines: Lines): void {
  for (const [threads, found] of Object.entries(lines)) assert.equal(found, expected(threads), `${threads} threads`);
}

function runNode(node: string, options: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(node, [...options, "test/bits/measure.mjs"], {
    encoding: "utf8",
    timeout: 90_000,
  });
  assert.is(error, undefined);
  assert.is(stderr, "");
  assert.is(status, 0);
  const lines = JSON.parse(stdout) as Lines;
  assert.equal(Object.keys(lines), THREADS);
  assertGolden(lines);
}

test("the list has what can go wrong in it", () => {
  assert.ok(GOLDEN.length >= 12);
  assert.ok(GOLDEN.some(({ value }) => value === "7ff8000000000000"));
  assert.is(new Set(GOLDEN.map(({ name }) => name)).size, GOLDEN.length);
});

for (const major of NODE_MAJORS) {
  test(`gives the same bits in Node ${major}, for 1, 2, 3, 7 and 16 threads`, () => {
    const node = findNode(major);
    if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
    runNode(node, []);
  });
}

test("gives the same bits in Node 20 when its first compiler, Liftoff, is the only one", () => {
  const node = findNode(20);
  if (node === null) return skip(`no Node 20 for ${process.platform} ${process.arch}`);
  runNode(node, ["--liftoff-only"]);
});

for (const isolated of [true, false]) {
  const threads = isolated ? THREADS : ["0", "3"];
  const place = isolated ? "with 1, 2, 3, 7 and 16 threads" : "on a page that is not isolated, on its own thread";
  test(`gives the same bits in Chromium ${place}`, async () => {
    const browser = await launch();
    if (browser === null) return skip(NO_CHROMIUM);
    const pages = {
      "/": "<!doctype html><title>heddle</title>",
      "/measure.mjs": readFileSync("test/bits/measure.mjs", "utf8"),
    };
    const server = await serve("build", { isolated, pages });
    const dog = watchdog(100, () => `Chromium, isolated ${isolated}`);
    try {
      const page = await browser.newPage();
      await page.goto(server.origin);
      const lines = await page.evaluate<Lines>(`(async () => {
        const { createHeddle } = await import("/browser.js");
        const { measure } = await import("/measure.mjs");
        const heddle = createHeddle();
        const lines = {};
        for (const threads of ${JSON.stringify(threads)}) {
          lines[threads] = await measure(${JSON.stringify(GOLDEN)}, heddle, Number(threads));
        }
        return lines;
      })()`);
      assert.equal(Object.keys(lines), threads);
      assertGolden(lines);
    } finally {
      dog.clear();
      await browser.close();
      await server.close();
    }
  });
}

test.run();
