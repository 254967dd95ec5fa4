/** What a thread holds when it closes its object, hands on what it took, or dies; and waits that end just then. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbandonedError, BoundedSemaphore, Queue, Semaphore, TaskDoneError } from "../../ts/index.js";
import { Answer, WITHDRAWN } from "../../ts/runtime/core/core-things.js";
import { wordChange } from "../../ts/runtime/waiting/wait.js";
import { startGuest } from "../runtime/crew/share-guest.js";
import { inContext, loadLibrary, memoryReturns, until } from "../runtime/library.js";
import { moment, type Party, withParty } from "../sync/party.js";

const inside = (place: unknown) => ({ context: place }) as never;

function filled(party: Party, items: number): Queue<number> {
  const queue = new Queue<number>(inside(party.context));
  for (let i = 0; i < items; i++) queue.putNowait(i);
  return queue;
}

async function isAbandoned(joined: Promise<unknown>): Promise<boolean> {
  return joined.then(
    () => false,
    (error: unknown) => error instanceof AbandonedError,
  );
}

test(
  "an item that was taken through a closed object is lost with its thread",
  withParty(async (party) => {
    const queue = filled(party, 1);
    const guest = party.guest(1);
    const its = Queue.from<number>(queue.handle, inside(guest));
    its.getNowait();
    its.close();
    party.kill(guest);
    assert.ok(await isAbandoned(queue.join()));
    queue.close();
    assert.is(party.used(), 0);
  }),
);

test(
  "another object of the same thread does what a closed one has taken",
  withParty(async (party) => {
    const queue = filled(party, 2);
    const guest = party.guest(1);
    for (let i = 0; i < 2; i++) {
      const its = Queue.from<number>(queue.handle, inside(guest));
      its.getNowait();
      its.close();
    }
    const its = Queue.from<number>(queue.handle, inside(guest));
    its.taskDone();
    its.taskDone();
    its.close();
    party.kill(guest);
    assert.is(await queue.join(), true);
    queue.close();
    assert.is(party.used(), 0);
  }),
);

test(
  "closed by all, a queue is freed though threads that live have taken from it",
  withParty((party) => {
    const queue = filled(party, 3);
    const guests = [party.guest(1), party.guest(2)];
    for (const guest of guests) {
      const its = Queue.from<number>(queue.handle, inside(guest));
      its.getNowait();
      its.close();
    }
    queue.getNowait();
    queue.close();
    assert.is(party.used(), 0);
    for (const guest of guests) party.kill(guest);
    assert.is(party.used(), 0);
  }),
);

test(
  "a permit that was taken through a closed object comes back with the death of its thread",
  withParty(async (party) => {
    const semaphore = new Semaphore(1, inside(party.context));
    const guest = party.guest(1);
    const its = Semaphore.from(semaphore.handle, inside(guest));
    assert.ok(its.tryAcquire());
    its.close();
    assert.is(semaphore.value, 0);
    party.kill(guest);
    assert.is(semaphore.value, 1);
    semaphore.close();
  }),
);

test(
  "a guard that outlives its object gives its permit back once",
  withParty(async (party) => {
    const semaphore = new Semaphore(1, inside(party.context));
    const guest = party.guest(1);
    const its = Semaphore.from(semaphore.handle, inside(guest));
    const guard = its.tryAcquire();
    its.close();
    guard?.release();
    await moment();
    assert.is(semaphore.value, 1);
    party.kill(guest);
    assert.is(semaphore.value, 1);
    semaphore.close();
    assert.is(party.used(), 0);
  }),
);

test(
  "a bounded semaphore whose permit somebody else gave back has no more than its bound after a death",
  withParty((party) => {
    const semaphore = new BoundedSemaphore(1, inside(party.context));
    const guest = party.guest(1);
    assert.ok(BoundedSemaphore.from(semaphore.handle, inside(guest)).tryAcquire());
    semaphore.release();
    party.kill(guest);
    assert.is(semaphore.value, 1);
    semaphore.close();
  }),
);

test(
  "items that a dead thread had handed on, and others have done, are not lost; nor are those that nobody has taken",
  withParty(async (party) => {
    const queue = filled(party, 2);
    const guest = party.guest(1);
    const its = Queue.from<number>(queue.handle, inside(guest));
    its.getNowait();
    its.getNowait();
    queue.taskDone();
    queue.taskDone();
    queue.putNowait(3);
    party.kill(guest);
    assert.is(queue.unfinishedTasks, 1);
    queue.getNowait();
    queue.taskDone();
    assert.is(await queue.join(), true);
    assert.throws(
      () => queue.taskDone(),
      (error: unknown) => error instanceof TaskDoneError,
    );
    queue.close();
  }),
);

test(
  "a join that is given up just after a death leaves the news to the next",
  withParty(async (party) => {
    const queue = filled(party, 1);
    const guest = party.guest(1);
    Queue.from<number>(queue.handle, inside(guest)).getNowait();
    const given = new AbortController();
    const joined = queue.join({ signal: given.signal });
    await Promise.resolve();
    party.kill(guest);
    given.abort(new Error("given up"));
    assert.is(await joined.catch((error: Error) => error.message), "given up");
    assert.ok(await isAbandoned(queue.join()));
    assert.is(await queue.join(), true);
    queue.close();
    assert.is(party.used(), 0);
  }),
);

test(
  "a wait that is served before its word has woken it leaves nobody asleep on that word",
  withParty(async (party) => {
    const queue = filled(party, 0);
    const { core, words } = party.context.member;
    const grip = core.thingGrasp(queue.handle.address, queue.handle.id, queue.handle.kind) >>> 0;
    const [first, second] = [0, 0].map(() => {
      const waiter = core.waiterTake() >>> 0;
      assert.is(core.queueGet(grip, waiter), Answer.WAIT);
      return { waiter, woken: wordChange(words, waiter >>> 2, 0) };
    });
    queue.putNowait(1);
    // The item's wake-up is the first one's; the second's time is over, it has a last look, and takes the item.
    assert.is(core.queueGet(grip, second!.waiter), Answer.OK);
    await Promise.all([first!.woken, second!.woken]);
    assert.is(core.waiterWithdraw(grip, first!.waiter), WITHDRAWN);
    core.thingClose(grip);
    queue.close();
    assert.is(party.used(), 0);
  }),
);

test("a put that sleeps and finds no memory leaves the line, with its item", () =>
  inContext({ memory: 2 ** 20 }, async (heddle) => {
    const { Queue, waitingOn } = await loadLibrary();
    const queue = new Queue<unknown>({ maxsize: 16, context: heddle });
    for (let i = 0; i < 16; i++) queue.putNowait(i);
    const guest = startGuest(
      heddle.share(),
      `
      await library.attach(share);
      const queue = library.Queue.from(data.handle);
      try { queue.putSync("first"); } catch (error) { tell(error.code); }
      await hear();
      queue.putSync("second");
      tell("put");
      await hear();`,
      { handle: queue.handle },
    );
    await until(() => waitingOn(queue) === 1);
    const hog = new Queue<Uint8Array>({ context: heddle });
    for (let size = 2 ** 19; size >= 16; size /= 2) while (hasPut(hog, size));
    // There is room for it now, but not for more cells.
    queue.maxsize = 32;
    assert.is(await guest.next(), "ERR_OUT_OF_MEMORY");
    assert.is(waitingOn(queue), 0);
    queue.maxsize = 16;
    hog.shutdown({ immediate: true });
    guest.worker.postMessage("go on");
    await until(() => waitingOn(queue) === 1);
    queue.getNowait();
    assert.is(await guest.next(), "put");
    assert.is(queue.snapshot().at(-1), "second");
    await guest.worker.terminate();
    queue.close();
    hog.close();
    await memoryReturns(heddle, 0);
  }));

function hasPut(queue: Queue<Uint8Array>, size: number): boolean {
  try {
    queue.putNowait(new Uint8Array(size));
    return true;
  } catch (error) {
    assert.is((error as { code?: string }).code, "ERR_OUT_OF_MEMORY");
    return false;
  }
}

test.run();
