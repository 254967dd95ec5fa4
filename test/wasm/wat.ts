/** The text format -> bytes, by wabt with everything enabled: the reference assembler of the tests. */
import loadWabt from "wabt";

const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  memory64: true,
  relaxed_simd: true,
};

let wabt: Awaited<ReturnType<typeof loadWabt>> | undefined;

/** Assembles a module; validates nothing: that is `WebAssembly.validate`'s. @throws Error with the place in the text */
export async function assemble(wat: string): Promise<Uint8Array<ArrayBuffer>> {
  wabt ??= await loadWabt();
  const module = wabt.parseWat("test.wat", wat, FEATURES);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}
