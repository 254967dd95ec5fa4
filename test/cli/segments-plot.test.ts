import { test } from "uvu";
import * as assert from "uvu/assert";
import { middleOf, plotSegments } from "../../ts/cli/segments-plot.js";
import type { Segments } from "../../ts/types.js";

const INFINITY = Number.POSITIVE_INFINITY;

/** Panels between the cuts, each with its value. */
function segmentsOf(cuts: readonly number[], values: readonly number[] = cuts.slice(1).map(() => 1)): Segments {
  return {
    lo: Float64Array.from(cuts.slice(0, -1)),
    hi: Float64Array.from(cuts.slice(1)),
    value: Float64Array.from(values),
    error: new Float64Array(cuts.length - 1),
  };
}

const square = (x: Float64Array): Float64Array => x.map((each) => each * each);

test("shows the curve, and under it where the range was cut", () => {
  const picture = plotSegments(segmentsOf([0, 0.5, 0.75, 0.875, 1]), square, 44);
  assert.is(
    picture,
    `        1.05 ┤                             ⣠
             │                           ⢀⡼⠁
             │                         ⢀⡴⠋
             │                       ⢀⡴⠋
             │                     ⢀⡴⠋
             │                   ⣀⡴⠋
             │                ⢀⡤⠞⠁
             │             ⢀⡤⠖⠋
             │         ⣀⣠⠴⠚⠉
           0 ┤⣀⣀⣀⣠⠤⠤⠖⠚⠉⠁
   cut finer │                      ████████
             │               ▅▅▅▅▅▅▅████████
             │▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███████████████
             0                             1
             narrowest panel 0.13, at 0.75
`,
  );
});

test("is as wide as the terminal, up to a hundred columns", () => {
  for (const [columns, width] of [
    [20, 44],
    [60, 60],
    [300, 100],
  ] as const) {
    const lines = plotSegments(segmentsOf([-1, 0, 1]), square, columns).split("\n");
    assert.is(Math.max(...lines.map((line) => line.length)), width);
  }
});

test("of an infinite range it shows the middle that holds nearly all", () => {
  const cuts = [-INFINITY, -100, -2, -1, 0, 1, 2, 100, INFINITY];
  const values = [0, 1e-6, 1, 2, 2, 1, 1e-6, 0];
  assert.equal(middleOf(segmentsOf(cuts, values)), [-2, 2]);
  assert.match(
    plotSegments(segmentsOf(cuts, values), square, 80),
    /narrowest panel 1, at -2; 4 panels lie outside the picture\n$/,
  );
  assert.equal(middleOf(segmentsOf([0, 1, 2, INFINITY], [5, 5, 1e-9])), [0, 2]);
  assert.equal(middleOf(segmentsOf([-INFINITY, 1, 2], [1e-9, 5])), [1, 2]);
  // The outermost holds much, but has no end that could be drawn.
  assert.equal(middleOf(segmentsOf([-INFINITY, 1, 2, INFINITY], [5, 5, 5])), [1, 2]);
});

test("shows nothing where there is nothing to show", () => {
  for (const segments of [segmentsOf([1]), segmentsOf([-INFINITY, INFINITY]), segmentsOf([1, 1])]) {
    assert.is(plotSegments(segments, square, 80), "");
  }
});

test("draws poles, gaps, constants and what lies below 0", () => {
  const curves: readonly (readonly [name: string, f: (x: number) => number, labels: RegExp])[] = [
    ["pole", (x) => 1 / x, /┤/],
    ["gap", (x) => Math.sqrt(x), / 1\.05 ┤/],
    ["nowhere", () => Number.NaN, / 1 ┤/],
    ["zero", () => 0, / 1 ┤/],
    ["below", (x) => -2 - x, /^ +0 ┤[\s\S]* -3\.15 ┤/],
    ["both sides", (x) => x, /^ +1\.1 ┤[\s\S]* 0 ┤[\s\S]* -1\.1 ┤/],
    ["huge", () => 1e308, / ┤/],
  ];
  for (const [name, f, labels] of curves) {
    const picture = plotSegments(segmentsOf([-1, 0, 1]), (x) => x.map(f), 70);
    assert.match(picture, labels, name);
    assert.is(picture.split("\n").length, 16, name);
    assert.not.match(picture, /NaN|undefined/, name);
  }
});

test.run();
