// @timeout 7200
/**
 * Many items through each type of queue, from two threads to two others: none is missing, none comes twice, each producer's come in order.
 *
 *   ITEMS  through each type; default 1,000,000; with STRESS=1 100,000,000
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Queue } from "../../ts/index.js";
import { LIBRARY_URL, loadLibrary, memoryReturns } from "../runtime/library.js";
import { stateWords } from "../tools/state-words.js";
import { watchdog } from "../tools/watchdog.js";
import { END, QUEUES, type Seen } from "./carry.js";
import { threads } from "./start.js";

const ITEMS = Number(process.env.ITEMS ?? (process.env.STRESS === "1" ? 1e8 : 1e6));
const PRODUCERS = 2;
const CONSUMERS = 2;
const MAXSIZE = 1024;
/** A hundred times longer than it takes. */
const SECONDS = Math.max(60, ITEMS / 10_000);

const library = await loadLibrary();
const { start, answer, remove } = await threads();
test.after(remove);

for (const type of QUEUES) {
  test(`${type}: ${ITEMS} items go through it, and come in order`, async () => {
    const heddle = library.createHeddle();
    const used = heddle.info().memory.used;
    const isSimple = type === "SimpleQueue";
    const options = { context: heddle, ...(isSimple ? {} : { maxsize: MAXSIZE }) };
    const queue = new (library[type] as typeof Queue)(options);
    const dog = watchdog(SECONDS, () => stateWords(heddle.member.memory.buffer, 1024));
    const count = ITEMS / PRODUCERS;
    const carry = {
      job: "carry",
      library: LIBRARY_URL,
      type,
      queue: queue.handle,
      producers: PRODUCERS,
      count,
    } as const;
    const begun = performance.now();
    const puts = Array.from({ length: PRODUCERS }, (_, producer) =>
      answer(start({ ...carry, share: heddle.share(), producer })),
    );
    const gets = Array.from({ length: CONSUMERS }, () =>
      answer<Seen[]>(start({ ...carry, share: heddle.share(), producer: -1 })),
    );
    await Promise.all(puts);
    if (isSimple) for (let i = 0; i < CONSUMERS; i++) queue.putNowait(END);
    else queue.shutdown();
    const seen = await Promise.all(gets);
    const seconds = (performance.now() - begun) / 1000;
    console.log(
      `${type}: ${ITEMS} items in ${seconds.toFixed(1)} s, ${(ITEMS / seconds / 1e6).toFixed(2)} million a second`,
    );
    for (let producer = 0; producer < PRODUCERS; producer++) {
      const parts = seen.map((each) => each[producer]!);
      assert.is(
        parts.reduce((sum, part) => sum + part.count, 0),
        count,
      );
      assert.is(
        parts.reduce((sum, part) => sum + part.sum, 0),
        (count * (count - 1)) / 2,
      );
      if (type !== "LifoQueue")
        assert.is(
          parts.reduce((sum, part) => sum + part.outOfOrder, 0),
          0,
        );
    }
    assert.ok(queue.empty());
    queue.close();
    await memoryReturns(heddle, used);
    dog.clear();
    await heddle.close();
  });
}

test.run();
