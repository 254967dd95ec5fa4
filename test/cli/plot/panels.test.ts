import { scaleLinear } from "d3-scale";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeAxis } from "../../../ts/cli/plot/axis.js";
import { makePanels, outline } from "../../../ts/cli/plot/panels.js";
import type { Rule } from "../../../ts/types.js";

// One pixel is one unit, so that outlines can be read.
const x = makeAxis(0, 4, 0, 4, scaleLinear);
const y = makeAxis(0, 16, 0, 16, scaleLinear);
const square = (points: Float64Array): Float64Array => points.map((each) => each * each);
const outlineOf = (rule: Rule): string | undefined =>
  outline(makePanels(square, 0, 4, 2, rule)[1] as never, rule, x, y);

test("draws what each rule adds up", () => {
  assert.is(outlineOf("left"), "M2 0L2 4L4 4L4 0Z");
  assert.is(outlineOf("right"), "M2 0L2 16L4 16L4 0Z");
  assert.is(outlineOf("midpoint"), "M2 0L2 9L4 9L4 0Z");
  assert.is(outlineOf("trapezoid"), "M2 0L2 4L4 16L4 0Z");
  // The parabola of x^2 is x^2: tangents at its ends meet at x = 3, y = 8.
  assert.is(outlineOf("simpson"), "M2 0L2 4Q3 8 4 16L4 0Z");
  assert.is(outlineOf("boole"), undefined);
  assert.is(outlineOf({ gauss: 3 }), undefined);
});

test("looks where the rule looks", () => {
  const nodes = (rule: Rule) => makePanels(square, 0, 4, 2, rule).map((panel) => panel.nodes.map((node) => node.x));
  assert.equal(nodes("boole"), [
    [0, 0.5, 1, 1.5, 2],
    [2, 2.5, 3, 3.5, 4],
  ]);
  assert.equal(nodes("midpoint"), [[1], [3]]);
  assert.equal(nodes({ gauss: 2 }), [[], []]);
});

test("hits 0 where a panel ends there", () => {
  const ends = makePanels((each) => each, -1, 2, 12, "trapezoid").flatMap((panel) => panel.nodes.map((node) => node.x));
  assert.ok(ends.includes(0));
});

test("draws nothing for a panel whose nodes are not finite", () => {
  const panels = makePanels((points) => points.map((each) => 1 / each), 0, 4, 2, "left");
  assert.equal(
    panels.map((panel) => outline(panel, "left", x, y) === undefined),
    [true, false],
  );
});

test.run();
