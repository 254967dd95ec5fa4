/**
 * The ledger: what each life wrote down about itself, in shared memory of its own, so that it can be read after its death.
 *
 * A life is one thread from its start to its end; a replacement is a new life. Each has a row of words, and a byte for each item that it may put: how
 * often somebody took that item. Before a step a life writes that it is about to take it, after the step that it has: whoever died in
 * between may have taken it or not, and nobody else may be uncertain.
 */

/** Items that one life can put. */
export const ITEMS = 2 ** 17;

/** Words of a row. */
export const Word = {
  /** One of `State`. */
  STATE: 0,
  /** Items whose put has begun, and those whose put has returned. */
  BEGUN: 1,
  DONE: 2,
  /** Items that it was about to get, and those that it has got and written down. */
  ABOUT: 3,
  GOT: 4,
  /** The same for `taskDone`. */
  TASKS_ABOUT: 5,
  TASKS: 6,
  /** Where it stands with a lock: one of `Hold`. */
  HOLD: 7,
  /** Whatever the load counts, done and begun: each load says what. */
  COUNT: 8,
  COUNT_ABOUT: 9,
  /** How often a guard told it that the holder before had died. */
  TOLD: 10,
  /** Operations that it has finished: what a report calls the load. */
  OPERATIONS: 11,
  /** Its thread's number in the context; 0 until it has one. */
  NUMBER: 12,
} as const;

const WORDS = 16;

export const State = {
  STARTING: 0,
  /** Attached, and waiting for its turn. */
  READY: 1,
  WORKING: 2,
  /** It came to its end by itself. */
  OVER: 3,
} as const;

export const Hold = {
  OUTSIDE: 0,
  ACQUIRING: 1,
  HOLDING: 2,
  RELEASING: 3,
} as const;

/** What all lives of a round share. */
export interface Books {
  readonly lives: number;
  readonly rows: SharedArrayBuffer;
  readonly takings: SharedArrayBuffer;
  /** Whether to stop, who is dead, and words for the load: what a lock guards. */
  readonly common: SharedArrayBuffer;
}

/** Index into `common`. */
export const STOP = 0;
/** From here on a word for each life: not 0 when it is dead for certain, or will be before the library takes it for dead. */
export const DEAD = 1024;
/** From here on words that a load may use. */
export const OWN = 2048;

export function openBooks(lives: number): Books {
  return {
    lives,
    rows: new SharedArrayBuffer(4 * WORDS * lives),
    takings: new SharedArrayBuffer(ITEMS * lives),
    common: new SharedArrayBuffer(4 * 4096),
  };
}

export class Ledger {
  readonly lives: number;
  readonly common: Int32Array;
  private readonly rows: Int32Array;
  private readonly takings: Uint8Array;

  /** @param life whose row `at` and its like mean */
  constructor(
    readonly books: Books,
    readonly life: number,
  ) {
    this.lives = books.lives;
    this.rows = new Int32Array(books.rows);
    this.takings = new Uint8Array(books.takings);
    this.common = new Int32Array(books.common);
  }

  get mustStop(): boolean {
    return Atomics.load(this.common, STOP) !== 0;
  }

  isDead(life: number): boolean {
    return Atomics.load(this.common, DEAD + life) !== 0;
  }

  read(word: number, life = this.life): number {
    return Atomics.load(this.rows, WORDS * life + word);
  }

  write(word: number, value: number): void {
    Atomics.store(this.rows, WORDS * this.life + word, value);
  }

  add(word: number, n = 1): void {
    this.write(word, this.read(word) + n);
  }

  /** The row, for a watchdog. */
  describe(): string {
    return Object.entries(Word)
      .map(([name, word]) => `${name} ${this.read(word)}`)
      .join(", ");
  }

  /** Notes that item `i` of a life was taken. */
  take(life: number, i: number): void {
    Atomics.add(this.takings, ITEMS * life + i, 1);
  }

  taken(life: number, i: number): number {
    return Atomics.load(this.takings, ITEMS * life + i);
  }

  /** Sleeps while this life's state is `state`. */
  sleepWhile(state: number): void {
    while (this.read(Word.STATE) === state) Atomics.wait(this.rows, WORDS * this.life + Word.STATE, state);
  }

  /** Sleeps some milliseconds: the way of a thread that has no event loop while it works. */
  pause(milliseconds: number): void {
    Atomics.wait(this.rows, WORDS * this.life + Word.STATE, State.WORKING, milliseconds);
  }

  wake(state: number): void {
    this.write(Word.STATE, state);
    Atomics.notify(this.rows, WORDS * this.life + Word.STATE);
  }
}
