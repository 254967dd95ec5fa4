/**
 * What must be true of a thing when nobody is inside: its lines of waiters, its grips, its place among all things.
 *
 * The programs see what comes out of a queue or a lock; a link that a death has left wrong may show only later, to somebody who is not there.
 */

/** Offsets in a context, a thing, a line, a waiter and a grip (assembly/memory/layout.ts, assembly/sync). */
const CONTEXT = { registryLock: 16, things: 24 } as const;
const THING = { next: 8, previous: 12, grips: 16, lines: [32, 48, 64], lock: 80, releasing: 84 } as const;
const LINE = { first: 0, last: 4, cursor: 8, tickets: 12 } as const;
const WAITER = { word: 0, thread: 4, next: 8, previous: 12, ticket: 16, list: 20, block: 36 } as const;
const GRIP = { thing: 0, thread: 4, next: 8, previous: 12, held: 16 } as const;
const WAITING = 0;
/** More than there are threads in any program. */
const MOST = 100;

function expectSame(what: string, got: number, expected: number): void {
  if (got !== expected) throw new Error(`expected ${what} to be ${expected}, got ${got}`);
}

/** Addresses of a chain that leads both ways, from `first` on. */
function chain(memory: DataView, what: string, first: number, { next, previous }: { next: number; previous: number }) {
  const addresses: number[] = [];
  for (let at = first; at !== 0; at = memory.getUint32(at + next, true)) {
    if (addresses.length === MOST) throw new Error(`expected ${what} to end`);
    expectSame(`what is before ${at} in ${what}`, memory.getUint32(at + previous, true), addresses.at(-1) ?? 0);
    addresses.push(at);
  }
  return addresses;
}

/** @returns the waiters in all lines of a thing, with the numbers of their threads */
export function inLine(memory: DataView, thing: number): { readonly waiter: number; readonly thread: number }[] {
  expectSame("the thing's lock", memory.getUint32(thing + THING.lock, true), 0);
  expectSame("what is being let go of", memory.getUint32(thing + THING.releasing, true), 0);
  return THING.lines.flatMap((offset) => {
    const line = thing + offset;
    const word = (address: number, field: number): number => memory.getUint32(address + field, true);
    const waiters = chain(memory, `the line at ${offset}`, word(line, LINE.first), WAITER);
    expectSame("the last in line", word(line, LINE.last), waiters.at(-1) ?? 0);
    const first = waiters.find((waiter) => word(waiter, WAITER.word) === WAITING) ?? 0;
    expectSame("the first who waits", word(line, LINE.cursor), first);
    // Tickets wrap around.
    let before = word(line, LINE.tickets);
    for (const waiter of waiters.toReversed()) {
      expectSame("the line of who stands in it", word(waiter, WAITER.list), line);
      const ticket = word(waiter, WAITER.ticket);
      if (((before - ticket) | 0) <= 0) throw new Error(`expected a ticket before ${before}, got ${ticket}`);
      before = ticket;
    }
    return waiters.map((waiter) => ({ waiter, thread: word(waiter, WAITER.thread) }));
  });
}

/** A thread's own waiter is used again, also by the next who has its number: in no line it has nothing of what it was used for. @returns whether it is in one */
export function isApart(memory: DataView, waiter: number): boolean {
  if (memory.getUint32(waiter + WAITER.list, true) !== 0) return false;
  expectSame(`the block of the waiter at ${waiter}`, memory.getUint32(waiter + WAITER.block, true), 0);
  return true;
}

/** @returns numbers of the threads with a grip */
export function gripsOn(memory: DataView, thing: number): number[] {
  return chain(memory, "grips", memory.getUint32(thing + THING.grips, true), GRIP).map((grip) => {
    expectSame("the thing of a grip", memory.getUint32(grip + GRIP.thing, true), thing);
    return memory.getUint32(grip + GRIP.thread, true);
  });
}

/** @returns what all grips on a thing hold together */
export function heldOn(memory: DataView, thing: number): number {
  const grips = chain(memory, "grips", memory.getUint32(thing + THING.grips, true), GRIP);
  return grips.reduce((sum, grip) => sum + memory.getUint32(grip + GRIP.held, true), 0);
}

/** @returns addresses of all things, the last made first */
export function thingsOf(memory: DataView, context: number): number[] {
  expectSame("the registry's lock", memory.getUint32(context + CONTEXT.registryLock, true), 0);
  return chain(memory, "things", memory.getUint32(context + CONTEXT.things, true), THING);
}
