/**
 * Heddle's own modules: their bytes travel inside the bundle, and each is compiled once per thread that makes a context.
 * Compiling is synchronous, so that `createHeddle()` needs no await: the modules are far below the 8 MB that Chromium allows a page for it.
 */
import batchBytes from "../../../build/batch.wasm";
import coreBytes from "../../../build/core.wasm";
import driverBytes from "../../../build/drivers.wasm";
import mathBytes from "../../../build/math.wasm";
import { UnsupportedError } from "../../errors.js";

let core: WebAssembly.Module | undefined;
let math: WebAssembly.Module | undefined;

function compileOwn(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError && !WebAssembly.validate(bytes as BufferSource)) {
      throw new UnsupportedError(
        "expected an engine with WebAssembly SIMD and threads (Node 16, Chrome 91, Firefox 89, Safari 16.4 or later)",
        { cause },
      );
    }
    // A policy forbids it: the engine's message says so, and this is the cure.
    throw new UnsupportedError(
      `WebAssembly could not be compiled (${(cause as Error).message}); a Content-Security-Policy must allow it: script-src 'wasm-unsafe-eval'`,
      { cause },
    );
  }
}

export function coreModule(): WebAssembly.Module {
  core ??= compileOwn(coreBytes);
  return core;
}

/** The elementary functions: (v128) -> v128 by name, with a private memory for their tables. */
export function mathModule(): WebAssembly.Module {
  math ??= compileOwn(mathBytes);
  return math;
}

/** The same as bytes: the compiler writes its functions into integrands. */
export function mathTemplate(): Uint8Array {
  return mathBytes;
}

/** The drivers for integrands that take many points at a time. */
export function batchDrivers(): Uint8Array {
  return batchBytes;
}

/** The quadrature drivers, to be spliced: never instantiated as they are. */
export function driverTemplate(): Uint8Array {
  return driverBytes;
}
