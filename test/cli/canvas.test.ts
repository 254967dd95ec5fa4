import { test } from "uvu";
import * as assert from "uvu/assert";
import { Canvas } from "../../ts/cli/canvas.js";

test("draws each dot where Unicode has it", () => {
  const dots = ["⠁", "⠂", "⠄", "⡀", "⠈", "⠐", "⠠", "⢀"];
  for (const [index, dot] of dots.entries()) {
    const canvas = new Canvas(1, 1);
    canvas.column(index >> 2, index & 3, index & 3);
    assert.equal(canvas.lines(), [dot]);
  }
});

test("draws columns from one dot to another, upwards and downwards, over several characters", () => {
  const canvas = new Canvas(3, 2);
  canvas.column(0, 7, 0);
  canvas.column(3, 3, 4);
  assert.equal(canvas.lines(), ["⡇⢀", "⡇⠈"]);
});

test("leaves out what lies outside", () => {
  const canvas = new Canvas(2, 1);
  for (const x of [-1, 4, Number.NaN]) canvas.column(x, 0, 3);
  canvas.column(1, -5, 100);
  canvas.column(2, 4, 9);
  canvas.column(2, -4, -1);
  assert.equal(canvas.lines(), ["⢸"]);
});

test.run();
