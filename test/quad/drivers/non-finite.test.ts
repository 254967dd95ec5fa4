/** What is not finite: how often and where, against a search by brute force; and that no node leaves the range. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { evaluate, integrateSync, type Rule } from "../../../ts/index.js";
import { blockNodes, contract, stepOf } from "./contract.js";
import { oracleRule } from "./driver.js";

const RUNS = process.env.STRESS === "1" ? 2000 : 150;

/** Every node of the fine grid, from the oracle. */
function nodesOf(rule: Rule, lo: number, hi: number, panels: number): number[] {
  const { passes, ends } = oracleRule(rule);
  const [h, rest] = stepOf(lo, hi, panels);
  const nodes: number[] = [];
  if (ends[0] !== 0) nodes.push(lo);
  if (ends[1] !== 0) nodes.push(hi);
  for (const { shift } of passes) {
    for (let chunk = 0; chunk < panels; chunk += 16384) {
      const end = Math.min(panels, chunk + 16384);
      const points = shift === 1 && end === panels ? end - 1 : end;
      for (let first = chunk; first < points; first += 4096) {
        nodes.push(...blockNodes(lo, hi, h, rest, first, shift, Math.min(4096, points - first)).x);
      }
    }
  }
  return nodes;
}

/** integrateSync against `evaluate` on each node. */
function search(text: string, rule: Rule, lo: number, hi: number, points: number, parameters = {}): void {
  const nodes = nodesOf(rule, lo, hi, points);
  const y = evaluate(text, nodes, { parameters });
  const bad = nodes.filter((_, i) => !Number.isFinite(y[i])).sort((a, b) => a - b);
  const result = integrateSync(text, lo, hi, { points, rule, parameters });
  const what = `${text} ${JSON.stringify(rule)} ${lo} to ${hi}, N = ${points}`;
  if (bad.length === 0) {
    assert.is(result.nonFinite, null, what);
    return;
  }
  assert.equal(result.nonFinite, { count: bad.length, x: bad[0] }, what);
  assert.is(result.status, "not-finite", what);
  assert.ok(Number.isNaN(result.value), what);
  assert.is(result.error, Number.POSITIVE_INFINITY, what);
  assert.ok(result.reason.includes(String(bad[0])), `${what}: ${result.reason}`);
}

const RULES = ["left", "right", "midpoint", "trapezoid", "simpson", "boole", { gauss: 1 }, { gauss: 4 }] as const;
const TEXTS = ["1/x", "sqrt(x)", "log(x)", "0/0 + x", "1/(x-0.5)", "x < -0.9 ? 1/0 : x", "x > 0.97 ? 0/0 : x"];

for (const text of TEXTS) {
  test(`not finite: ${text} is counted, and the smallest x found`, () => {
    for (const rule of RULES) {
      // Odd and even tails, whole groups, several blocks, two chunks.
      for (const points of [1, 2, 7, 16, 20, 37, 4096, 4101, 16400]) {
        search(text, rule, -1, 1, points);
        search(text, rule, 0, 1, points);
      }
    }
  });
}

test("not finite: one bad point at any place of a block is found", () => {
  const points = 4096 + 37;
  const nodes = nodesOf("midpoint", 0, 1, points);
  for (const k of [0, 1, 2, 7, 8, 15, 16, 17, 4079, 4080, 4095, 4096, 4097, 4111, 4112, 4131, 4132]) {
    const at = nodes[k] as number;
    const { nonFinite } = integrateSync("x == c ? 0/0 : x", 0, 1, { points, parameters: { c: at } });
    assert.equal(nonFinite, { count: 1, x: at }, `node ${k}`);
  }
});

test("not finite: anywhere, any rule", () => {
  const c = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...RULES), fc.integer({ min: 1, max: 300 }), c, c, (rule, points, from, to) =>
      search("x >= a && x <= b ? 1/0 : 1", rule, -1, 1, points, { a: Math.min(from, to), b: Math.max(from, to) }),
    ),
    { numRuns: RUNS },
  );
});

test("not finite: an end of weight 0 is not evaluated", () => {
  assert.is(integrateSync("1/x", 0, 1, { points: 10, rule: "right" }).status, "done");
  assert.is(integrateSync("1/(1-x)", 0, 1, { points: 10, rule: "left" }).status, "done");
  assert.equal(integrateSync("1/x", 0, 1, { points: 10, rule: "left" }).nonFinite, { count: 1, x: 0 });
  assert.equal(integrateSync("1/(1-x)", 0, 1, { points: 10, rule: "right" }).nonFinite, { count: 1, x: 1 });
  for (const rule of ["midpoint", { gauss: 2 }, { gauss: 64 }] as const) {
    assert.is(integrateSync("1/x + 1/(1-x)", 0, 1, { points: 100, rule }).status, "done");
  }
});

test("not finite: a sum too large for a double has no place", () => {
  for (const rule of RULES) {
    const result = integrateSync("1e308", 0, 10, { points: 40, rule });
    assert.is(result.status, "not-finite");
    assert.is(result.nonFinite, null);
    assert.ok(Number.isNaN(result.value));
    assert.match(result.reason, /larger than a double/);
  }
});

test("not finite: a NaN parameter makes every evaluation one", () => {
  const { nonFinite } = integrateSync("a*x", 0, 1, { points: 50, rule: "midpoint", parameters: { a: Number.NaN } });
  assert.equal(nonFinite, { count: 50, x: 0.01 });
  const infinite = integrateSync("a + x", 0, 1, { points: 4, parameters: { a: Number.POSITIVE_INFINITY } });
  assert.equal(infinite.nonFinite, { count: 4, x: 0.125 });
});

test("not finite: descending bounds name the same x", () => {
  assert.equal(
    integrateSync("1/x", 1, -1, { points: 9 }).nonFinite,
    integrateSync("1/x", -1, 1, { points: 9 }).nonFinite,
  );
});

test("not finite: a coarse grid that meets it where the fine one does not costs the estimate, not the value", () => {
  // 0.5 is the midpoint of one panel, and of no panel of 64.
  const result = integrateSync("1/(x-0.5)", 0, 1, { points: 64 });
  assert.is(result.status, "done");
  assert.is(result.error, Number.POSITIVE_INFINITY);
});

test("range: no node leaves it, however narrow the panels", () => {
  // sqrt of a negative distance is NaN: a node beyond an end would show.
  const check = (lo: number, hi: number, rule: Rule, points: number): void => {
    const { nonFinite } = integrateSync("sqrt(b-x) + sqrt(x-a)", lo, hi, {
      points,
      rule,
      parameters: { a: lo, b: hi },
    });
    assert.is(nonFinite, null, `${JSON.stringify(rule)} ${lo} to ${hi}, N = ${points}`);
    contract(
      (x) => {
        if (!(x >= lo && x <= hi)) throw new RangeError(`${x} is not in ${lo} to ${hi}, rule ${JSON.stringify(rule)}`);
        return 0;
      },
      oracleRule(rule),
      lo,
      hi,
      points,
    );
  };
  const start = fc.oneof(
    fc.double({ min: 0.5, max: 4, noNaN: true }),
    fc.double({ min: -4, max: -0.5, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  );
  const rules = [...RULES, { gauss: 2 }, { gauss: 16 }, { gauss: 33 }, { gauss: 64 }];
  const points = fc.integer({ min: 1, max: 150 });
  const ulps = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2e6 }));
  fc.assert(
    fc.property(start, ulps, fc.constantFrom<Rule>(...rules), points, (a, k, rule, n) =>
      check(a, a + k * 2 ** -50, rule, n),
    ),
    { numRuns: 10 * RUNS },
  );
});

test.run();
