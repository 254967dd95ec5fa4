/** What holds for all samples: linearity, reversal, splitting, and what rules are exact for. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cumulateSamplesSync, integrateSamplesSync, type SamplesRule } from "../../ts/index.js";
import { bitsOf } from "../runtime/library.js";

const RUNS = process.env.STRESS === "1" ? 5000 : 500;
const EPSILON = 2 ** -52;

/** Nothing near the smallest doubles, where products lose digits. */
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((some) => (Math.abs(some) < 1e-30 ? 0 : some));
const width = fc.double({ min: 0.01, max: 10, noNaN: true });
const rule = fc.constantFrom<"trapezoid" | "simpson">("trapezoid", "simpson");
/** Samples at places, ascending. */
const spaced = fc.array(fc.tuple(width, value), { minLength: 2, maxLength: 60 }).map((pairs) => {
  let place = -100;
  const x = pairs.map(([width]) => {
    place += width;
    return place;
  });
  return { x, y: pairs.map(([, sample]) => sample) };
});

function check<T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, body), { numRuns: RUNS });
}

/** What roundings are a share of: parabolas over uneven widths (up to 1000 to 1) have terms that are larger than the samples. */
function sizeOf({ x, y }: { x: readonly number[]; y: readonly number[] }): number {
  let size = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const h = x[i + 1]! - x[i]!;
    const before = i > 0 ? x[i]! - x[i - 1]! : h;
    const after = i + 2 < x.length ? x[i + 2]! - x[i + 1]! : h;
    const near = y.slice(Math.max(0, i - 1), i + 3).map(Math.abs);
    size += h * (1 + h / before + h / after) ** 2 * (1 + before / h + after / h) * Math.max(...near);
  }
  // Places round, too.
  return size + 200 * Math.max(...y.map(Math.abs));
}

function assertNear(found: number, expected: number, size: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= 16 * EPSILON * size, `${what}: expected ${expected}, got ${found}`);
}

test("linear", () => {
  check(fc.tuple(spaced, rule, value, value, fc.infiniteStream(value)), ([{ x, y }, rule, a, b, stream]) => {
    const z = y.map(() => stream.next().value as number);
    const mixed = y.map((sample, i) => a * sample + b * z[i]!);
    const [f, g] = [y, z].map((samples) => integrateSamplesSync(samples, { x, rule }).value) as [number, number];
    const size = sizeOf({ x, y: y.map((sample, i) => Math.abs(a * sample) + Math.abs(b * z[i]!)) });
    assertNear(integrateSamplesSync(mixed, { x, rule }).value, a * f + b * g, size, "a y + b z");
  });
});

test("powers of two change nothing but exponents", () => {
  check(fc.tuple(spaced, rule, fc.integer({ min: -200, max: 200 })), ([{ x, y }, rule, power]) => {
    const factor = 2 ** power;
    const plain = integrateSamplesSync(y, { x, rule });
    const higher = y.map((sample) => sample * factor);
    assert.is(bitsOf(integrateSamplesSync(higher, { x, rule }).value), bitsOf(plain.value * factor), "samples");
    const wider = x.map((place) => place * factor);
    assert.is(bitsOf(integrateSamplesSync(y, { x: wider, rule }).value), bitsOf(plain.value * factor), "places");
    assert.is(
      bitsOf(integrateSamplesSync(y, { dx: factor, rule }).value),
      bitsOf(integrateSamplesSync(y, { rule }).value * factor),
    );
  });
});

test("x the other way round changes the sign", () => {
  check(fc.tuple(spaced, rule), ([samples, rule]) => {
    const { x, y } = samples;
    const mirrored = { x: x.map((place) => -place), rule };
    const plain = integrateSamplesSync(y, { x, rule });
    const minus = integrateSamplesSync(y, mirrored);
    assert.is(bitsOf(minus.value + 0), bitsOf(0 - plain.value), "places negated");
    assert.is(bitsOf(minus.error), bitsOf(plain.error));
    assert.is(
      bitsOf(integrateSamplesSync(y, { dx: -2, rule }).value + 0),
      bitsOf(0 - integrateSamplesSync(y, { dx: 2, rule }).value),
    );
    const running = cumulateSamplesSync(y, { x, rule });
    assert.equal(
      [...cumulateSamplesSync(y, mirrored)].map((sum) => sum + 0),
      [...running].map((sum) => 0 - sum),
    );
    // With an odd number of intervals Simpson's rule is not the same from the other end.
    if (rule === "simpson" && y.length % 2 === 0) return;
    const back = integrateSamplesSync([...y].reverse(), { x: [...x].reverse(), rule }).value;
    assertNear(back, -plain.value, sizeOf(samples), "the last first");
  });
});

test("parts add up, cut between pairs", () => {
  check(fc.tuple(spaced, rule, fc.nat()), ([samples, rule, where]) => {
    const { x, y } = samples;
    if (x.length < 5) return;
    const cut = 2 + 2 * (where % (Math.ceil(x.length / 2) - 2));
    // One interval at the end would have no parabola of its own.
    if (rule === "simpson" && x.length - cut === 2) return;
    const part = (from: number, to: number): number =>
      integrateSamplesSync(y.slice(from, to), { x: x.slice(from, to), rule }).value;
    const whole = integrateSamplesSync(y, { x, rule }).value;
    assertNear(part(0, cut + 1) + part(cut, x.length), whole, sizeOf(samples), `cut at ${cut} of ${x.length}`);
  });
});

test("equal spacing by dx and by x is the same", () => {
  check(fc.tuple(fc.array(value, { minLength: 2, maxLength: 60 }), rule), ([y, rule]) => {
    const x = y.map((_, i) => i / 4);
    const size = sizeOf({ x, y });
    const [byStep, byPlaces] = [
      { dx: 0.25, rule },
      { x, rule },
    ].map((options) => integrateSamplesSync(y, options));
    assertNear(byStep!.value, byPlaces!.value, size, "value");
    if (y.length > 2) assertNear(byStep!.error, byPlaces!.error, 8 * size, "error");
    cumulateSamplesSync(y, { dx: 0.25, rule }).forEach((sum, i) => {
      assertNear(sum, cumulateSamplesSync(y, { x, rule })[i]!, size, `running, ${i}`);
    });
  });
});

test("the last running sum is the integral, and steps do not depend on what follows", () => {
  check(fc.tuple(spaced, rule, value), ([samples, rule, initial]) => {
    const { x, y } = samples;
    const running = cumulateSamplesSync(y, { x, rule, initial });
    assert.is(running[0], initial);
    const size = sizeOf(samples) + Math.abs(initial);
    assertNear(running.at(-1)!, initial + integrateSamplesSync(y, { x, rule }).value, size, "last");
    const half = 2 * Math.floor(x.length / 4) + 1;
    const some = cumulateSamplesSync(y.slice(0, half), { x: x.slice(0, half), rule, initial });
    assert.equal([...some], [...running.slice(0, half)]);
  });
});

/** Of x^power from the first place to the last. */
function powerIntegral(x: readonly number[], power: number): number {
  return (x.at(-1)! ** (power + 1) - x[0]! ** (power + 1)) / (power + 1);
}

test("the trapezoid rule is exact for lines, Simpson's for parabolas, at equal spacing and even intervals for cubics", () => {
  check(fc.tuple(fc.array(width, { minLength: 2, maxLength: 30 }), fc.nat(3)), ([widths, power]) => {
    let place = -8;
    const x = [place];
    for (const h of widths) {
      place += Math.ceil(8 * h) / 8;
      x.push(place);
    }
    const equal = x.map((_, i) => i - 4);
    const rules: [SamplesRule, readonly number[], boolean][] = [
      ["trapezoid", x, power <= 1],
      ["simpson", x, power <= 2],
      ["simpson", equal, power <= 2 || (power === 3 && equal.length % 2 === 1)],
    ];
    for (const [rule, at, isExact] of rules) {
      if (!isExact) continue;
      const y = at.map((place) => place ** power);
      const { value } = integrateSamplesSync(y, { x: at, rule });
      assertNear(
        value,
        powerIntegral(at, power),
        sizeOf({ x: at, y: y.map((some) => Math.abs(some) + 1) }),
        `${rule}, x^${power}`,
      );
    }
  });
});

test("Romberg's rule is exact for polynomials of degree 2k + 1", () => {
  for (let k = 0; k <= 4; k++) {
    const y = Array.from({ length: 2 ** k + 1 }, (_, i) => (i / 2 ** k) ** (2 * k + 1));
    const { value } = integrateSamplesSync(y, { dx: 2 ** -k, rule: "romberg" });
    assert.ok(Math.abs(value - 1 / (2 * k + 2)) <= 4 * EPSILON, `k = ${k}: ${value}`);
  }
});

test("arrays of any kind, views into larger ones and shared ones are the same samples", () => {
  const y = [3, 1, 4, 1, 5, 9, 2, 6, 5];
  const within = new Float64Array([7, 7, ...y, 7]).subarray(2, 11);
  const shared = new Float64Array(new SharedArrayBuffer(72));
  shared.set(y);
  for (const rule of ["trapezoid", "simpson", "romberg"] as const) {
    const { value } = integrateSamplesSync(y, { rule });
    for (const same of [
      Float64Array.from(y),
      Float32Array.from(y),
      Uint8Array.from(y),
      within,
      shared,
      { ...y, length: 9 },
    ]) {
      assert.is(integrateSamplesSync(same, { rule }).value, value);
    }
  }
});

test.run();
