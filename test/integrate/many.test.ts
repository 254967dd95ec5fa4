/** Sweeps on the calling thread: the bits of `integrateSync` for each set; what is refused; arrays of every kind. Threads and deaths: test/quad/sweep.test.ts. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  compile,
  integrateMany,
  integrateManySync,
  integrateSync,
  type ManyOptions,
  type ManyResult,
  TOLERANCE_STATUSES,
  type ToleranceOptions,
} from "../../ts/index.js";
import { type Bound, boundAt, CASES, setsOf } from "./many.js";

const SETS = 150;
/** With one panel to begin with there are 64 integrals side by side, and others, which are not easy, wait: more sets than lanes. */
const SETS_FAST = 400;

/** Compares all sets with what `integrateSync` says of each. */
function compare(f: Parameters<typeof integrateManySync>[0], a: Bound, b: Bound, options: ManyOptions): ManyResult {
  const many = integrateManySync(f, a, b, { ...options, threads: 1 });
  const { parameters = {}, threads: _, onProgress: _onProgress, signal: _signal, ...others } = options;
  let evaluations = 0;
  many.values.forEach((value, set) => {
    const own = Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, boundAt(each, set)]));
    const alone = integrateSync(f as string, boundAt(a, set), boundAt(b, set), {
      ...(others as ToleranceOptions),
      parameters: own,
    });
    const got = { value, error: many.errors[set], status: TOLERANCE_STATUSES[many.statuses[set]!] };
    const expected = { value: alone.value, error: alone.error, status: alone.status };
    const isSame = Object.is(got.value, expected.value) && Object.is(got.error, expected.error);
    if (!isSame || got.status !== expected.status) assert.equal(got, expected, `${f}, set ${set}`);
    evaluations += alone.evaluations;
  });
  assert.is(many.evaluations, evaluations);
  return many;
}

for (const [f, a, b, options] of CASES) {
  test(`${f}: the bits of one integral at a time`, () => {
    compare(f, a, b, { ...options, parameters: setsOf(SETS_FAST), effort: "fast" });
    const { counts } = compare(f, a, b, { ...options, parameters: setsOf(SETS) });
    assert.is(
      Object.values(counts).reduce((sum, each) => sum + each),
      SETS,
    );
  });
}

test("functions, exports of a handle, and functions that are called back", () => {
  const k = [0.5, 1, 2, 3];
  compare((x: number, { k }: { k: number }) => Math.sin(k * x), 0, 2, { parameters: { k } });
  compare((x: number, { k }: { k: number }) => Math.fround(k * x), 0, 2, {
    parameters: { k },
    maximumEvaluations: 5000,
  });
  const handle = compile("exp(-k*x)", { parameters: ["k"] });
  const { values } = integrateManySync(handle, 0, 1, { parameters: { k } });
  for (const [set, value] of values.entries()) {
    assert.is(value, integrateSync("exp(-k*x)", 0, 1, { parameters: { k: k[set]! } }).value);
  }
});

test("bounds by set: descending ones flip the sign, equal ones give 0, and break points are those within", () => {
  const a = [0, 1, 2, 3, -1, Number.NEGATIVE_INFINITY, 0];
  const b = Float32Array.of(1, 0, 2, 5, 1, 0, Number.POSITIVE_INFINITY);
  for (const effort of ["fast", "normal"] as const) {
    const { values, errors, statuses } = compare("exp(-x^2)*abs(x-k)", a, b, {
      parameters: { k: 0.25 },
      effort,
      breakPoints: [4, 0.5, -0.5],
    });
    assert.is(values[2], 0);
    assert.is(errors[2], 0);
    assert.is(statuses[2], 0);
    assert.is(values[1], -values[0]!);
  }
});

test("a set may have more panels than a lane, and than the first room, and the next has room again", () => {
  const k = Float64Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? 3e4 : 1 + i));
  compare("abs(sin(k*x))", 0, 3, { parameters: { k }, effort: "fast", maximumEvaluations: 150_000 });
});

test("forms in the distance are made when the first set asks for one", () => {
  const s = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? 2 : 0.05 + i / 1000));
  const { counts } = compare("(1-x)^(s-1)", 0, 1, { parameters: { s }, effort: "fast" });
  assert.is(counts.converged, 200);
});

test("other rules, and budgets of few evaluations", () => {
  const k = [1, 2, 3, 40];
  compare("log(x)*k+sin(k*x)", 0, 1, { parameters: { k }, rule: "tanh-sinh" });
  const { counts } = compare("abs(sin(k*x))", 0, 9, { parameters: { k }, maximumEvaluations: 1 });
  assert.is(counts.budget + counts.converged, 4);
});

test("no sets are no work, and five parameters are as good as one", async () => {
  const none = await integrateMany("a*x", 0, 1, { parameters: { a: [] } });
  assert.equal([...none.values, ...none.errors, ...none.statuses], []);
  const [a, b, c, d, g] = [1, 2, 3, 4, 5].map((from) => Float64Array.from({ length: 100 }, (_, i) => from + i / 100));
  compare("a*x^4+b*x^3+c*x^2+d*x+g", 0, 1, { parameters: { a: a!, b: b!, c: c!, d: d!, g: g! } });
});

test("progress ends with everything done", async () => {
  const seen: { fraction: number; integrals: number; evaluations: number }[] = [];
  const onProgress = (each: (typeof seen)[number]): unknown => seen.push(each);
  const { evaluations } = await integrateMany("exp(k*x)", 0, 1, { parameters: setsOf(50), onProgress });
  assert.equal(seen.at(-1), { fraction: 1, integrals: 50, evaluations });
});

/** What is refused, and the argument that is named. */
const REFUSALS: readonly [what: string, call: () => unknown, argument: string][] = [
  ["no array", () => integrateManySync("k*x", 0, 1, { parameters: { k: 1 } }), "parameters"],
  ["nothing at all", () => integrateManySync("x", 0, 1), "parameters"],
  [
    "arrays of two lengths",
    () => integrateManySync("k*x*m", 0, 1, { parameters: { k: [1], m: [1, 2] } }),
    "parameters.m",
  ],
  ["a bound's length", () => integrateManySync("k*x", 0, [1, 2], { parameters: { k: [1] } }), "parameters.k"],
  [
    "a text among numbers",
    () => integrateManySync("k*x", 0, 1, { parameters: { k: [1, "2"] as never } }),
    "parameters.k[1]",
  ],
  ["a text for a column", () => integrateManySync("k*x", 0, 1, { parameters: { k: "2" as never } }), "parameters.k"],
  ["NaN in a bound", () => integrateManySync("x", [0, Number.NaN], 1), "a[1]"],
  ["NaN for a bound", () => integrateManySync("k*x", 0, Number.NaN, { parameters: { k: [1] } }), "b"],
  ["a range too wide", () => integrateManySync("x", [0, -1.7e308], [1, 1.7e308]), "b"],
  ["a text for a bound", () => integrateManySync("x", "0" as never, [1]), "a"],
  ["parameters that are an array", () => integrateManySync("x", 0, [1], { parameters: [1] as never }), "parameters"],
  ["an effort", () => integrateManySync("x", 0, [1], { effort: "none" as never }), "effort"],
  ["threads", () => integrateManySync("x", 0, [1], { threads: 0 }), "threads"],
  ["a break point", () => integrateManySync("x", 0, [1], { breakPoints: [Number.NaN] }), "breakPoints[0]"],
];

for (const [what, call, argument] of REFUSALS) {
  test(`refuses ${what}`, () => {
    try {
      call();
    } catch (error) {
      assert.is((error as { code?: string }).code, "ERR_ARGUMENT");
      return assert.is((error as { argument?: string }).argument, argument);
    }
    assert.unreachable("nothing was refused");
  });
}

test("unknown options are named, with what to do", async () => {
  const failure = (options: object): string => {
    try {
      integrateManySync("x", 0, [1], options);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assert.match(failure({ maximumTime: 5 }), /maximumTime.*signal/);
  assert.match(failure({ points: 5 }), /points.*to a tolerance/);
  assert.match(failure({ onProgress() {} }), /onProgress.*integrateMany/);
});

test("arrays that change before the call is over are refused, wherever that is seen", async () => {
  const changes: readonly [name: string, change: (array: Float64Array) => void][] = [
    ["transferred", ({ buffer }) => void structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })],
    ["without numbers", (array) => void array.fill(Number.NaN)],
  ];
  for (const [name, change] of changes) {
    const b = new Float64Array(5000).fill(1);
    const running = integrateMany("exp(-x)", 0, b, { effort: "fast" });
    change(b);
    const failure = await running.then(
      () => undefined,
      (error: Error) => error,
    );
    assert.instance(failure, ArgumentError, `${name}: ${failure}`);
    assert.match(failure!.message, /stay as they are until the call is over/, name);
  }
  const { values } = await integrateMany("x", 0, [1, 2]);
  assert.equal([...values], [0.5, 2]);
});

test.run();
