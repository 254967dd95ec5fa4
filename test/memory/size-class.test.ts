/** The arithmetic of size classes, against its definition: a class is a range of sizes, and ranges do not cross. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile, instantiate, sharedMemory } from "./module.js";

const CLASSES = 24 * 32;
const LARGEST_REQUEST = 2 ** 32 - 64;

const { blockBytes, classOf, classThatHolds } = instantiate(
  new WebAssembly.Module(compile("memory", "debug")),
  sharedMemory(1),
);

/** The smallest size of a class, computed from the table in the header of size-class.ts. */
function smallest(index: number): number {
  const row = Math.floor(index / 32);
  const column = index % 32;
  return row === 0 ? 16 * column : 2 ** (row + 8) * (1 + column / 32);
}

/** Multiples of 16 of every magnitude. */
const sizes = fc
  .integer({ min: 5, max: 31 })
  .chain((bits) => fc.integer({ min: 2 ** (bits - 4), max: 2 ** (bits - 3) - 1 }).map((n) => n * 16));

test("size class: begins at its smallest size and ends before the next begins", () => {
  for (let index = 0; index < CLASSES; index++) {
    assert.is(classOf(smallest(index)), index);
    assert.is(classThatHolds(smallest(index)), index);
    if (index > 0) assert.is(classOf(smallest(index) - 16), index - 1);
  }
  assert.is(classOf(2 ** 32 - 16), CLASSES - 1);
  assert.is(classThatHolds(2 ** 32 - 16), CLASSES, "one past the last: nothing holds that for sure");
});

test("size class: every member of the class that holds a size is as large, and at most 1/32 larger", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const index = classThatHolds(size);
      assert.ok(smallest(index) >= size);
      assert.ok(smallest(index) - size < Math.max(16, size / 32));
      assert.ok(index - classOf(size) <= 1);
    }),
    { numRuns: 20_000 },
  );
});

test("size class: a block has room for its head, its request and its links", () => {
  assert.is(blockBytes(0), 32);
  assert.is(blockBytes(16), 32);
  assert.is(blockBytes(17), 48);
  assert.is(blockBytes(LARGEST_REQUEST) >>> 0, 2 ** 32 - 48);
  for (let request = LARGEST_REQUEST + 1; request < 2 ** 32; request++) assert.is(blockBytes(request), 0);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LARGEST_REQUEST }), (request) => {
      assert.is(blockBytes(request) >>> 0, Math.max(32, 16 * Math.ceil(request / 16) + 16));
    }),
  );
});

test.run();
