/** The shipped modules pass the gate, and each refusal of the gate fires on a module made for it. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble } from "../wasm/wat.js";
import { complaintsAboutBatch, complaintsAboutCore, complaintsAboutDrivers, complaintsAboutMath } from "./gate.js";

function shipped(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`build/${name}.wasm`));
}

test("gate: the core passes", () => assert.equal(complaintsAboutCore(shipped("core")), []));
test("gate: the drivers pass", () => assert.equal(complaintsAboutDrivers(shipped("drivers")), []));
test("gate: the drivers for batches pass", () => assert.equal(complaintsAboutBatch(shipped("batch")), []));
test("gate: the math provider passes", () => assert.equal(complaintsAboutMath(shipped("math")), []));

const MEMORY = '(import "env" "memory" (memory 1 1 shared))';
/** A function like futexWait: alone with its wait, which stands last. */
const WAIT = "(func $wait (param i32) (result i32) local.get 0 i32.const 0 i64.const 0 memory.atomic.wait32)";
const CORE = `${MEMORY} (global $a (mut i32) (i32.const 0)) (func (export "attach") (param i32) local.get 0 global.set $a) ${WAIT}`;

test("gate: a core made by hand passes", async () => {
  assert.equal(complaintsAboutCore(await assemble(`(module ${CORE})`)), []);
});

/** Something added to it, and the complaint that must come; nothing else may be complained about. */
const CORE_REFUSALS: readonly (readonly [addition: string, complaint: RegExp])[] = [
  ['(func (export "__new") (param i32 i32) (result i32) i32.const 0)', /exports __new, an allocator/],
  ['(func (export "__pin"))', /exports __pin/],
  ['(func (export "__collect"))', /exports __collect/],
  ["(func (drop (memory.grow (i32.const 1))))", /contains memory.grow/],
  ["(func $s) (start $s)", /start function/],
  ['(data (i32.const 0) "x")', /data segments/],
  ['(data "x")', /data segments/],
  ["(table 1 funcref)", /tables/],
  [
    "(global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 0))",
    /4 mutable globals/,
  ],
  ["(func i32.const 1 global.set $a)", /global 0 is set outside of `attach`/],
  ["(func (param i32) (result i32) local.get 0 i32.const 0 i64.const 0 memory.atomic.wait32)", /2 functions that wait/],
  ['(global (export "g") i32 (i32.const 0))', /exports something else/],
];

for (const [addition, complaint] of CORE_REFUSALS) {
  test(`gate: a core with ${addition} is refused`, async () => {
    const complaints = complaintsAboutCore(await assemble(`(module ${CORE} ${addition})`));
    assert.is(complaints.length, 1, complaints.join("; "));
    assert.match(complaints[0] as string, complaint);
  });
}

test("gate: a core with an element segment is refused", async () => {
  const complaints = complaintsAboutCore(
    await assemble(`(module ${CORE} (table 1 funcref) (elem (i32.const 0) $wait))`),
  );
  assert.equal(complaints, ["has element segments", "has tables"]);
});

test("gate: a core that calls through a table is refused", async () => {
  const text = `(module ${CORE} (table 1 funcref) (func i32.const 0 call_indirect))`;
  assert.equal(complaintsAboutCore(await assemble(text)), ["has tables", "contains call_indirect"]);
});

test("gate: a core with another import is refused", async () => {
  for (const other of [
    '(import "env" "abort" (func))',
    '(import "env" "g" (global i32))',
    '(import "a" "memory" (table 1 funcref))',
  ]) {
    const complaints = complaintsAboutCore(await assemble(`(module ${other} ${CORE})`));
    assert.is(complaints.length, 1, complaints.join("; "));
    assert.match(complaints[0] as string, /only a shared env.memory/);
  }
});

test("gate: a core whose memory is its own or not shared is refused", async () => {
  const rest = CORE.replace(MEMORY, "");
  const unshared = complaintsAboutCore(await assemble(`(module (import "env" "memory" (memory 1 1)) ${rest})`));
  assert.match(unshared.join(), /imports env.memory; only a shared/);
});

test("gate: a core whose wait is not the last thing in its function is refused", async () => {
  const wait = "(func $wait (param i32) local.get 0 i32.const 0 i64.const 0 memory.atomic.wait32 drop)";
  const complaints = complaintsAboutCore(await assemble(`(module ${CORE.replace(WAIT, wait)})`));
  assert.equal(complaints, ["does something after the futex wait"]);
});

test("gate: a core that never waits is refused", async () => {
  const complaints = complaintsAboutCore(await assemble(`(module ${CORE.replace(WAIT, "")})`));
  assert.match(complaints.join(), /has 0 functions that wait/);
});

const DRIVERS = `(import "integrand" "prologue" (func (param i32))) (import "integrand" "evaluate" (func (param v128) (result v128))) ${MEMORY}`;

test("gate: drivers made by hand pass", async () => {
  assert.equal(complaintsAboutDrivers(await assemble(`(module ${DRIVERS})`)), []);
});

for (const [addition, complaint] of [
  ['(data (i32.const 0) "x")', /data segments/],
  ["(global i32 (i32.const 0))", /has globals/],
  ["(func $s) (start $s)", /start function/],
  ["(func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))", /waits/],
  ["(table 1 funcref)", /tables/],
  ["(func (drop (memory.grow (i32.const 1))))", /memory.grow/],
] as const) {
  test(`gate: drivers with ${addition} are refused`, async () => {
    const complaints = complaintsAboutDrivers(await assemble(`(module ${DRIVERS} ${addition})`));
    assert.is(complaints.length, 1, complaints.join("; "));
    assert.match(complaints[0] as string, complaint);
  });
}

test("gate: drivers with another import are refused", async () => {
  for (const other of ['(import "env" "abort" (func))', '(import "integrand" "other" (func))']) {
    const complaints = complaintsAboutDrivers(await assemble(`(module ${other} ${DRIVERS})`));
    assert.match(complaints.join(), /only env.memory and the integrand/);
  }
});

for (const [text, complaint] of [
  ['(import "env" "memory" (memory 1))', /imports env.memory; nothing is expected/],
  ["(memory 1 1 shared)", /shared memory/],
  ["(memory 1) (func (f64.store (i32.const 0) (f64.const 1)))", /writes to its memory/],
  ["(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))", /writes to its memory/],
  ['(memory (export "memory") 1)', /exports something else/],
  ["(func $s) (start $s)", /start function/],
] as const) {
  test(`gate: a math provider with ${text} is refused`, async () => {
    const complaints = complaintsAboutMath(await assemble(`(module ${text})`));
    assert.is(complaints.length, 1, complaints.join("; "));
    assert.match(complaints[0] as string, complaint);
  });
}

test.run();
