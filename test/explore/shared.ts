/**
 * Which words of memory more than one thread touches, one of them to change it: only there does it matter who comes first.
 *
 * Found out while exploring: the set grows with every run, and the explorer begins again until it grows no more. Two that can never run at the same time do not
 * share: a dead thread and whoever recovers it, one recoverer and the next.
 */

import type { Entry } from "./director.js";
import { RECORD } from "./instrument.js";
import { isSilent, type Site } from "./sites.js";
import type { Trace } from "./trace.js";

/** The role of whoever recovers thread n is RECOVERER + n; of thread n itself, n. */
const RECOVERER = 8;
const RECOVERERS = 0xff00;

export class Shared {
  /** Grows by one with every word that becomes shared. */
  size = 0;
  private readonly readers: Uint16Array<ArrayBuffer>;
  private readonly writers: Uint16Array<ArrayBuffer>;
  private readonly words: Uint8Array<ArrayBuffer>;
  private roles: number[] = [];

  /** @param threads  how many there are before anybody dies, 8 at most */
  constructor(
    bytes: number,
    private readonly threads: number,
  ) {
    if (threads > RECOVERER) throw new Error(`expected at most ${RECOVERER} threads, got ${threads}`);
    this.readers = new Uint16Array(bytes >> 2);
    this.writers = new Uint16Array(bytes >> 2);
    this.words = new Uint8Array(bytes >> 2);
  }

  /** Says whose recoverers a run has. Before `touch`. */
  begin(entries: readonly Entry[]): void {
    this.roles = Array.from({ length: this.threads }, (_, thread) => thread);
    for (const { action, thread, dead } of entries) {
      if (action === "recover") this.roles[thread] ??= RECOVERER + (dead?.findLast((each) => each < this.threads) ?? 0);
    }
  }

  /** Takes in one step. */
  touch(trace: Trace, record: number, site: Site): void {
    const count = span(trace, record, site);
    if (count === 0) return;
    const role = this.roles[trace.words[record + RECORD.thread] as number] as number;
    const first = trace.wordOf(record);
    if (first + count > this.words.length) {
      throw new Error(`expected accesses below ${4 * this.words.length}, got ${site.name} at ${4 * first}`);
    }
    for (let word = first; word < first + count; word++) this.note(word, role, site.kind !== "load");
    if (site.kind !== "copy") return;
    const { from } = trace.bulkOf(record);
    for (let word = from >>> 2; word < (from >>> 2) + count; word++) this.note(word, role, false);
  }

  /** Whether a step touches a shared word. */
  has(trace: Trace, record: number, site: Site): boolean {
    const count = span(trace, record, site);
    const first = trace.wordOf(record);
    for (let word = first; word < first + count; word++) if (this.words[word] === 1) return true;
    if (site.kind !== "copy") return false;
    const { from } = trace.bulkOf(record);
    return this.words.subarray(from >>> 2, (from >>> 2) + count).includes(1);
  }

  private note(word: number, role: number, isWrite: boolean): void {
    const bit = 1 << role;
    const mine = isWrite ? this.writers : this.readers;
    if (((mine[word] as number) & bit) !== 0) return;
    mine[word] = (mine[word] as number) | bit;
    if (this.words[word] === 1) return;
    const others = (this.writers[word] as number) | (isWrite ? (this.readers[word] as number) : 0);
    // A dead thread and its recoverer, and two recoverers, come one after the other.
    const never = role < RECOVERER ? bit << RECOVERER : RECOVERERS | (bit >> RECOVERER);
    if ((others & ~bit & ~never) === 0) return;
    this.words[word] = 1;
    this.size++;
  }
}

/** How many words a step touches, from the first on. */
function span(trace: Trace, record: number, { kind, bytes, name }: Site): number {
  if (isSilent(kind)) return 0;
  if (bytes === 0 || bytes > 8) return trace.bulkOf(record).old.length;
  const address = trace.words[record + RECORD.address] as number;
  if ((address & 3) + bytes > 8) throw new Error(`expected 8 bytes at a multiple of 4, got ${name} at ${address}`);
  return trace.spanOf(record, bytes);
}
