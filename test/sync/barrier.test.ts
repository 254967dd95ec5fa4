/** Barrier beyond what test/semantics says: actions that take time, who comes or gives up meanwhile, a page's thread that is kept from each step. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Barrier } from "../../ts/sync/barrier.js";
import { waitingOn } from "../../ts/sync/thing.js";
import { moment, rejection, thrown, waiting, withParty } from "./party.js";

/** An action that goes on until it is told to end. */
function slow() {
  let end = (_?: Error): void => {};
  let begun = (): void => {};
  const running = new Promise<void>((resolve) => (begun = resolve));
  const action = (): Promise<void> => {
    begun();
    return new Promise((resolve, reject) => {
      end = (error) => (error === undefined ? resolve() : reject(error));
    });
  };
  return { action, running, end: (error?: Error) => end(error) };
}

test(
  "smoke: three meet, one runs the action",
  withParty(async ({ context }) => {
    let runs = 0;
    const barrier = new Barrier(3, { context, action: () => void runs++ });
    assert.equal(await Promise.all([barrier.wait(), barrier.wait(), barrier.wait()]), [0, 1, 2]);
    assert.is(runs, 1);
  }),
);

test(
  "an asynchronous action is waited for before anybody goes on",
  withParty(async ({ context }) => {
    const { action, running, end } = slow();
    const barrier = new Barrier(2, { context, action });
    const log: string[] = [];
    const all = [barrier.wait().then(() => log.push("first")), barrier.wait().then(() => log.push("last"))];
    await running;
    await moment();
    assert.equal([log.length, barrier.waiting, barrier.broken], [0, 2, false]);
    end();
    await Promise.all(all);
    assert.equal(log.sort(), ["first", "last"]);
  }),
);

test(
  "who comes while the action runs belongs to the next round",
  withParty(async ({ context }) => {
    const { action, running, end } = slow();
    const barrier = new Barrier(2, { context, action });
    const round = Promise.all([barrier.wait(), barrier.wait()]);
    await running;
    const twin = Barrier.from(barrier.handle, { context });
    const next = Promise.all([twin.wait(), twin.wait()]);
    await waiting(barrier, 3, waitingOn);
    end();
    assert.equal(await round, [0, 1]);
    assert.equal((await next).sort(), [0, 1]);
  }),
);

for (const timeout of [0, 3]) {
  test(
    `who comes while the action runs and has ${timeout} ms breaks the next round, not that one`,
    withParty(async ({ context }) => {
      const { action, running, end } = slow();
      const barrier = new Barrier(2, { context, action });
      const round = Promise.all([barrier.wait(), barrier.wait()]);
      await running;
      const late = rejection(barrier.wait({ timeout }));
      await moment(10);
      assert.is(barrier.broken, false);
      end();
      assert.equal(await round, [0, 1]);
      assert.is((await late).code, "ERR_BROKEN_BARRIER");
      assert.is(barrier.broken, true);
    }),
  );
}

test(
  "who comes while the action runs and is aborted leaves no trace",
  withParty(async ({ context }) => {
    const { action, running, end } = slow();
    const barrier = new Barrier(2, { context, action });
    const round = Promise.all([barrier.wait(), barrier.wait()]);
    await running;
    const controller = new AbortController();
    const aborted = [{}, { timeout: 1 }].map((options) =>
      rejection(barrier.wait({ ...options, signal: controller.signal })),
    );
    await moment();
    controller.abort("enough");
    assert.equal(await Promise.all(aborted), ["enough", "enough"]);
    end();
    assert.equal(await round, [0, 1]);
    assert.equal([barrier.broken, barrier.waiting, waitingOn(barrier)], [false, 0, 0]);
  }),
);

test(
  "an aborted wait rejects with the reason",
  withParty(async ({ context }) => {
    const barrier = new Barrier(3, { context });
    const controller = new AbortController();
    const aborted = rejection(barrier.wait({ signal: controller.signal }));
    await waiting(barrier, 1, waitingOn);
    controller.abort("enough");
    assert.is(await aborted, "enough");
    assert.equal([barrier.waiting, waitingOn(barrier)], [0, 0]);
  }),
);

test(
  "an aborted or closed wait leaves no trace, and the others' indexes stay without a gap",
  withParty(async ({ context, guest }) => {
    const barrier = new Barrier(5, { context });
    const twin = Barrier.from(barrier.handle, { context: guest(1) });
    const controller = new AbortController();
    const aborted = rejection(barrier.wait({ signal: controller.signal }));
    const others = [barrier.wait()];
    const closed = rejection(twin.wait());
    others.push(barrier.wait({ timeout: 1e6 }));
    controller.abort("enough");
    twin.close();
    assert.is(await aborted, "enough");
    assert.is((await closed).code, "ERR_CLOSED");
    assert.equal([barrier.waiting, barrier.broken], [2, false]);
    others.push(barrier.wait(), barrier.wait(), barrier.wait());
    assert.equal((await Promise.all(others)).sort(), [0, 1, 2, 3, 4]);
  }),
);

test(
  "an asynchronous action that fails: its error to who ran it, BrokenBarrierError to the other",
  withParty(async ({ context }) => {
    const { action, running, end } = slow();
    const barrier = new Barrier(2, { context, action });
    const [first, last] = [rejection(barrier.wait()), rejection(barrier.wait())];
    await running;
    const error = new RangeError("from the action");
    end(error);
    assert.is(await last, error);
    assert.is((await first).code, "ERR_BROKEN_BARRIER");
    assert.is(barrier.broken, true);
  }),
);

for (const call of ["abort", "reset"] as const) {
  test(
    `${call} while the action runs reaches all of that round`,
    withParty(async ({ context }) => {
      const { action, running, end } = slow();
      const barrier = new Barrier(2, { context, action });
      const [first, last] = [rejection(barrier.wait()), rejection(barrier.wait())];
      await running;
      barrier[call]();
      assert.is((await first).code, "ERR_BROKEN_BARRIER");
      end();
      assert.is((await last).code, "ERR_BROKEN_BARRIER");
      assert.is(barrier.broken, call === "abort");
    }),
  );
}

test(
  "an action that was overtaken by a reset does not open the next round, which its thread runs as well",
  withParty(async ({ context }) => {
    const actions = [slow(), slow()];
    let begun = 0;
    const barrier = new Barrier(2, { context, action: () => actions[begun++]!.action() });
    const [first, second] = actions as [ReturnType<typeof slow>, ReturnType<typeof slow>];
    const reset = [rejection(barrier.wait()), rejection(barrier.wait())];
    await first.running;
    barrier.reset();
    let passed = 0;
    const next = [barrier.wait(), barrier.wait()].map((wait) => wait.finally(() => passed++));
    await second.running;
    first.end();
    for (const wait of reset) assert.is((await wait).code, "ERR_BROKEN_BARRIER");
    await moment();
    assert.equal([passed, barrier.waiting, barrier.broken], [0, 2, false]);
    second.end();
    assert.equal((await Promise.all(next)).sort(), [0, 1]);
  }),
);

test(
  "closed in its action: the round ends as it should, and the memory is given back",
  withParty(async ({ context, guest, used }) => {
    new Barrier(1, { context }).close();
    const before = used();
    const barrier: Barrier = new Barrier(2, { context, action: () => barrier.close() });
    const other = Barrier.from(barrier.handle, { context: guest(1) });
    const first = other.wait();
    assert.is(await barrier.wait(), 1);
    assert.is(await first, 0);
    other.close();
    assert.is(used(), before);
  }),
);

test(
  "closed while it waits: ClosedError",
  withParty(async ({ context }) => {
    const barrier = new Barrier(2, { context });
    const closed = rejection(barrier.wait());
    barrier.close();
    assert.is((await closed).code, "ERR_CLOSED");
  }),
);

test(
  "waitSync: an action that returns a promise is an error, and breaks the barrier",
  withParty(async ({ context }) => {
    const barrier = new Barrier(1, { context, action: () => Promise.reject(new Error("nobody hears this")) });
    const error = thrown(() => barrier.waitSync());
    assert.is(error.code, "ERR_ARGUMENT");
    assert.match(error.message, "await");
    assert.is(barrier.broken, true);
    barrier.reset();
    const plain = Barrier.from(barrier.handle, { context, action: () => 7 });
    assert.is(plain.waitSync(), 0);
  }),
);

test(
  "waitSync: timeout 0 breaks it unless last",
  withParty(({ context }) => {
    const barrier = new Barrier(2, { context });
    assert.is(thrown(() => barrier.waitSync({ timeout: 0 })).code, "ERR_BROKEN_BARRIER");
    assert.is(barrier.broken, true);
    barrier.reset();
    assert.is(thrown(() => barrier.waitSync({ timeout: 1 })).code, "ERR_BROKEN_BARRIER");
    assert.is(barrier.broken, true);
  }),
);

test(
  "busy: every step is done when the lock can be had",
  withParty(async ({ context, becomePage, occupy }) => {
    becomePage();
    const { action, running, end } = slow();
    const barrier = new Barrier(2, { context, action });
    let free = occupy(barrier);
    assert.is(thrown(() => barrier.abort()).code, "ERR_BUSY");
    assert.is(thrown(() => barrier.reset()).code, "ERR_BUSY");
    const round = Promise.all([barrier.wait(), barrier.wait()]);
    await moment();
    assert.is(barrier.waiting, 0);
    free();
    await running;
    free = occupy(barrier);
    end();
    await moment();
    free();
    assert.equal((await round).sort(), [0, 1]);
    // A wait that is out of time.
    const late = rejection(barrier.wait({ timeout: 3 }));
    await waiting(barrier, 1, waitingOn);
    free = occupy(barrier);
    await moment();
    assert.is(barrier.broken, false);
    free();
    assert.is((await late).code, "ERR_BROKEN_BARRIER");
    assert.is(barrier.broken, true);
    barrier.reset();
    free = occupy(barrier);
    const tried = rejection(barrier.wait({ timeout: 0 }));
    await moment();
    free();
    assert.is((await tried).code, "ERR_BROKEN_BARRIER");
    assert.is(barrier.broken, true);
  }),
);

test.run();
