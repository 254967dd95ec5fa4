import { test } from "uvu";
import * as assert from "uvu/assert";
import { shield, unshield } from "../../ts/cli/shield.js";

test("hides one minus, not two, and not the short options", () => {
  const argv = ["integrate", "-x^2", "-10", "-inf", "-(x+1)", "-pi/2", "-", "--json", "-h", "-V", "--points", "-5"];
  const hidden = argv.filter((token, index) => shield(argv)[index] !== token);
  assert.equal(hidden, ["-x^2", "-10", "-inf", "-(x+1)", "-pi/2", "-5"]);
  for (const token of shield(argv)) if (token.endsWith("2")) assert.not.ok(token.startsWith("-"));
});

test("gives every token back, also inside a message", () => {
  const argv = ["-x^2", "--param", "a=-2", "--", "-y"];
  assert.equal(shield(argv).map(unshield), argv);
  assert.is(unshield(`unknown '${shield(["-x"])[0]}'`), "unknown '-x'");
});

test("leaves what follows -- alone", () => {
  assert.equal(shield(["--", "-x", "-h"]), ["--", "-x", "-h"]);
});

test.run();
