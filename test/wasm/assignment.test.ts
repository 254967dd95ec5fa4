import { test } from "uvu";
import * as assert from "uvu/assert";
import { assignment } from "../../ts/wasm/assignment.js";
import type { Instruction } from "../../ts/wasm/module.js";

function look(...body: Instruction[]): { unassigned: number[]; atExit: number[] } {
  const { unassigned, atExit } = assignment([...body, ["end"]], ([name, key]) => {
    if (name === "local.set") return { kind: "assign", key: key as number };
    return name === "local.get" ? { kind: "read", key: key as number } : undefined;
  });
  return { unassigned: [...unassigned], atExit: [...atExit] };
}

const set = (key: number): Instruction => ["local.set", key];
const get = (key: number): Instruction => ["local.get", key];
const block: Instruction = ["block", "empty"];
const loop: Instruction = ["loop", "empty"];
const end: Instruction = ["end"];

test("what is set first is assigned, what is read first is not", () => {
  assert.equal(look(set(0), get(0), get(1), set(1)), { unassigned: [1], atExit: [0, 1] });
});

test("an assignment within a construct holds there and not behind it", () => {
  assert.equal(look(block, set(0), get(0), block, get(0), end, end), { unassigned: [], atExit: [] });
  assert.equal(look(block, set(0), end, get(0)).unassigned, [0]);
});

test("what was assigned before a construct stays assigned behind it, though the construct assigns it again", () => {
  assert.equal(look(set(0), block, set(0), end, get(0)), { unassigned: [], atExit: [0] });
  assert.equal(look(set(0), ["if", "empty"], set(0), ["else"], get(0), end, get(0)), { unassigned: [], atExit: [0] });
});

test("one arm of an if says nothing about the other", () => {
  assert.equal(look(["if", "empty"], set(0), ["else"], get(0), end).unassigned, [0]);
});

test("a loop that reads before it sets reads what was there before", () => {
  assert.equal(look(loop, get(0), set(0), ["br_if", 0], end).unassigned, [0]);
});

test("an assignment behind a way out does not hold on that way", () => {
  assert.equal(look(set(0), ["return"], set(1)).atExit, [0]);
  assert.equal(look(block, ["br_if", 1], end, set(0)).atExit, []);
  assert.equal(look(block, set(1), ["br_table", [0], 1], end, set(0)).atExit, []);
  assert.equal(look(block, ["br_if", 0], end, set(0)).atExit, [0]);
});

test.run();
