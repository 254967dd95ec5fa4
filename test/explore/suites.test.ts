/** The list of suites is whole: a suite that is not in it is not soaked, one without a test file not tested. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SUITES } from "./suites.js";

test("suites: each has a test file of its name", () => {
  const files = readdirSync("test/explore/programs").filter((name) => name.endsWith(".test.ts"));
  assert.equal(files.map((name) => name.replace(".test.ts", "")).sort(), SUITES.map(({ name }) => name).sort());
});

test("suites: names of programs are unlike each other", () => {
  const names = SUITES.flatMap(({ programs }) => programs.map(({ name }) => name));
  assert.is(new Set(names).size, names.length);
});

test.run();
