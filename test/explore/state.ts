/**
 * The state of a run before a step, as a hash: equal states go on in equal ways.
 *
 * A state is the memory, and for each thread what its code can know: everything that it read since its call began, and what its calls returned before.
 * (The code of a call is a function of that, whatever is on its stack.) So two runs that lead to the same memory and have shown each thread the same are
 * explored once, however their steps were interleaved.
 *
 * It is computed from the trace after the run, one step at a time.
 */

import { type Entry, fair } from "./director.js";
import { RECORD, SLEEPS_A_WHILE } from "./instrument.js";
import { IS_LENGTH, IS_NAME, type Journals } from "./journals.js";
import type { Action } from "./schedule.js";
import { sleeps, type Trace } from "./trace.js";

const ACTIONS: readonly Action[] = ["run", "die", "cut", "timeout"];

const RUNNABLE = 1;
const PARKED = 2;
const ENDED = 3;
const DEAD = 4;

/** Words of a state: the memory's hash, the order of calls, the running thread, how often somebody slept, how many threads there are. */
const MEMORY = 0;
const ORDER = 2;
const RUNNING = 4;
const NAPS = 5;
const COUNT = 6;
const FIRST = 8;

/** Words of a thread. `seen`: what the call under way read; `past`: what earlier ones returned; `turn`: its place among sleepers; `duties`: whom it recovers. */
const LIFE = 0;
const SEEN = 1;
const PAST = 3;
const SLEEPS_AT = 5;
const TURN = 6;
const PATIENCE = 7;
const DUTIES = 8;
const YIELDS_TO = 9;
const THREAD_WORDS = 10;

/** Words of a journal (journals.ts): its name, its length or UNSET; the hash of the entries that count; of those that are written but do not count yet. */
const NAMED = 0;
const LENGTH = 1;
const LIVE = 2;
const PENDING = 4;
const JOURNAL_WORDS = 6;
const UNSET = -1;

/** What a program says of its journals is not so. */
export class JournalError extends Error {}

export class State {
  /** The last `hash`. */
  low = 0;
  high = 0;
  readonly words: Int32Array<ArrayBuffer>;

  /** Index of the first journal's words. */
  private readonly journalsAt: number;

  /** @param threads  how many there are at the beginning, or a state to copy; and at most, recoverers included */
  constructor(
    threads: number | State,
    private readonly most: number,
    private readonly journals: Journals,
  ) {
    this.journalsAt = at(most);
    if (typeof threads !== "number") {
      this.words = threads.words.slice();
      return;
    }
    this.words = new Int32Array(this.journalsAt + JOURNAL_WORDS * journals.count);
    this.words[COUNT] = threads;
    this.words[RUNNING] = -1;
    for (let thread = 0; thread < threads; thread++) this.words[at(thread) + LIFE] = RUNNABLE;
    for (let journal = 0; journal < journals.count; journal++) this.forgetJournal(journal);
  }

  copy(): State {
    return new State(this, this.most, this.journals);
  }

  /** Threads besides the running one that can go on, as a bit mask. */
  others(): number {
    const runnable = this.where((own) => this.words[own + LIFE] === RUNNABLE) & ~(1 << (this.words[RUNNING] as number));
    return fair(runnable, (thread) => this.words[at(thread) + YIELDS_TO] as number);
  }

  /** Sleepers whose sleep can run out, as a bit mask. */
  patient(): number {
    return this.where((own) => this.words[own + LIFE] === PARKED && this.words[own + PATIENCE] === SLEEPS_A_WHILE);
  }

  private where(holds: (own: number) => boolean): number {
    let mask = 0;
    for (let thread = 0; thread < (this.words[COUNT] as number); thread++) if (holds(at(thread))) mask |= 1 << thread;
    return mask;
  }

  /** What happened between steps. */
  enter({ action, thread, dead }: Entry): void {
    const { words } = this;
    const own = at(thread);
    if (action === "recover") {
      if (thread >= (words[COUNT] as number)) {
        words[COUNT] = thread + 1;
        words[own + LIFE] = RUNNABLE;
      }
      let duties = 0;
      for (const each of dead ?? []) duties = 16 * duties + each + 1;
      words[own + DUTIES] = duties;
    } else if (action === "die") {
      words[own + LIFE] = DEAD;
      words[RUNNING] = -1;
      this.forget(own);
    } else if (action === "cut") {
      mix(words, own + PAST, 0x0c07);
      this.forget(own);
    } else {
      if (action === "timeout") words[own + LIFE] = RUNNABLE;
      words[RUNNING] = thread;
      words[own + YIELDS_TO] = 0;
      for (let each = 0; each < (words[COUNT] as number); each++) {
        words[at(each) + YIELDS_TO] = (words[at(each) + YIELDS_TO] as number) & ~(1 << thread);
      }
    }
  }

  /** One step of the trace. @param ordered whether the order of calls of different threads matters */
  step(trace: Trace, record: number, ordered: boolean): void {
    const { words } = trace;
    const mine = this.words;
    const thread = words[record + RECORD.thread] as number;
    const own = at(thread);
    const { number, kind, bytes } = trace.siteOf(record);
    mine[RUNNING] = thread;
    // Where it is, too: a store that changes nothing is still to come, or not.
    mix(mine, own + SEEN, number);
    switch (kind) {
      case "load":
        this.read(trace, record, own, bytes);
        break;
      case "change":
        this.read(trace, record, own, bytes);
        this.written(trace, record, bytes);
        break;
      case "store":
      case "fill":
      case "copy":
        this.written(trace, record, bytes);
        break;
      case "wait":
        mix(mine, own + SEEN, words[record + RECORD.result] as number);
        if (sleeps(trace, record)) this.park(own, words[record + RECORD.address] as number);
        mine[own + PATIENCE] = words[record + RECORD.result] as number;
        break;
      case "woken":
        mix(mine, own + SEEN, words[record + RECORD.result] as number);
        break;
      case "notify": {
        const woken = words[record + RECORD.result] as number;
        mix(mine, own + SEEN, woken);
        this.wake(words[record + RECORD.address] as number, woken);
        break;
      }
      case "return":
        mix(mine, own + PAST, words[record + RECORD.after] as number);
        mix(mine, own + PAST, (words[record + RECORD.after + 1] as number) ^ (words[record + RECORD.result] as number));
        this.forget(own);
        if (ordered) mix(mine, ORDER, 2 * thread + 1);
        break;
      case "call":
        if (ordered) mix(mine, ORDER, 2 * thread);
        break;
      case "recovered":
        for (const journal of this.journals.ofThread(words[record + RECORD.result] as number))
          this.forgetJournal(journal);
        break;
      case "yield":
        mine[own + YIELDS_TO] = this.others();
        break;
      case "end":
        mine[own + LIFE] = ENDED;
        break;
    }
  }

  /**
   * Hashes the state, as it is when `thread` goes on in this way.
   *
   */
  hash(thread: number, action: Action): void {
    const { words } = this;
    const how = ACTIONS.indexOf(action);
    // What the call under way read does not matter when it ends here.
    const ends = action === "die" || action === "cut";
    let low =
      (words[MEMORY] as number) ^
      Math.imul(words[ORDER] as number, 0x2c1b3c6d) ^
      Math.imul(thread + 16 * how, 0x297a2d39);
    let high = (words[MEMORY + 1] as number) ^ Math.imul(words[ORDER + 1] as number, 0x7feb352d) ^ thread;
    for (let each = 0; each < (words[COUNT] as number); each++) {
      const own = at(each);
      const isLost = ends && each === thread;
      const life = words[own + LIFE] as number;
      low = stir(low, isLost ? 0 : (words[own + SEEN] as number), 0x85ebca6b);
      high = stir(high, isLost ? 0 : (words[own + SEEN + 1] as number), 0xc2b2ae35);
      low = stir(low, words[own + PAST] as number, 0x27d4eb2f);
      high = stir(high, words[own + PAST + 1] as number, 0x165667b1);
      const place = life === PARKED ? (words[own + SLEEPS_AT] as number) * 16 + this.turnOf(own) : 0;
      low = stir(low, life + 8 * place, 0xcc9e2d51);
      high = stir(
        high,
        (words[own + DUTIES] as number) ^ place ^ ((words[own + YIELDS_TO] as number) << 24),
        0x1b873593,
      );
    }
    for (let own = this.journalsAt; own < words.length; own += JOURNAL_WORDS) {
      if (words[own + NAMED] === 0) continue;
      low = stir(low, (words[own + LIVE] as number) + own, 0x85ebca6b);
      high = stir(high, (words[own + LIVE + 1] as number) ^ (words[own + LENGTH] as number), 0xc2b2ae35);
    }
    this.low = finish(low);
    this.high = finish(high);
  }

  /** What a thread's call read is of no consequence any more. */
  private forget(own: number): void {
    this.words[own + SEEN] = 0;
    this.words[own + SEEN + 1] = 0;
  }

  private read(trace: Trace, record: number, own: number, bytes: number): void {
    const { words } = trace;
    if (bytes > 8) {
      for (const word of trace.bulkOf(record).old) mix(this.words, own + SEEN, word);
      return;
    }
    this.readJournal(trace, record);
    mix(this.words, own + SEEN, words[record + RECORD.before] as number);
    if (trace.spanOf(record, bytes) === 2) mix(this.words, own + SEEN, words[record + RECORD.before + 1] as number);
  }

  private written(trace: Trace, record: number, bytes: number): void {
    const { words } = trace;
    const word = trace.wordOf(record);
    if (bytes === 0 || bytes > 8) {
      const { old, new: now } = trace.bulkOf(record);
      for (const [index, before] of old.entries()) this.replace(word + index, before, now[index] as number);
      return;
    }
    this.replace(word, words[record + RECORD.before] as number, words[record + RECORD.after] as number);
    if (trace.spanOf(record, bytes) === 2) {
      this.replace(word + 1, words[record + RECORD.before + 1] as number, words[record + RECORD.after + 1] as number);
    }
  }

  /** The memory's hash is a sum over the words that differ from the beginning, so that the order of writes does not matter. */
  private replace(word: number, before: number, now: number): void {
    if (this.journals.has(word) && this.writeJournal(word, now)) return;
    if (before === now) return;
    const { words } = this;
    const seed = Math.imul(word, 0x9e3779b1);
    words[MEMORY] = (words[MEMORY] as number) + finish(seed ^ now) - finish(seed ^ before);
    const other = Math.imul(word, 0x85ebca77) + 0x3c6ef372;
    words[MEMORY + 1] = (words[MEMORY + 1] as number) + finish(other ^ now) - finish(other ^ before);
  }

  /** @returns whether the word is left out of the memory's hash */
  private writeJournal(word: number, now: number): boolean {
    const { words } = this;
    const [journal, entry] = this.journals.find(word);
    const own = this.journalsAt + JOURNAL_WORDS * journal;
    const length = words[own + LENGTH] as number;
    if (entry === IS_NAME) {
      if (now === 0) this.forgetJournal(journal);
      words[own + NAMED] = now;
      return false;
    }
    if (entry === IS_LENGTH) {
      if (now === length + 1) {
        mix(words, own + LIVE, words[own + PENDING] as number);
        mix(words, own + LIVE, words[own + PENDING + 1] as number);
      } else if (now === 0) words.fill(0, own + LIVE, own + LIVE + 2);
      else if (now !== length)
        throw new JournalError(`expected the length of journal ${journal} to grow by one, got ${now} after ${length}`);
      if (now !== length) words.fill(0, own + PENDING, own + PENDING + 2);
      words[own + LENGTH] = now;
      return true;
    }
    if (entry > length)
      throw new JournalError(`expected entry ${length} of journal ${journal} to be written next, got ${entry}`);
    const hash = own + (entry === length ? PENDING : LIVE);
    mix(words, hash, word);
    mix(words, hash, now);
    return true;
  }

  private readJournal(trace: Trace, record: number): void {
    const word = trace.wordOf(record);
    if (!this.journals.has(word)) return;
    const [journal, entry] = this.journals.find(word);
    const own = this.journalsAt + JOURNAL_WORDS * journal;
    if (entry === IS_NAME) return;
    const length = this.words[own + LENGTH] as number;
    if (this.words[own + NAMED] !== 0 && length !== UNSET && entry < length) return;
    throw new JournalError(
      `expected nobody to read what does not count in journal ${journal}, got ${trace.siteOf(record).name}`,
    );
  }

  private forgetJournal(journal: number): void {
    const own = this.journalsAt + JOURNAL_WORDS * journal;
    this.words.fill(0, own, own + JOURNAL_WORDS);
    this.words[own + LENGTH] = UNSET;
  }

  private park(own: number, address: number): void {
    const { words } = this;
    words[own + LIFE] = PARKED;
    words[own + SLEEPS_AT] = address;
    words[own + TURN] = words[NAPS] as number;
    words[NAPS] = (words[NAPS] as number) + 1;
    words[RUNNING] = -1;
  }

  private wake(address: number, count: number): void {
    const { words } = this;
    for (let woken = 0; woken < count; woken++) {
      let first = -1;
      for (let own = FIRST; own < at(words[COUNT] as number); own += THREAD_WORDS) {
        if (words[own + LIFE] !== PARKED || words[own + SLEEPS_AT] !== address) continue;
        if (first < 0 || (words[own + TURN] as number) < (words[first + TURN] as number)) first = own;
      }
      words[first + LIFE] = RUNNABLE;
    }
  }

  /** How many sleep at the same address before it. */
  private turnOf(own: number): number {
    const { words } = this;
    let before = 0;
    for (let each = FIRST; each < at(words[COUNT] as number); each += THREAD_WORDS) {
      const isEarlier = words[each + LIFE] === PARKED && (words[each + TURN] as number) < (words[own + TURN] as number);
      if (isEarlier && words[each + SLEEPS_AT] === words[own + SLEEPS_AT]) before++;
    }
    return before;
  }
}

function at(thread: number): number {
  return FIRST + thread * THREAD_WORDS;
}

/** Adds a word to a sequence, two words of hash. Source: the body of MurmurHash3 (A. Appleby), two lanes with constants of their own. */
function mix(words: Int32Array, at: number, value: number): void {
  words[at] = stir(words[at] as number, value, 0xcc9e2d51);
  words[at + 1] = stir(words[at + 1] as number, value, 0x85ebca6b);
}

function stir(hash: number, value: number, factor: number): number {
  const key = Math.imul(value, factor);
  const mixed = hash ^ Math.imul((key << 15) | (key >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
