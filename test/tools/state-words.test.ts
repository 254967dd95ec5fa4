/** The printer of state words: its offsets against the built library. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inContext, loadLibrary } from "../runtime/library.js";
import { stateWords, threadRecord } from "./state-words.js";

const { createHeddle, Queue } = await loadLibrary();

test("names things, waiters and threads", () =>
  inContext({ memory: 2 ** 20 }, async (heddle) => {
    const share = heddle.share();
    const memory = share.memory.buffer;
    const queue = new Queue({ context: heddle, maxsize: 3 });
    const name = `FIFO queue ${queue.handle.id} at ${queue.handle.address}`;
    assert.match(stateWords(memory, share.base), `${name}: lock free, releasing 0, closer (+1) 0; puts 0, gets 0`);
    queue.putNowait(17);
    queue.putNowait("a text that is too long for a cell");
    assert.match(stateWords(memory, share.base), "puts 2, gets 0, done 0, maxsize 3");
    assert.is(queue.getNowait(), 17);
    assert.match(stateWords(memory, share.base), "  grip of thread 0: held 1");
    assert.is(threadRecord(memory, share.base, 0).item.number, 17);
    queue.getNowait();
    assert.is(threadRecord(memory, share.base, 0).item.number, 34);

    const wait = queue.get({ timeout: 60_000 });
    const text = stateWords(memory, share.base);
    assert.match(text, /takers: waiter \d+ of thread 0 WAITING, outcome look again, ticket 0\n/);
    assert.match(text, /takers: next to be woken is \d+\n/);
    assert.match(text, "registry: lock free");
    assert.match(text, `arena: lock free, ${heddle.info().memory.used} bytes in use`);
    assert.match(text, /thread 0: VACANT, generation 0, no section, log \d+, hands 0 0 0/);
    assert.match(text, `thread ${share.number}: STARTING, generation 1, no section`);
    queue.putNowait(1);
    assert.match(stateWords(memory, share.base), /takers: waiter \d+ of thread 0 WOKEN, outcome look again/);
    await wait;
    queue.close();
    assert.not.match(stateWords(memory, share.base), "queue");
  }));

test("names the holder of a lock and where its log belongs to", () => {
  const heddle = createHeddle({ memory: 2 ** 20 });
  const { memory, base } = heddle.share();
  const queue = new Queue({ context: heddle });
  const words = new Int32Array(memory.buffer);
  const lock = queue.handle.address + 80;
  // As thread 3 would leave them in the middle of a section, while thread 4 sleeps.
  words[lock >>> 2] = 4 | (1 << 31);
  const record = (base + 256 + 2560 * 3) >>> 2;
  words[record] = 2;
  words[record + 10] = lock;
  words[record + 11] = 5;
  const text = stateWords(memory.buffer, base);
  assert.match(text, "lock held by 3 (somebody sleeps)");
  assert.match(text, `thread 3: READY, generation 0, section FIFO queue ${queue.handle.id} at`);
  assert.match(text, ", log 5, hands 0 0 0");
});

test.run();
