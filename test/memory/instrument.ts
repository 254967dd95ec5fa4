/**
 * The shipped instructions, with the test's own functions in between: so that a test decides, on one thread, what
 * happens
 * during a sleep, and at which store a thread dies.
 */
import loadWabt from "wabt";
import { assemble } from "../wasm/wat.js";

/** The text of a module, one instruction a line, every function and type with a name. */
export async function disassemble(bytes: Uint8Array): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.readWasm(bytes, { simd: true, threads: true, bulk_memory: true });
  try {
    module.generateNames();
    module.applyNames();
    return module.toText({});
  } finally {
    module.destroy();
  }
}

/**
 * Adds imports of module "test": `wait` and `wake` in place of the two instructions, `step` before each store.
 *
 *   wait(ptr, expected, timeoutNs: bigint) -> 0, 1 or 2        wake(ptr, count) -> woken        step()
 */
export async function instrument(bytes: Uint8Array): Promise<WebAssembly.Module> {
  const imports = `
  (import "test" "wait" (func $test_wait (param i32 i32 i64) (result i32)))
  (import "test" "wake" (func $test_wake (param i32 i32) (result i32)))
  (import "test" "step" (func $test_step))
  (import "env" "memory"`;
  const text = (await disassemble(bytes))
    .replace('(import "env" "memory"', imports.trim())
    .replaceAll(/memory\.atomic\.wait32/g, "call $test_wait")
    .replaceAll(/memory\.atomic\.notify/g, "call $test_wake")
    // A store's operands are on the stack already; a call without parameters or results leaves them there.
    .replaceAll(/^\s*(?:i32|i64|f64|v128)\.(?:atomic\.)?(?:store|rmw)/gm, "call $test_step\n$&");
  return new WebAssembly.Module(await assemble(text));
}
