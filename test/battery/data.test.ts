/** The battery itself: that it is what it says, and that its references are what two other ways in double arithmetic come to. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "../../ts/expr/index.js";
import { graded } from "./graded.js";
import { BOX_ENTRIES, BOX_INTEGRALS, DIVERGENT, ENTRIES, INTEGRALS } from "./index.js";
import type { Kind } from "./item.js";
import { productGauss } from "./product-gauss.js";

const ALL = [...ENTRIES, ...BOX_ENTRIES, ...DIVERGENT];

const KINDS: readonly Kind[] = [
  "smooth",
  "peak",
  "oscillation",
  "kink",
  "jump",
  "end singularity",
  "inner singularity",
  "infinite range",
  "oscillating tail",
];

/** What doubles make of the graded rule where it is at its limits; everything else it computes to 1e-11. */
const GRADED_REACH: Readonly<Record<string, number>> = {
  // Singular at a point p other than 0 like d^s: nearer to p than its neighbouring double lies a part of about 1e-16^(1+s).
  "quadpack-4 alpha=-0.8": 1e-2,
  "quadpack-4 alpha=-0.5": 1e-6,
  "quadpack-5 alpha=-0.8": 1e-2,
  "quadpack-5 alpha=-0.3": 1e-9,
  "quadpack-6 alpha=1": 1e-5,
  "quadpack-6 alpha=8": 1e-5,
  "quadpack-6 alpha=20": 1e-4,
  "quadpack-8 alpha=0.1": 0.1,
  "quadpack-8 alpha=0.5": 1e-6,
  "quadpack-10 alpha=0": 1e-6,
  "quadpack-10 alpha=4": 1e-5,
  "quadpack-10 alpha=8": 1e-5,
  "bailey-7": 1e-6,
  "bailey-10": 1e-7,
  "takahasi-mori": 1e-3,
  "mori-cosine": 1e-6,
  "lyness-singular alpha=-0.5": 1e-6,
  "inverse-root-irrational": 1e-6,
  beta: 1e-8,
  // Tails that it gives up where doubles end, or that cancel.
  fejer: 1e-7,
  // What 1/(x log(x)^2) has beyond the largest double is a 500th.
  "bertrand-tail": 1e-2,
  "bertrand-end": 1e-7,
  // It does not see it at all.
  "decay-in-seconds": 1,
  "laplace-cosine": 1e-7,
  // Peaks narrower than its panels.
  "quadpack-2 alpha=10": 1,
  "quadpack-2 alpha=15": 1,
  "lyness-peak alpha=-5.7": 0.1,
  "lyness-peaks alpha=-4.8": 0.01,
};

/** The same of the grid; everything else it computes to 1e-9. */
const GRID_REACH: Readonly<Record<string, number>> = {
  // 0.03 wide.
  "genz-hard-product-peak d=3": 1e-5,
};

/** Of the tails that oscillate it reaches those that decay absolutely. */
const isWithinReach = ({ kind, name }: (typeof INTEGRALS)[number]): boolean =>
  kind !== "oscillating tail" || name in GRADED_REACH;

test("there is enough of everything", () => {
  assert.ok(ENTRIES.length >= 150, `${ENTRIES.length} in one dimension`);
  assert.ok(BOX_ENTRIES.length >= 100, `${BOX_ENTRIES.length} in several`);
  assert.ok(DIVERGENT.length >= 15, `${DIVERGENT.length} divergent`);
  for (const kind of KINDS) {
    const size = ENTRIES.filter((entry) => entry.kind === kind).length;
    assert.ok(size >= 5, `${size} of kind ${kind}`);
  }
  for (let number = 1; number <= 21; number++) assert.ok(ENTRIES.some(({ name }) => name === `kahaner-${number}`));
  for (const family of ["oscillatory", "product-peak", "corner-peak", "gaussian", "continuous", "discontinuous"]) {
    for (let dimension = 2; dimension <= 8; dimension++) {
      assert.ok(BOX_ENTRIES.some(({ name }) => name === `genz-${family} d=${dimension}`));
    }
  }
});

test("names are unique, and every entry names its source", () => {
  assert.is(new Set(ALL.map(({ name }) => name)).size, ALL.length);
  for (const { name, source } of ALL) assert.ok(source.length > 3, name);
});

test("references and entries belong together", () => {
  const names = Object.keys(JSON.parse(readFileSync("test/battery/references.json", "utf8")));
  const entries = [...ENTRIES, ...BOX_ENTRIES].map(({ name }) => name);
  assert.equal(names, entries, "run scripts/battery/references.py");
  for (const { name, value } of [...INTEGRALS, ...BOX_INTEGRALS]) assert.ok(Number.isFinite(value), name);
});

test("every expression is one, and uses every variable and parameter that there is", () => {
  const constant = new Set(["scipy-between-curves", "ball-by-bounds", "divergent-constant"]);
  for (const entry of ALL) {
    const variables = "ranges" in entry ? Object.keys(entry.ranges) : ["x"];
    const names = [...variables, ...Object.keys(entry.parameters ?? {})];
    const { nodes } = parse(entry.text, { variable: undefined, parameters: names });
    const used = new Set(nodes.flatMap((node) => (node.kind === "parameter" ? [names[node.index]] : [])));
    if (constant.has(entry.name)) continue;
    for (const name of names) assert.ok(used.has(name), `${entry.name} does not use ${name}`);
  }
});

test("ranges ascend, with break points inside them in order", () => {
  for (const { name, range, breakPoints = [] } of ENTRIES) assertAscending(name, [range[0], ...breakPoints, range[1]]);
  for (const { name, range } of DIVERGENT) assertAscending(name, range);
  for (const { name, ranges, breakPoints = {} } of BOX_ENTRIES) {
    const variables = Object.keys(ranges);
    for (const [index, variable] of variables.entries()) {
      const [lower, upper] = ranges[variable]!;
      for (const bound of [lower, upper]) {
        if (typeof bound === "string") parse(bound, { variable: undefined, parameters: variables.slice(0, index) });
      }
      if (typeof lower === "number" && typeof upper === "number")
        assertAscending(name, [lower, ...(breakPoints[variable] ?? []), upper]);
    }
    for (const variable of Object.keys(breakPoints)) assert.ok(variables.includes(variable), name);
  }
});

test("in one dimension the references are what Gauss's rule on graded panels comes to", () => {
  const seen = INTEGRALS.filter(isWithinReach);
  assert.ok(seen.length >= 145, `only ${seen.length}`);
  for (const integral of seen) {
    assertNear(integral.name, graded(integral), integral.value, GRADED_REACH[integral.name] ?? 1e-11);
  }
});

test("in two and three dimensions the references are what Gauss's rule on a grid comes to", () => {
  const seen = BOX_INTEGRALS.filter(({ ranges, kind, breakPoints }) => {
    const bounds = Object.values(ranges).flat();
    const hasEnds = bounds.every((bound) => Math.abs(Number(bound)) !== Number.POSITIVE_INFINITY);
    const isSmooth = kind === "smooth" || kind === "oscillation" || kind === "peak" || breakPoints !== undefined;
    return hasEnds && isSmooth && Object.keys(ranges).length <= 3;
  });
  assert.ok(seen.length >= 30, `only ${seen.length}`);
  for (const integral of seen) {
    assertNear(integral.name, productGauss(integral), integral.value, GRID_REACH[integral.name] ?? 1e-9);
  }
});

function assertAscending(name: string, points: readonly number[]): void {
  for (let i = 0; i + 1 < points.length; i++) assert.ok(points[i]! < points[i + 1]!, `${name}: ${points}`);
}

function assertNear(name: string, value: number, exact: number, tolerance: number): void {
  const off = Math.abs(value - exact) / (Math.abs(exact) || 1);
  assert.ok(off <= tolerance, `${name}: ${value} instead of ${exact}, off by ${off}`);
}

test.run();
