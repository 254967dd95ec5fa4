/** `join` and the items of the dead: every one of them is told of, whoever waits, and however many die at once. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbandonedError, Queue } from "../../ts/index.js";
import { type Party, withParty } from "../sync/party.js";

/** A guest that takes so many items, and does none. */
function taker(party: Party, queue: Queue<number>, items: number): ReturnType<Party["guest"]> {
  const guest = party.guest(1 + taken++);
  const its = Queue.from<number>(queue.handle, { context: guest } as never);
  for (let i = 0; i < items; i++) its.getNowait();
  return guest;
}

let taken = 0;

function fill(party: Party, items: number): Queue<number> {
  taken = 0;
  const queue = new Queue<number>({ context: party.context } as never);
  for (let i = 0; i < items; i++) queue.putNowait(i);
  return queue;
}

/** Joins until all is done. @returns what it was told, one number for each time */
async function joinAll(queue: Queue<number>): Promise<number[]> {
  const told: number[] = [];
  for (;;) {
    try {
      await queue.join();
      return told;
    } catch (error) {
      assert.instance(error, AbandonedError);
      told.push(Number(/\d+/.exec((error as Error).message)?.[0]));
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

test(
  "a join under way is told of all items, when two die before it has looked",
  withParty(async (party) => {
    const queue = fill(party, 5);
    const dead = [taker(party, queue, 2), taker(party, queue, 3)];
    const joined = joinAll(queue);
    // It stands in line; it cannot look before this turn of the event loop is over.
    await Promise.resolve();
    for (const guest of dead) party.kill(guest);
    assert.equal((await joined).sort(), [2, 3]);
    queue.close();
  }),
);

test(
  "two that join are told of five items at least once each",
  withParty(async (party) => {
    const queue = fill(party, 5);
    const dead = [taker(party, queue, 2), taker(party, queue, 3)];
    const joined = [joinAll(queue), joinAll(queue)];
    await Promise.resolve();
    for (const guest of dead) party.kill(guest);
    const told = (await Promise.all(joined)).flat();
    assert.ok(told.includes(2) && told.includes(3), `told of ${told}`);
    queue.close();
  }),
);

test(
  "the next join is told of what was lost before",
  withParty(async (party) => {
    const queue = fill(party, 4);
    const dead = [taker(party, queue, 1), taker(party, queue, 3)];
    for (const guest of dead) party.kill(guest);
    assert.is(sum(await joinAll(queue)), 4);
    assert.equal(await joinAll(queue), []);
    queue.close();
  }),
);

test.run();
