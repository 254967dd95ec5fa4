/** Kernels from exports: what is written in place, what is called, and the types that tell the forms. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { driverTemplate } from "../../ts/runtime/core/modules.js";
import { decode } from "../../ts/wasm/decode.js";
import { encode } from "../../ts/wasm/encode.js";
import { callingKernel, FOREIGN_FORMS, formOf, linkTest, splicedKernel } from "../../ts/wasm/foreign.js";
import type { Module } from "../../ts/wasm/module.js";
import { spliceModule } from "../../ts/wasm/splice.js";
import { assemble } from "./wat.js";

const template = decode(driverTemplate());

/** The drivers with the kernel in them, valid. */
function drivers(kernel: Module): Module {
  const module = spliceModule(template, kernel, { kind: "x", drivers: ["grid", "map"] });
  assert.ok(WebAssembly.validate(encode(module)));
  return module;
}

/** Names of all instructions of a module. */
function names({ functions }: Module): string[] {
  return functions.flatMap(({ body }) => body.map(([name]) => name));
}

async function kernelOf(wat: string, index: number, form: "f64" | "v128"): Promise<Module | string> {
  return splicedKernel(decode(await assemble(`(module ${wat})`), { later: true }), index, form);
}

test("forms are told by types alone", () => {
  assert.is(formOf(FOREIGN_FORMS.f64), "f64");
  assert.is(formOf(FOREIGN_FORMS.v128), "v128");
  assert.is(formOf(FOREIGN_FORMS.batch), "batch");
  assert.is(formOf({ parameters: ["f64"], results: [] }), undefined);
  assert.is(formOf({ parameters: [], results: ["f64"] }), undefined);
  assert.is(formOf({ parameters: ["i32", "i32", "i32"], results: ["i32"] }), undefined);
});

test("the test of a link accepts its form and no other", async () => {
  const bytes = await assemble(`(module (func (export "f64") (param f64) (result f64) (local.get 0))
    (func (export "v128") (param v128) (result v128) (local.get 0)) (func (export "batch") (param i32 i32 i32)))`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  for (const form of ["f64", "v128", "batch"] as const) {
    for (const [name, integrand] of Object.entries(exports)) {
      const links = () =>
        new WebAssembly.Instance(new WebAssembly.Module(encode(linkTest(FOREIGN_FORMS[form]))), {
          foreign: { integrand },
        });
      if (name === form) links();
      else assert.throws(links, (error: unknown) => error instanceof WebAssembly.LinkError);
    }
  }
});

for (const [form, calls] of [
  ["v128", 1],
  ["f64", 2],
] as const) {
  test(`a kernel that calls an export of type ${form} keeps one import of it`, () => {
    const kernel = callingKernel(form);
    const module = drivers(kernel);
    const foreign = module.imports.filter(({ module }) => module === "foreign");
    assert.is(foreign.length, 1);
    assert.is(kernel.functions[0]?.body.filter(([name]) => name === "call").length, calls);
  }); // biome-ignore format: short

  test(`an export of type ${form} that stands by itself is written in place of each call`, async () => {
    const times = form === "f64" ? "f64.mul" : "f64x2.mul";
    const kernel = await kernelOf(
      `(import "env" "abort" (func (param i32 i32 i32 i32))) (memory 1) (data (i32.const 0) "x") (func $start) (start $start)
       (func (export "f") (param ${form}) (result ${form}) (local ${form})
         (local.set 1 (${times} (local.get 0) (local.get 0))) (return (${times} (local.get 1) (local.get 1))))`,
      2,
      form,
    );
    if (typeof kernel === "string") return assert.unreachable(kernel);
    const module = drivers(kernel);
    assert.equal(
      module.imports.map(({ module, name }) => `${module}.${name}`),
      ["env.memory"],
    );
    const empty = names(drivers(callingKernel("v128"))).filter((name) => name === times).length;
    const written = names(module).filter((name) => name === times).length - empty;
    assert.ok(
      written >= 2 * 8 * (form === "f64" ? 2 : 1),
      "both products at each of the eight sites of the hot loop, of f64 for each lane",
    );
    assert.is(module.start, undefined);
    assert.equal(module.data, []);
  });
}

const OBSTACLES: readonly (readonly [wat: string, index: number, reason: RegExp])[] = [
  ["(memory 1) (func (param f64) (result f64) (f64.load (i32.const 0)))", 0, /it uses its memory/],
  ["(memory 1) (func (param f64) (result f64) (drop (memory.size)) (local.get 0))", 0, /it uses its memory/],
  ["(global $g (mut f64) (f64.const 0)) (func (param f64) (result f64) (global.get $g))", 0, /a global that may change/],
  ['(import "env" "sin" (func $s (param f64) (result f64))) (func (param f64) (result f64) (call $s (local.get 0)))', 1, /it calls the import env\.sin/],
  ['(import "env" "sin" (func (param f64) (result f64)))', 0, /it calls the import env\.sin/],
  ["(memory 1) (func $g (result f64) (f64.load (i32.const 0))) (func (param f64) (result f64) (call $g))", 1, /it uses its memory/],
  ["(table 1 funcref) (func (param f64) (result f64) (call_indirect (result f64) (i32.const 0)))", 0, /call_indirect/],
  ["(table 1 funcref) (func $g) (elem (i32.const 0) $g) (func (param f64) (result f64) (drop (ref.func $g)) (local.get 0))", 1, /ref\.func/],
]; // biome-ignore format: one each line

for (const [wat, index, reason] of OBSTACLES) {
  test(`an export is called, because ${reason}`, async () => {
    const kernel = await kernelOf(wat, index, "f64");
    assert.match(typeof kernel === "string" ? kernel : "spliced", reason);
  });
}

test.run();
