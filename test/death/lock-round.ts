/**
 * A round on a lock or one of its like: threads that use it, of which some die and are replaced; then the survivors come to their end, and everything is
 * accounted for. What that means stands at each kind below, and in lock-loads.ts for what the threads see themselves.
 *
 * Role: the thread that made the context, in any engine.
 */
import type { BoundedSemaphore, Condition, Counter, Handle, Heddle, Semaphore } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import { random } from "../tools/random.js";
import { Crew, type Engine } from "./crew.js";
import { Hold, STOP, Word } from "./ledger.js";
import { At, type LockName, type LockPlan, ONCES, PARTIES } from "./lock-loads.js";
import { patiently } from "./queue-round.js";
import { countDeaths, type Deaths } from "./report.js";

export interface LockRound extends LockPlan {
  /** The lock of a condition. */
  readonly monitor: "Lock" | "RLock";
  readonly loads: readonly string[];
  readonly deaths: number;
  /** Milliseconds of work within which a life ends. */
  readonly within: number;
  readonly seed: number;
}

export interface LockReport extends Deaths {
  /** Deaths of threads that held it, and how often a guard told of one. */
  readonly held: number;
  readonly told: number;
  readonly findings: readonly string[];
}

const OPERATIONS = 400;

const LOADS: Readonly<Record<LockName, readonly string[]>> = {
  Lock: ["exclude", "exclude", "exclude", "exclude"],
  RLock: ["exclude", "exclude", "exclude", "exclude"],
  Semaphore: ["permit", "permit", "permit", "permit"],
  BoundedSemaphore: ["permit", "permit", "permit", "permit"],
  Condition: ["fillRing", "emptyRing", "fillRing", "emptyRing"],
  Event: ["awaitEvent0", "awaitEvent1", "setEvents", "setEvents"],
  Barrier: ["meet", "meet", "meet", "meet"],
  ReadWriteLock: ["readAndWrite", "readAndWrite", "readAndWrite", "readAndWrite"],
  Once: ["runOnces", "runOnces", "runOnces", "runOnces"],
  Counter: ["count", "count", "count", "count"],
  "Every class": ["makeAndClose", "makeAndClose", "makeAndClose", "makeAndClose"],
};

/** A round of the plan that the seed says, for this type. */
export function drawLockRound(type: LockName, deaths: number, within: number, seed: number): LockRound {
  const next = random(seed);
  const permits = type.endsWith("Semaphore") ? 1 + Math.floor(next() * 3) : 1;
  // With one permit it is a lock, and can guard what a lock guards.
  const loads = type.endsWith("Semaphore") && permits === 1 ? LOADS.Lock : LOADS[type];
  return { type, permits, loads, monitor: next() < 0.5 ? "Lock" : "RLock", deaths, within, seed };
}

/** The object of a round, as the host has it. */
interface Subject {
  readonly handles: Readonly<Record<string, Handle>>;
  /** Called again and again once the threads are to stop: lets those go that wait. */
  letGo?(): void;
  /** Called when all that the dead held has come back, but while the object is still there: what it must be like. */
  check?(audit: Audit): void;
  close(): void;
}

export async function lockRound(
  library: Library,
  heddle: Heddle,
  engine: Engine,
  round: LockRound,
  onCrew: (crew: Crew) => void,
  memoryIsBack: (used: number) => Promise<void>,
): Promise<LockReport> {
  const used = heddle.info().memory.used;
  const subject = makeSubject(library, heddle, round);
  const withSubject = heddle.info().memory.used;
  const { loads, deaths, within } = round;
  const plan: LockPlan = { type: round.type, permits: round.permits };
  const crew = new Crew(heddle, engine, { deaths, within, operations: OPERATIONS }, random(round.seed), {
    handles: subject.handles,
    plan,
    loads,
    inside: loads.filter((load) => !NOTHING_INSIDE.includes(load)),
  });
  onCrew(crew);
  await crew.run();
  crew.ledger.common[STOP] = 1;
  let isOver = false;
  const ends = Promise.all(crew.lives.map(({ ended }) => ended)).then(() => {
    isOver = true;
  });
  while (!isOver) {
    await patiently(() => subject.letGo?.());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await ends;
  await memoryIsBack(withSubject);
  const audit = new Audit(crew);
  subject.check?.(audit);
  subject.close();
  await memoryIsBack(used);
  crew.examineAll();
  return { ...countDeaths(crew.lives), held: audit.held, told: audit.told, findings: crew.findings };
}

/** Loads without a place in the middle of an operation. */
const NOTHING_INSIDE = ["awaitEvent0", "awaitEvent1", "setEvents", "count", "makeAndClose"];

/** What the books say when it is over. */
class Audit {
  /** Lives that died while they held it for certain, and those that may have. */
  held = 0;
  told = 0;
  readonly common: Int32Array;

  constructor(readonly crew: Crew) {
    this.common = crew.ledger.common;
    this.told = crew.lives.reduce((sum, life) => sum + life.read(Word.TOLD), 0);
  }

  find(text: string): void {
    this.crew.findings.push(text);
  }

  found(life: number): number {
    return this.common[At.FOUND + life]!;
  }

  private sum(word: number): number {
    return this.crew.lives.reduce((sum, life) => sum + life.read(word), 0);
  }

  /**
   * Every death inside was found by exactly one who came after; nobody else was taken for dead. And the guards told of each death of a holder once,
   * unless the object does not tell.
   */
  deathsInside(tells: boolean): void {
    let perhaps = 0;
    for (const life of this.crew.lives) {
      const found = this.found(life.life);
      const hold = life.isDoomed ? life.read(Word.HOLD) : Hold.OUTSIDE;
      const isCertain = hold === Hold.HOLDING;
      const isPossible = hold === Hold.ACQUIRING || hold === Hold.RELEASING;
      if (isCertain) this.held++;
      if (isPossible) perhaps++;
      if (found > 1 || (found === 1 && !isCertain && !isPossible) || (found === 0 && isCertain)) {
        this.find(`life ${life.life}, ${life.ending.how}, was found dead inside ${found} times; its hold was ${hold}`);
      }
    }
    if (tells && (this.told < this.held || this.told > this.held + perhaps)) {
      this.find(`guards told of ${this.told} deaths, expected ${this.held} to ${this.held + perhaps}`);
    }
    if (!tells && this.told > 0) this.find(`guards told of ${this.told} deaths, expected nothing to be told`);
  }

  /** Like the threads do when they come in. */
  enter(abandoned: boolean): void {
    if (abandoned) this.told++;
    const inside = this.common[At.INSIDE]!;
    if (inside !== 0) this.common[At.FOUND + inside - 1]!++;
    else if (this.common[At.LEFT] !== this.common[At.RIGHT]) this.find("the last who was inside left something torn");
  }

  /** Items of a ring: none twice; one missing for each who died on the way from taking one to noting it. */
  ring(): void {
    let missing = 0;
    const left = this.common[At.TAIL]! - this.common[At.HEAD]!;
    const doubtful = this.crew.lives.filter((life) => life.read(Word.BEGUN) > life.read(Word.DONE)).length;
    for (const { life, ledger } of this.crew.lives) {
      for (let i = 0; i < ledger.read(Word.DONE); i++) {
        const taken = ledger.taken(life, i);
        if (taken > 1) this.find(`item ${i} of life ${life} was taken ${taken} times`);
        if (taken === 0) missing++;
      }
    }
    const dead = this.crew.lives.filter((life) => life.read(Word.ABOUT) > life.read(Word.GOT)).length;
    if (missing < left - doubtful || missing > left + dead) {
      this.find(`${missing} items were taken by nobody, ${left} are left, and ${dead} died on the way`);
    }
  }

  indexes(): void {
    const counts = Array.from({ length: PARTIES }, (_, i) => this.common[At.INDEXES + i]!);
    // Who dies between the barrier and its note has had an index.
    const most = this.crew.lives.filter(({ isDoomed }) => isDoomed).length;
    if (Math.max(...counts) - Math.min(...counts) > most)
      this.find(`indexes of the barrier were given ${counts} times`);
    if (Math.max(...counts) > this.common[At.ACTIONS]!)
      this.find(`more rounds than ${this.common[At.ACTIONS]} actions`);
  }

  onces(): void {
    let finished = 0;
    let counted = 0;
    for (let i = 0; i < ONCES; i++) if (this.common[At.FINISHED + i] !== 0) finished++;
    for (const life of this.crew.lives) {
      counted += life.read(Word.COUNT);
      // Its function came to an end and its thread died before the once knew: the next one ran it.
      if (this.found(life.life) > 0 && !life.isDoomed) this.find(`what life ${life.life} had done was done again`);
      if (this.found(life.life) > 1)
        this.find(`what life ${life.life} had done last was done ${this.found(life.life)} times`);
    }
    if (counted > finished) this.find(`${counted} functions were run for ${finished} onces`);
  }

  counter(value: number): void {
    const least = this.sum(Word.COUNT);
    const most = this.sum(Word.COUNT_ABOUT);
    if (value < least || value > most) this.find(`the counter says ${value}, expected ${least} to ${most}`);
  }

  permits(expected: number, found: number): void {
    if (found !== expected) this.find(`the semaphore has ${found} permits, expected ${expected}`);
  }
}

function makeSubject(library: Library, heddle: Heddle, round: LockRound): Subject {
  const { type, permits } = round;
  const options = { context: heddle };
  switch (type) {
    case "Lock":
    case "RLock": {
      const lock = new library[type](options);
      return {
        handles: { lock: lock.handle },
        check(audit) {
          const guard = lock.tryAcquire();
          if (guard === null) audit.find("the lock is held, and nobody is there");
          audit.enter(guard?.abandoned === true);
          audit.deathsInside(true);
          guard?.release();
        },
        close: () => lock.close(),
      };
    }
    case "Semaphore":
    case "BoundedSemaphore": {
      const semaphore: Semaphore | BoundedSemaphore = new library[type](permits, options);
      return {
        handles: { lock: semaphore.handle },
        check(audit) {
          audit.permits(permits, semaphore.value);
          if (permits > 1) return;
          audit.enter(false);
          audit.deathsInside(false);
        },
        close: () => semaphore.close(),
      };
    }
    case "Condition": {
      const lock = new library[round.monitor](options);
      const room: Condition = new library.Condition(lock);
      const items: Condition = new library.Condition(lock);
      let told = 0;
      const letGo = (): void => {
        const guard = lock.tryAcquire();
        if (guard === null) return;
        if (guard.abandoned) told++;
        try {
          room.notifyAll({ guard });
          items.notifyAll({ guard });
        } finally {
          guard.release();
        }
      };
      return {
        handles: { room: room.handle, items: items.handle },
        letGo,
        check(audit) {
          letGo();
          audit.told += told;
          audit.ring();
        },
        close: () => {
          for (const object of [room, items, lock]) object.close();
        },
      };
    }
    case "Event": {
      const events = [new library.Event(options), new library.Event(options)];
      return {
        handles: { event0: events[0]!.handle, event1: events[1]!.handle },
        letGo: () => {
          for (const event of events) event.set();
        },
        close: () => {
          for (const event of events) event.close();
        },
      };
    }
    case "Barrier": {
      const barrier = new library.Barrier(PARTIES, options);
      return {
        handles: { lock: barrier.handle },
        letGo: () => barrier.abort(),
        check: (audit) => audit.indexes(),
        close: () => barrier.close(),
      };
    }
    case "ReadWriteLock": {
      const lock = new library.ReadWriteLock(options);
      return {
        handles: { lock: lock.handle },
        check(audit) {
          const guard = lock.tryWrite();
          if (guard === null) audit.find("the lock is held, and nobody is there");
          audit.enter(guard?.abandoned === true);
          audit.deathsInside(true);
          guard?.release();
        },
        close: () => lock.close(),
      };
    }
    case "Once": {
      const onces = Array.from({ length: ONCES }, () => new library.Once(options));
      return {
        handles: Object.fromEntries(onces.map((once, i) => [i, once.handle])),
        check: (audit) => audit.onces(),
        close: () => {
          for (const once of onces) once.close();
        },
      };
    }
    case "Counter": {
      const counter: Counter = new library.Counter(0, options);
      return {
        handles: { lock: counter.handle },
        check: (audit) => audit.counter(counter.value),
        close: () => counter.close(),
      };
    }
    case "Every class":
      return { handles: {}, close: () => {} };
  }
}
