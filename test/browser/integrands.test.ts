// @serial
/** Functions and modules as integrands on pages of a real browser: with threads, without, under a policy, in a Worker of the page. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IntegrateResult } from "../../ts/index.js";
import { loadLibrary, resultBits } from "../runtime/library.js";
import { assemble } from "../wasm/wat.js";
import { Pages, STRICT_POLICY, script } from "./page.js";

const POINTS = 500_000;
const OPTIONS = `{ points: ${POINTS}, threads: 2, parameters: { a: 2 } }`;
/** The same in two spellings; the loop makes one a callback. */
const ARROW = "(x, { a }) => Math.sqrt(a * x) / (1 + x * x)";
const LOOP = "(x, { a }) => { for (;;) return Math.sqrt(a * x) / (1 + x * x); }";

const SCALAR =
  "(param $x f64) (result f64) (f64.div (f64.sqrt (f64.mul (f64.const 2) (local.get $x))) (f64.add (f64.const 1) (f64.mul (local.get $x) (local.get $x))))";
const MAP = `(func $f ${SCALAR}) (func (export "map") (param i32 i32 i32)
  (loop (if (i32.eqz (local.get 2)) (then return))
    (f64.store (local.get 1) (call $f (f64.load (local.get 0))))
    (local.set 0 (i32.add (local.get 0) (i32.const 8))) (local.set 1 (i32.add (local.get 1) (i32.const 8)))
    (local.set 2 (i32.sub (local.get 2) (i32.const 1))) (br 0)))`;
const MODULES: readonly (readonly [name: string, wat: string])[] = [
  ["f", `(module (func (export "f") ${SCALAR}))`],
  ["f", `(module (memory 1) (func $g ${SCALAR}) (func (export "f") (param f64) (result f64) (drop (i32.load (i32.const 0))) (call $g (local.get 0))))`],
  ["map", `(module (memory (export "memory") 1) ${MAP})`],
  ["map", `(module (import "env" "memory" (memory 1 65536 shared)) ${MAP})`],
]; // biome-ignore format: one each line
const TRAP =
  '(module (func (export "f") (param f64) (result f64) (if (f64.gt (local.get 0) (f64.const 3)) (then unreachable)) (local.get 0)))';

const library = await loadLibrary();
const EXPECTED = resultBits(library.integrateSync("sqrt(a*x)/(1+x*x)", 0, 4, { points: POINTS, parameters: { a: 2 } }));
const bytes = await Promise.all(MODULES.map(async ([, wat]) => [...(await assemble(wat))]));
const trap = [...(await assemble(TRAP))];

const pages = new Pages();
test.after(() => pages.close());

/** What a page, or a Worker of it, does with all of them. @returns results, and the errors of what fails */
const WORK = `
  // So that it shows whether errors cost workers.
  if (crossOriginIsolated) await context.start(2);
  const results = [];
  for (const f of [${ARROW}, ${LOOP}]) results.push(await context.integrate(f, 0, 4, ${OPTIONS}));
  const modules = ${JSON.stringify(MODULES.map(([name], index) => ({ name, bytes: bytes[index] })))};
  for (const { name, bytes } of modules) {
    const f = { module: new Uint8Array(bytes), export: name };
    results.push(await context.integrate(f, 0, 4, { points: ${POINTS}, threads: 2 }));
  }
  const compiled = { module: new WebAssembly.Module(new Uint8Array(modules[1].bytes)), export: "f" };
  results.push(await context.integrate(compiled, 0, 4, { points: ${POINTS}, threads: 2 }));
  results.push(context.integrateSync(${ARROW}, 0, 4, ${OPTIONS}));
  results.push(context.integrateSync(${LOOP}, 0, 4, ${OPTIONS}));
  const errors = [];
  for (const f of [(x) => { if (x > 3) throw new TypeError("no more"); return x; }, { module: new Uint8Array(${JSON.stringify(trap)}), export: "f" }]) {
    const { name, message } = await context.integrate(f, 0, 4, { points: ${POINTS}, threads: 2 }).catch((error) => error);
    errors.push(name + ": " + message);
  }
  results.push(await context.integrate(${LOOP}, 0, 4, ${OPTIONS}));
  const done = { results, errors, workers: context.info().workers };
  await context.close();`;

interface Done {
  readonly results: readonly IntegrateResult[];
  readonly errors: readonly string[];
  readonly workers: readonly number[];
}

const KINDS = [
  "compiled",
  "callback",
  "spliced",
  "called",
  "called",
  "called",
  "called",
  "compiled",
  "callback",
  "callback",
];

function check({ results, errors, workers }: Done, mode: "threads" | "inline"): void {
  assert.equal(
    results.map(({ integrand }) => integrand.kind),
    KINDS,
  );
  for (const result of results) assert.is(resultBits(result), EXPECTED, JSON.stringify(result.integrand));
  for (const result of results) if (result.mode !== "inline") assert.is(result.restarts, 0);
  assert.is(results[1]?.mode, mode);
  assert.match(errors[0] ?? "", /^IntegrandError: the integrand threw TypeError: no more, at x = 3\./);
  assert.match(errors[1] ?? "", /^IntegrandError: the integrand ended by a trap: unreachable/);
  assert.equal(workers, mode === "threads" ? [1, 2] : []);
}

for (const isolated of [true, false]) {
  test(`functions and modules on a page, isolated: ${isolated}`, () =>
    pages.open({ isolated }, async (page) => {
      const done = await page.evaluate<Done>(
        script(`const context = heddle.createHeddle({ threads: 2 }); ${WORK} return done;`),
      );
      check(done, isolated ? "threads" : "inline");
    }));
}

test("functions and modules in a Worker of the page", () =>
  pages.open(
    {
      pages: {
        "/own.js": `import * as heddle from "/browser.js"; const context = heddle.createHeddle({ threads: 2 }); ${WORK} postMessage(done);`,
      },
    },
    async (page) => {
      const done = await page.evaluate<Done>(
        `new Promise((resolve, reject) => {
          const worker = new Worker("/own.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        })`,
      );
      check(done, "threads");
    },
  ));

for (const isolated of [true, false]) {
  test(`under a strict policy what is arithmetic is compiled, and a callback is told what to do, isolated: ${isolated}`, () =>
    pages.open({ isolated, policy: STRICT_POLICY, errorsAllowed: true }, async (page) => {
      const { result, errors } = await page.evaluate<{ result: IntegrateResult; errors: readonly string[] }>(
        script(`
          const result = await heddle.integrate(${ARROW}, 0, 4, ${OPTIONS});
          const errors = [];
          for (const threads of [2, undefined]) {
            const { name, message } = await heddle.integrate(${LOOP}, 0, 4, { points: 10, threads, parameters: { a: 2 } }).catch((error) => error);
            errors.push(name + ": " + message);
          }
          return { result, errors };`),
      );
      assert.is(resultBits(result), EXPECTED);
      assert.equal(result.integrand, { kind: "compiled" });
      for (const error of errors) {
        assert.match(error, /^FunctionError: /);
        assert.match(error, "the Content-Security-Policy forbids it (script-src without 'unsafe-eval')");
        assert.match(error, "docs/integrands.md");
      }
    }));
}

test.run();
