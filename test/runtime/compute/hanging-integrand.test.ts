/** Integrands of the user's that run for ever: whoever waits for them can give up, and the crew is whole again. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle } from "../../../ts/index.js";
import type { IntegrandExport, IntegrandFunction } from "../../../ts/types.js";
import { assemble } from "../../wasm/wat.js";
import { failureOf, inContext, until } from "../library.js";

/** Beyond 5 it does not come back. */
const FUNCTION: IntegrandFunction = (x) => {
  while (x > 5);
  return x;
};
const HANG = "(param $x f64) (result f64) (loop (br_if 0 (f64.gt (local.get $x) (f64.const 5)))) (local.get $x)";

async function moduleOf(wat: string): Promise<Uint8Array<ArrayBuffer>> {
  return assemble(`(module ${wat})`);
}

const INTEGRANDS: readonly (readonly [what: string, make: () => Promise<IntegrandFunction | IntegrandExport>])[] = [
  ["a function", async () => FUNCTION],
  ["an export that is spliced", async () => ({ module: await moduleOf(`(func (export "f") ${HANG})`), export: "f" })],
  [
    "an export that is called",
    async () => ({ module: await moduleOf(`(memory 1) (func $f ${HANG}) (func (export "f") (param f64) (result f64) (drop (i32.load (i32.const 0))) (call $f (local.get 0)))`), export: "f" }),
  ],
]; // biome-ignore format: one each

/** Ten integrals on all workers that the context has. */
async function works(heddle: Heddle): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const { value, mode } = await heddle.integrate("x", 0, 2, { points: 200_000, threads: 2 });
    assert.equal([value, mode], [2, "threads"]);
  }
}

for (const [what, make] of INTEGRANDS) {
  test(`an abort ends ${what} that runs for ever`, () =>
    inContext({ threads: 2 }, async (heddle) => {
      await heddle.start();
      const f = await make();
      // Until both have computed at a time: what each needs for it, it has then.
      for (let threads = 1; threads < 2; ) {
        const result = await heddle.integrate(f, 0, 4, { points: 2 ** 18, threads: 2 });
        assert.is(result.value, 8);
        threads = result.threads;
      }
      const used = heddle.info().memory.used;
      const controller = new AbortController();
      const { signal } = controller;
      const onProgress = () => controller.abort("enough");
      const call = heddle.integrate(f, 0, 10, { points: 1_000_000, threads: 2, signal, onProgress });
      assert.is(await failureOf(call), "enough");
      // Those who hang are ended, and what they had comes back.
      await until(() => heddle.info().memory.used <= used);
      await works(heddle);
    }));

  test(`a context closes while ${what} runs for ever`, () =>
    inContext(
      { threads: 2 },
      async (heddle) => {
        const f = await make();
        let seen = false;
        const pending = failureOf(
          heddle.integrate(f, 0, 10, { points: 1_000_000, threads: 2, onProgress: () => { seen = true; } }),
        ); // biome-ignore format: one line
        await until(() => seen);
        await heddle.close();
        assert.is(((await pending) as Error).name, "ClosedError");
      },
      20,
    ));
}

test("one worker's error ends the call though another one hangs, which is replaced", () =>
  inContext({ threads: 2 }, async (heddle) => {
    const f: IntegrandFunction = (x) => {
      while (x > 5);
      if (x < 1) throw new Error("too small");
      return x;
    };
    const error = (await failureOf(heddle.integrate(f, 0, 10, { points: 1_000_000, threads: 2 }))) as Error;
    assert.is(error.name, "IntegrandError");
    assert.match(error.message, "too small");
    await works(heddle);
  }));

test.run();
