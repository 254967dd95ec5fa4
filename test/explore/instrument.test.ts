/** The instrumented module does what the module does, and the trace says what that was. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compile } from "../memory/module.js";
import { debugInfo } from "./debug-info.js";
import { type Mutation, RECORD } from "./instrument.js";
import { RETURN } from "./sites.js";
import { Subject } from "./subject.js";
import type { Toy } from "./toys.js";
import { NEVER, Trace } from "./trace.js";

const bytes = compile("explore-toy", "release");
const info = debugInfo("test/assembly/explore-toy.ts", bytes);
const subject = new Subject(bytes, info);

const TRACE = 65536;

/** An instance that is never interrupted. Sleepers are told that the time is up. */
function instance(mutation?: Mutation, from = subject) {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const trace = new Trace(memory, TRACE, subject.sites);
  trace.reset();
  trace.stop = NEVER;
  const log: string[] = [];
  const exports = new WebAssembly.Instance(from.target(mutation).module, {
    env: { memory },
    test: {
      trace: TRACE,
      thread: 5,
      pause: () => {
        log.push(`pause before ${trace.step}`);
        it.onPause();
      },
      wait: (address: number, expected: number, timeoutNs: bigint) => {
        log.push(`wait ${address} ${expected} ${timeoutNs}`);
        trace.words[address >> 2] = 1;
        return 2;
      },
      wake: (address: number, count: number) => log.push(`wake ${address} ${count}`),
      bulk: (to: number, from: number, count: number) => trace.beginBulk(to, from, count),
      bulkDone: () => trace.endBulk(),
      runaway: () => {
        throw new Error("runs away");
      },
    },
  }).exports as unknown as Toy;
  const steps = () =>
    Array.from({ length: trace.step }, (_, step) => {
      const record = trace.at(step);
      const { kind, atomic } = trace.siteOf(record);
      const word = (at: number) => trace.words[record + at] as number;
      return {
        kind,
        atomic,
        address: word(RECORD.address),
        before: word(RECORD.before),
        after: word(RECORD.after),
        thread: word(RECORD.thread),
        result: word(RECORD.result),
      };
    });
  const it = { exports, trace, log, steps, words: new Int32Array(memory.buffer), onPause: (): unknown => undefined };
  return it;
}

const mutated = (pattern: RegExp, change: Mutation["change"]) =>
  instance({ site: subject.site(pattern).number, change });

test("instrument: every kind of access does what it did", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as unknown as Toy;
  const { exports, words, steps } = instance();
  assert.is(exports.everyAccess(256), plain.everyAccess(256));
  assert.equal(words.slice(0, 1024), new Int32Array(memory.buffer.slice(0, 4096)));
  const kinds = new Set(steps().map(({ kind }) => kind));
  assert.equal([...kinds].sort(), ["change", "copy", "fill", "load", "store"]);
});

test("instrument: undoing the trace leaves nothing of every kind of access", () => {
  const { exports, words, trace } = instance();
  for (let word = 0; word < TRACE / 4; word++) words[word] = word * 7919;
  const before = words.slice(0, TRACE / 4);
  exports.everyAccess(256);
  assert.not.equal(words.slice(0, TRACE / 4), before);
  trace.undo();
  assert.equal(words.slice(0, TRACE / 4), before);
});

test("instrument: a step says where, what was there, what is there, and who", () => {
  const { exports, words, steps } = instance();
  words[16] = 41;
  assert.is(exports.addAtomically(64), 41);
  assert.equal(steps(), [{ kind: "change", atomic: true, address: 64, before: 41, after: 42, thread: 5, result: 0 }]);
});

test("instrument: a sleep is JavaScript's, a word that differs is not", () => {
  const { exports, steps, log } = instance();
  assert.is(exports.awaitFlag(64, 1000n), 2);
  assert.equal(log, ["wait 64 0 1000"]);
  assert.equal(
    steps().map(({ kind, result }) => `${kind} ${result}`),
    ["load 0", "wait -2", "woken 2", "load 0"],
  );
  const forEver = instance();
  forEver.exports.awaitFlag(64, -1n);
  assert.is(forEver.steps()[1]?.result, -1);
  forEver.exports.give(64);
  forEver.exports.raise(64);
  assert.equal(forEver.log, ["wait 64 0 -1", "wake 64 1"]);
});

test("instrument: stops where it is told to, once", () => {
  const { exports, trace, log } = instance();
  trace.stop = 2;
  exports.bumpBoth(64);
  assert.equal(log, ["pause before 2"]);
  assert.is(trace.step, 4);
});

test("instrument: a loop without steps is stopped", () => {
  assert.throws(() => instance().exports.spinForEver(1), /runs away/);
});

test("sites: are counted from 0, JavaScript's own first, and have names and lines of the source", () => {
  assert.ok(subject.sites.every(({ number }, index) => number === index));
  assert.is(subject.sites[RETURN]?.kind, "return");
  const { name, within } = subject.site(/\/giveUp\+\d+ i32.atomic.store/);
  assert.is(within, "test/assembly/explore-toy/giveUp");
  const line = readFileSync("test/assembly/explore-toy.ts", "utf8")
    .split("\n")
    .findIndex((text) => text.includes("if ((seen & 255) == owner)"));
  assert.ok(name.endsWith(`i32.atomic.store (test/assembly/explore-toy.ts:${line + 1})`), name);
  assert.throws(() => subject.site(/giveUp/), /expected one site like/);
});

test("sites: the names of another module are not believed", () => {
  assert.throws(() => debugInfo("test/assembly/liftoff.ts", bytes), /to compile to the code that is looked at/);
});

test("subject: replaces constants, and says when they are not there", () => {
  const constant = { within: "test/assembly/explore-toy/give", from: 256, to: 512 };
  const { exports, log, words } = instance(undefined, new Subject(bytes, info, [constant]));
  words[16] = 256;
  exports.give(64);
  words[16] = 512;
  exports.give(64);
  assert.equal(log, ["wake 64 1"], "once");
  assert.throws(() => new Subject(bytes, info, [{ ...constant, from: 257 }]), /expected a constant 257 in .*give/);
});

test("mutants: a store, a change, a notify are left out", () => {
  const store = mutated(/\/raise\+\d+ i32.atomic.store/, "removed");
  store.exports.raise(64);
  assert.is(store.words[16], 0);
  assert.equal(store.log, ["wake 64 1"]);
  const notify = mutated(/\/raise\+\d+ memory.atomic.notify/, "removed");
  notify.exports.raise(64);
  assert.is(notify.words[16], 1);
  assert.equal(notify.log, []);
  const change = mutated(/\/addAtomically\+/, "removed");
  change.words[16] = 5;
  assert.is(change.exports.addAtomically(64), 5);
  assert.is(change.words[16], 5);
});

test("mutants: a torn change has two steps, and does the same when nobody comes between", () => {
  const add = mutated(/\/addAtomically\+/, "torn");
  add.words[16] = 7;
  assert.is(add.exports.addAtomically(64), 7);
  const give = mutated(/\/give\+\d+ i32.atomic.rmw.xchg/, "torn");
  give.words[16] = 7;
  give.exports.give(64);
  const take = mutated(/\/take\+3 i32.atomic.rmw.cmpxchg/, "torn");
  take.exports.take(64, 3);
  assert.equal(
    [add, give, take].map(({ words }) => words[16]),
    [8, 0, 3],
  );
  for (const { steps } of [add, give, take])
    assert.equal(
      steps().map(({ kind }) => kind),
      ["change", "change"],
    );
});

test("mutants: a wait that does not look sleeps where the other sees another value", () => {
  const wait = mutated(/\/awaitFlag\+\d+ memory.atomic.wait32/, "unseen");
  for (const it of [instance(), wait]) {
    it.exports["host.store"](64, 0);
    // Between the look and the sleep.
    it.trace.stop = 2;
    it.onPause = () => (it.words[16] = 1);
    it.exports.awaitFlag(64, -1n);
  }
  assert.equal(wait.log, ["pause before 2", "wait 64 0 -1"]);
});

test("mutants: a branch goes one way", () => {
  const never = mutated(/\/awaitFlag\+\d+ if/, "never");
  assert.is(never.exports.awaitFlag(64, -1n), 1);
  assert.equal(never.log, []);
});

test.run();
