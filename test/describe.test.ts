/** What Node's console shows of each kind of object: a line, not the memory behind it. */
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHeddle } from "../ts/index.js";
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "../ts/queue/index.js";
import { Attachment } from "../ts/runtime/crew/attach.js";
import { Barrier } from "../ts/sync/barrier.js";
import { Condition } from "../ts/sync/condition.js";
import { Counter } from "../ts/sync/counter.js";
import { Event } from "../ts/sync/event.js";
import { Lock } from "../ts/sync/lock.js";
import { Once } from "../ts/sync/once.js";
import { ReadWriteLock } from "../ts/sync/read-write-lock.js";
import { RLock } from "../ts/sync/rlock.js";
import { BoundedSemaphore, Semaphore } from "../ts/sync/semaphore.js";
import { withParty } from "./sync/party.js";

test(
  "queues say how many items there are",
  withParty(({ context }) => {
    const queue = new Queue({ maxsize: 100, context });
    queue.putNowait({ large: "x".repeat(1000) });
    assert.is(inspect(queue), "Queue { size: 1, maxsize: 100 }");
    assert.is(inspect({ jobs: [queue] }), "{ jobs: [ Queue { size: 1, maxsize: 100 } ] }");
    queue.shutdown();
    assert.is(inspect(queue), "Queue { size: 1, maxsize: 100, shutdown: true }");
    queue.close();
    assert.is(inspect(queue), "Queue { closed }");
    assert.is(inspect(new LifoQueue({ context })), "LifoQueue { size: 0, maxsize: 0 }");
    assert.is(inspect(new PriorityQueue({ context })), "PriorityQueue { size: 0, maxsize: 0 }");
    assert.is(inspect(new SimpleQueue({ context })), "SimpleQueue { size: 0 }");
  }),
);

test(
  "locks and their like say what state they are in",
  withParty(({ context }) => {
    const lock = new Lock({ context });
    assert.is(inspect(lock), "Lock { locked: false }");
    lock.tryAcquire();
    assert.is(inspect(lock), "Lock { locked: true }");
    assert.is(`${new RLock({ context })}`, "RLock { locked: false }");
    assert.is(inspect(new Condition(undefined, { context })), "Condition { waiting: 0 }");
    assert.is(inspect(new Semaphore(2, { context })), "Semaphore { value: 2 }");
    assert.is(inspect(new BoundedSemaphore(2, { context })), "BoundedSemaphore { value: 2 }");
    assert.is(inspect(new Event({ context })), "Event { set: false }");
    assert.is(inspect(new Barrier(2, { context })), "Barrier { parties: 2, waiting: 0, broken: false }");
    assert.is(inspect(new ReadWriteLock({ context })), "ReadWriteLock { waiting: 0 }");
    assert.is(inspect(new Once({ context })), "Once { done: false }");
    assert.is(inspect(new Counter(5, { context })), "Counter { value: 5 }");
  }),
);

test(
  "guards say whether they still hold something",
  withParty(({ context }) => {
    for (const guard of [new Lock({ context }).acquireSync(), new Semaphore(1, { context }).acquireSync()]) {
      assert.is(inspect(guard), "Guard { released: false, abandoned: false }");
      guard.release();
      assert.is(inspect(guard), "Guard { released: true, abandoned: false }");
    }
  }),
);

test(
  "contexts say what they have",
  withParty(async ({ guest }) => {
    const heddle = createHeddle({ threads: 3 });
    assert.is(inspect(heddle), 'Heddle { mode: "threads", threads: 3, workers: 0 }');
    await heddle.close();
    assert.is(inspect(heddle), "Heddle { closed }");
    const attachment = new Attachment(guest(2).member, () => {});
    assert.is(inspect(attachment), "Attachment { thread: 2 }");
    attachment.close();
    assert.is(inspect(attachment), "Attachment { closed }");
  }),
);

test.run();
