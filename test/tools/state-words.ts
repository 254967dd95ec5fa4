/**
 * State words: what a context's shared memory says about locks, queues, their waiters and its threads, by name. For whoever has to find out who
 * waits for whom after a hang; nothing in here takes a lock, so it can be read at any moment, and a moment's truth is what it says.
 *
 * The offsets are those of assembly/memory/layout.ts, assembly/sync/thing.ts and waiter.ts, and of the kinds' own files;
 * test/tools/state-words.test.ts holds them against the built library.
 */

const THREADS = 257;
/** Where the records of threads are, and some of their fields. */
export const FIRST_THREAD = 256;
export const THREAD_BYTES = 2560;
export const HANDS = 28;
export const SECTION = 40;
export const LOG_LENGTH = 44;
const TABLES_BYTES = 65536;
/** Where the arena is. */
export const ARENA = FIRST_THREAD + THREAD_BYTES * THREADS + TABLES_BYTES;
const OWN_WAITER = 576;
const ITEM = 512;

/** Walks that were led in a ring by a change in the middle end here. */
const MOST = 10_000;

const THREAD_STATES = ["VACANT", "STARTING", "READY", "DEAD"];
const KINDS = [
  "nothing",
  "FIFO queue",
  "LIFO queue",
  "priority queue",
  "Lock",
  "RLock",
  "Condition",
  "Semaphore",
  "Event",
  "Barrier",
  "ReadWriteLock",
  "Once",
  "Counter",
];
const LINES = [
  { name: "takers", at: 32 },
  { name: "givers", at: 48 },
  { name: "joiners", at: 64 },
];
const OUTCOMES = ["look again", "granted", "failed"];

const QUEUE_FIELDS = ["puts", "gets", "done", "maxsize", "cells", "capacity", "shut", "abandoned"];
const MUTEX_FIELDS = ["owner (+1)", "ticket", "holder", "depth", "tickets", "abandoned"];
/** What follows a thing's head, word by word from offset 88. */
const FIELDS: readonly (readonly string[])[] = [
  [],
  QUEUE_FIELDS,
  QUEUE_FIELDS,
  QUEUE_FIELDS,
  MUTEX_FIELDS,
  MUTEX_FIELDS,
  [],
  ["permits", "bound"],
  ["flag"],
  ["parties", "arrived", "broken", "runner (+1)", "round"],
  ["writer (+1)", "readers", "ticket", "abandoned"],
  ["done", "runner (+1)"],
  ["value (low)", "value (high)"],
];

/** What a thread's record says. */
export interface ThreadRecord {
  readonly state: string;
  readonly generation: number;
  readonly handValue: number;
  readonly handWaiter: number;
  readonly hand: number;
  /** Where the section is that it is in or has just left: an address, 0 for none. */
  readonly section: number;
  readonly logLength: number;
  /** Address of the line that its own waiter stands in, 0 when apart. */
  readonly line: number;
  /** What its last operation handed over. */
  readonly item: {
    readonly tag: number;
    readonly block: number;
    readonly number: number;
    readonly priority: number;
    readonly count: number;
  };
}

/**
 * @param memory of the context
 * @param base   its address in there
 */
export function threadRecord(memory: ArrayBufferLike, base: number, number: number): ThreadRecord {
  const words = new Int32Array(memory);
  const floats = new Float64Array(memory);
  const at = base + FIRST_THREAD + THREAD_BYTES * number;
  const word = (offset: number): number => Atomics.load(words, (at + offset) >>> 2);
  return {
    state: THREAD_STATES[word(0)] ?? String(word(0)),
    generation: word(4),
    handValue: word(HANDS) >>> 0,
    handWaiter: word(HANDS + 4) >>> 0,
    hand: word(HANDS + 8) >>> 0,
    section: word(SECTION) >>> 0,
    logLength: word(LOG_LENGTH) >>> 0,
    line: word(OWN_WAITER + 20) >>> 0,
    item: {
      tag: word(ITEM),
      block: word(ITEM + 4) >>> 0,
      number: floats[(at + ITEM + 8) >>> 3]!,
      priority: floats[(at + ITEM + 16) >>> 3]!,
      count: word(ITEM + 24) >>> 0,
    },
  };
}

/**
 * Everything, a line for each thing, each waiter, each thread that is not vacant.
 *
 * @example
 *   const dog = watchdog(60, () => stateWords(heddle.member.memory.buffer, 1024));
 */
export function stateWords(memory: ArrayBufferLike, base: number): string {
  const words = new Int32Array(memory);
  const word = (address: number): number => (address >>> 2 < words.length ? Atomics.load(words, address >>> 2) : 0);
  const lines = [
    "",
    `registry: lock ${lock(word(base + 16))}`,
    `arena: lock ${lock(word(base + ARENA + 4))}, ${word(base + ARENA + 16) >>> 0} bytes in use`,
  ];
  const names = new Map<number, string>();
  let thing = word(base + 24) >>> 0;
  for (let i = 0; thing !== 0 && i < MOST; i++, thing = word(thing + 8) >>> 0) lines.push(...thingLines(thing));
  for (let number = 0; number < THREADS; number++) {
    const record = threadRecord(memory, base, number);
    // The first thread and the supervisor have no state; they show when they are at something.
    const shows = record.state !== "VACANT" || record.section !== 0 || record.line !== 0;
    if (shows || number === 0) lines.push(threadLine(number, record));
  }
  return lines.join("\n");

  function thingLines(at: number): string[] {
    const kind = word(at);
    const name = `${KINDS[kind] ?? `kind ${kind}`} ${word(at + 4)} at ${at}`;
    names.set(at + 80, name);
    const fields = (FIELDS[kind] ?? []).map((field, i) => `${field} ${word(at + 88 + 4 * i)}`);
    const out = [
      `${name}: lock ${lock(word(at + 80))}, releasing ${word(at + 84)}, closer (+1) ${word(at + 20)}` +
        `${fields.length > 0 ? `; ${fields.join(", ")}` : ""}`,
    ];
    let grip = word(at + 16) >>> 0;
    for (let i = 0; grip !== 0 && i < MOST; i++, grip = word(grip + 8) >>> 0) {
      out.push(`  grip of thread ${word(grip + 4)}: held ${word(grip + 16)}`);
    }
    for (const { name, at: offset } of LINES) {
      names.set(at + offset, `${KINDS[kind]} ${word(at + 4)}, ${name}`);
      const cursor = word(at + offset + 8) >>> 0;
      let waiter = word(at + offset) >>> 0;
      for (let i = 0; waiter !== 0 && i < MOST; i++, waiter = word(waiter + 8) >>> 0)
        out.push(waiterLine(name, waiter));
      if (cursor !== 0) out.push(`  ${name}: next to be woken is ${cursor}`);
    }
    return out;
  }

  function waiterLine(line: string, at: number): string {
    const state = word(at) === 0 ? "WAITING" : "WOKEN";
    const outcome = OUTCOMES[word(at + 24)] ?? String(word(at + 24));
    return `  ${line}: waiter ${at} of thread ${word(at + 4)} ${state}, outcome ${outcome}, ticket ${word(at + 16)}`;
  }

  function threadLine(number: number, record: ThreadRecord): string {
    const { state, generation, section, logLength, handValue, handWaiter, hand, line } = record;
    const where = section === 0 ? "no section" : `section ${names.get(section) ?? section}`;
    const stands = line === 0 ? "" : `, stands in line at ${names.get(line) ?? line}`;
    return (
      `thread ${number}: ${state}, generation ${generation}, ${where}, log ${logLength}, ` +
      `hands ${handValue} ${handWaiter} ${hand}${stands}`
    );
  }
}

function lock(word: number): string {
  if (word === 0) return "free";
  return `held by ${(word & 0x7fffffff) - 1}${word < 0 ? " (somebody sleeps)" : ""}`;
}
