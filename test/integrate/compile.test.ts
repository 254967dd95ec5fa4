/** Compiled integrands: what they know of themselves, that they give the bits of their sources everywhere, and what they refuse. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  type CompiledIntegrand,
  compile,
  ExpressionError,
  evaluate,
  FunctionError,
  type IntegrandFunction,
  integrate,
  integrateSync,
  type ToleranceSyncOptions,
} from "../../ts/index.js";
import { inContext, loadLibrary } from "../runtime/library.js";

/** (f64) -> f64: 1 / x, exported as f. */
const MODULE = Uint8Array.from(
  atob("AGFzbQEAAAABBgFgAXwBfAMDAgAABQMBAAEHCQIBZgAAAWcAAQolAg4ARAAAAAAAAPA/IACjCxQAQQAoAgAaRAAAAAAAAPA/IACjCw=="),
  (letter) => letter.charCodeAt(0),
);

function bits({ value, error }: { readonly value: number; readonly error: number }): string {
  return [...new BigUint64Array(Float64Array.of(value, error).buffer)].join();
}

test("knows what it was made of and what became of it", () => {
  const text = compile("a*t^b", { variable: "t", parameters: ["b", "a"] });
  assert.is(text.source, "a*t^b");
  assert.is(text.variable, "t");
  assert.equal(text.parameters, ["b", "a"]);
  assert.equal(text.use, { kind: "compiled" });
  assert.is(text.relaxed, false);
  assert.is(String(text), 'CompiledIntegrand { source: "a*t^b", parameters: "b, a", use: "compiled" }');
  const fn: IntegrandFunction<{ a: number }> = (x, { a }) => {
    for (;;) return a * x;
  };
  const called = compile(fn, { parameters: ["a"] });
  assert.is(called.source, fn);
  assert.is(called.variable, undefined);
  assert.is(called.use.kind, "callback");
  assert.is(compile({ module: MODULE, export: "f" }).use.kind, "spliced");
});

test("gives the bits of its source, in every call that takes one", async () => {
  const source = "exp(-a*x)*cos(b*x)";
  const parameters = { a: 2, b: 3 };
  const f = compile(source, { parameters: ["b", "a"] });
  for (const other of [{}, { effort: "fast" }, { points: 1000, rule: "simpson" }] as ToleranceSyncOptions[]) {
    const options = { ...other, parameters };
    const wanted = bits(integrateSync(source, 0, 5, options));
    assert.is(bits(integrateSync(f, 0, 5, options)), wanted);
    assert.is(bits(await integrate(f, 0, 5, options)), wanted);
    assert.is(bits(await integrate(f, 0, 5, { ...options, parameters: { b: 3, a: 2 } })), wanted);
  }
  assert.equal(evaluate(f, [0, 1, 2], { parameters }), evaluate(source, [0, 1, 2], { parameters }));
});

test("serves every context, and workers", async () => {
  const library = await loadLibrary();
  const f = library.compile((x, { a }) => a * x * x, { parameters: ["a"] });
  for (const threads of [1, 2]) {
    await inContext({ threads }, async (heddle) => {
      assert.is(heddle.integrateSync(f, 0, 3, { parameters: { a: 2 } }).value, 18);
      const { value, mode } = await heddle.integrate(f, 0, 3, { parameters: { a: 2 }, points: 1e5, threads });
      assert.is(mode, "threads");
      assert.ok(Math.abs(value - 18) < 1e-7);
    });
  }
});

test("relaxed is settled when it is compiled", () => {
  const f = compile("x*x+1", { relaxed: true });
  assert.is(integrateSync(f, 0, 1).relaxed, f.relaxed);
  assert.throws(() => integrateSync(f, 0, 1, { relaxed: true }), refuses("relaxed"));
});

test("mistakes in the source are thrown at once", () => {
  assert.throws(
    () => compile("2x"),
    (error: unknown) => error instanceof ExpressionError,
  );
  assert.throws(
    () => compile("a*x"),
    (error: unknown) => error instanceof ExpressionError,
  );
  assert.throws(
    () => compile("x", { variable: "t" }),
    (error: unknown) => error instanceof ExpressionError,
  );
  assert.throws(
    () => compile(Math.sin.bind(null)),
    (error: unknown) => error instanceof FunctionError,
  );
  assert.throws(() => compile(7 as unknown as string), refuses("f"));
  assert.throws(() => compile(compile("x") as unknown as string), refuses("f"));
});

test("options are what they should be", () => {
  assert.throws(() => compile("x", { variable: 5 as unknown as string }), refuses("variable"));
  assert.throws(() => compile((x) => x * x, { variable: "t" }), refuses("variable"));
  assert.throws(() => compile("x", { parameters: { a: 2 } as unknown as string[] }), refuses("parameters"));
  assert.throws(() => compile("a*x", { parameters: [2 as unknown as string] }), refuses("parameters[0]"));
  assert.throws(() => compile("a*x", { parameters: ["a", "a"] }), refuses("parameters[1]"));
  assert.throws(() => compile("x", { relaxed: 1 as unknown as boolean }), refuses("relaxed"));
  assert.throws(() => compile("x", { parameter: ["a"] } as object), refuses("parameter"));
});

test("each parameter needs a value, and nothing else gets one", () => {
  const f: CompiledIntegrand = compile("a*x", { parameters: ["a"] });
  for (const parameters of [undefined, {}, { b: 2 }, { a: 2, b: 2 }]) {
    assert.throws(() => integrateSync(f, 0, 1, parameters === undefined ? {} : { parameters }), refuses("parameters"));
  }
  assert.throws(() => integrateSync(f, 0, 1, { parameters: { a: 2 }, variable: "x" }), refuses("variable"));
  assert.throws(
    () => integrateSync(f, 0, 1, { parameters: { a: "2" } as unknown as { a: number } }),
    refuses("parameters.a"),
  );
});

function refuses(argument: string): (error: unknown) => boolean {
  return (error) => error instanceof ArgumentError && error.argument === argument;
}

test.run();
