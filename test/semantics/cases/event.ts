/** Event: section 3 of the reference. */
import * as assert from "uvu/assert";
import { chapter } from "../world.js";

const { cases, rule } = chapter("Event");

export { cases };

rule("is not set at first; set and clear may be repeated", "idempotent", (world) => {
  const event = world.own(new world.heddle.Event());
  assert.is(event.isSet(), false);
  event.clear();
  assert.is(event.isSet(), false);
  event.set();
  event.set();
  assert.is(event.isSet(), true);
  event.clear();
  event.clear();
  assert.is(event.isSet(), false);
});

rule("wait on a set one returns true at once, in every form", "True if set now", async (world) => {
  const event = world.own(new world.heddle.Event());
  event.set();
  assert.equal([await event.wait(), await event.wait({ timeout: 0 })], [true, true]);
  assert.is(event.isSet(), true);
});

rule(
  "waitSync on a set one returns true at once",
  "True if set now",
  (world) => {
    const event = world.own(new world.heddle.Event());
    event.set();
    assert.equal([event.waitSync(), event.waitSync({ timeout: 0 })], [true, true]);
  },
  { needs: { sync: true } },
);

rule("set wakes all, here and in other threads", "set wakes all", async (world) => {
  const event = world.own(new world.heddle.Event());
  const waits = [
    event.wait(),
    event.wait(),
    world.inThread("call", event, "waitSync"),
    world.inThread("call", event, "wait"),
  ];
  await world.waiting(event, 4);
  event.set();
  assert.equal(await Promise.all(waits), [true, true, true, true]);
});

rule(
  "set() and clear() right after still wake all with true",
  "set() directly followed by clear() still wakes all current waiters with True (multiprocessing: False)",
  async (world) => {
    const event = world.own(new world.heddle.Event());
    const waits = [
      event.wait(),
      event.wait(),
      world.inThread("call", event, "waitSync"),
      world.inThread("call", event, "wait"),
    ];
    await world.waiting(event, 4);
    event.set();
    event.clear();
    assert.equal(await Promise.all(waits), [true, true, true, true]);
    assert.is(event.isSet(), false);
  },
);

rule(
  "set() and clear() many times: who waits is woken by the first, who comes after waits",
  "returns 'was notified', not the flag",
  async (world) => {
    const event = world.own(new world.heddle.Event());
    for (let round = 0; round < 20; round++) {
      const waited = [event.wait({ timeout: 1e6 }), event.wait()];
      await world.waiting(event, 2);
      event.set();
      event.clear();
      assert.equal(await Promise.all(waited), [true, true]);
      assert.is(await event.wait({ timeout: 0 }), false);
    }
  },
);

rule("is set for every thread", "flag", async (world) => {
  const event = world.own(new world.heddle.Event());
  await world.inThread("call", event, "set");
  assert.is(event.isSet(), true);
  event.clear();
  assert.is(await world.inThread("call", event, "isSet"), false);
});

rule(
  "a wait that runs out of time while it is set says true or false, and the next says true",
  "wait can return False although the flag is set by then",
  async (world) => {
    for (let round = 0; round < 20; round++) {
      const event = world.own(new world.heddle.Event());
      const waited = event.wait({ timeout: 1 });
      await new Promise((resolve) => setTimeout(resolve, round % 3));
      event.set();
      assert.type(await waited, "boolean");
      assert.is(await event.wait({ timeout: 0 }), true);
    }
  },
);

rule(
  "blocks here until another thread sets it",
  "wait",
  async (world) => {
    const event = world.own(new world.heddle.Event());
    const set = world.inThread("whenWaiting", event, 1, "set");
    assert.is(event.waitSync(), true);
    await set;
  },
  { needs: { sync: true } },
);

rule("two threads take turns with two events", "wait, set, clear", async (world) => {
  const [ping, pong] = [world.own(new world.heddle.Event()), world.own(new world.heddle.Event())];
  for (let round = 0; round < 10; round++) {
    const answered = world.inThread("whenWaitingOn", pong, 1, ping, "waitSync");
    const waited = pong.wait();
    await world.waiting(pong, 1);
    ping.set();
    assert.is(await answered, true);
    ping.clear();
    await world.inThread("call", pong, "set");
    assert.is(await waited, true);
    pong.clear();
  }
});
