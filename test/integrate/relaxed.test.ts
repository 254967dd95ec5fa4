/** Fused operations: used where they are asked for and known, with other bits than the default, and the same for every number of threads. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { integrateSync } from "../../ts/index.js";
import { findNode, NODE_MAJORS } from "../tools/node-versions.js";
import { skip } from "../tools/skip.js";

const PROGRAM = `
  import { integrate } from "./build/node.js";
  const call = (relaxed, threads) => integrate("a*x^2 + sin(x)*exp(-x)", 0, 10, { points: 1e6, parameters: { a: 0.1 }, relaxed, threads });
  const [plain, one, two] = [await call(false, 1), await call(true, 1), await call(true, 2)];
  console.log(JSON.stringify({ plain, one, two }));`;

for (const major of NODE_MAJORS) {
  test(`relaxed in Node ${major}`, () => {
    const node = findNode(major);
    if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
    const { stdout, stderr } = spawnSync(node, ["--input-type=module", "-e", PROGRAM], {
      encoding: "utf8",
      timeout: 60_000,
    });
    assert.is(stderr, "");
    const { plain, one, two } = JSON.parse(stdout);
    // Node 20 does not know the instructions: the default takes their place.
    assert.equal([plain.relaxed, one.relaxed, two.relaxed], [false, major > 20, major > 20]);
    assert.is(two.value, one.value);
    assert.is(two.error, one.error);
    if (major === 20) assert.is(one.value, plain.value);
    else assert.ok(Math.abs(one.value - plain.value) <= 1e-14 * plain.value, `${one.value} and ${plain.value}`);
  });
}

test("relaxed is true or false", () => {
  assert.throws(
    // @ts-expect-error a text is neither
    () => integrateSync("x", 0, 1, { points: 10, relaxed: "yes" }),
    /`relaxed` must be true or false, got "yes"/,
  );
});

test.run();
