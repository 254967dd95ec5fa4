/** Spin: how often it looks. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Spin } from "../../ts/sync/spin.js";

/** How often `spin` looks at something that becomes possible at the look `after`, counted from 0. */
function looks(spin: Spin, after: number): number {
  let count = 0;
  assert.is(
    spin.until(() => count++ >= after),
    count > after,
  );
  return count;
}

test("a number is how often it looks each time", () => {
  const spin = new Spin(3);
  for (let i = 0; i < 5; i++) assert.is(looks(spin, Number.POSITIVE_INFINITY), 3);
  assert.is(looks(spin, 0), 1);
  assert.is(looks(new Spin(0), 0), 0);
});

test("without a number it looks longer where it was worth it, and never less than some hundred times", () => {
  const spin = new Spin(undefined);
  const first = looks(spin, Number.POSITIVE_INFINITY);
  for (let i = 0; i < 50; i++) looks(spin, Number.POSITIVE_INFINITY);
  const least = looks(spin, Number.POSITIVE_INFINITY);
  assert.ok(least < first && least >= 500, `${first}, then ${least}`);
  for (let i = 0; i < 50; i++) looks(spin, least - 1);
  const more = looks(spin, Number.POSITIVE_INFINITY);
  assert.ok(more > least, `${least}, then ${more}`);
  for (let i = 0; i < 200; i++) looks(spin, 3999);
  assert.ok(looks(spin, Number.POSITIVE_INFINITY) <= 4000);
});

test.run();
