import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instruction } from "../../ts/wasm/module.js";
import { OPCODES } from "../../ts/wasm/opcodes.js";
import { relocate } from "../../ts/wasm/relocate.js";

const BY_TEN = {
  function: (index: number) => index + 10,
  type: (index: number) => index + 20,
  global: (index: number) => index + 30,
  local: (index: number) => index + 40,
};

test("no row of the opcode table has an index that moves behind its first immediate", () => {
  const moving = ["function", "type", "global", "local", "block type"];
  const late = OPCODES.filter(({ immediates }) => immediates.slice(1).some((kind) => moving.includes(kind)));
  assert.equal(late, []);
});

test("indices move, each by its own space; what follows them stays", () => {
  const moved: readonly (readonly [Instruction, Instruction])[] = [
    [["call", 1], ["call", 11]],
    [["ref.func", 1], ["ref.func", 11]],
    [["call_indirect", 1, 2], ["call_indirect", 21, 2]],
    [["block", 1], ["block", 21]],
    [["loop", 0], ["loop", 20]],
    [["global.set", 1], ["global.set", 31]],
    [["local.get", 1], ["local.get", 41]],
    [["local.tee", 0], ["local.tee", 40]],
  ]; // biome-ignore format: a row each
  for (const [before, after] of moved) assert.equal(relocate(before, BY_TEN), after);
});

test("words, labels, numbers and addresses are no indices that move", () => {
  const staying: readonly Instruction[] = [
    ["block", "empty"],
    ["if", "v128"],
    ["br", 1],
    ["br_table", [1, 2], 0],
    ["i32.const", 1],
    ["f64x2.extract_lane", 1],
    ["v128.load", { align: 4, offset: 16 }],
    ["table.get", 1],
    ["end"],
  ];
  for (const each of staying) assert.equal(relocate(each, BY_TEN), each);
});

test.run();
