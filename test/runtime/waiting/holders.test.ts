/** Calls that hold memory, and those that wait for it: nobody begins where it is scarce, nobody waits for ever, and the first come are the first served. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Holders } from "../../../ts/runtime/waiting/holders.js";
import { random as randomFrom } from "../../tools/random.js";

const CALLS = 300;
const ROOM = 100;
const MOST = 16;

/** Lets all that is due run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("some begin at once, others in their order, as memory comes back", async () => {
  let isScarce = false;
  const holders = new Holders(MOST, () => isScarce);
  for (let call = 0; call < 10; call++) assert.ok(holders.tryEnter());
  isScarce = true;
  const begun: number[] = [];
  for (const call of [1, 2, 3]) {
    assert.not(holders.tryEnter());
    void holders.enter(undefined).then(() => begun.push(call));
  }
  holders.leave();
  await turn();
  assert.equal(begun, []);
  isScarce = false;
  holders.leave();
  await turn();
  assert.equal(begun, [1]);
  assert.not(holders.tryEnter(), "two stand in line before it");
  for (let call = 0; call < 2; call++) {
    holders.pass();
    await turn();
  }
  assert.equal(begun, [1, 2, 3]);
});

test("where memory is scarce for another reason a few go on at a time", async () => {
  const holders = new Holders(MOST, () => true);
  let under = 0;
  while (holders.tryEnter()) under++;
  assert.ok(under > 0 && under < MOST);
  let late = 0;
  void holders.enter(undefined).then(() => late++);
  holders.leave();
  await turn();
  assert.is(late, 1);
});

test("no more than the most at a time, however much memory there is", () => {
  const holders = new Holders(2, () => false);
  assert.equal([holders.tryEnter(), holders.tryEnter(), holders.tryEnter()], [true, true, false]);
});

test("who is aborted leaves the line, and takes nobody's turn", async () => {
  const holders = new Holders(MOST, () => true);
  while (holders.tryEnter());
  const { signal, abort } = ((controller) => ({ signal: controller.signal, abort: () => controller.abort("no") }))(
    new AbortController(),
  );
  let reason: unknown;
  let begun = 0;
  void holders.enter(signal).catch((error) => (reason = error));
  void holders.enter(undefined).then(() => begun++);
  abort();
  await turn();
  assert.equal([reason, begun], ["no", 0]);
  holders.leave();
  await turn();
  assert.is(begun, 1);
});

test("the last one that could give something back is told so, and goes on", async () => {
  const holders = new Holders(MOST, () => false);
  for (let call = 0; call < 3; call++) holders.tryEnter();
  const first = holders.wait(undefined);
  const second = holders.wait(undefined);
  assert.is(await holders.wait(undefined), false);
  holders.leave();
  assert.is(await first, true);
  holders.leave();
  assert.is(await second, true);
});

test("random calls: each ends, with what it wanted or refused, and none holds what is not there", async () => {
  const seed = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
  const random = randomFrom(seed);
  let free = ROOM;
  const holders = new Holders(MOST, () => free < ROOM / 2);
  let [done, refused] = [0, 0];
  const call = async (): Promise<void> => {
    if (!holders.tryEnter()) await holders.enter(undefined);
    let held = 0;
    try {
      for (let steps = Math.floor(random() * 5); steps >= 0; steps--) {
        const more = 1 + Math.floor(random() * 30);
        while (more > free) {
          if (await holders.wait(undefined)) continue;
          refused++;
          return;
        }
        free -= more;
        held += more;
        holders.pass();
        await turn();
      }
      done++;
    } finally {
      free += held;
      holders.leave();
    }
  };
  await Promise.all(Array.from({ length: CALLS }, call));
  assert.equal([done + refused, free], [CALLS, ROOM], `seed ${seed}`);
  assert.ok(done > CALLS / 2, `seed ${seed}: ${done} of ${CALLS}`);
});

test.run();
