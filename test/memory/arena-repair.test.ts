/**
 * Histories in which threads die: against the model that needs no repair, where an alloc that was cut off never was and a free always
 * comes to its end. The dead are recovered as assembly/memory/README.md says, by threads that may die at it.
 */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARENA, ARENA_BYTES, chain, HEAD_BYTES } from "./chain.js";
import { sharedMemory } from "./module.js";
import { mortal } from "./mortal.js";

const RUNS = process.env.STRESS === "1" ? 20_000 : 300;

const BASE = 1024;
const TOTAL = 16_384;
const THREADS = 3;

/** The word that a thread calls its hand. */
const handOf = (thread: number) => 64 + 4 * thread;

/** One operation of a thread: before which of its stores it dies, if at all, and at which stores those die who recover it. */
interface Step {
  readonly thread: number;
  readonly what: { readonly alloc: number } | { readonly free: number };
  readonly death: number | null;
  readonly deaths: readonly number[];
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    thread: fc.nat({ max: THREADS - 1 }),
    what: fc.oneof(
      { weight: 4, arbitrary: fc.record({ alloc: fc.integer({ min: 0, max: 600 }) }) },
      { weight: 2, arbitrary: fc.record({ alloc: fc.integer({ min: 0, max: 6000 }) }) },
      { weight: 4, arbitrary: fc.record({ free: fc.nat() }) },
    ),
    death: fc.option(fc.nat({ max: 24 })),
    deaths: fc.array(fc.nat({ max: 120 }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 100, size: "max" },
);

interface Living {
  readonly address: number;
  readonly size: number;
  readonly pattern: number;
}

const memory = sharedMemory(1);
const words = new DataView(memory.buffer);
const bytes = new Uint8Array(memory.buffer);
const it = mortal(memory);

/** What whoever recovers a dead thread does: finishes what it was about; then frees, in its name, what it had not published yet. */
function recover(dead: number): void {
  it.exports.arenaRepair(BASE, dead, handOf(dead));
  const address = words.getUint32(handOf(dead), true);
  if (address !== 0) assert.is(it.exports.arenaFree(BASE, address, dead, 1, handOf(dead)), 0);
}

function follow(script: readonly Step[]): void {
  bytes.fill(0xa5);
  for (let thread = 0; thread < THREADS; thread++) words.setUint32(handOf(thread), 0, true);
  it.exports.arenaInit(BASE, BASE + ARENA_BYTES + TOTAL + HEAD_BYTES);
  const living: Living[] = [];

  const dies = ({ thread, death, deaths }: Step, work: () => void) => {
    if (!it.dies(death ?? Number.POSITIVE_INFINITY, work)) return false;
    for (const cut of deaths) it.dies(cut, () => recover(thread));
    recover(thread);
    return true;
  };

  const alloc = (step: Step, size: number, pattern: number) => {
    let address = 0;
    const died = dies(step, () => {
      address = it.exports.arenaAlloc(BASE, size, step.thread, 1, handOf(step.thread));
    });
    if (died || address === 0) return;
    assert.is(words.getUint32(handOf(step.thread), true), address);
    bytes.fill(pattern, address, address + size);
    living.push({ address, size, pattern });
    words.setUint32(handOf(step.thread), 0, true);
  };

  const free = (step: Step, { address, size, pattern }: Living) => {
    assert.ok(
      bytes.subarray(address, address + size).every((byte) => byte === pattern),
      "nobody wrote into it",
    );
    // The hand has it before anything else forgets it.
    words.setUint32(handOf(step.thread), address, true);
    dies(step, () => assert.is(it.exports.arenaFree(BASE, address, step.thread, 1, handOf(step.thread)), 0));
  };

  const check = () => {
    assert.is(it.exports.arenaCheck(BASE), 0);
    assert.is(words.getUint32(BASE + ARENA.lock, true), 0);
    for (let thread = 0; thread < THREADS; thread++) assert.is(words.getUint32(handOf(thread), true), 0);
    const used = chain(memory, BASE).filter(({ isFree }) => !isFree);
    assert.equal(
      used.map(({ address }) => address),
      living.map(({ address }) => address).toSorted((one, other) => one - other),
    );
  };

  for (const [index, step] of script.entries()) {
    if ("alloc" in step.what) alloc(step, step.what.alloc, index);
    else if (living.length > 0) free(step, living.splice(step.what.free % living.length, 1)[0] as Living);
    check();
  }
  const last: Step = { thread: 0, what: { free: 0 }, death: null, deaths: [] };
  while (living.length > 0) free(last, living.pop() as Living);
  check();
  assert.is(it.exports.arenaFreeBlocks(BASE), 1, "all in one block again");
  assert.is(it.exports.arenaLargestFree(BASE), TOTAL - HEAD_BYTES);
}

test("arena: histories with deaths at any store, and deaths of those who repair, end as if no thread had died", () => {
  fc.assert(fc.property(steps, follow), { numRuns: RUNS });
});

test.run();
