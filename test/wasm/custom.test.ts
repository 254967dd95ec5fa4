import { test } from "uvu";
import * as assert from "uvu/assert";
import { customSection, withCustomSection } from "../../ts/wasm/custom.js";
import { decode } from "../../ts/wasm/decode.js";
import { assemble } from "./wat.js";

const SIZES = [0, 1, 100, 127, 128, 16_383, 16_384, 300_000];

test("what is put into a section comes back, at every length of its size", async () => {
  const module = await assemble('(module (func (export "f") (result i32) (i32.const 7)))');
  for (const size of SIZES) {
    const content = Uint8Array.from({ length: size }, (_, index) => index * 31);
    const bytes = withCustomSection(withCustomSection(module, "first", content), "second ü", new Uint8Array([1]));
    const compiled = new WebAssembly.Module(bytes);
    assert.equal(customSection(compiled, "first"), content);
    assert.equal(customSection(compiled, "second ü"), new Uint8Array([1]));
    assert.is(customSection(compiled, "third"), undefined);
    assert.is((new WebAssembly.Instance(compiled).exports.f as () => number)(), 7);
    assert.equal(decode(bytes), decode(module));
  }
});

test.run();
