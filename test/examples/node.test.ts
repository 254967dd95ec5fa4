// @timeout 300
/** The examples, as they stand, in each Node: what they print is what they promise. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findNode, NODE_MAJORS } from "../tools/node-versions.js";
import { skip } from "../tools/skip.js";
import { assertKept, FOLDER, readExamples } from "./example.js";

/** Milliseconds until one is stopped. */
const LIMIT = 60_000;

interface Printed {
  readonly text: string;
  readonly code: number | null;
}

function run(node: string, path: string): Promise<Printed> {
  const child = spawn(node, [path], { stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (more) => {
      text += more;
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ text, code })));
}

test("there are some", () => assert.ok(readExamples().length >= 20));

for (const major of NODE_MAJORS) {
  const node = findNode(major);
  for (const example of readExamples()) {
    test(`${example.name} prints what it promises in Node ${major}`, async () => {
      if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
      const { text, code } = await run(node, join(FOLDER, example.name));
      assert.is(code, 0, `${example.name} ended with ${code}, and printed:\n${text}`);
      assertKept(example, text.trimEnd().split("\n"));
    });
  }
}

test.run();
