// @timeout 300
/** Operations that run out of stack, on the main thread and in a worker: nothing stays taken, nothing leaks, what is counted is there. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary, memoryReturns } from "../runtime/library.js";
import { stateWatchdog } from "../tools/state-dog.js";
import { type Dives, makeDives, OPERATIONS } from "./dives.js";
import { threads } from "./start.js";

/** Dives; each has some dozens of overflows. */
const TIMES = 1000;

const library = await loadLibrary();
const { start, answer, remove } = await threads();
test.after(remove);

for (const where of ["main thread", "worker"]) {
  for (const operation of OPERATIONS) {
    test(`${operation}: nothing stays taken after stack overflows on the ${where}`, async () => {
      const heddle = library.createHeddle();
      const used = heddle.info().memory.used;
      const queue = new library.PriorityQueue<unknown>({ context: heddle });
      const lock = new library.Lock({ context: heddle });
      const words = new SharedArrayBuffer(16);
      const handles = { queue: queue.handle, lock: lock.handle };
      const share = heddle.share();
      const dog = await stateWatchdog(100, share.memory.buffer, share.base);
      const neighbour = start({ job: "neighbour", library: LIBRARY_URL, share, words, ...handles });
      try {
        const order = { words, ...handles, times: TIMES, operation };
        const dives =
          where === "worker"
            ? await answer<Dives>(start({ job: "dives", library: LIBRARY_URL, share: heddle.share(), ...order }))
            : makeDives(library, order);
        assert.is(
          dives.findings.length,
          0,
          `${dives.findings.length} findings: ${dives.findings.slice(0, 5).join("; ")}`,
        );
        assert.ok(dives.overflows > TIMES, `${dives.overflows} overflows`);
        // An item that is taken and cannot be read is lost, as one whose reading throws for any other reason.
        assert.ok(dives.uncounted <= (operation.startsWith("get") ? TIMES : 0), `${dives.uncounted} items uncounted`);
        console.log(`${operation}, ${where}: ${dives.overflows} overflows, ${dives.uncounted} items uncounted`);
        queue.close();
        lock.close();
        await neighbour.terminate();
        await memoryReturns(heddle, used);
      } finally {
        dog.clear();
        await neighbour.terminate();
        await heddle.close();
      }
    });
  }
}

test.run();
