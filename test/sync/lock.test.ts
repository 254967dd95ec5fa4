/** The lock: one thread at a time, nobody left asleep, and a page's thread that never sleeps. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { instrument } from "../memory/instrument.js";
import { compile, instantiate, runThreads, sharedMemory } from "../memory/module.js";
import { watchdog } from "../tools/watchdog.js";

const TIMES = process.env.STRESS === "1" ? 3_000_000 : 100_000;

const TAKEN = 0;
const BUSY = 1;
const OWNED = 2;
const CONTENDED = -(2 ** 31);
const WORD = 64;

const bytes = compile("memory", "release");
const module = new WebAssembly.Module(bytes);
const instrumented = await instrument(bytes);

/** A lock whose sleeps and wakes are the test's own functions, all on this thread. */
function scripted() {
  const memory = sharedMemory(1);
  const words = new Int32Array(memory.buffer);
  const log: string[] = [];
  const script = { onWait: (): void => {} };
  const exports = instantiate(instrumented, memory, {
    step: () => {},
    wake: (_ptr: number, count: number) => {
      log.push(`wake ${count}`);
      return 0;
    },
    wait: (ptr: number, expected: number) => {
      script.onWait();
      const sleeps = words[ptr >> 2] === expected;
      log.push(sleeps ? "sleeps" : "not equal");
      // Woken at once: what happens during the sleep is what `onWait` does on the next round.
      return sleeps ? 0 : 1;
    },
  });
  return {
    ...exports,
    log,
    script,
    word: () => words[WORD / 4] as number,
    set: (value: number) => (words[WORD / 4] = value),
  };
}

test("lock: smoke, the word says who holds it, thread 0 too", () => {
  const { tryLock, lock, unlock, lockOwner, word, log } = scripted();
  assert.is(lockOwner(WORD), -1);
  for (const owner of [0, 1, 255, 2 ** 31 - 2]) {
    assert.is(tryLock(WORD, owner), 1);
    assert.is(word(), owner + 1);
    assert.is(lockOwner(WORD), owner);
    assert.is(tryLock(WORD, 7), 0);
    unlock(WORD, owner);
    assert.is(word(), 0);
    assert.is(lock(WORD, owner, 1), TAKEN);
    unlock(WORD, owner);
  }
  assert.equal(log, [], "without contention nobody sleeps and nobody is woken");
});

test("lock: on a page's thread gives up without a sleep and without a trace", () => {
  const { tryLock, lock, lockOwner, word, log } = scripted();
  tryLock(WORD, 5);
  assert.is(lock(WORD, 6, 0), BUSY);
  assert.equal(log, []);
  assert.is(word(), 6, "thread 5's number plus one, not marked as contended");
  assert.is(lockOwner(WORD), 5);
});

test("lock: a thread that was cut off while holding it is told so, and does not wait for itself", () => {
  const { tryLock, lock, log, set, lockOwner } = scripted();
  tryLock(WORD, 5);
  assert.is(lock(WORD, 5, 1), OWNED);
  assert.is(lock(WORD, 5, 0), OWNED);
  set(6 | CONTENDED);
  assert.is(lock(WORD, 5, 1), OWNED);
  assert.is(lockOwner(WORD), 5);
  assert.equal(log, []);
});

test("lock: no lost wakeup, whoever slept leaves the contended bit for others who sleep", () => {
  const { tryLock, lock, unlock, log, script, word } = scripted();
  tryLock(WORD, 1);
  script.onWait = () => {
    // Thread 2 sleeps (thread 3 may, too); now thread 1 gives up the lock.
    assert.is(word(), 2 | CONTENDED);
    unlock(WORD, 1);
  };
  assert.is(lock(WORD, 2, 1), TAKEN);
  assert.equal(log, ["wake 1", "not equal"]);
  assert.is(word(), 3 | CONTENDED);
  unlock(WORD, 2);
  assert.equal(log.slice(2), ["wake 1"], "thread 3 gets its wake, although thread 2 knows nothing of it");
});

test("lock: no lost wakeup, a new holder between the mark and the sleep", () => {
  const { tryLock, lock, unlock, log, script, word } = scripted();
  tryLock(WORD, 1);
  let waits = 0;
  script.onWait = () => {
    if (++waits === 1) {
      unlock(WORD, 1);
      tryLock(WORD, 3);
    } else {
      assert.is(word(), 4 | CONTENDED, "thread 3's word is marked before thread 2 sleeps on it");
      unlock(WORD, 3);
    }
  };
  assert.is(lock(WORD, 2, 1), TAKEN);
  assert.equal(log, ["wake 1", "not equal", "wake 1", "not equal"]);
});

/**
 * Two plain counters 64 bytes apart, bumped under the lock: `tear` in test/assembly/memory.ts traps when they differ.
 */
async function torn(flavours: readonly (0 | 1)[]): Promise<void> {
  const memory = sharedMemory(1);
  const words = new Int32Array(memory.buffer);
  const dog = watchdog(
    60,
    () => `lock ${words[16]}, counters ${words[32]} and ${words[48]} of ${flavours.length * TIMES}`,
  );
  await runThreads(
    module,
    memory,
    flavours.map((canBlock, owner) => ["tear", WORD, owner, TIMES, canBlock] as const),
  );
  dog.clear();
  assert.is(words[32], flavours.length * TIMES);
  assert.is(words[48], flavours.length * TIMES);
  assert.is(words[16], 0);
}

test("lock: contended, three threads tear no counter", () => torn([1, 1, 1]));

test("lock: contended, nor do two that sleep and one that may not", () => torn([0, 1, 1]));

test.run();
