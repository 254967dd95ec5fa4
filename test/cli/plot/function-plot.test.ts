import { test } from "uvu";
import * as assert from "uvu/assert";
import { drawFunction, type FunctionPlot } from "../../../ts/cli/plot/function-plot.js";
import type { Rule } from "../../../ts/types.js";
import { makeResult } from "../world.js";
import { collisions, readPicture } from "./picture.js";

function draw(
  f: (x: number) => number,
  a: number,
  b: number,
  points = 1000,
  rule: Rule = "midpoint",
  fields: Partial<FunctionPlot> = {},
): Promise<string> {
  const plot = {
    expression: "f(x)",
    variable: "x",
    a,
    b,
    how: { points, rule },
    result: makeResult({ points, rule }),
    ...fields,
  };
  return drawFunction(plot, (x) => x.map(f));
}

const RULES: Rule[] = ["left", "right", "midpoint", "trapezoid", "simpson", "boole", { gauss: 5 }];

test("draws a readable picture of every kind of function over every kind of range", async () => {
  const functions: [string, (x: number) => number][] = [
    ["square", (x) => x * x],
    ["zero", () => 0],
    ["constant", () => 7],
    ["below", () => -1e-7],
    ["steep", (x) => x ** 101],
    ["exponential", Math.exp],
    ["pole", (x) => 1 / x],
    ["tangent", Math.tan],
    ["gap", Math.sqrt],
    ["nowhere", () => Number.NaN],
    ["oscillation", (x) => Math.sin(1e4 * x)],
    ["step", (x) => (x > 0.5 ? 1e300 : 0)],
    ["huge", (x) => x * 1e305],
    ["tiny", (x) => x * 1e-310],
  ];
  const ranges = [
    [0, 10],
    [10, 0],
    [-1, 1],
    [3, 3],
    [0, 0],
    [1, 1 + 1e-12],
    [1, 1 + Number.EPSILON],
    [-1e-300, 1e-300],
    [0, 1e307],
    [-123456.789, 1234567.89],
  ] as const;
  for (const [name, f] of functions) {
    for (const [index, [a, b]] of ranges.entries()) {
      const rule = RULES[index % RULES.length] as Rule;
      for (const points of [1, 7, 61]) {
        const picture = readPicture(await draw(f, a, b, points, rule));
        assert.equal(collisions(picture), [], `${name} from ${a} to ${b}, ${points} panels`);
        const coordinates =
          picture
            .attributes("d")
            .join(" ")
            .match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g) ?? [];
        for (const coordinate of coordinates) assert.ok(Math.abs(Number(coordinate)) < 5000, `${name}: ${coordinate}`);
      }
    }
  }
});

test("shows panels as long as they can be told apart", async () => {
  const outlines = async (points: number) => ((await draw((x) => x + 1, 0, 1, points)).match(/Z/g) ?? []).length;
  assert.is(await outlines(60), 60);
  assert.ok((await outlines(61)) <= 2);
});

test("shows nodes inside the picture alone", async () => {
  const { attributes } = readPicture(await draw((x) => x * x, -1, 1, 5, "trapezoid"));
  assert.is(attributes("cx").length, 10);
  assert.is(readPicture(await draw((x) => 1 / x, 0, 1, 5, "left")).attributes("cx").length, 4);
});

test("is named, and escapes what was typed", async () => {
  const expression = `x<0 && x>"1" ? 'a' : \u0007`;
  const picture = readPicture(await draw((x) => x, 0, 1, 10, "left", { expression }));
  assert.is(picture.title, `${expression.replace("\u0007", "\ufffd")} from 0 to 1`);
  const long = readPicture(await draw((x) => x, 0, 1, 10, "left", { expression: "x+".repeat(400) }));
  assert.equal(collisions(long), []);
});

test("says what came out", async () => {
  const texts = async (fields: Partial<FunctionPlot>) =>
    readPicture(await draw((x) => x, 0, 1, 10, { gauss: 5 }, fields)).texts.map(({ text }) => text);
  assert.ok((await texts({})).includes("gauss:5, N = 10: 333.333333, estimated error 1.0e-10"));
  const failed = makeResult({ status: "not-finite", value: Number.NaN });
  assert.ok((await texts({ result: failed })).includes("gauss:5, N = 10: no finite value"));
});

test.run();
