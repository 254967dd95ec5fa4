import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, WasmError } from "../../ts/errors.js";
import { decode } from "../../ts/wasm/decode.js";
import type { Module } from "../../ts/wasm/module.js";
import { INLINE_LIMIT, type SpliceOptions, splice, spliceModule } from "../../ts/wasm/splice.js";
import { assertSameBits, DRIVERS, fixtures } from "./linked.js";
import { assemble } from "./wat.js";

const kernelOf = async (...fields: string[]): Promise<Module> =>
  decode(await assemble(`(module ${fields.join("\n")})`));
const INTEGRAND = '(func $f (export "integrand") (param v128) (result v128)';
const ADD = (one: string, other: string) => `(i32x4.add ${one} ${other})`;
const LANE = (lane: number, of = "(local.get 0)") => `(i32x4.extract_lane ${lane} ${of})`;
const ODD = (lane: number) => `(i32.and (i32.const 1) ${LANE(lane)})`;

/** What a kernel may do, one thing each. */
const KERNELS: Readonly<Record<string, readonly string[]>> = {
  arithmetic: [`${INTEGRAND} (i32x4.mul (local.get 0) (local.get 0)))`],
  "an inner loop whose accumulator and counter begin at zero": [
    `${INTEGRAND} (local $sum v128) (local $i i32)
      (loop $again
        (local.set $sum ${ADD("(local.get $sum)", "(local.get 0)")})
        (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
      (local.get $sum))`,
  ],
  "locals of every type that begin at zero": [
    `${INTEGRAND} (local $l i64) (local $f f32) (local $d f64) (local $r funcref) (local $e externref)
      (local.set 0 ${ADD("(local.get 0)", "(i64x2.splat (local.get $l))")})
      (local.set 0 ${ADD("(local.get 0)", "(f32x4.splat (local.get $f))")})
      (local.set 0 ${ADD("(local.get 0)", "(f64x2.splat (local.get $d))")})
      (local.set 0 ${ADD("(local.get 0)", "(i32x4.splat (i32.add (ref.is_null (local.get $r)) (ref.is_null (local.get $e))))")})
      (local.set $l (i64.const 3)) (local.set $f (f32.const 5)) (local.set $d (f64.const 7))
      (local.get 0))`,
  ],
  "a local set before it is read, a parameter overwritten": [
    `${INTEGRAND} (local $t v128)
      (local.set $t (v128.not (local.get 0))) (local.set 0 ${ADD("(local.get $t)", "(local.get $t)")})
      (i32x4.sub (local.get 0) (local.get $t)))`,
  ],
  "an early return": [`${INTEGRAND} (if ${ODD(0)} (then (return (v128.not (local.get 0))))) (local.get 0))`],
  "a return as the last instruction, above values that it leaves": [
    `${INTEGRAND} (i32.const 7) (f64.const 3) (return (i32x4.neg (local.get 0))))`,
  ],
  "returns from nested blocks with more values on the stack": [
    `${INTEGRAND}
      (i32.const 1)
      (block (result i32)
        (i64.const 2)
        (block
          (f32.const 3)
          (br_if 0 ${ODD(1)}) (drop)
          (block (result v128) (f64.const 5) (return (i32x4.neg (local.get 0))))
          (drop))
        (drop) (i32.const 4))
      (return ${ADD("(local.get 0)", "(local.get 0)")}))`,
  ],
  "branches to the function's label": [
    `${INTEGRAND}
      (loop
        (drop (br_if 1 (v128.not (local.get 0)) ${ODD(0)}))
        (block (br 2 (i32x4.neg (local.get 0)))))
      (unreachable))`,
  ],
  "a branch to the function's label from outside all blocks": [
    `${INTEGRAND} (i32.const 0) (br 0 (v128.not (local.get 0))))`,
  ],
  "a block result": [
    `${INTEGRAND} (block $out (result v128)
      (drop (br_if $out (v128.not (local.get 0)) ${ODD(0)}))
      ${ADD("(local.get 0)", "(v128.const i32x4 1 2 3 4)")}))`,
  ],
  "a block with parameters and two results": [
    `${INTEGRAND} (local.get 0) (local.get 0)
      (block (param v128 v128) (result v128 v128) (i32x4.sub) (local.get 0) (br_if 0 ${ODD(0)}) (v128.not))
      (i32x4.mul))`,
  ],
  "if and else": [
    `${INTEGRAND} (if (result v128) ${ODD(0)}
      (then (if (result v128) ${ODD(1)} (then (v128.const i64x2 1 2)) (else (return (local.get 0)))))
      (else (v128.not (local.get 0)))))`,
  ],
  "br_table, one of its labels the function's": [
    `${INTEGRAND}
      (block $two (result v128) (block $one (result v128) (block $zero (result v128)
        (br_table $zero $one $two 3 (local.get 0) (i32.and (i32.const 3) ${LANE(2)})))
        (v128.not)) (i32x4.neg)) (i32x4.abs))`,
  ],
  "br_table over empty blocks": [
    `${INTEGRAND} (local $n i32)
      (block $two (block $one (block $zero (br_table $zero $one $two (i32.and (i32.const 3) ${LANE(2)})))
        (local.set $n (i32.const 10))) (local.set $n (i32.add (local.get $n) (i32.const 100))))
      ${ADD("(local.get 0)", "(i32x4.splat (local.get $n))")})`,
  ],
  "a call within the kernel": [
    `(func $square (param v128) (result v128) (i32x4.mul (local.get 0) (local.get 0)))
     ${INTEGRAND} ${ADD("(call $square (local.get 0))", "(call $square (v128.not (local.get 0)))")})`,
  ],
  "recursion, of a function and of the integrand itself": [
    `(func $down (param i32) (result i32)
       (if (result i32) (local.get 0) (then (i32.add (i32.const 3) (call $down (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 1))))
     ${INTEGRAND} (if ${ODD(0)} (then (return (call $f (v128.and (local.get 0) (v128.const i32x4 -2 -1 -1 -1))))))
       ${ADD("(local.get 0)", `(i32x4.splat (call $down (i32.and (i32.const 7) ${LANE(1)})))`)})`,
  ],
  "calls of imports, the prologue's among them": [
    `(import "math" "scramble" (func $scramble (param v128) (result v128)))
     (import "math" "mix" (func $mix (param v128 v128) (result v128)))
     (import "env" "memory" (memory 1 1024 shared))
     (global $a (mut v128) (v128.const i64x2 0 0))
     (func (export "prologue") (param i32) (global.set $a (call $scramble (v128.load (local.get 0)))))
     ${INTEGRAND} (call $mix (call $scramble (local.get 0)) (global.get $a)))`,
  ],
  "nothing but an import": [
    `(import "math" "scramble" (func $scramble (param v128) (result v128))) (export "integrand" (func $scramble))`,
  ],
  "parameters and constants in globals": [
    `(import "env" "memory" (memory 1 65536 shared))
     (global $one v128 (v128.const i32x4 1 2 3 4))
     (global $constant (mut v128) (v128.const i64x2 0 0)) (global $a (mut v128) (v128.const i64x2 0 0))
     (func (export "prologue") (param i32)
       (global.set $constant (global.get $one))
       (global.set $a (v128.load64_splat offset=8 (local.get 0))))
     ${INTEGRAND} ${ADD("(i32x4.mul (local.get 0) (global.get $a))", "(global.get $constant)")})`,
  ],
  "a prologue with locals, a loop and early returns": [
    `(import "env" "memory" (memory 1 65536 shared))
     (global $a (mut i32) (i32.const 9)) (global $b (mut i32) (i32.const 11))
     (func (export "prologue") (param i32) (local $i i32)
       (global.set $a (i32.const 0))
       (loop $again
         (global.set $a (i32.add (global.get $a) (i32.load (local.get 0))))
         (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
       (if (i32.and (i32.load (local.get 0)) (i32.const 2)) (then (return)))
       (br_if 0 (i32.and (i32.load (local.get 0)) (i32.const 4)))
       (global.set $b (global.get $a)))
     ${INTEGRAND} ${ADD("(i32x4.splat (global.get $a))", "(i32x4.mul (local.get 0) (i32x4.splat (global.get $b)))")})`,
  ],
  "a global that the prologue reads first": [
    `(global $calls (mut i32) (i32.const 5))
     (func (export "prologue") (param i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
     ${INTEGRAND} ${ADD("(local.get 0)", "(i32x4.splat (global.get $calls))")})`,
  ],
  "a global that the body counts in": [
    `(global $n (mut i32) (i32.const 0)) (global $unset (mut i32) (i32.const 77))
     (func (export "prologue") (param i32) (global.set $n (local.get 0)))
     ${INTEGRAND} (global.set $n (i32.add (global.get $n) (i32.const 1)))
       ${ADD("(local.get 0)", "(i32x4.splat (i32.mul (global.get $n) (global.get $unset)))")})`,
  ],
  "doubt, and what is right where there is doubt": [
    `(import "env" "memory" (memory 1 65536 shared))
     (global $mask (mut v128) (v128.const i64x2 0 0)) (global $scale (mut v128) (v128.const i64x2 0 0))
     (func (export "prologue") (param i32)
       (global.set $mask (v128.const i64x2 0 0)) (global.set $scale (v128.load (local.get 0))))
     (func (export "doubt") (result v128) (global.get $mask) (global.set $mask (v128.const i64x2 0 0)))
     (func (export "careful") (param v128 i32) (result v128)
       (i32x4.sub (local.get 0) (call $double (v128.load offset=16 (local.get 1)))))
     (func $double (param v128) (result v128) (i32x4.shl (local.get 0) (i32.const 1)))
     ${INTEGRAND}
       (global.set $mask (v128.or (global.get $mask) (i32x4.lt_s (local.get 0) (v128.const i64x2 0 0))))
       ${ADD("(local.get 0)", "(global.get $scale)")})`,
  ],
  "a global that a called function reads": [
    `(global $n (mut i32) (i32.const 0))
     (func $read (result i32) (global.get $n))
     (func (export "prologue") (param i32) (global.set $n (i32.add (i32.const 1) (local.get 0))))
     ${INTEGRAND} ${ADD("(i32x4.splat (global.get $n))", `${ADD("(i32x4.splat (call $read))", "(local.get 0)")}`)})`,
  ],
  "an imported global, and one that begins with it": [
    `(import "env" "offset" (global $offset i32)) (global $same i32 (global.get $offset))
     ${INTEGRAND} ${ADD("(local.get 0)", "(i32x4.splat (i32.add (global.get $offset) (global.get $same)))")})`,
  ],
};

for (const [what, fields] of Object.entries(KERNELS)) {
  test(`${what}: the same bits spliced, called and linked`, async () => {
    const fixture = await fixtures();
    assertSameBits(await kernelOf(...fields), fixture, [DRIVERS, ...DRIVERS.map((driver) => [driver])]);
  });
}

/** Splices one driver, all of it in place unless told otherwise, and decodes what comes. */
async function spliced(
  fields: readonly string[],
  drivers: readonly string[],
  more: Partial<SpliceOptions> = {},
): Promise<Module> {
  const { template } = await fixtures();
  const bytes = splice(template, await kernelOf(...fields), { kind: "x", drivers, inlineLimit: Infinity, ...more });
  assert.ok(WebAssembly.validate(bytes));
  return decode(bytes);
}

const named = (module: Module, name: string) =>
  module.functions.reduce((count, { body }) => count + body.filter(([each]) => each === name).length, 0);

test("nothing of the template comes along that the driver does not reach", async () => {
  const module = await spliced(KERNELS.arithmetic ?? [], ["map"]);
  assert.equal(module.exports, [{ name: "map", kind: "function", index: 0 }]);
  assert.equal(
    module.imports.map(({ module, name }) => `${module}.${name}`),
    ["env.memory"],
  );
  assert.is(module.functions.length, 1);
  assert.is(module.globals.length, 0);
  assert.is(module.types.length, 1);
  assert.is(named(module, "call"), 0);
  // No exit, so no block around the body: the template's own are all there is.
  assert.is(named(module, "block"), 1);
});

test("a kernel without a prologue costs a drop", async () => {
  const module = await spliced(KERNELS.arithmetic ?? [], ["map"]);
  assert.equal(module.functions[0]?.body.slice(0, 2), [["local.get", 0], ["drop"]]);
});

test("a block stands around a body that leaves early, and around no other", async () => {
  const blocks = async (what: string) => named(await spliced(KERNELS[what] ?? [], ["map"]), "block");
  assert.is(await blocks("an early return"), 2);
  assert.is(await blocks("a branch to the function's label from outside all blocks"), 2);
  assert.is(await blocks("an inner loop whose accumulator and counter begin at zero"), 1);
});

test("only locals that might be read before they are set are zeroed", async () => {
  const set = await spliced(KERNELS["a local set before it is read, a parameter overwritten"] ?? [], ["map"]);
  assert.is(named(set, "v128.const"), 0);
  const dirty = await spliced(KERNELS["an inner loop whose accumulator and counter begin at zero"] ?? [], ["map"]);
  assert.is(named(dirty, "v128.const"), 1);
});

test("what the prologue leaves becomes locals where each evaluation follows it, and stays in globals elsewhere", async () => {
  const fields = KERNELS["parameters and constants in globals"] ?? [];
  const mutable = async (driver: string, more?: Partial<SpliceOptions>) =>
    (await spliced(fields, [driver], more)).globals.filter((global) => global.mutable && global.type === "v128").length;
  assert.is(await mutable("map"), 0);
  assert.is(await mutable("two"), 0);
  assert.is(await mutable("twice"), 0);
  assert.is(await mutable("helped"), 2);
  assert.is(await mutable("nested"), 2);
  assert.is(await mutable("late"), 2);
  assert.is(await mutable("map", { inlineLimit: 0 }), 2);
});

test("globals that are not the prologue's alone stay globals", async () => {
  const mutable = async (what: string) =>
    (await spliced(KERNELS[what] ?? [], ["map"])).globals.filter(({ mutable }) => mutable).length;
  assert.is(await mutable("a global that the prologue reads first"), 1);
  assert.is(await mutable("a global that the body counts in"), 1);
  assert.is(await mutable("a global that a called function reads"), 1);
  // Of two globals only the one that is not set on every way out.
  assert.is(await mutable("a prologue with locals, a loop and early returns"), 1);
});

test("what is careful is called, and doubt stays with the driver", async () => {
  const { template } = await fixtures();
  const kernel = await kernelOf((KERNELS["doubt, and what is right where there is doubt"] ?? []).join(""));
  const module = spliceModule(template, kernel, { kind: "x", drivers: ["wary"] });
  assert.is(module.functions.length, 3);
  assert.equal(module.globals, []);
});

test("above the limit, bytes times sites, the kernel is appended once and called", async () => {
  const { template } = await fixtures();
  // 3 instructions and their end: 2 + 2 + 3 + 1 bytes.
  const kernel = await kernelOf(`${INTEGRAND} (i32x4.mul (local.get 0) (local.get 0)))`);
  const calls = (drivers: readonly string[], inlineLimit?: number) => {
    const module = spliceModule(template, kernel, {
      kind: "x",
      drivers,
      ...(inlineLimit === undefined ? {} : { inlineLimit }),
    });
    return named(module, "call");
  };
  const bytes = 8;
  const prologue = 1;
  assert.is(calls(["map"], bytes + prologue), 0);
  assert.is(calls(["map"], bytes + prologue - 1), 1);
  assert.is(calls(["two"], 2 * bytes + prologue), 0);
  assert.is(calls(["two"], 2 * bytes + prologue - 1), 2);
  assert.is(calls(["two"]), 0);
  assert.ok(INLINE_LIMIT > 2 * bytes);
});

test("imports of both modules are one where they agree", async () => {
  const module = await spliced(
    [
      `(import "env" "offset" (global $offset i32)) (import "env" "memory" (memory 2 100 shared))
       ${INTEGRAND} ${ADD("(v128.load (global.get $offset))", "(local.get 0)")})`,
    ],
    ["helped"],
  );
  assert.equal(module.imports, [
    // A memory that both accept: the larger minimum, the smaller maximum.
    { module: "env", name: "memory", kind: "memory", limits: { minimum: 2, maximum: 100, shared: true } },
    { module: "env", name: "offset", kind: "global", type: "i32", mutable: false },
  ]);
});

test("equal inputs give equal bytes, and leave the inputs as they were", async () => {
  const { template } = await fixtures();
  const kernel = await kernelOf(...(KERNELS["parameters and constants in globals"] ?? []));
  const before = structuredClone({ template, kernel });
  const once = splice(template, kernel, { kind: "x", drivers: ["map", "two"] });
  assert.equal(splice(template, kernel, { kind: "x", drivers: ["map", "two", "map"] }), once);
  assert.equal({ template, kernel }, before);
});

/** Kernels and templates that are refused, and what the message must say. */
const MAP = `(import "a/b/integrand" "evaluate" (func $e (param v128) (result v128)))
  (func (export "map") (param v128) (result v128) (call $e (local.get 0)))`;
const SQUARE = `${INTEGRAND} (local.get 0))`;
const REFUSED: readonly (readonly [what: string, template: string, kernel: string, message: RegExp])[] = [
  ["a kernel with a table", MAP, `(table 1 funcref) ${SQUARE}`, /kernel without tables, found 1: .*directly/],
  ["a kernel that imports a table", MAP, `(import "env" "t" (table 1 funcref)) ${SQUARE}`, /kernel without tables/],
  ["a kernel with a memory of its own", MAP, `(memory 1) ${SQUARE}`, /kernel without memories.*import one/],
  [
    "a kernel with data",
    MAP,
    `(import "env" "memory" (memory 1)) (data (i32.const 0) "x") ${SQUARE}`,
    /kernel without data/,
  ],
  ["a kernel with a start", MAP, `(func $s) (start $s) ${SQUARE}`, /kernel without start, found one/],
  ["a kernel without an integrand", MAP, `(func (export "f"))`, /exports the function "integrand", found "f"/],
  [
    "an integrand of another type",
    MAP,
    `(func (export "integrand") (param f64) (result f64) (local.get 0))`,
    /\(v128\) -> \(v128\), found \(f64\) -> \(f64\)/,
  ],
  [
    "a prologue of another type",
    MAP,
    `${SQUARE} (func (export "prologue") (param i64))`,
    /"prologue".*\(i32\) -> \(\), found \(i64\)/,
  ],
  [
    "a reference to a function",
    MAP,
    `${INTEGRAND} (drop (ref.func $f)) (local.get 0))`,
    /kernel whose code names no table.*ref.func/,
  ],
  ["a template with a memory of its own", `${MAP} (memory 1)`, SQUARE, /template without memories/],
  [
    "a template with data",
    `(import "env" "memory" (memory 1)) ${MAP} (data (i32.const 0) "x")`,
    SQUARE,
    /template without data/,
  ],
  ["a template with a start", `${MAP} (func $s) (start $s)`, SQUARE, /template without start/],
  [
    "a template that calls through a table",
    `(import "integrand" "evaluate" (func (param v128) (result v128))) (table 1 funcref)
    (func (export "map") (call_indirect (i32.const 0)))`,
    SQUARE,
    /template whose code names no table.*call_indirect/,
  ],
  [
    "a template of another kind",
    `(import "integrand" "evaluate" (func (param v128 v128) (result v128))) (func (export "map"))`,
    SQUARE,
    /kind "x" with the type/,
  ],
  [
    "a template that asks the integrand for more",
    `(import "integrand" "derivative" (func)) (func (export "map"))`,
    SQUARE,
    /found "derivative"/,
  ],
  [
    "memories that disagree",
    `(import "env" "memory" (memory 1 2 shared)) ${MAP.replace("(local.get 0)))", "(v128.load (i32.const 0))))")}`,
    `(import "env" "memory" (memory 1 2)) ${INTEGRAND} (v128.load (i32.const 0)))`,
    /shared, 1 to 2 pages.*found 1 to 2 pages/,
  ],
  [
    "memories of two names",
    `(import "env" "memory" (memory 1 2 shared)) ${MAP.replace("(local.get 0)))", "(v128.load (i32.const 0))))")}`,
    `(import "my" "memory" (memory 1 2 shared)) ${INTEGRAND} (v128.load (i32.const 0)))`,
    /"env" "memory", found "my" "memory"/,
  ],
];

for (const [what, template, kernel, message] of REFUSED) {
  test(`${what} is refused, with the reason`, async () => {
    const templateModule = await kernelOf(template);
    const kernelModule = await kernelOf(kernel);
    assert.throws(
      () => splice(templateModule, kernelModule, { kind: "x", drivers: ["map"] }),
      (error: unknown) => error instanceof WasmError && message.test(error.message),
    );
  });
}

test("a driver that the template lacks is an argument error that lists those it has", async () => {
  const { template } = await fixtures();
  const kernel = await kernelOf(SQUARE);
  const refuses = (drivers: readonly string[], message: RegExp) =>
    assert.throws(
      () => splice(template, kernel, { kind: "x", drivers }),
      (error: unknown) => error instanceof ArgumentError && error.argument === "drivers" && message.test(error.message),
    );
  refuses(["map", "grid"], /"map", "two".*got "grid"/);
  refuses([], /one function at least/);
});

test("other kinds splice by their types, beside drivers of another kind", async () => {
  const template = await kernelOf(`(import "point-integrand" "evaluate" (func $e (param i32 i32)))
    (import "point-integrand" "prologue" (func $p (param i32)))
    (import "integrand" "evaluate" (func $other (param v128) (result v128)))
    (import "env" "memory" (memory 1 2 shared))
    (func (export "map") (param v128) (result v128) (call $other (local.get 0)))
    (func (export "go") (param i32) (call $p (i32.const 0)) (call $e (local.get 0) (i32.const 64)))`);
  const kernel = await kernelOf(`(import "env" "memory" (memory 1 2 shared))
    (func (export "integrand") (param i32 i32)
      (if (i32.eqz (local.get 0)) (then (return)))
      (v128.store (local.get 1) (v128.not (v128.load (local.get 0)))))`);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  new Uint8Array(memory.buffer).set([1, 2, 3], 16);
  const bytes = splice(template, kernel, { kind: "point", drivers: ["go"] });
  const { go } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
  (go as (at: number) => void)(0);
  assert.equal([...new Uint8Array(memory.buffer, 64, 3)], [0, 0, 0]);
  (go as (at: number) => void)(16);
  assert.equal([...new Uint8Array(memory.buffer, 64, 3)], [254, 253, 252]);
});

test.run();
