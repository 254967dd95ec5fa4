/** The printer of examples/printer-thread.js in a terminal whose width changes: it draws again. The terminal is one of `script`, from util-linux. */
import { spawn, spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { skip } from "../tools/skip.js";
import { watchdog } from "../tools/watchdog.js";

/** Each `read` waits for the test. */
const SHELL = `
  stty cols 30
  "$NODE" examples/printer-thread.js & printer=$!
  read go; stty cols 17
  read go; kill -INT $printer; wait $printer; echo over`;

test("draws again when the width changes, until it is interrupted", async () => {
  const version = spawnSync("script", ["--version"], { encoding: "utf8" });
  if (!version.stdout?.includes("util-linux")) return skip("no script of util-linux on this machine");
  let screen = "";
  const dog = watchdog(60, () => `the screen shows: ${JSON.stringify(screen)}`);
  const child = spawn("script", ["--quiet", "--flush", "--echo", "never", "--command", SHELL, "/dev/null"], {
    env: { ...process.env, NODE: process.execPath, SHELL: "/bin/sh" },
  });
  let look = (): void => {};
  child.stdout.setEncoding("utf8").on("data", (text) => {
    screen += text;
    look();
  });
  const shows = (text: string): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (screen.includes(text)) resolve();
      };
      look();
    });
  await shows("----+----|----+----|----+----|\r\n");
  child.stdin.write("\n");
  await shows("|\r\n----+----|----+--\r\n");
  child.stdin.write("\n");
  await shows("over");
  child.stdin.end();
  await new Promise((resolve) => child.on("close", resolve));
  dog.clear();
  assert.match(screen, /\|\r\n----\+----\|----\+--\r\n[^-]*over/);
});

test.run();
