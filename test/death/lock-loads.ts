/**
 * What threads do with locks and their like until they are stopped, or dead. Each load keeps something in plain words of shared memory that comes out
 * wrong as soon as the object fails: two in a place for one, a wake-up that never comes, something that is told twice.
 */
import type { Condition, Counter, Event, Guard, Lock, RLock, Semaphore } from "../../ts/index.js";
import type { Load, Self } from "./inside.js";
import { Hold, ITEMS, OWN, Word } from "./ledger.js";
import { isCode } from "./queue-loads.js";

/** What a round is about. `Every class`: objects of all classes are made, used once, and closed. */
export const LOCKS = [
  "Lock",
  "RLock",
  "Semaphore",
  "BoundedSemaphore",
  "Condition",
  "Event",
  "Barrier",
  "ReadWriteLock",
  "Once",
  "Counter",
  "Every class",
] as const;
export type LockName = (typeof LOCKS)[number];

export interface LockPlan {
  readonly type: LockName;
  /** Of a semaphore. */
  readonly permits: number;
}

/** Words that a lock guards; plain, so that two who are inside at a time tear them. */
export const At = {
  /** Always the same number, but in the middle of a visit. */
  LEFT: OWN,
  RIGHT: OWN + 1,
  /** Life + 1 of who is inside. */
  INSIDE: OWN + 2,
  /** Calls of a barrier's action. */
  ACTIONS: OWN + 3,
  /** Ends of a ring of items, and the items. */
  HEAD: OWN + 4,
  TAIL: OWN + 5,
  RING: OWN + 16,
  /** Who has which of a semaphore's permits: life + 1. */
  PERMITS: OWN + 32,
  /** How often each index of a barrier was given. */
  INDEXES: OWN + 48,
  /** What each waiter has asked for, and what it was given: events. */
  ASKED: OWN + 56,
  GIVEN: OWN + 60,
  /** For each once: life + 1 of who finished it. */
  FINISHED: OWN + 64,
  /** For each life: how often somebody found that it had died inside. */
  FOUND: OWN + 1024,
} as const;

export const RING = 8;
export const ONCES = 300;
export const PARTIES = 3;

/** Milliseconds of a wait with a time-out. */
const SHORT = 2;

const STYLES = ["sync", "sync", "try", "timeout", "await", "abort"] as const;

type Style = (typeof STYLES)[number];

function styleOf(seed: number): Style {
  return STYLES[Math.abs(seed) % STYLES.length]!;
}

/** Something to acquire, in all the ways that there are. */
interface Doors {
  readonly sync: (options?: { timeout: number }) => Guard | null;
  readonly try: () => Guard | null;
  readonly async: (options?: { timeout?: number; signal?: AbortSignal }) => Promise<Guard | null>;
}

/** Acquires in the style of this life; null when it did not get it in time. */
async function enter({ order, random, ledger }: Self, doors: Doors): Promise<Guard | null> {
  switch (styleOf(order.seed)) {
    case "sync":
      return doors.sync();
    case "try": {
      const guard = doors.try();
      if (guard === null) ledger.pause(0.1);
      return guard;
    }
    case "timeout":
      return doors.sync({ timeout: random() * SHORT });
    case "await":
      return doors.async(random() < 0.5 ? undefined : { timeout: random() * SHORT });
    case "abort":
      try {
        return await doors.async({ signal: AbortSignal.timeout(Math.round(random() * SHORT)) });
      } catch (error) {
        if ((error as Error).name === "TimeoutError") return null;
        throw error;
      }
  }
}

/** Notes that life `inside - 1` died inside. */
function foundDead({ ledger }: Self, inside: number): void {
  Atomics.add(ledger.common, At.FOUND + inside - 1, 1);
}

/**
 * A visit to what only one may visit at a time.
 *
 * @param tells whether the guard tells of deaths
 */
function visit(self: Self, guard: Guard, tells: boolean, during: () => void = () => {}): void {
  const { ledger, order } = self;
  const { common } = ledger;
  const before = common[At.INSIDE]!;
  if (guard.abandoned) ledger.add(Word.TOLD);
  if (before !== 0) {
    foundDead(self, before);
    if (tells && !guard.abandoned) self.find(`came after life ${before - 1}, which is still inside, and was not told`);
    common[At.RIGHT] = common[At.LEFT]!;
  } else if (common[At.LEFT] !== common[At.RIGHT]) {
    self.find(`found ${common[At.LEFT]} and ${common[At.RIGHT]}, which nobody was changing`);
  }
  common[At.INSIDE] = order.life + 1;
  ledger.write(Word.HOLD, Hold.HOLDING);
  common[At.LEFT]!++;
  during();
  self.tickInside();
  if (common[At.INSIDE] !== order.life + 1) self.find(`life ${common[At.INSIDE]! - 1} is inside as well`);
  common[At.RIGHT]!++;
  ledger.write(Word.HOLD, Hold.RELEASING);
  common[At.INSIDE] = 0;
}

function lockDoors(lock: Lock | RLock | Semaphore): Doors {
  return {
    sync: (options) => lock.acquireSync(options),
    try: () => lock.tryAcquire(),
    async: (options) => lock.acquire(options),
  };
}

/** Goes in and out of what only one may be in: a Lock, an RLock, a semaphore of one permit. */
async function exclude(self: Self): Promise<void> {
  const { heddle, order, ledger, random } = self;
  const { type } = order.plan as LockPlan;
  const lock = heddle[type as "Lock"].from(order.handles.lock!);
  const isReentrant = type === "RLock" && styleOf(order.seed) === "sync";
  const doors = lockDoors(lock);
  while (!ledger.mustStop) {
    self.tick();
    ledger.write(Word.HOLD, Hold.ACQUIRING);
    const guard = await enter(self, doors);
    if (guard !== null) {
      const levels = isReentrant ? Math.floor(random() * 3) : 0;
      visit(self, guard, type === "Lock" || type === "RLock", () => {
        for (let i = 0; i < levels; i++) if (lock.acquireSync()?.abandoned !== false) self.find("re-entered otherwise");
      });
      for (let i = 0; i < levels; i++) lock.release();
      guard.release();
    }
    ledger.write(Word.HOLD, Hold.OUTSIDE);
  }
  if (order.life % 4 === 1) lock.close();
}

/** Takes one of several permits, and one of as many places. */
async function permit(self: Self): Promise<void> {
  const { heddle, order, ledger } = self;
  const { type, permits } = order.plan as LockPlan;
  const { common } = ledger;
  const semaphore = heddle[type as "Semaphore"].from(order.handles.lock!);
  const doors = lockDoors(semaphore);
  const places = Array.from({ length: permits }, (_, i) => At.PERMITS + i);
  /** A place that is free, or whose owner is dead: there must be one, at once or as soon as its end has got about. */
  const place = (): number => {
    for (const until = performance.now() + PATIENCE; performance.now() < until; ledger.pause(1)) {
      for (const at of places) if (Atomics.compareExchange(common, at, 0, order.life + 1) === 0) return at;
      for (const at of places) {
        const owner = Atomics.load(common, at);
        if (owner === 0 || !ledger.isDead(owner - 1)) continue;
        if (Atomics.compareExchange(common, at, owner, order.life + 1) === owner) return at;
      }
    }
    self.find(`more than ${permits} have a permit: ${places.map((at) => common[at]! - 1)}`);
    return places[0]!;
  };
  while (!ledger.mustStop) {
    self.tick();
    const guard = await enter(self, doors);
    if (guard === null) continue;
    const at = place();
    self.tickInside();
    if (Atomics.compareExchange(common, at, order.life + 1, 0) !== order.life + 1) {
      self.find("another has the place of this one");
    }
    guard.release();
  }
}

/** Milliseconds in which the end of a thread has got about: that of a browser's is told before it happens. */
const PATIENCE = 5000;

async function readAndWrite(self: Self): Promise<void> {
  const { heddle, order, ledger, random } = self;
  const { common } = ledger;
  const lock = heddle.ReadWriteLock.from(order.handles.lock!);
  const writing: Doors = {
    sync: (options) => lock.writeSync(options),
    try: () => lock.tryWrite(),
    async: (options) => lock.write(options),
  };
  const reading: Doors = {
    sync: (options) => lock.readSync(options),
    try: () => lock.tryRead(),
    async: (options) => lock.read(options),
  };
  while (!ledger.mustStop) {
    self.tick();
    if (random() < 0.3) {
      ledger.write(Word.HOLD, Hold.ACQUIRING);
      const guard = await enter(self, writing);
      // A reader may have been told before.
      if (guard !== null) {
        visit(self, guard, false);
        guard.release();
      }
      ledger.write(Word.HOLD, Hold.OUTSIDE);
      continue;
    }
    const guard = await enter(self, reading);
    if (guard === null) continue;
    if (guard.abandoned) ledger.add(Word.TOLD);
    const inside = common[At.INSIDE]!;
    const left = common[At.LEFT]!;
    self.tickInside();
    if (inside !== 0) {
      if (!(await isSoonDead(self, inside - 1))) self.find(`life ${inside - 1} writes while this one reads`);
    } else if (common[At.RIGHT] !== left || common[At.INSIDE] !== 0) {
      self.find(`read ${left} and ${common[At.RIGHT]}, with life ${common[At.INSIDE]! - 1} inside`);
    }
    guard.release();
  }
}

/** Whether a life is dead, as is told a moment after it is known to the library. */
async function isSoonDead({ ledger }: Self, life: number): Promise<boolean> {
  for (const until = performance.now() + PATIENCE; performance.now() < until; ledger.pause(1)) {
    if (ledger.isDead(life)) return true;
  }
  return false;
}

/** One end of a ring of items with a lock and two conditions: there is room, there is something. */
function conditionLoad(puts: boolean): Load {
  return async (self) => {
    const { heddle, order, ledger } = self;
    const { common } = ledger;
    const room = heddle.Condition.from(order.handles.room!);
    const items = heddle.Condition.from(order.handles.items!);
    // Both bring the same lock along.
    const mine: Condition = puts ? room : items;
    const theirs: Condition = puts ? items : room;
    const size = (): number => common[At.TAIL]! - common[At.HEAD]!;
    const isPossible = (): boolean => ledger.mustStop || (puts ? size() < RING : size() > 0);
    const isAsync = order.seed % 3 === 0;
    for (let i = 0; i < ITEMS && !ledger.mustStop; i++) {
      self.tick();
      ledger.write(Word.HOLD, Hold.ACQUIRING);
      const guard = isAsync ? await mine.acquire() : mine.acquireSync();
      if (guard === null) throw new Error("expected a guard: there was no time-out");
      if (isAsync) await mine.waitFor(isPossible, { guard });
      else mine.waitForSync(isPossible);
      if (guard.abandoned) {
        ledger.add(Word.TOLD);
        // Whoever died may have been about to notify.
        mine.notifyAll({ guard });
        theirs.notifyAll({ guard });
      }
      ledger.write(Word.HOLD, Hold.HOLDING);
      if (!ledger.mustStop) {
        if (puts) {
          ledger.write(Word.BEGUN, i + 1);
          common[At.RING + (common[At.TAIL]! % RING)] = order.life * ITEMS + i;
          common[At.TAIL]!++;
          ledger.write(Word.DONE, i + 1);
        } else {
          const id = common[At.RING + (common[At.HEAD]! % RING)]!;
          ledger.add(Word.ABOUT);
          common[At.HEAD]!++;
          ledger.take(Math.floor(id / ITEMS), id % ITEMS);
          ledger.add(Word.GOT);
        }
        if (size() < 0 || size() > RING) self.find(`there are ${size()} items where ${RING} have room`);
        self.tickInside();
        theirs.notify(1, { guard });
      }
      ledger.write(Word.HOLD, Hold.RELEASING);
      guard.release();
      ledger.write(Word.HOLD, Hold.OUTSIDE);
    }
  };
}

/** Asks for its event, and waits for it: each wait hangs on one `set` alone. */
function awaitEvent(which: number): Load {
  return async (self) => {
    const { heddle, order, ledger, random } = self;
    const event = heddle.Event.from(order.handles[`event${which}`]!);
    while (!ledger.mustStop) {
      self.tick();
      event.clear();
      Atomics.add(ledger.common, At.ASKED + which, 1);
      for (;;) {
        const timeout = random() < 0.3 ? random() * SHORT : null;
        if (order.seed % 3 === 0 ? await event.wait({ timeout }) : event.waitSync({ timeout })) break;
        if (timeout === null) self.find("waited without a limit of time, and was told that it was over");
      }
    }
  };
}

/** Sets the events that were asked for. */
function setEvents(self: Self): void {
  const { heddle, order, ledger } = self;
  const { common } = ledger;
  const events = [0, 1].map((which): Event => heddle.Event.from(order.handles[`event${which}`]!));
  while (!ledger.mustStop) {
    self.tick();
    let isIdle = true;
    events.forEach((event, which) => {
      const asked = Atomics.load(common, At.ASKED + which);
      if (Atomics.load(common, At.GIVEN + which) === asked) return;
      isIdle = false;
      event.set();
      // Only now: whoever dies before leaves it to the next.
      Atomics.store(common, At.GIVEN + which, asked);
    });
    if (isIdle) ledger.pause(0.05);
  }
}

/** Meets the others, round after round. */
async function meet(self: Self): Promise<void> {
  const { heddle, order, ledger, random } = self;
  const { common } = ledger;
  const barrier = heddle.Barrier.from(order.handles.lock!, {
    action: () => {
      self.tickInside();
      Atomics.add(common, At.ACTIONS, 1);
    },
  });
  const isAsync = order.seed % 3 === 0;
  while (!ledger.mustStop) {
    self.tick();
    const actions = Atomics.load(common, At.ACTIONS);
    try {
      const options = random() < 0.01 ? { timeout: random() * SHORT } : {};
      const index = isAsync ? await barrier.wait(options) : barrier.waitSync(options);
      Atomics.add(common, At.INDEXES + index, 1);
      if (Atomics.load(common, At.ACTIONS) === actions) self.find("passed the barrier before its action had run");
    } catch (error) {
      if (!isCode(error, "ERR_BROKEN_BARRIER")) throw error;
      if (barrier.broken && !ledger.mustStop) barrier.reset();
    }
  }
}

/** Goes through all onces; those that nobody has finished are run. */
async function runOnces(self: Self): Promise<void> {
  const { heddle, order, ledger } = self;
  const { common } = ledger;
  const isAsync = order.seed % 3 === 0;
  for (let i = 0; i < ONCES && !ledger.mustStop; i++) {
    self.tick();
    const once = heddle.Once.from(order.handles[i]!);
    const run = (): void => {
      // Work that takes a while: deaths are to fall here.
      ledger.pause(0.3);
      self.tickInside();
      const before = Atomics.exchange(common, At.FINISHED + i, order.life + 1);
      if (before !== 0) foundDead(self, before);
    };
    const mine = isAsync ? await once.call(run) : once.callSync(run);
    if (Atomics.load(common, At.FINISHED + i) === 0) self.find("a once is done that nobody has finished");
    if (!once.done) self.find("a once is not done although it was called");
    if (mine) ledger.add(Word.COUNT);
    once.close();
  }
  // All are done; who is to die by its own hand does so now.
  for (; !ledger.mustStop; ledger.pause(1)) {
    self.tick();
    self.tickInside();
  }
}

function count(self: Self): void {
  const { heddle, order, ledger, random } = self;
  const counter: Counter = heddle.Counter.from(order.handles.lock!);
  while (!ledger.mustStop) {
    self.tick();
    ledger.add(Word.COUNT_ABOUT);
    if (random() < 0.5) counter.add(1);
    else for (let seen = counter.value; !counter.compareExchange(seen, seen + 1); seen = counter.value);
    ledger.add(Word.COUNT);
  }
}

/** Makes one of each class, uses it, closes it. */
function makeAndClose(self: Self): void {
  const { heddle, ledger, random } = self;
  const kept: { close(): void }[] = [];
  while (!ledger.mustStop) {
    self.tick();
    const lock = new heddle.Lock();
    const queue = new heddle.PriorityQueue<string>();
    const condition = new heddle.Condition(lock);
    const objects = [
      queue,
      condition,
      lock,
      new heddle.RLock(),
      new heddle.Semaphore(2),
      new heddle.BoundedSemaphore(2),
      new heddle.Event(),
      new heddle.Barrier(2),
      new heddle.ReadWriteLock(),
      new heddle.Once(),
      new heddle.Counter(5),
    ];
    const again = heddle.PriorityQueue.from(queue.handle);
    queue.putNowait([1, "a text that has bytes of its own, more than there is room for in a cell"]);
    again.putNowait([0, "another"]);
    if (again.getNowait().toString() !== "0,another") self.find("got something else than what was put first");
    // Held by whoever dies here.
    lock.acquireSync();
    condition.notifyAll();
    if (random() < 0.3) kept.push(again, ...objects);
    else for (const object of [...objects, again]) object.close();
    while (kept.length > 50) kept.shift()!.close();
  }
}

export const lockLoads: Readonly<Record<string, Load>> = {
  exclude,
  permit,
  readAndWrite,
  fillRing: conditionLoad(true),
  emptyRing: conditionLoad(false),
  awaitEvent0: awaitEvent(0),
  awaitEvent1: awaitEvent(1),
  setEvents,
  meet,
  runOnces,
  count,
  makeAndClose,
};
