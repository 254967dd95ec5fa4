/**
 * The trace: what every step did, as the instrumented modules write it behind the program's memory (instrument.ts has the drawing).
 *
 * A step's words before and after its access are exact, because nobody else runs in between: from them the memory can be undone, hashed and shown.
 */
import { PATIENCE, RECORD, RECORD_SHIFT, RECORDS, STEP, STOP } from "./instrument.js";
import type { Site } from "./sites.js";

/** Many bytes that were written, or read, at one step. */
export interface Bulk {
  readonly to: number;
  readonly from: number;
  /** Of the words that hold the bytes: before and after. Of a read both are the same. */
  readonly old: Int32Array;
  new: Int32Array;
}

const RECORD_WORDS = 2 ** (RECORD_SHIFT - 2);

/** Rounds of a loop in one run. The longest loops that are meant to end are walks over lists. */
const MOST_ROUNDS = 1_000_000;

/** Never: no run comes so far. */
export const NEVER = 2 ** 31 - 1;

export class Trace {
  readonly words: Int32Array;
  readonly bulks: Bulk[] = [];
  private readonly control: number;
  private readonly first: number;

  /**
   * @param memory  the program's, then the trace
   * @param start   address of the trace: a multiple of the page's size
   */
  constructor(
    memory: WebAssembly.Memory,
    readonly start: number,
    private readonly sites: readonly Site[],
  ) {
    this.words = new Int32Array(memory.buffer);
    this.control = start >> 2;
    this.first = (start + RECORDS) >> 2;
  }

  /** Bytes for a trace of so many steps. */
  static bytes(steps: number): number {
    return RECORDS + steps * 4 * RECORD_WORDS;
  }

  /** Number of the next step. */
  get step(): number {
    return this.words[this.control + STEP / 4] as number;
  }

  get stop(): number {
    return this.words[this.control + STOP / 4] as number;
  }

  set stop(step: number) {
    this.words[this.control + STOP / 4] = step;
  }

  reset(): void {
    this.words[this.control + STEP / 4] = 0;
    this.words[this.control + PATIENCE / 4] = MOST_ROUNDS;
    this.bulks.length = 0;
  }

  /** Writes a step of JavaScript. */
  write(site: number, thread: number, address: number, result: number, low = 0, high = 0): void {
    const record = this.at(this.step);
    const window = address >> 2;
    this.words[record + RECORD.site] = site;
    this.words[record + RECORD.address] = address;
    this.words[record + RECORD.before] = this.words[window] as number;
    this.words[record + RECORD.before + 1] = this.words[window + 1] as number;
    this.words[record + RECORD.after] = low;
    this.words[record + RECORD.after + 1] = high;
    this.words[record + RECORD.thread] = thread;
    this.words[record + RECORD.result] = result;
    this.words[this.control + STEP / 4] = this.step + 1;
  }

  /** Index, in `words`, of the record of a step. */
  at(step: number): number {
    return this.first + step * RECORD_WORDS;
  }

  siteOf(record: number): Site {
    return this.sites[this.words[record + RECORD.site] as number] as Site;
  }

  site(number: number): Site {
    return this.sites[number] as Site;
  }

  /** Index of the first word touched. */
  wordOf(record: number): number {
    return (this.words[record + RECORD.address] as number) >>> 2;
  }

  /** How many words of the record's two the access touches. */
  spanOf(record: number, bytes: number): 1 | 2 {
    return ((this.words[record + RECORD.address] as number) & 3) + bytes > 4 ? 2 : 1;
  }

  bulkOf(record: number): Bulk {
    return this.bulks[this.words[record + RECORD.result] as number] as Bulk;
  }

  /** Begins a bulk at the step that was just written. */
  beginBulk(to: number, from: number, bytes: number): void {
    this.words[this.at(this.step - 1) + RECORD.result] = this.bulks.length;
    this.bulks.push({ to, from, old: this.copyOf(to, bytes), new: NONE });
  }

  endBulk(): void {
    const bulk = this.bulks.at(-1);
    if (bulk === undefined) throw new Error("expected a bulk that has begun");
    bulk.new = this.words.slice(bulk.to >>> 2, (bulk.to >>> 2) + bulk.old.length);
  }

  private copyOf(to: number, bytes: number): Int32Array {
    return this.words.slice(to >>> 2, (to + bytes + 3) >>> 2);
  }

  /** Takes back everything that was written at the steps so far. */
  undo(): void {
    const { words } = this;
    for (let step = this.step - 1; step >= 0; step--) {
      const record = this.at(step);
      const { kind, bytes } = this.siteOf(record);
      if (kind !== "store" && kind !== "change" && kind !== "fill" && kind !== "copy") continue;
      const word = this.wordOf(record);
      if (bytes === 0 || bytes > 8) words.set(this.bulkOf(record).old, word);
      else {
        words[word] = words[record + RECORD.before] as number;
        if (this.spanOf(record, bytes) === 2) words[word + 1] = words[record + RECORD.before + 1] as number;
      }
    }
  }
}

const NONE = new Int32Array(0);

/** Whether the wait of a record went to sleep. */
export function sleeps(trace: Trace, record: number): boolean {
  return (trace.words[record + RECORD.result] as number) < 0;
}

/** Whether a step on at most 8 bytes left other bytes than it found. */
export function isChange({ words }: Trace, record: number): boolean {
  if (words[record + RECORD.before] !== words[record + RECORD.after]) return true;
  return words[record + RECORD.before + 1] !== words[record + RECORD.after + 1];
}
