/** Mutants of the suite "queue" that no program finds, and why that is right (../README.md, "Mutants"). */

const BY_REASON: readonly (readonly [why: string, ...names: string[]])[] = [
  [
    "outside, `section` is read by a repair only: what it names is a lock that is not the thread's then, or a hand, which is no lock; and before the lock's memory becomes something else the thread has been in the registry's section, with its last grip",
    "removed: me.section = 0;",
  ],
  [
    "the arena has cleared the hand already; it is there for an address that is no block, and that no step leads to one is watched (`idle` in core.ts)",
    "removed: store<u32>(hand, 0); in empty, i32.store",
  ],
  [
    "for a pending promise whose thread goes on, which threads of the explorer do not have: test/queue/give-back.test.ts",
    "removed: return atomic.notify(ptr, count); in putAway, memory.atomic.notify",
  ],
  [
    "whoever is cut off or dies in here leaves the line next, and then the cursor is where this has put it",
    "removed: me.logLength = length + 1; in remove, i32.store",
  ],
  [
    "the waiter is the caller's own: who is cut off or dies in here leaves the line next, whatever its word says, and that puts the cursor right",
    "removed: store<u32>(entry, <u32>address); in mustWait, i32.store",
    "removed: store<u32>(entry, load<u32>(address), 8); in mustWait, i32.store",
    "removed: me.logLength = length + 1; in mustWait, i32.store",
    "removed: store<u32>(entry, <u32>address); in mustWait, i32.store (2)",
    "removed: store<u32>(entry, load<u32>(address), 8); in mustWait, i32.store (2)",
    "removed: me.logLength = length + 1; in mustWait, i32.store (2)",
  ],
  [
    "who was to be told of a notify that was undone may hear of it when its time runs out: as if its notifier had died after it",
    "removed: me.logLength = length + 1; in wakeFirst, i32.store (2)",
  ],
  [
    "a waiter that counts as woken and was not chosen is woken by every recovery and repair, looks again, and sleeps on in its place",
    "removed: me.logLength = length + 1; in wakeFirst, i32.store (3)",
  ],
  ["a ticket that nobody has leaves the order as it is", "removed: me.logLength = length + 1; in append, i32.store"],
  [
    "a waiter that was used before is WOKEN still: it does not sleep, looks again, and is put to sleep then",
    'removed: atomic.store<i32>(address + offsetof<Waiter>("word"), WAITING); in append, i32.atomic.store',
  ],
  [
    "the section that put it in line left the same value in this entry: the block went the other way",
    "removed: store<u32>(entry, load<u32>(address), 8); in put, i32.store",
    "removed: store<u32>(entry, load<u32>(address), 8); in put, i32.store (2)",
    "removed: store<u32>(entry, load<u32>(address), 8); in put, i32.store (6)",
    "removed: store<u32>(entry, load<u32>(address), 8); in withdraw, i32.store",
    "removed: store<u32>(entry, load<u32>(address), 8); in withdraw, i32.store (2)",
  ],
  [
    "the section before found the cells full and changed nothing, so the log is empty",
    "removed: me.logLength = 0; in grow, i32.store",
  ],
  [
    "what is dropped is read by nobody",
    "removed: const cell = nextCell(queue); in drain, i32.store",
    "removed: item.block = cell.block; in drain, i32.store",
    "removed: item.number = cell.number; in drain, f64.store",
    "removed: return changetype<Ranked>(queue.cells + (index << 5)); in drain, f64.store",
  ],
  [
    "numbers of arrivals that are skipped leave the order as it is",
    "removed: store<u64>(entry, load<u64>(address), 8); in pushRanked, i64.store (9)",
    "removed: me.logLength = length + 1; in pushRanked, i32.store (9)",
  ],
  [
    "an average of looks: for speed only, and programs do not spin",
    "removed: thing.spin = ~(succeeded ? average + (used - average) / 8 : average - average / 8); in spinForRoom, i32.store",
    "removed: thing.spin = ~(succeeded ? average + (used - average) / 8 : average - average / 8); in spinForRoom, i32.store (2)",
    "removed: thing.spin = ~(succeeded ? average + (used - average) / 8 : average - average / 8); in spinForItem, i32.store",
    "removed: thing.spin = ~(succeeded ? average + (used - average) / 8 : average - average / 8); in spinForItem, i32.store (2)",
  ],
  ["its section changes nothing", "removed: me.section = <u32>word; in snapshot, i32.store"],
  [
    "the section that took the item left the same address in this entry",
    "removed: store<u32>(entry, <u32>address); in queueTaskDone, i32.store (2)",
  ],
  [
    "the only change before it is made final: undone or not, its thread died before it or after it",
    "removed: me.logLength = length + 1; in queueShutdown, i32.store (3)",
    "removed: me.section = <u32>word; in queueSetMaxsize, i32.store",
    "removed: store<u32>(entry, load<u32>(address), 8); in queueSetMaxsize, i32.store",
    "removed: me.logLength = length + 1; in queueSetMaxsize, i32.store",
  ],
  [
    "the only change that others see: undone or not, its thread died before it was told of the loss or after it",
    "removed: store<u32>(entry, load<u32>(address), 8); in queueJoin, i32.store",
    "removed: me.logLength = length + 1; in queueJoin, i32.store",
  ],
  [
    "who dies in here has been told of the loss or has passed it on: both are right",
    "removed: store<u32>(entry, <u32>address); in queueLeaveJoin, i32.store",
    "removed: store<u32>(entry, load<u32>(address), 8); in queueLeaveJoin, i32.store",
    "removed: me.logLength = length + 1; in queueLeaveJoin, i32.store",
  ],
  [
    "for the host, when the item is no number: test/queue",
    "removed: const status = blocking.getBlocking(me(), grip); in queueGetNumber, i32.store",
  ],
  [
    "queues are made in `setup`, where nothing is a mutant",
    "removed: changetype<Queue>(me().hand).maxsize = maxsize; in queueMake, i32.store",
  ],
  [
    "what an error says of the memory that there is not: test/queue",
    "removed: itemOf(me).count = size; in take, i32.store",
    "removed: itemOf(me).count = capacity << shift; in grow, i32.store",
  ],
];

export const SURVIVORS: Readonly<Record<string, string>> = Object.fromEntries(
  BY_REASON.flatMap(([why, ...names]) => names.map((name) => [name, why])),
);
