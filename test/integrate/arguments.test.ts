/** Everything that callers can get wrong: always an ArgumentError that says what was expected and what came, never anything else. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as heddle from "../../ts/index.js";
import { ArgumentError, ExpressionError } from "../../ts/index.js";

const RUNS = process.env.STRESS === "1" ? 5000 : 500;

type Loose = (...args: unknown[]) => unknown;
const integrateSync = heddle.integrateSync as Loose;
const integrate = heddle.integrate as (...args: unknown[]) => Promise<unknown>;
const evaluate = heddle.evaluate as Loose;

/** The error of a call that must not return. */
function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.unreachable("expected the call to throw");
}

/** Checks class, code, the argument's name and the wording. */
function assertRefused(call: () => unknown, argument: string, what: string): ArgumentError {
  const error = errorOf(call);
  assert.instance(error, ArgumentError, `${what}: ${error}`);
  const { code, name, message, argument: named } = error as ArgumentError;
  assert.is(code, "ERR_ARGUMENT", what);
  assert.is(name, "ArgumentError", what);
  assert.is(named, argument, `${what}: ${message}`);
  assert.match(message, /must be|expected/, what);
  assert.match(message, /, got |unknown option/, what);
  assert.ok(message.includes(argument) || argument === "b", `${what}: ${message}`);
  return error as ArgumentError;
}

const good = { points: 10 };

const WRONG_NUMBERS = [
  undefined,
  null,
  "1",
  "",
  true,
  1n,
  {},
  [],
  [1],
  Number.NaN,
  Infinity,
  -Infinity,
  () => 1,
  Symbol("s"),
];

test("arguments: bounds are finite numbers", () => {
  for (const wrong of WRONG_NUMBERS) {
    assertRefused(() => integrateSync("x", wrong, 1, good), "a", String(wrong));
    assertRefused(() => integrateSync("x", 0, wrong, good), "b", String(wrong));
  }
});

test("arguments: infinite bounds are told why", () => {
  assert.match(assertRefused(() => integrateSync("x", 0, Infinity, good), "b", "").message, /infinite range/);
});

test("arguments: the width of the range is finite", () => {
  const { message } = assertRefused(() => integrateSync("x", -1.7e308, 1.7e308, good), "b", "");
  assert.match(message, /width/);
  assert.match(message, /split the range/);
});

test("arguments: f is a text or a function", () => {
  for (const wrong of [...WRONG_NUMBERS.filter((value) => !["string", "function"].includes(typeof value)), 3]) {
    assertRefused(() => integrateSync(wrong, 0, 1, good), "f", String(wrong));
    assertRefused(() => evaluate(wrong, [1]), "f", String(wrong));
  }
  assert.instance(
    errorOf(() => integrateSync("", 0, 1, good)),
    ExpressionError,
  );
});

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  points: [null, 0, -1, 1.5, 2 ** 52 + 1, Infinity, Number.NaN, "10", 10n, {}, [10], true, Symbol("s")],
  rule: [
    "Midpoint",
    "",
    "gauss",
    "toString",
    "__proto__",
    3,
    null,
    [],
    {},
    { gauss: 3, x: 1 },
    { n: 3 },
    () => {},
    Symbol("s"),
  ],
  threads: [null, 0, -1, 256, 1.5, Infinity, Number.NaN, "2", 2n, {}, true, Symbol("s")],
  parameters: [null, 3, "a", [], [1], true, () => {}, Symbol("s")],
  variable: [null, 3, "", "2x", "x y", "é", "x-1", {}, [], true, Symbol("s")],
  signal: [null, 3, "x", {}, [], true, { aborted: false }, Symbol("s")],
  onProgress: [null, 3, "x", {}, [], true, Symbol("s")],
};

for (const [name, values] of Object.entries(WRONG)) {
  test(`arguments: \`${name}\` of a wrong kind or value`, async () => {
    for (const value of values) {
      const options = { ...good, [name]: value };
      const what = `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
      const rejected = await integrate("x", 0, 1, options).then(
        () => assert.unreachable(what),
        (error: unknown) => error,
      );
      assertRefused(
        () => {
          throw rejected;
        },
        name,
        what,
      );
      assertRefused(() => integrateSync("x", 0, 1, options), name, what);
    }
  });
}

test("arguments: a Gauss rule has 1 to 64 points", () => {
  for (const gauss of [0, -1, 65, 1.5, "3", null, undefined, Number.NaN, Infinity, 2n, {}]) {
    assertRefused(() => integrateSync("x", 0, 1, { ...good, rule: { gauss } }), "rule.gauss", String(gauss));
  }
});

test("arguments: a parameter is a number", () => {
  for (const value of ["1", null, undefined, true, 1n, {}, [], () => 1, Symbol("s")]) {
    assertRefused(
      () => integrateSync("a*x", 0, 1, { ...good, parameters: { a: value } }),
      "parameters.a",
      String(value),
    );
    assertRefused(() => evaluate("a*x", [1], { parameters: { a: value } }), "parameters.a", String(value));
  }
});

test("arguments: rules of a fixed number of panels need `points`", () => {
  const { message } = assertRefused(() => integrateSync("x", 0, 1, { rule: "simpson" }), "rule", "simpson");
  assert.match(message, /points/);
});

test("arguments: options of one kind of integral are told from those of the other", () => {
  const fixed = assertRefused(() => integrateSync("x", 0, 1, { ...good, effort: "fast" }), "effort", "effort");
  assert.match(fixed.message, /leave out `points`/);
  const other = assertRefused(() => integrateSync("x", 0, 1, { ...good, segments: true }), "segments", "segments");
  assert.match(other.message, /leave out `points`/);
});

test("arguments: what is of one integrand over a range is refused where it would have no effect", () => {
  const box = { x: [0, 1], y: [0, 1] };
  for (const option of [{ principalValue: 0.5 }, { segments: true }]) {
    const name = Object.keys(option)[0]!;
    for (const call of [
      () => integrateSync("1/(x-0.5)", box, option),
      () => integrateSync(["1/(x-0.5)", "x"], 0, 1, option),
      () => (heddle.integrateManySync as Loose)("a/(x-0.5)", 0, 1, { parameters: { a: [1, 2] }, ...option }),
    ]) {
      assert.match(assertRefused(call, name, name).message, /one integrand over a range/);
    }
  }
  const { signal } = new AbortController();
  for (const args of [
    ["x*y", box],
    [["x"], 0, 1],
  ]) {
    assert.match(assertRefused(() => integrateSync(...args, { signal }), "signal", "").message, /use integrate$/);
  }
});

test("arguments: a list is an array or a typed one, and memory has room for it", () => {
  const transferred = Float64Array.of(0.5);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  const shared = new Float64Array(new SharedArrayBuffer(8)).fill(0.5);
  for (const breakPoints of [transferred, shared, Float32Array.of(0.5), []]) {
    assert.is((integrateSync("x", 0, 1, { breakPoints }) as { value: number }).value, 0.5);
  }
  const view = new DataView(new ArrayBuffer(8));
  assertRefused(() => integrateSync("x", 0, 1, { breakPoints: view }), "breakPoints", "a DataView");
  assertRefused(
    () => integrateSync("x*y", { x: [0, 1], y: [0, 1] }, { breakPoints: { x: view } }),
    "breakPoints.x",
    "",
  );
  for (const length of [2 ** 53 - 1, 5e15]) {
    assertRefused(() => evaluate("x", { length }), "x", "");
    assertRefused(() => (heddle.integrateManySync as Loose)("x", 0, { length }), "b", "");
    assertRefused(() => (heddle.integrateSamplesSync as Loose)({ length }), "y", "");
  }
});

test("arguments: options are an object", () => {
  for (const options of [null, 3, "points", true, [], () => {}, 10n, Symbol("s")]) {
    assertRefused(() => integrateSync("x", 0, 1, options), "options", String(options));
  }
});

test("arguments: an unknown option is named, with those there are", () => {
  for (const name of ["point", "Points", "n", "toString", "constructor", "hasOwnProperty"]) {
    const { message } = assertRefused(() => integrateSync("x", 0, 1, { ...good, [name]: 1 }), name, name);
    assert.match(message, /points, rule, parameters, variable, threads/);
  }
  const { signal } = new AbortController();
  const { message } = assertRefused(() => integrateSync("x", 0, 1, { ...good, signal }), "signal", "signal");
  assert.match(message, /use integrate/);
});

test("arguments: a text and its names are not taken for others that look alike when written together", () => {
  integrateSync("pi\n+x", 0, 1, { points: 1 });
  const { message } = errorOf(() => integrateSync("+x", 0, 1, { points: 1, parameters: { pi: 3 } })) as Error;
  assert.match(message, "constant of the language");
  integrateSync("a+b", 0, 1, { points: 1, parameters: { a: 1, b: 2 } });
  assert.instance(
    errorOf(() => integrateSync("a+b", 0, 1, { points: 1, parameters: { "a\nb": 3 } })),
    ArgumentError,
  );
});

test("arguments: options that are undefined count as absent", () => {
  const options = {
    points: 10,
    rule: undefined,
    parameters: undefined,
    variable: undefined,
    threads: undefined,
    signal: undefined,
  };
  assert.is((integrateSync("x", 0, 2, options) as { value: number }).value, 2);
});

test("arguments: nothing inherited counts, and nothing is polluted", () => {
  assert.is((integrateSync("x", 0, 1, Object.create({ points: 10 })) as { status: string }).status, "converged");
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  prototype.rule = "nonsense";
  prototype.gauss = 3;
  try {
    assert.is((integrateSync("x", 0, 2, { points: 10 }) as { value: number }).value, 2);
    assertRefused(() => integrateSync("x", 0, 1, { points: 10, rule: {} }), "rule", "an inherited gauss");
  } finally {
    delete prototype.rule;
    delete prototype.gauss;
  }
  const poisoned = JSON.parse('{ "points": 10, "__proto__": { "threads": 0 } }');
  assertRefused(() => integrateSync("x", 0, 1, poisoned), "__proto__", "__proto__ as an option");
  const parameters = JSON.parse('{ "a": 1, "__proto__": 5 }');
  errorOf(() => integrateSync("a*x + polluted", 0, 1, { points: 10, parameters }));
  assert.is(({} as Record<string, unknown>).a, undefined);
  assert.is(({} as Record<string, unknown>).threads, undefined);
});

test("arguments: `got` is what came", () => {
  const value = { some: "thing" };
  assert.is(assertRefused(() => integrateSync("x", value, 1, good), "a", "").got, value);
});

/** Anything at all may come; what is thrown must be ours, and say something. */
function assertOurs(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ArgumentError || error instanceof ExpressionError)) {
      throw new Error(`expected an ArgumentError or an ExpressionError, got ${error}`, { cause: error });
    }
    assert.match(error.message, /expected|must be|unknown|cannot|may not|is not|there is|write/);
  }
}

const anything = fc.anything({
  withBigInt: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});

test("arguments: anything as f, a bound or the options", () => {
  fc.assert(
    fc.property(anything, anything, anything, anything, (f, a, b, options) => {
      assertOurs(() => integrateSync(f, 0, 1, good));
      assertOurs(() => integrateSync("x", a, b, good));
      assertOurs(() => integrateSync("x", 0, 1, options));
      assertOurs(() => evaluate(f, [1]));
      assertOurs(() => evaluate("x", [1], options));
    }),
    { numRuns: RUNS },
  );
});

test("arguments: anything as the value of an option", () => {
  const name = fc.constantFrom("points", "rule", "parameters", "variable", "threads", "signal", "onProgress", "other");
  fc.assert(
    fc.property(name, anything, (option, value) =>
      // On no account may a small number of points become a long computation, nor threads be started.
      option === "threads"
        ? assertOurs(() => integrateSync("x", 0, 1, { threads: value }))
        : assertOurs(() =>
            integrateSync(
              "x",
              0,
              1e-3,
              option === "points" ? { points: value, rule: "none" } : { ...good, [option]: value },
            ),
          ),
    ),
    { numRuns: RUNS },
  );
});

test("arguments: evaluate takes a list of numbers", () => {
  for (const wrong of [
    undefined,
    null,
    3,
    "123",
    true,
    {},
    { length: -1 },
    { length: 1.5 },
    new Map(),
    () => {},
    new DataView(new ArrayBuffer(8)),
  ]) {
    assertRefused(() => evaluate("x", wrong), "x", String(wrong));
  }
  assertRefused(() => evaluate("x", [1, "2"]), "x[1]", "a text among numbers");
  assertRefused(() => evaluate("x", new Array(3)), "x[0]", "an array with holes");
  assertRefused(() => evaluate("x", [1, 2n]), "x[1]", "a bigint");
  assertRefused(() => evaluate("x", new BigInt64Array(2)), "x[0]", "bigints");
  for (const list of [
    [1, 2, 3],
    new Float32Array([1, 2, 3]),
    new Uint8Array([1, 2, 3]),
    { length: 3, 0: 1, 1: 2, 2: 3 },
  ]) {
    assert.equal(evaluate("2*x", list), new Float64Array([2, 4, 6]));
  }
  assert.equal(evaluate("2*x", []), new Float64Array(0));
});

test("arguments: anything as the points of evaluate", () => {
  fc.assert(
    fc.property(anything, (x) => assertOurs(() => evaluate("x", x))),
    { numRuns: RUNS },
  );
});

test("arguments: anything as options of a context", () => {
  const createHeddle = heddle.createHeddle as Loose;
  fc.assert(
    fc.property(anything, anything, anything, (options, memory, threads) => {
      assertOurs(() => createHeddle({ memory: -1, ...(options as object) }));
      assertOurs(() => createHeddle(typeof memory === "number" ? { memory: memory / 3 } : { memory, threads: "x" }));
      assertOurs(() => createHeddle({ threads, memory: 1 }));
    }),
    { numRuns: RUNS },
  );
});

test.run();
