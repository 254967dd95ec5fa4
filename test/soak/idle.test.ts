// @serial
/** Who waits uses no processor time: threads that are blocked, and promises that are pending. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary, until } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";
import { threads } from "./start.js";

const GETTERS = 8;
const MILLISECONDS = 3000;
/** Far above what is seen: a few thousandths. */
const SHARE_MAXIMUM = 0.2;

const library = await loadLibrary();
const { start, remove } = await threads();
test.after(remove);

test(`${GETTERS} blocked getters and ${GETTERS} pending gets leave the processor alone`, async () => {
  const heddle = library.createHeddle();
  const queue = new library.Queue<number>({ context: heddle });
  const dog = watchdog(60, () => `${library.waitingOn(queue)} wait`);
  const workers = Array.from({ length: GETTERS }, () =>
    start({ job: "idle", library: LIBRARY_URL, share: heddle.share(), queue: queue.handle }),
  );
  const ends = workers.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
  await until(() => library.waitingOn(queue) === GETTERS);
  const gets = Array.from({ length: GETTERS }, () => queue.get());
  assert.is(library.waitingOn(queue), 2 * GETTERS);
  const before = process.cpuUsage();
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, MILLISECONDS));
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / (performance.now() - begun);
  console.log(`idle: ${(100 * share).toFixed(2)} % of a core (user ${user} µs, system ${system} µs)`);
  assert.ok(share < SHARE_MAXIMUM, `${share} of a core`);
  // They did wait, and in order: the threads first.
  for (let i = 0; i < 2 * GETTERS; i++) queue.putNowait(i);
  await Promise.all([...gets, ...ends]);
  assert.is(library.waitingOn(queue), 0);
  dog.clear();
  await heddle.close();
});

test.run();
