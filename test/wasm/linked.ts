/**
 * The oracle of the splicer: template and kernel joined by their imports, as any engine does it, beside the spliced module.
 *
 * Both run every driver twice on memories of the same content, so that what one call leaves behind meets the next;
 * then both memories must hold the same bytes.
 */
import * as assert from "uvu/assert";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import type { Module } from "../../ts/wasm/module.js";
import { type SpliceOptions, splice } from "../../ts/wasm/splice.js";
import { assemble } from "./wat.js";

/** Drivers that use the seam in every way: arguments are the addresses of parameters, of points, of results, and a count. */
export const TEMPLATE = `(module
  (type $driver (func (param i32 i32 i32 i32)))
  (import "quad/integrand" "prologue" (func $prologue (param i32)))
  (import "quad/integrand" "evaluate" (func $evaluate (param v128) (result v128)))
  (import "quad/integrand" "careful" (func $careful (param v128 i32) (result v128)))
  (import "quad/integrand" "doubt" (func $doubt (result v128)))
  (import "env" "memory" (memory 1 65536 shared))
  (import "env" "unused" (func $unused (param f32)))
  (import "env" "offset" (global $offset i32))
  (global $calls (mut i32) (i32.const 0))
  (global $dead (mut f32) (f32.const 1))
  (table 1 funcref) (elem (i32.const 0))
  (func $never (export "never") (call $unused (global.get $dead)))
  ;; A point a time: y[i] = f(x[i]).
  (func $map (export "map") (type $driver)
    (call $prologue (local.get 0))
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get 3)))
      (v128.store (local.get 2) (call $evaluate (v128.load (local.get 1))))
      (local.set 1 (i32.add (local.get 1) (i32.const 16)))
      (local.set 2 (i32.add (local.get 2) (i32.const 16)))
      (local.set 3 (i32.sub (local.get 3) (i32.const 1)))
      (br $next))))
  ;; Two sites in one expression, with a value waiting on the stack, and a count kept in a global of the template.
  (func $two (export "two") (type $driver)
    (call $prologue (local.get 0))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (v128.store (local.get 2) (i32x4.splat (global.get $calls)))
    (loop $next
      (v128.store offset=16 (local.get 2)
        (i32x4.add (call $evaluate (v128.load (local.get 1)))
          (i32x4.mul (call $evaluate (v128.not (v128.load offset=16 (local.get 1)))) (v128.load (local.get 1)))))
      (local.set 2 (i32.add (local.get 2) (i32.const 16)))
      (br_if $next (local.tee 3 (i32.sub (local.get 3) (i32.const 1))))))
  ;; The evaluation stands in a function of its own, which knows of no prologue.
  (func $helped (export "helped") (type $driver)
    (call $prologue (local.get 0))
    (loop $next
      (v128.store (local.get 2) (call $help (local.get 1)))
      (v128.store offset=16 (local.get 2) (call $evaluate (v128.load (local.get 1))))
      (br_if $next (local.tee 3 (i32.sub (local.get 3) (i32.const 1))))))
  (func $help (param i32) (result v128) (call $evaluate (v128.load (i32.add (local.get 0) (global.get $offset)))))
  ;; Another prologue comes between, from the same function, and from one that is called by one that is called.
  (func $twice (export "twice") (type $driver)
    (call $prologue (local.get 0))
    (v128.store (local.get 2) (call $evaluate (v128.load (local.get 1))))
    (call $prologue (local.get 1))
    (v128.store offset=16 (local.get 2) (call $evaluate (v128.load (local.get 1)))))
  (func $nested (export "nested") (type $driver)
    (call $prologue (local.get 0))
    (v128.store (local.get 2) (call $evaluate (v128.load (local.get 1))))
    (call $through (local.get 1) (local.get 1) (i32.add (local.get 2) (i32.const 64)) (local.get 3))
    (v128.store offset=16 (local.get 2) (call $evaluate (v128.load (local.get 1)))))
  (func $through (type $driver) (call $twice (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  ;; What was in doubt is computed again; doubt that was asked for is over.
  (func $wary (export "wary") (type $driver) (local v128)
    (call $prologue (local.get 0))
    (loop $next
      (local.set 4 (call $evaluate (v128.load (local.get 1))))
      (if (v128.any_true (call $doubt))
        (then (local.set 4 (call $careful (v128.load (local.get 1)) (local.get 0)))))
      (v128.store (local.get 2) (local.get 4))
      (v128.store offset=16 (local.get 2) (call $doubt))
      (local.set 1 (i32.add (local.get 1) (i32.const 16)))
      (local.set 2 (i32.add (local.get 2) (i32.const 32)))
      (br_if $next (local.tee 3 (i32.sub (local.get 3) (i32.const 1))))))
  ;; The prologue runs at the odd points only, or not at all before the first evaluation.
  (func $late (export "late") (type $driver)
    (loop $next
      (v128.store (local.get 2) (call $evaluate (v128.load (local.get 1))))
      (if (i32.and (local.get 3) (i32.const 1)) (then (call $prologue (local.get 0))))
      (local.set 1 (i32.add (local.get 1) (i32.const 16)))
      (local.set 2 (i32.add (local.get 2) (i32.const 16)))
      (br_if $next (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))))`;

export const DRIVERS = ["map", "two", "helped", "twice", "nested", "wary", "late"] as const;

/** Stands for the math provider. Whole numbers in lanes, so that no NaN's bits are the engine's choice. */
const MATH = `(module
  (func (export "scramble") (param v128) (result v128)
    (i32x4.mul (v128.xor (local.get 0) (i32x4.shr_u (local.get 0) (i32.const 3))) (v128.const i32x4 0x9e3779b1 5 7 11)))
  (func (export "mix") (param v128 v128) (result v128) (i32x4.sub (i32x4.shl (local.get 0) (i32.const 1)) (local.get 1))))`;

/** Stands for what a kernel does not export. */
const PLAIN = `(module
  (import "kernel" "integrand" (func $integrand (param v128) (result v128)))
  (func (export "careful") (param v128 i32) (result v128) (call $integrand (local.get 0)))
  (func (export "doubt") (result v128) (v128.const i64x2 0 0)))`;

const PARAMETERS = 1024;
const POINTS = 2048;
const RESULTS = 8192;
const COUNT = 5;

let parts:
  | Promise<{
      readonly template: Module;
      readonly compiled: WebAssembly.Module;
      readonly math: WebAssembly.Module;
      readonly plain: WebAssembly.Module;
    }>
  | undefined;

/** The template and the provider, assembled once. */
export function fixtures() {
  parts ??= (async () => {
    const bytes = await assemble(TEMPLATE);
    return {
      template: decode(bytes),
      compiled: new WebAssembly.Module(bytes),
      math: new WebAssembly.Module(await assemble(MATH)),
      plain: new WebAssembly.Module(await assemble(PLAIN)),
    };
  })();
  return parts;
}

type Fixtures = Awaited<ReturnType<typeof fixtures>>;
type Driver = (parameters: number, points: number, results: number, count: number) => void;

/** The results of all drivers, called twice each, by two instances that are given to `instantiate` the same environment. */
function run(
  instantiate: (environment: WebAssembly.Imports) => WebAssembly.Instance,
  fixture: Fixtures,
  drivers: readonly string[],
): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 16, shared: true });
  const words = new Uint32Array(memory.buffer, 0, RESULTS / 4);
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(index + 1, 0x9e3779b1);
  const offset = new WebAssembly.Global({ value: "i32", mutable: false }, 32);
  const math = new WebAssembly.Instance(fixture.math).exports;
  const { exports } = instantiate({ env: { memory, offset }, math });
  let results = RESULTS;
  for (const parameters of [PARAMETERS, PARAMETERS + 256]) {
    for (const name of drivers) {
      (exports[name] as Driver)(parameters, POINTS, results, COUNT);
      results += 512;
    }
  }
  return new Uint8Array(memory.buffer).slice();
}

/** Links the kernel to the template by imports, and runs it. */
export function runLinked(kernel: Module, fixture: Fixtures, drivers: readonly string[]): Uint8Array {
  const compiled = new WebAssembly.Module(encode(kernel));
  return run(
    (environment) => {
      const { exports } = new WebAssembly.Instance(compiled, environment);
      const { integrand, ...optional } = exports;
      const plain = new WebAssembly.Instance(fixture.plain, { kernel: { integrand: integrand! } }).exports;
      const seam = { prologue: () => {}, ...plain, ...optional, evaluate: integrand! };
      // `unused` is what the template imports and no driver here calls.
      const env = { ...environment.env, unused: () => {} };
      return new WebAssembly.Instance(fixture.compiled, { ...environment, env, "quad/integrand": seam });
    },
    fixture,
    drivers,
  );
}

/** Splices and runs. The environment has neither the seam nor `unused`: a module that asked for them would not link. */
export function runSpliced(bytes: Uint8Array<ArrayBuffer>, fixture: Fixtures, drivers: readonly string[]): Uint8Array {
  const compiled = new WebAssembly.Module(bytes);
  return run((environment) => new WebAssembly.Instance(compiled, environment), fixture, drivers);
}

/** Kernels written in place and called; all drivers in one module, and each alone. */
export function assertSameBits(kernel: Module, fixture: Fixtures, sets: readonly (readonly string[])[]): void {
  for (const drivers of sets) {
    const expected = runLinked(kernel, fixture, drivers);
    for (const inlineLimit of [Infinity, 0]) {
      const options: SpliceOptions = { kind: "x", drivers, inlineLimit };
      const actual = runSpliced(splice(fixture.template, kernel, options), fixture, drivers);
      const at = actual.findIndex((value, index) => value !== expected[index]);
      assert.is(
        at,
        -1,
        `${drivers.join()}, ${inlineLimit === 0 ? "called" : "in place"}: memory differs from byte ${at} on`,
      );
    }
  }
}
