/** Rules that run out of memory while they are made give back what they have taken. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OutOfMemoryError } from "../../ts/errors.js";
import { Choosing } from "../../ts/quad/choosing.js";
import { Cubature } from "../../ts/quad/cubature.js";
import { Integral } from "../../ts/quad/integral.js";
import { Quasi } from "../../ts/quad/quasi.js";
import type { SeveralSpec } from "../../ts/quad/several-rule.js";
import { Vegas } from "../../ts/quad/vegas.js";
import { Heap } from "../../ts/runtime/core/heap.js";

const SPEC: SeveralSpec = {
  lo: new Array(8).fill(0),
  hi: new Array(8).fill(1),
  breaks: [],
  components: 4,
  isComplex: false,
  relative: 1e-6,
  absolute: 0,
  maximum: 300_000,
  first: 8192,
  seed: 1,
  parameters: [1, 2, 3],
};

const RANGE = { lo: 0, hi: 1, relative: 1e-9, absolute: 0, scale: 1, center: 0, maximum: 1e6, first: 1 };

const RULES: Readonly<Record<string, (heap: Heap) => { close(): void }>> = {
  integral: (heap) =>
    new Integral(
      heap,
      { ...RANGE, parameters: [], breaks: new Array(9).fill(0.5), rule: "gauss-kronrod", poles: [] },
      { runs: () => {}, distance: undefined },
    ),
  cubature: (heap) => new Cubature(heap, SPEC),
  "quasi-Monte Carlo": (heap) => new Quasi(heap, { ...SPEC, points: "either" }),
  VEGAS: (heap) => new Vegas(heap, SPEC),
  "regions, given up for quasi-Monte Carlo": (heap) =>
    new Choosing(
      new Cubature(heap, { ...SPEC, first: 64, maximum: 200_000 }),
      () => new Quasi(heap, { ...SPEC, points: "either" }),
      200_000,
    ),
};

for (const [name, make] of Object.entries(RULES)) {
  test(`${name}: all or nothing`, () => {
    const heap = new Heap(16 * 2 ** 20);
    const before = heap.use().used;
    make(heap).close();
    const most = heap.use().peak - before;
    assert.is(heap.use().used, before);
    let refused = 0;
    // With ever less room: what is there is too little for the last block, then for the one before, and so on.
    for (let room = most; room > 0; room -= Math.ceil(most / 200)) {
      const others = heap.alloc((heap.core.memoryLargestFree() >>> 0) - room - 64);
      const used = heap.use().used;
      try {
        make(heap).close();
      } catch (error) {
        assert.instance(error, OutOfMemoryError);
        refused++;
      }
      assert.is(heap.use().used, used, `with room for ${room} bytes`);
      heap.free(others);
    }
    assert.ok(refused > 100, String(refused));
  });
}

test.run();
