import { test } from "uvu";
import * as assert from "uvu/assert";
import { drawSpeedup } from "../../../ts/cli/plot/speedup-plot.js";
import { rowsOf } from "../../../ts/cli/sweep.js";
import { makeResult } from "../world.js";
import { collisions, readPicture } from "./picture.js";

function draw(times: Readonly<Record<number, number>>): Promise<string> {
  const counts = Object.keys(times).map(Number);
  const rows = rowsOf(
    counts,
    counts.map((threads) => [makeResult({ threads, elapsed: times[threads] as number })]),
  );
  return drawSpeedup({ expression: "x^2", points: 1e8, rows });
}

test("draws a readable picture for all kinds of counts", async () => {
  for (const times of [
    { 1: 80 },
    { 1: 80, 2: 41, 4: 22, 8: 20 },
    { 255: 1, 1: 100 },
    { 7: 3, 5: 4 },
    { 1: 1, 2: 100 },
  ]) {
    const picture = readPicture(await draw(times));
    assert.equal(collisions(picture), [], JSON.stringify(times));
    assert.is(picture.attributes("cx").length, Object.keys(times).length);
    assert.ok(picture.texts.some(({ text }) => text === "ideal"));
  }
  const close = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [i + 1, 100 / (i + 1)]));
  assert.equal(collisions(readPicture(await draw(close))), []);
});

test("names the fastest", async () => {
  const texts = readPicture(await draw({ 1: 80, 2: 40, 4: 50 })).texts.map(({ text }) => text);
  assert.ok(texts.includes("N = 100000000; fastest: 2 threads, 40.0 ms, 2.00 times the speed of one thread"));
});

test.run();
