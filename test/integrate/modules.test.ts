/** Exports of WebAssembly modules as integrands: written into the loop or called, of the bits that the same arithmetic has as a text. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ArgumentError, evaluate, IntegrandError, integrateSync, type Rule, WasmError } from "../../ts/index.js";
import type { IntegrandExport, IntegrandUse } from "../../ts/types.js";
import { failureOf, inContext, inContextFor, resultBits, WAYS } from "../runtime/library.js";
import { assemble } from "../wasm/wat.js";

const TEXT = "1/(1+x*x)";

/** f64: 1/(1+x*x), with a local, a branch and a return that the splicer has to move. */
const SCALAR = `(param $x f64) (result f64) (local $y f64)
  (block (br_if 0 (f64.ne (local.get $x) (local.get $x))) (local.set $y (f64.mul (local.get $x) (local.get $x))))
  (return (f64.div (f64.const 1) (f64.add (f64.const 1) (local.get $y))))`;
const VECTOR = `(param v128) (result v128)
  (f64x2.div (v128.const f64x2 1 1) (f64x2.add (v128.const f64x2 1 1) (f64x2.mul (local.get 0) (local.get 0))))`;
/** Calls \$f for each point. */
const MAP = `(func (export "map") (param $from i32) (param $to i32) (param $n i32)
  (loop $next
    (if (i32.eqz (local.get $n)) (then return))
    (f64.store (local.get $to) (call $f (f64.load (local.get $from))))
    (local.set $from (i32.add (local.get $from) (i32.const 8)))
    (local.set $to (i32.add (local.get $to) (i32.const 8)))
    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
    (br $next)))`;
const ONE = '(data (i32.const 16) "\\00\\00\\00\\00\\00\\00\\f0\\3f")';

const spliced: IntegrandUse = { kind: "spliced" };
const called = (reason: string): IntegrandUse => ({ kind: "called", reason });
const inBatches = called("it takes many points at a time");

/** All of them compute TEXT. */
const MODULES: readonly (readonly [what: string, wat: string, name: string, use: IntegrandUse])[] = [
  ["a function of a point", `(func (export "f") ${SCALAR})`, "f", spliced],
  ["a function of two points", `(func (export "f") ${VECTOR})`, "f", spliced],
  [
    "a function beside a memory, data, a table and a start function that it does not need",
    `(memory (export "memory") 1) ${ONE} (table 1 funcref) (elem (i32.const 0) $g) (func $g) (start $g) (func (export "f") ${SCALAR})`,
    "f",
    spliced,
  ],
  [
    "a function that calls another one, and reads a constant global",
    `(import "env" "abort" (func (param i32 i32 i32 i32)))
     (global $one f64 (f64.const 1))
     (func $square (param f64) (result f64) (f64.mul (local.get 0) (local.get 0)))
     (func (export "f") (param f64) (result f64)
       (f64.div (global.get $one) (f64.add (global.get $one) (call $square (local.get 0)))))`,
    "f",
    spliced,
  ],
  [
    "a function that reads its memory",
    `(memory 1) ${ONE} (func (export "f") (param f64) (result f64)
       (f64.div (f64.load (i32.const 16)) (f64.add (f64.const 1) (f64.mul (local.get 0) (local.get 0)))))`,
    "f",
    called("it uses its memory"),
  ],
  [
    "a function of two points with state",
    `(global $count (mut i32) (i32.const 0)) (func (export "f") (param v128) (result v128)
       (global.set $count (i32.add (global.get $count) (i32.const 1)))
       (f64x2.div (v128.const f64x2 1 1) (f64x2.add (v128.const f64x2 1 1) (f64x2.mul (local.get 0) (local.get 0)))))`,
    "f",
    called("it reads a global that may change"),
  ],
  [
    "a function that calls through a table",
    `(type $t (func (param f64) (result f64))) (table 1 funcref) (elem (i32.const 0) $g) (func $g ${SCALAR})
     (func (export "f") (param f64) (result f64) (call_indirect (type $t) (local.get 0) (i32.const 0)))`,
    "f",
    called(
      "expected a kernel whose code names no table, segment or function reference, found call_indirect; call functions directly",
    ),
  ],
  ["many points in a memory of its own", `(memory (export "memory") 1) (func $f ${SCALAR}) ${MAP}`, "map", inBatches],
  [
    "many points in a memory with `malloc`",
    `(memory (export "ram") 4 4) (func $f ${SCALAR}) ${MAP} (func (export "malloc") (param i32) (result i32) (i32.const 40))`,
    "map",
    inBatches,
  ],
  [
    "many points in a memory of its own that grows meanwhile",
    `(memory (export "memory") 1) (func $grow (param f64) (result f64) (if (f64.gt (local.get 0) (f64.const 0.9)) (then (drop (memory.grow (i32.const 0))))) (call $f2 (local.get 0)))
     (func $f2 ${SCALAR}) (func $f (param f64) (result f64) (call $grow (local.get 0))) ${MAP}`,
    "map",
    inBatches,
  ],
  [
    "many points in the shared memory",
    `(import "env" "memory" (memory 1 65536 shared)) (func $f ${SCALAR}) ${MAP}`,
    "map",
    inBatches,
  ],
];

const RULES: readonly Rule[] = ["midpoint", "simpson", "trapezoid", { gauss: 3 }];

for (const [what, wat, name, use] of MODULES) {
  test(`modules: ${what}`, async () => {
    const bytes = await assemble(`(module ${wat})`);
    assert.ok(WebAssembly.validate(bytes), "the test's own module");
    const f: IntegrandExport = { module: bytes, export: name };
    for (const rule of RULES) {
      for (const points of [1, 15, 16, 17, 4096, 4097, 20_001]) {
        const result = integrateSync(f, -1, 3, { points, rule });
        assert.is(resultBits(result), resultBits(integrateSync(TEXT, -1, 3, { points, rule })), `${points}`);
        assert.equal(result.integrand, use);
      }
    }
    const x = [0, 1, -2, 3, 0.5];
    assert.equal(evaluate(f, x), evaluate(TEXT, x));
    await inContext({ threads: 2 }, async (heddle) => {
      const options = { points: 300_000, threads: 2 };
      const result = await heddle.integrate(f, -1, 3, options);
      assert.is(resultBits(result), resultBits(integrateSync(TEXT, -1, 3, options)));
      assert.is(result.mode, "threads");
    });
  });
}

test("modules: one that came compiled travels by message, also to a worker that takes another's place", async () => {
  for (const [, wat, name] of [MODULES[0]!, MODULES[7]!]) {
    const module = new WebAssembly.Module(await assemble(`(module ${wat})`));
    const f = { module, export: name };
    const here = integrateSync(f, -1, 3, { points: 200_000 });
    assert.is(here.integrand.kind, "called");
    await inContext({ threads: 2 }, async (heddle) => {
      const options = { points: 3_000_000, threads: 2 };
      const expected = resultBits(integrateSync(TEXT, -1, 3, options));
      const first = await heddle.integrate(f, -1, 3, options);
      assert.is(first.mode, "threads");
      assert.is(resultBits(first), expected);
      for (const worker of heddle.info().workers) heddle.killWorker(worker);
      assert.is(resultBits(await heddle.integrate(f, -1, 3, options)), expected);
      assert.is(resultBits(heddle.integrateSync(f, -1, 3, options)), expected);
    });
  }
});

test("modules: elementary functions that it imports are Heddle's own", async () => {
  const wat = (type: string, module: string) => `(module
    (import "${module}" "sin" (func $sin (param ${type}) (result ${type})))
    (import "${module}" "pow" (func $pow (param ${type} ${type}) (result ${type})))
    (func (export "f") (param ${type}) (result ${type}) (call $pow (call $sin (local.get 0)) (local.get 0))))`;
  const options = { points: 10_000, parameters: { one: 1 } };
  const expected = resultBits(integrateSync("sin(x)^(one*x)", 0, 3, options));
  for (const [type, module, use] of [
    ["f64", "env", called("it calls the import env.sin")],
    ["v128", "math", spliced],
  ] as const) {
    const f = { module: await assemble(wat(type, module)), export: "f" };
    const result = integrateSync(f, 0, 3, { points: 10_000 });
    assert.equal(result.integrand, use);
    assert.is(resultBits(result), expected);
  }
});

test("modules: what is not finite is found as in a text", async () => {
  const reciprocal = "(param f64) (result f64) (f64.div (f64.const 1) (local.get 0))";
  for (const [wat, name] of [
    [`(func (export "f") ${reciprocal})`, "f"],
    [`(memory (export "memory") 1) (func $f ${reciprocal}) ${MAP}`, "map"],
  ] as const) {
    const f = { module: await assemble(`(module ${wat})`), export: name };
    const { status, nonFinite, reason } = integrateSync(f, 0, 1, { points: 100, rule: "left" });
    assert.equal({ status, nonFinite }, { status: "not-finite", nonFinite: { count: 1, x: 0 } });
    assert.is(reason, "f(x) was not finite once, at x = 0");
  }
});

const TRAP = "(param f64) (result f64) (if (f64.gt (local.get 0) (f64.const 5)) (then unreachable)) (local.get 0)";

/** Traps, each where x is above 5. */
const TRAPS: readonly (readonly [wat: string, name: string, message: RegExp])[] = [
  [`(func (export "f") ${TRAP})`, "f", /ended by a trap: unreachable/],
  [`(memory 1) (func (export "f") (param f64) (result f64) (drop (f64.load (i32.trunc_f64_s (f64.mul (local.get 0) (f64.const 1e6))))) (local.get 0))`, "f", /ended by a trap: memory access out of bounds/],
  [`(func (export "f") (param f64) (result f64) (drop (i32.div_s (i32.const 1) (f64.lt (local.get 0) (f64.const 5)))) (local.get 0))`, "f", /ended by a trap: divide by zero/],
  [`(func $f (export "f") (param f64) (result f64) (call $f (local.get 0)))`, "f", /threw RangeError: Maximum call stack/],
  [`(memory (export "memory") 1) (func $f ${TRAP}) ${MAP}`, "map", /ended by a trap: unreachable/],
  [`(import "env" "memory" (memory 1 65536 shared)) (func $f ${TRAP}) ${MAP}`, "map", /ended by a trap: unreachable/],
  [`(import "env" "abort" (func $abort (param i32 i32 i32 i32))) (func (export "f") (param f64) (result f64) (call $abort (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 9)) (local.get 0))`, "f", /threw Error: abort: .*7:9/],
]; // biome-ignore format: one each line

for (const [way, options] of WAYS) {
  test(`modules: a trap rejects the call ${way}, and the next one works`, () =>
    inContextFor(way, async (heddle) => {
      for (const [wat, name, message] of TRAPS) {
        const f = { module: await assemble(`(module ${wat})`), export: name };
        const error = (await failureOf(heddle.integrate(f, 0, 10, { ...options, points: 100_000 }))) as IntegrandError;
        assert.is(error.name, "IntegrandError", `${wat}: ${error}`);
        assert.match(error.message, message);
        assert.is(error.x, null);
      }
      const good = { module: await assemble(`(module (func (export "f") ${TRAP}))`), export: "f" };
      const { value, restarts } = await heddle.integrate(good, 0, 4, { ...options, points: 1024 });
      assert.equal([value, restarts], [8, 0]);
    }));
}

test("modules: an instance that has trapped is not used again", async () => {
  // It refuses every point after the first that it refused.
  const wat = `(module (global $broken (mut i32) (i32.const 0)) (func (export "f") (param f64) (result f64)
    (if (f64.gt (local.get 0) (f64.const 5)) (then (global.set $broken (i32.const 1))))
    (if (global.get $broken) (then unreachable)) (local.get 0)))`;
  const f = { module: await assemble(wat), export: "f" };
  assert.instance(
    errorOf(() => integrateSync(f, 0, 10, { points: 64 })),
    IntegrandError,
  );
  assert.is(integrateSync(f, 0, 4, { points: 64 }).value, 8);
});

const bytesOf = (wat: string) => assemble(`(module ${wat})`);

const REFUSED: readonly (readonly [wat: string, name: string, message: RegExp])[] = [
  ['(func (export "g") (param f64) (result f64) (local.get 0)) (global (export "f") i32 (i32.const 0))', "f", /exports the function "f", found "g"$/],
  ["", "f", /found none$/],
  ['(func (export "f") (param f32) (result f32) (local.get 0))', "f", /expected "f" with the type \(f64\) -> f64 or \(v128\) -> v128 or \(i32, i32, i32\) -> \(\), found \(f32\) -> f32/],
  ['(func (export "f") (param f64 f64) (result f64) (local.get 0))', "f", /found \(f64, f64\) -> f64/],
  ['(import "env" "now" (func)) (func (export "f") (param f64) (result f64) (local.get 0))', "f", /found the import env\.now \(function\)/],
  ['(import "wasi_snapshot_preview1" "fd_write" (func)) (func (export "f") (param f64) (result f64) (local.get 0))', "f", /found the import wasi_snapshot_preview1\.fd_write/],
  ['(import "env" "g" (global i32)) (func (export "f") (param f64) (result f64) (local.get 0))', "f", /found the import env\.g \(global\)/],
  ['(import "env" "sin" (func (param f32) (result f32))) (func (export "f") (param f64) (result f64) (drop (call 0 (f32.const 0))) (local.get 0))', "f", /expected a module that can be instantiated, the engine says: .*(sin|import 0)/],
  [`(memory 1) (func $f ${SCALAR}) ${MAP}`, "map", /exports its memory, or imports env\.memory/],
  [`(memory (export "memory") 1 1) (func $f ${SCALAR}) ${MAP}`, "map", /expected a memory that can grow by 16384 bytes/],
  [`(memory (export "memory") 1) (func $f ${SCALAR}) ${MAP} (func (export "malloc") (param i32) (result i32) (i32.const 0))`, "map", /bytes from the module's `malloc`, got address 0/],
  [`(import "env" "memory" (memory 1)) (func $f ${SCALAR}) ${MAP}`, "map", /as a shared memory, found one that is not/],
  [`(import "env" "memory" (memory 1 2 shared)) (func $f ${SCALAR}) ${MAP}`, "map", /engine says: .*maximum/],
  [`(import "env" "memory" (memory 1 65536 shared)) ${ONE} (func $f ${SCALAR}) ${MAP}`, "map", /found data segments, which would write over/],
  [`(import "env" "memory" (memory 1 65536 shared)) (func $s) (start $s) (func $f ${SCALAR}) ${MAP}`, "map", /found a start function/],
]; // biome-ignore format: one each line

for (const [wat, name, message] of REFUSED) {
  test(`modules: ${message} is a WasmError`, async () => {
    const bytes = await bytesOf(wat);
    assert.ok(WebAssembly.validate(bytes), "the test's own module");
    const error = errorOf(() => integrateSync({ module: bytes, export: name }, 0, 1, { points: 10 }));
    assert.instance(error, WasmError, String(error));
    assert.match(error.message, message);
    await inContext({ threads: 1 }, async (heddle) => {
      const far = (await failureOf(
        heddle.integrate({ module: bytes, export: name }, 0, 1, { points: 10, threads: 1 }),
      )) as Error;
      assert.is(far.name, "WasmError", String(far));
      assert.match(far.message, message);
    });
  });
}

test("modules: compiled ones are refused alike", async () => {
  for (const [wat, name, message] of [
    ['(func (export "f") (param f32) (result f32) (local.get 0))', "f", /found another/],
    [
      `(import "env" "memory" (memory 1 65536 shared)) (func $f ${SCALAR}) ${MAP}`,
      "map",
      /expected the bytes of a module/,
    ],
    ['(import "env" "now" (func))', "f", /exports the function "f"/],
  ] as const) {
    const module = new WebAssembly.Module(await bytesOf(wat));
    assert.match(errorOf(() => integrateSync({ module, export: name }, 0, 1, { points: 10 })).message, message);
  }
});

test("modules: bytes that are none", () => {
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array([0, 97, 115, 109]),
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
  ]) {
    const error = errorOf(() => integrateSync({ module: bytes, export: "f" }, 0, 1, { points: 1 }));
    assert.instance(error, WasmError);
    assert.match(error.message, "expected a WebAssembly module, the engine says");
  }
});

test("modules: an instance, a promise, a text, and other things that are no module", async () => {
  const bytes = await bytesOf(`(func (export "f") ${SCALAR})`);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  for (const module of [instance, Promise.resolve(bytes), "f.wasm", 3, null, undefined, {}, [0, 97]]) {
    const error = errorOf(() =>
      integrateSync({ module, export: "f" } as unknown as IntegrandExport, 0, 1, { points: 1 }),
    );
    assert.instance(error, ArgumentError, String(module));
    assert.is((error as ArgumentError).argument, "f.module");
    assert.match(error.message, module === instance ? /an instance belongs to its thread/ : /readFileSync\(path\)/);
  }
});

test("modules: `export` is a name, and nothing stands beside; no parameters, no variable", async () => {
  const module = await bytesOf(`(func (export "f") ${SCALAR})`);
  const refusal = (f: object, options = {}): ArgumentError =>
    errorOf(() => integrateSync(f as IntegrandExport, 0, 1, { points: 1, ...options })) as ArgumentError;
  for (const name of [undefined, 3, null]) assert.is(refusal({ module, export: name }).argument, "f.export");
  assert.match(refusal({ module, export: "f", memory: 1 }).message, "got `memory` besides");
  assert.is(refusal({ module, export: "f" }, { parameters: { a: 1 } }).argument, "parameters");
  assert.is(refusal({ module, export: "f" }, { variable: "t" }).argument, "variable");
});

test("modules: bytes may change after the call, and may be parts of others", async () => {
  const one = await bytesOf(`(func (export "f") (param f64) (result f64) (f64.const 1))`);
  const two = await bytesOf(`(func (export "f") (param f64) (result f64) (f64.const 2))`);
  const bytes = new Uint8Array(one);
  assert.is(integrateSync({ module: bytes, export: "f" }, 0, 1, { points: 1 }).value, 1);
  bytes.set(two);
  assert.is(integrateSync({ module: bytes, export: "f" }, 0, 1, { points: 1 }).value, 2);
  assert.is(integrateSync({ module: one, export: "f" }, 0, 1, { points: 1 }).value, 1);
  const padded = new Uint8Array([9, ...two, 9]);
  const part = { module: padded.subarray(1, 1 + two.length), export: "f" };
  assert.is(integrateSync(part, 0, 1, { points: 1 }).value, 2);
  const shared = new Uint8Array(new SharedArrayBuffer(one.length));
  shared.set(one);
  assert.is(integrateSync({ module: shared as Uint8Array<never>, export: "f" }, 0, 1, { points: 1 }).value, 1);
});

test("modules: what the decoder does not know is called", async () => {
  const bytes = await bytesOf(`(tag $t) (func (export "f") ${SCALAR})`);
  assert.ok(WebAssembly.validate(bytes), "the engine knows them");
  const result = integrateSync({ module: bytes, export: "f" }, -1, 3, { points: 1000 });
  assert.equal(result.integrand, called("the module has parts that Heddle does not know"));
  assert.is(resultBits(result), resultBits(integrateSync(TEXT, -1, 3, { points: 1000 })));
});

function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected the call to throw");
}

test.run();
