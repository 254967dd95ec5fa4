/** Short copies by words: that they copy the same as `set`, and keep nothing alive. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { copyBytes } from "../../ts/values/copy.js";
import { watchdog } from "../tools/watchdog.js";

/** Bytes of each array. */
const SIZE = 1024;

test("copies any stretch to any place, from and to either kind of memory", () => {
  const source = Uint8Array.from({ length: SIZE }, (_, i) => i * 37);
  const shared = new Uint8Array(new SharedArrayBuffer(SIZE + 8), 4, SIZE);
  const odd = new Uint8Array(SIZE + 3).subarray(3);
  for (const target of [new Uint8Array(SIZE), shared, odd]) {
    for (const count of [0, 1, 3, 4, 7, 64, 399, 400, 401, 500]) {
      for (const [from, to] of [
        [0, 0],
        [4, 8],
        [12, 3],
        [5, 16],
        [SIZE - count, SIZE - count],
      ] as const) {
        target.fill(0xa5);
        const expected = new Uint8Array(target);
        expected.set(source.subarray(from, from + count), to);
        copyBytes(source, from, target, to, count);
        assert.equal(new Uint8Array(target), expected, `${count} from ${from} to ${to}`);
      }
    }
  }
});

test("keeps no memory alive that it has copied from or to", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const arrays = copyOnce();
  const alive = () => arrays.filter((array) => array.deref() !== undefined).length;
  const dog = watchdog(20, () => `${alive()} arrays are kept`);
  while (alive() > 0) {
    // A reference that was looked at is good until the job is over.
    await new Promise(setImmediate);
    collect();
  }
  dog.clear();
});

/** A function of its own, so that nothing of it stays on the stack. */
function copyOnce(): WeakRef<Uint8Array>[] {
  const arrays = [new Uint8Array(SIZE), new Uint8Array(new SharedArrayBuffer(SIZE))] as const;
  copyBytes(arrays[0], 0, arrays[1], 0, 64);
  copyBytes(arrays[1], 0, arrays[0], 0, 64);
  return arrays.map((array) => new WeakRef(array));
}

test.run();
