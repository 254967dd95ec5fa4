import { test } from "uvu";
import * as assert from "uvu/assert";
import { readNamed } from "../../ts/cli/named.js";
import { ArgumentError } from "../../ts/errors.js";

test("takes names and texts apart at the first sign", () => {
  assert.equal(readNamed("--param", "a=2", ["a=2", " b = x==1", "c="]), [
    ["a", "2"],
    ["b", " x==1"],
    ["c", ""],
  ]);
});

test("refuses what has no name, and names that come twice", () => {
  for (const texts of [["2"], ["=2"], [" =2"], [""]]) {
    assert.throws(
      () => readNamed("--param", "a=2", texts),
      (error: Error) =>
        error instanceof ArgumentError && /--param must be a name and its value such as a=2/.test(error.message),
    );
  }
  assert.throws(() => readNamed("--scale", "x=2", ["x=1", "x=2"]), /--scale must give each name once, got x twice/);
});

test.run();
