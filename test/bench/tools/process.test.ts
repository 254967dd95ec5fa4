import { test } from "uvu";
import * as assert from "uvu/assert";
import { ContenderProcess } from "../../../bench/tools/process.js";

/** A contender whose program is a line of JavaScript; `lines` has its input, line by line. */
function start(body: string) {
  const program = `const lines = require("node:readline").createInterface({ input: process.stdin }); ${body}`;
  return ContenderProcess.start("echo", process.execPath, ["-e", program]);
}

test("a contender greets, then answers line by line", async () => {
  const { contender, greeting } = await start(`
    console.log("echo 1.0");
    lines.on("line", (line) => { const [, points, threads] = line.split(" "); console.log(threads + " " + points); });`);
  assert.is(greeting, "echo 1.0");
  assert.equal(await contender.time("x2", 1000, 2), { seconds: 2, value: 1000 });
  assert.equal(await contender.time("x2", 5, 1), { seconds: 1, value: 5 });
  await contender.stop();
});

test("a contender that computes NaN has answered", async () => {
  const { contender } = await start('console.log("hello"); lines.on("line", () => console.log("0.5 NaN"));');
  assert.equal(await contender.time("x2", 1, 1), { seconds: 0.5, value: Number.NaN });
  await contender.stop();
});

async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  return "no failure";
}

test("a contender that dies is a failure with its last words", async () => {
  const { contender } = await start(`
    console.log("hello");
    lines.on("line", () => { console.error("out of paper"); process.exit(3); });`);
  assert.match(await failureOf(contender.time("x2", 1, 1)), /^heddle: echo: it ended with exit code 3:\nout of paper$/);
  assert.match(await failureOf(contender.time("x2", 1, 1)), /echo is gone/);
  await contender.stop();
});

test("a contender that answers something else is a failure", async () => {
  const { contender } = await start('console.log("hello"); lines.on("line", () => console.log("about a second"));');
  assert.match(await failureOf(contender.time("x2", 1, 1)), /expected "seconds value" from echo, got "about a second"/);
  await contender.stop();
});

test("a program that is not there is a failure with its name", async () => {
  assert.match(await failureOf(ContenderProcess.start("nobody", "no-such-program", [])), /heddle: nobody: .*ENOENT/);
});

test.run();
