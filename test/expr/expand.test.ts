import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile } from "../../ts/expr/compile.js";
import { Library } from "../../ts/expr/library.js";
import { parse } from "../../ts/expr/parser.js";
import { decode } from "../../ts/wasm/decode.js";
import { assemble } from "../wasm/wat.js";
import { functionOf, listing } from "./kernel.js";

async function libraryOf(functions: string): Promise<Library> {
  const module = decode(await assemble(`(module ${functions})`));
  return new Library(() => module);
}

const V = "(param v128) (result v128)";

function compiled(source: string, library: Library, relaxed = false) {
  return compile(parse(source, { variable: "x", parameters: ["a"] }), library, { relaxed });
}

async function bodyOf(source: string, functions: string, relaxed = false): Promise<string> {
  return listing(functionOf(compiled(source, await libraryOf(functions), relaxed), "integrand").body);
}

const TRIPLE = `(func (export "sinFast") ${V} (f64x2.mul (local.get 0) (f64x2.splat (f64.const 3))))`;

test("a call that varies becomes the fast form's instructions, its constants literals", async () => {
  assert.is(await bodyOf("sin(x)", TRIPLE), "local.get 0; global.get 1; f64x2.mul");
  // One constant, one product.
  assert.is(
    await bodyOf("sin(x) + 3*x", TRIPLE),
    "local.get 0; global.get 1; f64x2.mul; global.get 1; local.get 0; f64x2.mul; f64x2.add",
  );
  assert.is(
    await bodyOf("sin(x) + sin(x)", TRIPLE),
    "local.get 0; global.get 1; f64x2.mul; local.tee 1; local.get 1; f64x2.add",
  );
});

test("what does not vary is called in the prologue, and the careful form calls everything", async () => {
  const kernel = compiled("sin(a)*sin(x)", await libraryOf(TRIPLE));
  assert.match(listing(functionOf(kernel, "prologue").body), /v128.load64_splat offset=0; call 0; global.set/);
  assert.not.match(listing(functionOf(kernel, "integrand").body), /call/);
  assert.is(
    listing(functionOf(kernel, "careful").body),
    "local.get 1; v128.load64_splat offset=0; call 0; local.get 0; call 0; f64x2.mul",
  );
});

test("what the value does not need is not in doubt", async () => {
  const doubt = `${TRIPLE} (func (export "sinDoubt") ${V} (f64x2.gt (local.get 0) (f64x2.splat (f64.const 1e5))))`;
  const kernel = compiled("sin(sin(a) + x)^0 + cos(x)", await libraryOf(doubt));
  assert.equal(kernel.kernel.exports.map(({ name }) => name).sort(), ["careful", "integrand", "prologue"]);
});

test("helpers are written out too, and what two functions have in common is one node", async () => {
  const functions = `
    (func $half ${V} (local v128)
      (local.set 1 (f64x2.mul (local.get 0) (f64x2.splat (f64.const 0.5))))
      (local.tee 0 (f64x2.floor (local.get 1))))
    (func (export "sinFast") ${V} (f64x2.neg (call $half (local.get 0))))
    (func (export "cosFast") ${V} (return (f64x2.abs (call $half (local.get 0)))))`;
  assert.is(
    await bodyOf("sin(x)*cos(x)", functions),
    "local.get 0; global.get 1; f64x2.mul; f64x2.floor; local.tee 1; f64x2.neg; local.get 1; f64x2.abs; f64x2.mul",
  );
});

test("tables are read at their base, shifts by constants stay constants", async () => {
  const functions = `(memory 1) (global (export "tables") (mut i32) (i32.const 0))
    (func (export "sinFast") ${V}
      (v128.load offset=64 (i32.add (global.get 0) (i32.shl (i32x4.extract_lane 2 (local.get 0)) (i32.const 4)))))`;
  const kernel = compiled("sin(x)", await libraryOf(functions));
  assert.equal(
    kernel.kernel.imports.map(({ module, name }) => `${module}.${name}`),
    ["env.memory", "math.sin", "env.tables"],
  );
  assert.is(
    listing(functionOf(kernel, "integrand").body),
    "global.get 1; local.get 0; i32x4.extract_lane 2; i32.const 4; i32.shl; i32.add; v128.load offset=64",
  );
});

test("masks of doubt are added up in a global that the prologue and the question clear", async () => {
  const functions = `${TRIPLE}
    (func (export "sinDoubt") ${V} (f64x2.gt (local.get 0) (f64x2.splat (f64.const 9))))
    (func (export "cosFast") ${V} (local.get 0))
    (func (export "cosDoubt") ${V} (f64x2.gt (local.get 0) (f64x2.splat (f64.const 9))))`;
  const kernel = compiled("sin(x)*cos(x)", await libraryOf(functions));
  // Both have the same doubt: once is enough.
  assert.match(
    listing(functionOf(kernel, "integrand").body),
    /f64x2.mul; global.get 4; local.get 0; global.get 3; f64x2.gt; v128.or; global.set 4$/,
  );
  assert.match(listing(functionOf(kernel, "prologue").body), /v128.const [0,]+; global.set 4$/);
  assert.match(listing(functionOf(kernel, "doubt").body), /^global.get 4; v128.const [0,]+; global.set 4$/);
});

test("relaxed: a product that only a sum uses is fused with it", async () => {
  assert.is(await bodyOf("a*x + 1", "", true), "global.get 1; local.get 0; global.get 2; f64x2.relaxed_madd");
  assert.is(await bodyOf("1 - a*x", "", true), "global.get 2; local.get 0; global.get 1; f64x2.relaxed_nmadd");
  assert.is(await bodyOf("x*x + x", "", true), "local.get 0; local.get 0; local.get 0; f64x2.relaxed_madd");
  // Used twice, it stays; and so it is by default.
  assert.not.match(await bodyOf("(a*x + 1) / (a*x)", "", true), /relaxed/);
  assert.not.match(await bodyOf("a*x + 1", ""), /relaxed/);
});

for (const [what, functions] of [
  [
    "a branch",
    `(func (export "sinFast") ${V} (if (result v128) (i32.const 1) (then (local.get 0)) (else (local.get 0))))`,
  ],
  ["a store", `(memory 1) (func (export "sinFast") ${V} (v128.store (i32.const 0) (local.get 0)) (local.get 0))`],
  ["a global", `(global $g v128 (v128.const i64x2 1 1)) (func (export "sinFast") ${V} (global.get $g))`],
] as const) {
  test(`a fast form with ${what} is refused`, async () => {
    const library = await libraryOf(functions);
    assert.throws(
      () => compiled("sin(x)", library),
      /expected the fast form .* to be a straight line of pure instructions, found /,
    );
  });
}

test.run();
