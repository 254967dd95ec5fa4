/** What threads do with a queue in the programs, and what must be true of it in the end. */
import { Answer } from "../../../ts/runtime/core/core-things.js";
import type { Thread } from "../program.js";
import { type Body, blocking, countOf, type Seat, type Shipped, scratchOf } from "./core.js";

export const NUMBER = 1;
/** Tag of an item with bytes. */
export const BYTES = 16;

/** Facts: what a thread says it has done. */
export const PUT = 1;
export const GOT = 2;

export async function putOne(thread: Thread<Shipped>, { grip, waiter, number }: Seat, value: number): Promise<void> {
  const answer = await blocking(thread, { grip, waiter, number }, (waiter) =>
    thread.call("queuePut", grip, waiter, NUMBER, 0, value, value),
  );
  if (answer === Answer.SHUT) return;
  if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
  thread.log(PUT);
  thread.log(value);
}

export async function getOne(thread: Thread<Shipped>, seat: Seat): Promise<boolean> {
  const answer = await blocking(thread, seat, (waiter) => thread.call("queueGet", seat.grip, waiter));
  if (answer === Answer.SHUT) return false;
  if (answer !== Answer.OK) throw new Error(`expected to get, got ${answer}`);
  const value = await thread.call("host.loadF64", itemNumber(seat));
  const tag = await thread.call("host.load", itemNumber(seat) - 8);
  if (tag !== NUMBER && tag !== BYTES) throw new Error(`expected an item, got one with tag ${tag}`);
  const block = await thread.call("host.load", itemNumber(seat) - 4);
  const inHand = await thread.call("host.load", valueHand(seat));
  if (block !== inHand) throw new Error(`expected the item's bytes in the hand, at ${block}, got ${inHand}`);
  thread.log(GOT);
  thread.log(value);
  return true;
}

/** Address of the hand in the thread's record (assembly/memory/layout.ts). */
const valueHand = ({ waiter }: Seat): number => waiter - 576 + 28;

export const itemNumber = ({ waiter }: Seat): number => waiter - 64 + 8;

export const puts =
  (...values: number[]): Body =>
  async (thread, seat) => {
    for (const value of values) await putOne(thread, seat, value);
  };

export const gets =
  (times: number): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) if (!(await getOne(thread, seat))) return;
  };

/** Where nothing else can come. */
export const getsNumbers =
  (times: number): Body =>
  async (thread, seat) => {
    const item = itemNumber(seat) - 8;
    for (let i = 0; i < times; i++) {
      await getOne(thread, seat);
      const [tag, block] = [await thread.call("host.load", item), await thread.call("host.load", item + 4)];
      if (tag !== NUMBER || block !== 0) throw new Error(`expected a number, got tag ${tag} with block ${block}`);
    }
  };

/** An item with bytes: they are in the thread's hand, in the queue, or freed. */
export const putsBytes =
  (...values: number[]): Body =>
  async (thread, { grip, waiter, number }) => {
    for (const value of values) {
      const block = await thread.call("valueTake", 16);
      const answer = await blocking(thread, { grip, waiter, number }, (waiter) =>
        thread.call("queuePut", grip, waiter, BYTES, block, value, value),
      );
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      thread.log(PUT);
      thread.log(value);
    }
  };

export const getsBytes =
  (times: number): Body =>
  async (thread, seat) => {
    for (let i = 0; i < times; i++) {
      await getOne(thread, seat);
      await thread.call("valueDrop");
    }
  };

/** In one piece, as far as there is room; the rest after a wait, in pieces. */
export const putsMany =
  (...values: number[]): Body =>
  async (thread, seat) => {
    const source = scratchOf(seat.number);
    for (let rest = values; rest.length > 0; ) {
      for (const [i, value] of rest.entries()) await thread.call("host.storeF64", source + 8 * i, value);
      const answer = await blocking(thread, seat, (waiter) =>
        thread.call("queuePutMany", seat.grip, waiter, source, rest.length),
      );
      if (answer === Answer.SHUT) return;
      if (answer !== Answer.OK) throw new Error(`expected to put, got ${answer}`);
      const count = await countOf(thread, seat);
      for (const value of rest.slice(0, count)) {
        thread.log(PUT);
        thread.log(value);
      }
      rest = rest.slice(count);
    }
  };

/** So many in all, as many at a time as there are; what is no number comes by itself, with the same waiter. */
export const getsMany =
  (total: number): Body =>
  async (thread, seat) => {
    const { grip, number } = seat;
    const target = scratchOf(number);
    for (let done = 0; done < total; ) {
      let count = 0;
      const answer = await blocking(thread, seat, async (waiter) => {
        const answer = await thread.call("queueGetMany", grip, waiter, target, total - done);
        count = answer === Answer.OK ? await countOf(thread, seat) : 0;
        return answer !== Answer.OK || count > 0 ? answer : thread.call("queueGet", grip, waiter);
      });
      if (answer === Answer.SHUT) return;
      if (answer !== Answer.OK) throw new Error(`expected to get, got ${answer}`);
      const places = count > 0 ? Array.from({ length: count }, (_, i) => target + 8 * i) : [itemNumber(seat)];
      for (const place of places) {
        const value = await thread.call("host.loadF64", place);
        thread.log(GOT);
        thread.log(value);
      }
      if (count === 0) await thread.call("valueDrop");
      done += places.length;
    }
  };

export const shuts =
  (immediate: 0 | 1): Body =>
  async (thread, { grip }) => {
    await thread.call("queueShutdown", grip, immediate);
  };

/** Puts and takes where there is room and an item all the time: looks without the lock must not say otherwise. */
export const triesBoth: Body = async (thread, { grip }) => {
  for (let i = 0; i < 2; i++) {
    const put = await thread.call("queuePut", grip, 0, NUMBER, 0, i, i);
    const got = await thread.call("queueGet", grip, 0);
    if (put !== Answer.OK || got !== Answer.OK) throw new Error(`expected to put and to get, got ${put} and ${got}`);
  }
};

/** Puts one in as soon as two wait for it, and takes it out again: who was woken for it waits again, in its old place. Then puts two in. */
export const takesBack: Body = async (thread, seat) => {
  while ((await thread.call("thingWaiting", seat.grip)) < 2) await thread.yield();
  await putOne(thread, seat, 1);
  const isBack = (await thread.call("queueGet", seat.grip, 0)) === Answer.OK;
  if (isBack) {
    thread.log(GOT);
    thread.log(1);
  }
  await thread.yield();
  await putOne(thread, seat, 2);
  if (isBack) await putOne(thread, seat, 3);
};

/** Waits for an item, but not for ever; in the end it is not in line any more. */
export const getsOrGivesUp: Body = async (thread, { grip, waiter, number }) => {
  for (;;) {
    const answer = await thread.call("queueGet", grip, waiter);
    if (answer === Answer.OK) {
      const value = await thread.call("host.loadF64", itemNumber({ grip, waiter, number }));
      thread.log(GOT);
      return thread.log(value);
    }
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", grip, waiter);
    return;
  }
};

/** Comes at any moment: whatever the others are at, its time to sleep may be over. */
export const comesLate =
  (body: Body): Body =>
  async (thread, seat) => {
    await thread.sleep(scratchOf(seat.number), 0, 1000n);
    await body(thread, seat);
  };

/** Waits for room, but not for ever: its item, with its bytes, comes back and is freed. */
export const putsOrGivesUp: Body = async (thread, { grip, waiter }) => {
  const block = await thread.call("valueTake", 16);
  for (;;) {
    const answer = await thread.call("queuePut", grip, waiter, BYTES, block, 3, 3);
    if (answer === Answer.OK) {
      thread.log(PUT);
      return thread.log(3);
    }
    if ((await thread.sleep(waiter, 0, 1000n)) !== "timed-out") continue;
    await thread.call("waiterWithdraw", grip, waiter);
    return;
  }
};

/** Looks how many there are while others put and take: never more than they have. */
export const looks =
  (most: number): Body =>
  async (thread, { grip }) => {
    const size = await thread.call("queueSize", grip);
    if (size > most) throw new Error(`expected at most ${most} items, was told of ${size}`);
  };
