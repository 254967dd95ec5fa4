import { test } from "uvu";
import * as assert from "uvu/assert";
import { breakAtPoles, chooseView, type Point, sampleCurve } from "../../../ts/cli/plot/sample.js";

const curveOf = (f: (x: number) => number, low: number, high: number, columns = 700) =>
  sampleCurve((x) => x.map(f), low, high, columns);
const finite = (points: readonly Point[]) => points.filter((point) => point !== null);

test("samples from end to end, in order", () => {
  for (const [low, high] of [
    [0, 10],
    [-1.1, 0.3],
    [-8e307, 8e307],
    [1, 1 + 1e-10],
  ] as const) {
    const points = finite(curveOf((x) => x, low, high).points);
    assert.is(points[0]?.x, low);
    assert.is(points.at(-1)?.x, high);
    const places = points.map(({ x }) => x);
    assert.equal(
      places,
      [...places].sort((p, q) => p - q),
    );
  }
});

test("keeps the extremes of fast oscillations and of a spike", () => {
  const band = finite(curveOf((x) => Math.sin(1000 * x), 0, 10).points).map(({ y }) => y);
  assert.ok(Math.max(...band) > 0.999 && Math.min(...band) < -0.999);
  const spike = finite(curveOf((x) => (Math.abs(x - 0.5) < 1e-4 ? 1 : 0), 0, 1).points);
  assert.ok(spike.some(({ y }) => y === 1));
});

test("leaves a gap where the function is not finite", () => {
  const { points } = curveOf(Math.sqrt, -1, 1);
  assert.is(points[0], null);
  assert.ok(finite(points).every(({ x }) => x >= 0));
  assert.ok(curveOf(() => Number.NaN, 0, 1).points.every((point) => point === null));
});

test("shows 0 and all of a smooth function, however steep", () => {
  for (const f of [
    (x: number) => x ** 100,
    (x: number) => Math.exp(30 * x),
    (x: number) => Math.exp(-((1000 * x) ** 2)),
    (x: number) => Math.cos(40 * x) * Math.exp(30 * x),
  ]) {
    const curve = curveOf(f, 0, 1);
    const view = chooseView(curve);
    assert.not.ok(view.isCut);
    for (const { y } of finite(curve.points)) assert.ok(y >= view.low && y <= view.high);
  }
  assert.equal(chooseView(curveOf(() => 0, 0, 1)), { low: 0, high: 1, isCut: false });
  assert.equal(chooseView(curveOf(() => Number.NaN, 0, 1)), { low: 0, high: 1, isCut: false });
  const below = chooseView(curveOf(() => -3, 0, 1));
  assert.ok(below.high === 0 && below.low < -3);
});

test("cuts poles off, and does not draw them as lines", () => {
  for (const [f, low, high] of [
    [(x: number) => 1 / x, -1, 2],
    [Math.tan, 0, 10],
    [(x: number) => 1 / x ** 2, 0, 1],
  ] as const) {
    const curve = curveOf(f, low, high);
    const view = chooseView(curve);
    assert.ok(view.isCut);
    assert.ok(view.high < 3000);
    const broken = breakAtPoles(curve.points, view);
    broken.forEach((point, index) => {
      const next = broken[index + 1];
      if (point && next)
        assert.not.ok((point.y > view.high && next.y < view.low) || (point.y < view.low && next.y > view.high));
    });
  }
});

test("shows heights of panels that the curve does not reach", () => {
  assert.ok(
    chooseView(
      curveOf((x) => x, 0, 1),
      [7, Number.NaN],
    ).high >= 7,
  );
});

test("never asks for a range wider than a double", () => {
  const view = chooseView(curveOf((x) => x, -1.7e308, 1.7e308));
  assert.ok(Number.isFinite(view.high - view.low));
});

test.run();
