/**
 * A crew of threads under load of which some die: each slot has a thread at work, and the next one waiting, so that whoever dies is replaced at once.
 *
 * Role: the thread that made the context. It watches by its own means (the engine's), not by the library's.
 */
import type { Handle, Heddle, Share } from "../../ts/index.js";
import {
  FIRST_THREAD,
  HANDS,
  LOG_LENGTH,
  SECTION,
  stateWords,
  THREAD_BYTES,
  type ThreadRecord,
  threadRecord,
} from "../tools/state-words.js";
import { type Books, DEAD, Ledger, openBooks, State, Word } from "./ledger.js";
import type { Ending, Message, Order } from "./order.js";

/** A thread of the engine's. */
export interface Body {
  post(order: Order, transfer: readonly Transferable[]): void;
  /** Once, at the start. `onExit` comes when nothing of it runs any more, or will before the library counts it as dead. */
  listen(onMessage: (message: Message) => void, onError: (error: Error) => void, onExit: () => void): void;
  terminate(): void;
}

export interface Engine {
  /** Where the library is: what `import` takes in a thread. */
  readonly library: string;
  spawn(): Body;
  /** Ways to end other than by force. */
  readonly endings: readonly Ending["how"][];
}

/** One thread from start to end. */
export class Life {
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  isEnded = false;
  /** Whether it is to die, or has; else it comes to its end because it is done. */
  isDoomed = false;
  /** Its record after its end, before its number was another's. */
  record: ThreadRecord | undefined;
  private isReady = false;

  constructor(
    readonly name: string,
    readonly life: number,
    readonly share: Share,
    readonly seed: number,
    readonly ending: Ending,
    readonly ledger: Ledger,
    private readonly body: Body,
    find: (text: string) => void,
  ) {
    let becomeReady = (): void => {};
    this.ready = new Promise((resolve) => {
      becomeReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      body.listen(
        (message) => {
          if (message.kind === "ready") {
            this.isReady = true;
            becomeReady();
          } else if (message.kind === "finding") find(message.text);
        },
        (error) => {
          if (!this.isDoomed) find(`life ${life}, ${name}: ${error.stack ?? error}`);
        },
        () => {
          this.isEnded = true;
          Atomics.store(ledger.common, DEAD + life, 1);
          if (!this.isDoomed && this.read(Word.STATE) !== State.OVER) {
            find(`life ${life}, ${name}, ended for no reason`);
          }
          // Nobody waits for ever for a thread that died while it started.
          becomeReady();
          resolve();
        },
      );
    });
  }

  read(word: number): number {
    return this.ledger.read(word);
  }

  /** Its turn has come. */
  go(): void {
    this.ledger.wake(State.WORKING);
  }

  kill(): void {
    this.body.terminate();
  }

  /** Its thread's number; 0 when it died before it had one. */
  get number(): number {
    return this.read(Word.NUMBER);
  }

  /** Whether its section was one of the arena's: then it is named after one of its own hands. */
  get isInArena(): boolean {
    const { record, share, number } = this;
    const hands = share.base + FIRST_THREAD + THREAD_BYTES * number + HANDS;
    return record !== undefined && record.section >= hands && record.section < hands + 12;
  }

  get diedStarting(): boolean {
    return this.isEnded && !this.isReady;
  }
}

/** How a crew's members die. */
export interface Mortality {
  readonly deaths: number;
  /** Milliseconds of work in which a death from outside falls. */
  readonly within: number;
  /** Operations in which a death by its own hand falls. */
  readonly operations: number;
}

/** What a crew does. */
export interface Work {
  readonly handles: Readonly<Record<string, Handle>>;
  readonly plan: unknown;
  /** The load of each slot. */
  readonly loads: readonly string[];
  /** Loads whose threads have something that can die in the middle of an operation. */
  readonly inside: readonly string[];
}

/** How many of the deaths fall into the start of a thread, and in which milliseconds of it; how many are by its own hand. */
const STARTING = 0.08;
const STARTING_WITHIN = 60;
const BY_OWN_HAND = 0.25;
/** Of those by force: how many are aimed at a moment in which the victim is in a section, and for how many milliseconds that is waited for. */
const AIMED = 0.6;
const PATIENCE = 3;

export class Crew {
  readonly lives: Life[] = [];
  readonly findings: string[] = [];
  readonly books: Books;
  /** The host's own row. */
  readonly ledger: Ledger;
  private deaths: number;
  private base = 0;
  private readonly memory: ArrayBufferLike;

  constructor(
    private readonly heddle: Heddle,
    private readonly engine: Engine,
    private readonly mortality: Mortality,
    private readonly random: () => number,
    private readonly work: Work,
  ) {
    this.deaths = mortality.deaths;
    // The host has the first, each death one, and each slot one that lives on.
    this.books = openBooks(1 + mortality.deaths + work.loads.length);
    this.ledger = new Ledger(this.books, 0);
    this.memory = heddle.member.memory.buffer;
  }

  /** All threads' state, for a watchdog. */
  describe(): string {
    const lives = this.lives
      .filter((life) => !life.isEnded)
      .map(({ life, name, ledger }) => `life ${life}, ${name}: ${ledger.describe()}`);
    return [...this.findings, ...lives, stateWords(this.memory, this.base)].join("\n");
  }

  /** Works until all deaths have happened. @returns those that live on, slot by slot */
  async run(): Promise<Life[]> {
    return Promise.all(this.work.loads.map((load) => this.fill(load)));
  }

  private async fill(load: string): Promise<Life> {
    let next = this.spawn(load);
    for (;;) {
      const life = next;
      await life.ready;
      // Who had its number is dead for certain, and it has not changed anything yet.
      for (const other of this.lives) if (other !== life && other.number === life.number) this.examine(other);
      life.go();
      if (life.isDoomed) {
        next = this.spawn(load);
        await life.ended;
      } else if (this.deaths > 0) {
        this.doom(life);
        next = this.spawn(load);
        await this.killLater(life, this.random() * this.mortality.within);
        // Its successor need not wait for its end: the library must cope with both at a time.
        if (this.random() < 0.5) await life.ended;
      } else {
        return life;
      }
    }
  }

  private doom(life: Life): void {
    this.deaths--;
    life.isDoomed = true;
  }

  private async killLater(life: Life, milliseconds: number): Promise<void> {
    const isAimed = this.random() < AIMED;
    const withChanges = this.random() < 0.5;
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    if (isAimed) this.aim(life, withChanges);
    life.kill();
  }

  /** Looks until the victim is in a section. Between the last look and the death lie some microseconds, so it may have left it, or be in the next. */
  private aim({ number }: Life, withChanges: boolean): void {
    const record = (this.base + FIRST_THREAD + THREAD_BYTES * number) >>> 2;
    const word = record + ((withChanges ? LOG_LENGTH : SECTION) >>> 2);
    const section = record + (SECTION >>> 2);
    const { words } = this.heddle.member;
    for (const until = performance.now() + PATIENCE; performance.now() < until; ) {
      for (let i = 0; i < 1000; i++) if (Atomics.load(words, section) !== 0 && Atomics.load(words, word) !== 0) return;
    }
  }

  private spawn(load: string): Life {
    const { random } = this;
    const life = this.lives.length + 1;
    if (life >= this.books.lives) throw new Error(`expected at most ${this.books.lives - 1} lives`);
    const share = this.heddle.share();
    this.base = share.base;
    const ending = this.deaths > 0 && random() < BY_OWN_HAND ? this.ownHand(load) : BY_FORCE;
    const seed = Math.floor(random() * 2 ** 31);
    const body = this.engine.spawn();
    const ledger = new Ledger(this.books, life);
    const made = new Life(load, life, share, seed, ending, ledger, body, (text) => this.findings.push(text));
    this.lives.push(made);
    const { handles, plan } = this.work;
    const { library } = this.engine;
    body.post({ library, share, load, handles, plan, books: this.books, life, seed, ending }, share.transfer);
    if (ending !== BY_FORCE) {
      this.doom(made);
    } else if (this.deaths > 0 && random() < STARTING) {
      this.doom(made);
      void this.killLater(made, random() * STARTING_WITHIN);
    }
    return made;
  }

  private ownHand(load: string): Ending {
    const ways = this.engine.endings.filter((how) => how !== "inside" || this.work.inside.includes(load));
    const how = ways[Math.floor(this.random() * ways.length)] ?? "terminate";
    return how === "terminate" ? BY_FORCE : { how, after: 1 + Math.floor(this.random() * this.mortality.operations) };
  }

  private examine(life: Life): void {
    if (life.number !== 0) life.record ??= threadRecord(this.memory, this.base, life.number);
  }

  /** To be called when all have ended and all that they held has come back. */
  examineAll(): void {
    for (const life of this.lives) this.examine(life);
  }
}

const BY_FORCE: Ending = { how: "terminate" };
