import { test } from "uvu";
import * as assert from "uvu/assert";
import { ProgressBar, progressLine } from "../../ts/cli/progress.js";

const HALF = { fraction: 0.5, evaluations: 1, evaluationsPerSecond: 2.4e9 };

function record(
  wanted: boolean | undefined,
  columns: number | undefined,
): { bar: ProgressBar; written: string[]; clock: { now: number } } {
  const written: string[] = [];
  const clock = { now: 0 };
  const bar = new ProgressBar({
    wanted,
    columns: () => columns,
    now: () => clock.now,
    write: (text) => void written.push(text),
  });
  return { bar, written, clock };
}

test("shows part, speed and time left", () => {
  assert.is(progressLine(HALF, 3000, 80), `${"█".repeat(20)}${" ".repeat(20)}  50 %   2.4e9/s   3 s left`);
});

test("never reaches the last column, nor does the ^C behind it", () => {
  for (let columns = 0; columns <= 120; columns++) {
    for (const fraction of [0, 0.001, 0.5, 1]) {
      const { length } = progressLine({ ...HALF, fraction }, 1e7, columns);
      assert.ok(length <= Math.max(0, columns - 3), `${length} of ${columns}`);
    }
  }
});

test("writes nothing where there is no terminal", () => {
  const { bar, written, clock } = record(undefined, undefined);
  clock.now = 5000;
  bar.show(HALF);
  bar.erase();
  assert.equal(written, []);
});

test("waits before it shows itself, unless it was asked for", () => {
  const patient = record(undefined, 80);
  patient.bar.show(HALF);
  patient.clock.now = 1000;
  patient.bar.show(HALF);
  assert.is(patient.written.length, 1);
  const forced = record(true, undefined);
  forced.bar.show(HALF);
  assert.is(forced.written.length, 1);
  const refused = record(false, 80);
  refused.clock.now = 1000;
  refused.bar.show(HALF);
  assert.is(refused.written.length, 0);
});

test("leaves an empty line, also when lines differ in length", () => {
  const { bar, written, clock } = record(true, 60);
  for (const fraction of [0, 0.3, 1]) {
    clock.now += 60_000;
    bar.show({ ...HALF, fraction });
  }
  bar.erase();
  bar.erase();
  const screen: string[] = [];
  let at = 0;
  for (const character of written.join("")) {
    if (character === "\r") at = 0;
    else screen[at++] = character;
  }
  assert.is(screen.join("").trim(), "");
  assert.is(at, 0);
});

test.run();
