import { test } from "uvu";
import * as assert from "uvu/assert";
import { shorten } from "../../../bench/tools/shorten.js";

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`).join("\n");

test("what is short stays as it is", () => {
  assert.is(shorten("out of paper\n"), "out of paper");
  assert.is(shorten(lines(8)), lines(8));
});

test("what is long is cut, and says by how much", () => {
  assert.is(shorten(lines(20)), `${lines(8)}\n… and 12 more lines`);
});

test.run();
