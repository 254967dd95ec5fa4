import { test } from "uvu";
import * as assert from "uvu/assert";
import { RULES, readRule, spellRule } from "../../ts/cli/rule.js";
import { ArgumentError } from "../../ts/errors.js";

test("reads what it spells", () => {
  for (const text of ["left", "right", "midpoint", "trapezoid", "simpson", "boole", "gauss:1", "gauss:5", "gauss:64"]) {
    assert.is(spellRule(readRule(text)), text);
  }
  assert.equal(readRule("gauss:5"), { gauss: 5 });
});

test("refuses everything else, and lists the rules", () => {
  for (const text of [
    "",
    "Simpson",
    "gauss",
    "gauss5",
    "gauss:0",
    "gauss:65",
    "gauss:1.5",
    "gauss:-1",
    "gauss:5x",
    "toString",
  ]) {
    assert.throws(
      () => readRule(text),
      (error: unknown) => error instanceof ArgumentError && error.message.includes(RULES) && error.got === text,
    );
  }
});

test.run();
