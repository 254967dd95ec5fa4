/** How a range was cut, and where the errors lie: what a result says of the way to it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ArgumentError,
  createHeddle,
  type Segments,
  type ToleranceProgress,
  type ToleranceResult,
} from "../../ts/index.js";
import { computeHere } from "../runtime/library.js";

const heddle = createHeddle({ threads: 1 });
computeHere(heddle);
const { POSITIVE_INFINITY: INFINITY, NEGATIVE_INFINITY } = Number;

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** That they cover the range without gaps or overlaps, and add up to what the result says. */
function segmentsOf(result: ToleranceResult, lo: number, hi: number): Segments {
  const { segments, value, error, l1 } = result;
  assert.ok(segments !== undefined);
  const { length } = segments.lo;
  assert.ok(length > 0 && length <= result.panels);
  assert.equal([segments.hi.length, segments.value.length, segments.error.length], [length, length, length]);
  assert.is(segments.lo[0], lo);
  assert.is(segments.hi[length - 1], hi);
  for (let i = 1; i < length; i++) assert.is(segments.lo[i], segments.hi[i - 1]);
  for (let i = 0; i < length; i++) assert.ok(segments.lo[i]! < segments.hi[i]!);
  assert.ok(Math.abs(sum(segments.value) - value) <= 1e-13 * l1, `${sum(segments.value)} is not ${value}`);
  assert.ok(Math.abs(sum(segments.error) - error) <= 1e-10 * error);
  return segments;
}

test("nobody who does not ask gets segments", () => {
  assert.not(Object.hasOwn(heddle.integrateSync("exp(x)", 0, 1), "segments"));
  assert.not(Object.hasOwn(heddle.integrateSync("exp(x)", 0, 1, { segments: false }), "segments"));
  assert.throws(
    () => heddle.integrateSync("exp(x)", 0, 1, { segments: 1 as unknown as boolean }),
    (error: unknown) => error instanceof ArgumentError && error.argument === "segments",
  );
});

for (const [f, lo, hi] of [
  ["exp(x)", 0, 1],
  ["abs(x-0.3)+sqrt(x)", -0, 1],
  ["exp(-x^2)", NEGATIVE_INFINITY, INFINITY],
  ["exp(x)", NEGATIVE_INFINITY, 2],
  ["1/(1+x^2)", 3, INFINITY],
  ["sin(x)/x", 0, INFINITY],
  ["cos(x)/(1+x^2)", NEGATIVE_INFINITY, INFINITY],
] as const) {
  test(`segments cover the range, and add up: ${f} from ${lo} to ${hi}`, async () => {
    const segments = segmentsOf(heddle.integrateSync(f, lo, hi, { segments: true }), lo, hi);
    assert.equal(segmentsOf(await heddle.integrate(f, lo, hi, { segments: true }), lo, hi), segments);
  });
}

test("values of segments are integrals over them", () => {
  const { lo, hi, value } = segmentsOf(heddle.integrateSync("exp(-x)", 0, INFINITY, { segments: true }), 0, INFINITY);
  lo.forEach((from, i) => {
    const exact = Math.exp(-from) - Math.exp(-hi[i]!);
    assert.ok(Math.abs(value[i]! - exact) <= 1e-14, `from ${from} to ${hi[i]}: ${value[i]} is not ${exact}`);
  });
});

test("of a range that is walked downwards the order stays, and values change sign", () => {
  const up = heddle.integrateSync("sqrt(x)", 0, 1, { segments: true });
  const down = heddle.integrateSync("sqrt(x)", 1, 0, { segments: true });
  assert.equal(down.segments!.lo, up.segments!.lo);
  assert.equal(
    down.segments!.value,
    up.segments!.value.map((value) => -value),
  );
  segmentsOf(down, 0, 1);
});

test("refined is where it is needed", () => {
  const { lo, hi } = heddle.integrateSync("exp(-1e6*(x-0.5)^2)", 0, 1, { segments: true }).segments!;
  const widths = lo.map((from, i) => hi[i]! - from);
  const narrowest = widths.indexOf(Math.min(...widths));
  assert.ok(Math.abs(lo[narrowest]! - 0.5) < 0.01);
});

test("far out, where ends are the same double, the order is that of the range", () => {
  const { segments } = heddle.integrateSync("x^-1.5", 1e308, INFINITY, { segments: true });
  assert.is(segments!.lo[0], 1e308);
  assert.is(segments!.hi.at(-1), INFINITY);
  for (let i = 1; i < segments!.lo.length; i++) assert.is(segments!.lo[i], segments!.hi[i - 1]);
});

test("an empty range has no segments", () => {
  const { segments } = heddle.integrateSync("x", 1, 1, { segments: true });
  assert.equal(segments, {
    lo: new Float64Array(0),
    hi: new Float64Array(0),
    value: new Float64Array(0),
    error: new Float64Array(0),
  });
});

test("when the time ends it in the midst of a round, what is being halved counts as it was", () => {
  for (let turn = 0; turn < 40; turn++) {
    // How far it comes is the machine's: whatever it is, the segments are whole.
    const maximumTime = 0.05 * (turn + 1);
    const result = heddle.integrateSync("sin(1/x)*(2+sin(1/x^2))", 0, 1, { segments: true, maximumTime });
    if (result.rounds > 0) segmentsOf(result, 0, 1);
    else assert.is(result.segments!.lo.length, 0);
  }
});

test("what has converged has no suspects", () => {
  assert.equal(heddle.integrateSync("sqrt(x)", 0, 1).suspects, []);
});

for (const [f, hi, status, where] of [
  ["1/(x-0.3)", 1, "divergent", 0.3],
  ["1/x", 1, "divergent", 0],
  ["1/sqrt(abs(x-cos(x)))", 1, "tolerance-not-reached", 0.7390851332151607],
  ["sqrt(x-0.5)", 1, "not-finite", 0.1],
  ["sin(x)*(2+cos(3*x))/x", INFINITY, "budget", INFINITY],
] as const) {
  test(`the first suspect is where the trouble is: ${f}`, () => {
    const result = heddle.integrateSync(f, 0, hi);
    assert.is(result.status, status);
    const [first, ...others] = result.suspects;
    assert.ok(first!.x[0] <= where && where <= first!.x[1], `${first!.x} and not ${where}`);
    assert.ok(first!.error > 0);
    assert.ok(others.length <= 4);
    let last = first!;
    for (const each of others) {
      assert.ok(each.error <= last.error);
      last = each;
    }
  });
}

test("progress comes round by round", async () => {
  const seen: ToleranceProgress[] = [];
  const result = await heddle.integrate("sin(1/x)*(2+sin(1/x^2))", 0, 1, {
    maximumEvaluations: 3e6,
    onProgress: (progress) => seen.push(progress),
  });
  const rounds = seen.map((each) => each.rounds);
  assert.equal(
    rounds.slice(0, -1),
    [...new Set(rounds.slice(0, -1))].sort((a, b) => a - b),
  );
  const { value, error, evaluations } = result;
  assert.equal(seen.at(-1), { value, error, evaluations, rounds: result.rounds });
});

test.run();
