/** Hands: what an operation leaves in one is freed before the next operation puts something else there, also when the arena is busy for a while. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Queue } from "../../ts/queue/index.js";
import { BASE } from "../../ts/runtime/core/heap.js";
import { ARENA } from "../tools/state-words.js";
import { moment, type Party, rejection, withParty } from "./party.js";

const TEXT = "a text that is too long for a cell";

/** Somebody is in the arena's section, until the function returned is called. */
function occupyArena({ context: { member } }: Party): () => void {
  const lock = (BASE + ARENA + 4) >>> 2;
  assert.is(Atomics.compareExchange(member.words, lock, 0, 201), 0);
  return () => Atomics.store(member.words, lock, 0);
}

test(
  "puts that wait and are refused by a shutdown leave no bytes behind",
  withParty(async ({ context, used }) => {
    const before = used();
    const queue = new Queue<unknown>({ context, maxsize: 1 });
    queue.putNowait(0);
    const puts = [1, 2, 3].map((i) => rejection(queue.put(`${i} ${TEXT}`)));
    queue.shutdown();
    for (const put of puts) assert.is((await put).code, "ERR_QUEUE_SHUTDOWN");
    queue.close();
    assert.is(used(), before);
  }),
);

test(
  "waits on a page that end while the arena is busy leave nothing behind",
  withParty(async (party) => {
    const { context, used, becomePage } = party;
    const before = used();
    const queue = new Queue<unknown>({ context, maxsize: 3 });
    // So that there are cells.
    queue.putNowait(0);
    queue.getNowait();
    becomePage();
    const gets = [1, 2, 3].map(() => queue.get());
    const release = occupyArena(party);
    for (const i of [1, 2, 3]) queue.putNowait(i);
    await moment(30);
    release();
    // Who had to look several times may have been overtaken.
    assert.equal((await Promise.all(gets)).sort(), [1, 2, 3]);

    for (const i of [1, 2, 3]) queue.putNowait(i);
    const aborts = [1, 2, 3].map(() => new AbortController());
    const puts = aborts.map(({ signal }) => rejection(queue.put(TEXT, { signal })));
    const releaseAgain = occupyArena(party);
    for (const controller of aborts) controller.abort(new Error("enough"));
    await moment(30);
    releaseAgain();
    for (const put of puts) assert.is((await put).message, "enough");

    const refused = [1, 2, 3].map(() => rejection(queue.put(TEXT)));
    const releaseAtLast = occupyArena(party);
    queue.shutdown();
    await moment(30);
    releaseAtLast();
    for (const put of refused) assert.is((await put).code, "ERR_QUEUE_SHUTDOWN");
    queue.close();
    while (used() !== before) await moment(1);
  }),
);

test.run();
