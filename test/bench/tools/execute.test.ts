import { test } from "uvu";
import * as assert from "uvu/assert";
import { execute } from "../../../bench/tools/execute.js";

/** How a program ends that is this line of JavaScript. */
async function endOf(body: string, timeoutMs = 0): Promise<string> {
  try {
    return `printed ${await execute(process.execPath, ["-e", body], { timeoutMs })}`;
  } catch (error) {
    return (error as Error).message;
  }
}

test("a program that ends well has printed", async () => {
  assert.is(await endOf(`console.error("by the way"); console.log("a line");`), "printed a line\n");
});

test("a program that fails says how it ended, and its last words", async () => {
  assert.is(await endOf(`console.error("out of paper"); process.exit(3);`), "it ended with exit code 3: out of paper");
  assert.is(await endOf("process.exit(3);"), "it ended with exit code 3");
});

test("a program that dies says of what", async () => {
  assert.is(await endOf("process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);"), "it ended with SIGSEGV");
});

test("a program that hangs is killed, and says how long it was waited for", async () => {
  assert.is(await endOf("setInterval(() => {}, 1000);", 300), "it did not end within 0.3 s");
});

test("a program that is not there is named", async () => {
  const failure = await execute("no-such-program", []).catch((error: Error) => error.message);
  assert.match(failure, /no-such-program.*ENOENT/);
});

test.run();
