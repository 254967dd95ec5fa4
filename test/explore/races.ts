/**
 * Data races: two accesses to the same bytes by two threads, one a write, one of them plain, with nothing between that orders them.
 *
 * Source: L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978); C. Flanagan, S. Freund, "FastTrack" (PLDI 2009).
 *
 * The explorer takes one step after the other, and real threads do not: plain accesses may be seen in another order. WebAssembly's memory model promises that
 * a program without data races cannot tell. So what is explored here is all there is, provided that no run has a race; and whether one has is seen in
 * any order of its steps, because it is about what is *not* between two accesses.
 *
 * Edges: an atomic read sees what its thread reads from had done before the write; whoever is woken sees what the waker had done; a recoverer sees all that the dead did.
 */

import type { Run } from "./director.js";
import { ONLY_READS, ONLY_WRITES, RECORD } from "./instrument.js";
import type { Place } from "./program.js";
import { isSilent, type Site } from "./sites.js";
import type { Trace } from "./trace.js";

/** Times go on from run to run, so that nothing has to be cleared; until there are too many. */
const LAST_TIME = 2 ** 31 - 2 ** 24;

const SEVERAL = 255;

export interface Race {
  readonly first: Site;
  readonly second: Site;
  readonly address: number;
  /** Step of the second. */
  readonly step: number;
}

export class Races {
  private time = 1;
  /** Row of a thread: the time up to which it has seen each thread. */
  private readonly clocks: Int32Array<ArrayBuffer>;
  /** Row of a word: what an atomic read of it sees; what whoever wakes up on it sees. */
  private readonly published: Int32Array<ArrayBuffer>;
  private readonly notified: Int32Array<ArrayBuffer>;
  /** Row of a word: when each thread last accessed it in this way, and which of its bytes, and where in the code. */
  private readonly accesses: Readonly<Record<"read" | "write" | "atomicRead" | "atomicWrite", Accesses>>;
  private readonly allowed: Uint8Array<ArrayBuffer>;
  /** The one thread that accessed a word in this run, or SEVERAL; true since `owned`. Most words have one, and need no comparison. */
  private readonly owner: Uint8Array<ArrayBuffer>;
  private readonly owned: Int32Array<ArrayBuffer>;
  private runStart = 0;

  /** @param threads  how many there can be, recoverers included */
  constructor(
    bytes: number,
    private readonly threads: number,
    racy: readonly Place[] = [],
  ) {
    const rows = (bytes >> 2) * threads;
    this.clocks = new Int32Array(threads * threads);
    this.published = new Int32Array(rows);
    this.notified = new Int32Array(rows);
    this.accesses = {
      read: new Accesses(rows),
      write: new Accesses(rows),
      atomicRead: new Accesses(rows),
      atomicWrite: new Accesses(rows),
    };
    this.allowed = new Uint8Array(bytes >> 2);
    this.owner = new Uint8Array(bytes >> 2);
    this.owned = new Int32Array(bytes >> 2);
    for (const place of racy) {
      const [from, to] = typeof place === "number" ? [place, place + 4] : place;
      this.allowed.fill(1, from >> 2, (to + 3) >> 2);
    }
  }

  /** The first race of a run, or null. */
  find(trace: Trace, run: Run): Race | null {
    this.begin();
    let entries = 0;
    for (let step = 0; step < run.steps; step++, this.time++) {
      for (; (run.entries[entries]?.step ?? step + 1) <= step; entries++) {
        const { action, thread, dead } = run.entries[entries] ?? {};
        if (action === "recover") for (const each of dead ?? []) this.join(thread as number, this.clocks, each);
      }
      const race = this.step(trace, step);
      if (race !== null) return race;
    }
    return null;
  }

  /** Whether any value of a word will do. */
  isAllowed(word: number): boolean {
    return this.allowed[word] === 1;
  }

  private begin(): void {
    if (this.time > LAST_TIME) {
      this.time = 1;
      this.published.fill(0);
      this.notified.fill(0);
      this.owned.fill(0);
      for (const each of Object.values(this.accesses)) each.times.fill(0);
    }
    this.runStart = this.time;
    // All threads have seen everything before.
    this.clocks.fill(this.time++);
  }

  private step(trace: Trace, step: number): Race | null {
    const record = trace.at(step);
    const site = trace.siteOf(record);
    const { kind, bytes, atomic } = site;
    const thread = trace.words[record + RECORD.thread] as number;
    this.clocks[thread * this.threads + thread] = this.time;
    if (isSilent(kind)) return null;
    const address = trace.words[record + RECORD.address] as number;
    const word = address >>> 2;
    if (kind === "woken") {
      if (trace.words[record + RECORD.result] === 0) this.join(thread, this.notified, word);
      return null;
    }
    if (kind === "notify") {
      this.note(this.notified, word, thread);
      return null;
    }
    const isBulk = bytes === 0 || bytes > 8;
    const length = isBulk ? 4 * trace.bulkOf(record).old.length : bytes;
    const writes =
      kind === "store" || kind === "fill" || kind === "copy" || (kind === "change" && !isIdle(trace, record, site));
    if (kind === "copy") {
      const race = this.access(trace, thread, trace.bulkOf(record).from, length, site, "read", step);
      if (race !== null) return race;
    }
    const how = atomic ? (writes ? "atomicWrite" : "atomicRead") : writes ? "write" : "read";
    const half = kind === "change" ? (trace.words[record + RECORD.result] as number) : 0;
    if (atomic && kind !== "store" && half !== ONLY_WRITES) this.join(thread, this.published, word);
    const race = this.access(trace, thread, address, length, site, how, step);
    if (atomic && writes) this.note(this.published, word, thread);
    return race;
  }

  /** Compares an access with those of the others that this thread has not seen, and notes it. */
  private access(
    trace: Trace,
    thread: number,
    address: number,
    bytes: number,
    site: Site,
    how: keyof Races["accesses"],
    step: number,
  ): Race | null {
    const { read, write, atomicRead, atomicWrite } = this.accesses;
    const against = {
      read: [write, atomicWrite],
      write: [read, write, atomicRead, atomicWrite],
      atomicRead: [write],
      atomicWrite: [read, write],
    }[how];
    const mine = this.accesses[how];
    for (let at = address & ~3; at < address + bytes; at += 4) {
      const row = (at >>> 2) * this.threads;
      const mask =
        (((1 << Math.min(4, address + bytes - at)) - 1) >> Math.max(0, address - at)) << Math.max(0, address - at);
      mine.note(row + thread, this.time, mask, site.number);
      if (this.isAlone(at >>> 2, thread) || this.allowed[at >>> 2] === 1) continue;
      for (const theirs of against) {
        for (let other = 0; other < this.threads; other++) {
          const when = theirs.times[row + other] as number;
          if (when <= (this.clocks[thread * this.threads + other] as number)) continue;
          if (((theirs.masks[row + other] as number) & mask) === 0) continue;
          return { first: trace.site(theirs.sites[row + other] as number), second: site, address: at, step };
        }
      }
    }
    return null;
  }

  private isAlone(word: number, thread: number): boolean {
    if ((this.owned[word] as number) < this.runStart) {
      this.owned[word] = this.time;
      this.owner[word] = thread;
    } else if (this.owner[word] !== thread) this.owner[word] = SEVERAL;
    return this.owner[word] === thread;
  }

  /** A thread sees what a row has. */
  private join(thread: number, rows: Int32Array, row: number): void {
    for (let other = 0; other < this.threads; other++) {
      const seen = rows[row * this.threads + other] as number;
      const own = thread * this.threads + other;
      if (seen > (this.clocks[own] as number)) this.clocks[own] = seen;
    }
  }

  /** A row has what a thread has seen, and nothing else. */
  private note(rows: Int32Array, word: number, thread: number): void {
    for (let other = 0; other < this.threads; other++) {
      rows[word * this.threads + other] = this.clocks[thread * this.threads + other] as number;
    }
  }
}

/** The last access of each thread to each word. */
class Accesses {
  readonly times: Int32Array<ArrayBuffer>;
  readonly masks: Uint8Array<ArrayBuffer>;
  readonly sites: Uint16Array<ArrayBuffer>;

  constructor(rows: number) {
    this.times = new Int32Array(rows);
    this.masks = new Uint8Array(rows);
    this.sites = new Uint16Array(rows);
  }

  note(at: number, time: number, mask: number, site: number): void {
    this.times[at] = time;
    this.masks[at] = mask;
    this.sites[at] = site;
  }
}

/** Whether a compare-exchange found something else than it expected, or what it wanted to write: then it only reads. */
function isIdle(trace: Trace, record: number, { opcode }: Site): boolean {
  const { words } = trace;
  if (words[record + RECORD.result] === ONLY_READS) return true;
  if (!opcode.includes("cmpxchg")) return false;
  return (
    words[record + RECORD.before] === words[record + RECORD.after] &&
    words[record + RECORD.before + 1] === words[record + RECORD.after + 1]
  );
}

export function describeRace({ first, second, address, step }: Race): string {
  return `a data race at ${address}, step ${step}: ${first.name} and ${second.name}`;
}
