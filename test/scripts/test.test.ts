import { test } from "uvu";
import * as assert from "uvu/assert";
import { House } from "./house.js";

const GOOD = `import { test } from "uvu"; test("a", () => {}); test("b", () => {}); test.run();`;
const BAD = `import { test } from "uvu"; test("a", () => {}); test("breaks", () => { throw new Error("on purpose"); }); test.run();`;
const SKIPPING = `import { test } from "uvu";
test("a", () => {});
test("b", () => { process.stdout.write("\\nSKIP 1 no such engine\\n"); });
test.run();`;

/** Runs `npm test` on these files alone. */
function runTests(
  files: Readonly<Record<string, string>>,
  args: string[] = [],
  environment: Record<string, string> = {},
) {
  const house = new House();
  try {
    for (const [name, text] of Object.entries(files)) house.write(`test/${name}.test.ts`, text);
    const { status, stdout, stderr } = house.run("test", args, environment);
    const lines = stdout.trimEnd().split("\n");
    return { status, stdout, stderr, last: lines.at(-1) };
  } finally {
    house.remove();
  }
}

test("counts tests, names files, ends with the plain line", () => {
  const { status, stdout, last } = runTests({ good: GOOD, "folder/better": GOOD });
  assert.is(status, 0);
  assert.is(last, "4 passed, 0 failed");
  assert.match(stdout, "ok   test/folder/better.test.ts");
});

test("runs only the files that match", () => {
  assert.is(runTests({ good: GOOD, bad: BAD }, ["goo"]).last, "2 passed, 0 failed");
  const { status, last, stderr } = runTests({ good: GOOD }, ["nothing-like-it"]);
  assert.is(status, 1);
  assert.is(last, "0 passed, 1 failed");
  assert.match(stderr, "no test file matches nothing-like-it");
});

test("a failing test fails the run and shows what it printed", () => {
  const { status, stdout, last } = runTests({ good: GOOD, bad: BAD });
  assert.is(status, 1);
  assert.is(last, "3 passed, 1 failed");
  assert.match(stdout, "on purpose");
  assert.match(stdout, "test/bad.test.ts:1");
});

test("what failed is shown before what was printed on the way there", () => {
  const chatty = `console.log("a long story"); ${BAD}`;
  const { stdout } = runTests({ chatty });
  const lines = stdout.split("\n");
  const file = lines.findIndex((line) => line.startsWith("FAIL test/chatty.test.ts"));
  assert.match(lines[file + 1] as string, /FAIL +"breaks"/);
  assert.match(lines[file + 2] as string, "on purpose");
  assert.ok(stdout.indexOf("a long story") > stdout.indexOf("on purpose"), stdout);
});

test("a file that cannot be bundled fails alone", () => {
  const { status, stdout, last } = runTests({ good: GOOD, broken: `import "./nowhere.js";` });
  assert.is(status, 1);
  assert.is(last, "2 passed, 1 failed");
  assert.match(stdout, `Could not resolve "./nowhere.js"`);
});

test("a file that runs no test, ends early or dies is a failure", () => {
  const forgotten = runTests({ forgotten: `import { test } from "uvu"; test("a", () => {});` });
  assert.is(forgotten.last, "0 passed, 1 failed");
  assert.match(forgotten.stdout, "ran no test");
  const left = runTests({ left: `${GOOD} process.on("exit", () => { process.exitCode = 7; });` });
  assert.is(left.last, "2 passed, 1 failed");
  assert.match(left.stdout, "ended with exit code 7");
  const died = runTests({ died: `process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);` });
  assert.is(died.last, "0 passed, 1 failed");
  assert.match(died.stdout, "died of SIGKILL");
});

test("a file that hangs is stopped, with what it had printed and what it had started", () => {
  const hanging = `// @timeout 5
import { spawn } from "node:child_process";
process.on("SIGTERM", () => console.log("last words"));
console.log("lock: CONTENDED");
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
setInterval(() => {}, 1000);`;
  const { status, stdout, last } = runTests({ hanging });
  assert.is(status, 1);
  assert.is(last, "0 passed, 1 failed");
  assert.match(stdout, "did not end within 5 s");
  assert.match(stdout, "lock: CONTENDED");
  assert.match(stdout, "last words");
});

test("a skipped test is listed with its reason and is not counted as passed", () => {
  const { status, stdout, last } = runTests({ skipping: SKIPPING });
  assert.is(status, 0);
  assert.is(last, "1 passed, 0 failed, 1 skipped");
  assert.match(stdout, "skipped 1 of test/skipping.test.ts: no such engine");
  const bare = runTests({
    bare: `import { test } from "uvu"; test("a", () => {}); test.skip("b", () => {}); test.run();`,
  });
  assert.is(bare.last, "1 passed, 0 failed, 1 skipped");
  assert.match(bare.stdout, "without a reason");
});

test("under CI=true a skipped test fails the run", () => {
  const { status, stdout, last } = runTests({ skipping: SKIPPING }, [], { CI: "true" });
  assert.is(status, 1);
  assert.is(last, "1 passed, 0 failed, 1 skipped");
  assert.match(stdout, "CI=true: a skipped test fails the run");
});

test("a file marked @serial runs after all others", () => {
  const other = `import { test } from "uvu"; import { appendFileSync } from "node:fs";
test("others", () => appendFileSync("log", "o")); test.run();`;
  const alone = `// @serial
import { test } from "uvu"; import { readFileSync } from "node:fs";
test("alone", () => { if (readFileSync("log", "utf8") !== "oooo") throw new Error("not alone"); });
test.run();`;
  const { last } = runTests({ "a-alone": alone, b: other, c: other, d: other, e: other });
  assert.is(last, "5 passed, 0 failed");
});

test.run();
