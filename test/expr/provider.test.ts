import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError } from "../../ts/errors.js";
import { FUNCTIONS, PROVIDER_BINARY, PROVIDER_UNARY } from "../../ts/expr/functions.js";
import { providerFunctions } from "../../ts/expr/provider.js";
import { functions, provider } from "./kernel.js";

test("has each function that the language calls", () => {
  const inline = ["sqrt", "abs", "sign", "floor", "ceil", "round", "trunc", "min", "max", "ln"];
  const called = [...FUNCTIONS.keys()].filter((name) => !inline.includes(name)).sort();
  assert.equal([...PROVIDER_UNARY, ...PROVIDER_BINARY].sort(), called);
  assert.equal(Object.keys(functions).sort(), called);
});

test("passes both arguments in their order", () => {
  assert.is(functions.atan2(0, -1), Math.PI);
  assert.is(functions.atan2(-1, 0), -Math.PI / 2);
  assert.is(functions.pow(2, 10), 1024);
});

test("an object that is no provider is an ArgumentError that names what is missing", () => {
  const { atan2: _, ...incomplete } = provider;
  assert.throws(
    () => providerFunctions(incomplete),
    (error: unknown) => error instanceof ArgumentError && /without `atan2`/.test(error.message),
  );
});

test.run();
