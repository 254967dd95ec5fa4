/**
 * Which thread this is, and which there are.
 *
 * Source: CPython's `threading.current_thread`, `main_thread`, `enumerate`, `active_count`.
 * Role:   any thread that takes part in a context.
 */
import { defaultMember, type Member } from "../runtime/core/member.js";
import { refHere } from "./current.js";
import { handleOfThread, Thread } from "./thread.js";

/**
 * The thread that calls this.
 *
 * @returns always the same object on one thread. A Worker that was not started by Heddle and takes part by `attach` has none: null
 * @example
 *   currentThread()?.name   // "MainThread"
 */
export function currentThread(): Thread | null {
  const member = defaultMember();
  const ref = refHere(member);
  return ref === undefined ? null : Thread.from(handleOfThread(member, ref));
}

/** The thread that made the context. */
export function mainThread(): Thread | null {
  const member = defaultMember();
  const ref = member.workshop?.main();
  return ref === undefined ? null : Thread.from(handleOfThread(member, ref));
}

/** Bytes of an entry that the core writes: address and identity. */
const ENTRY = 8;

/** All threads that are alive, the main one among them, in the order of their starts. Python's `threading.enumerate`. */
export function enumerate(): Thread[] {
  const member = defaultMember();
  // So that the main thread has its record.
  member.workshop?.main();
  const entries = entriesOf(member);
  const threads: Thread[] = [];
  for (let i = 0; i < entries.length; i += 2) {
    try {
      threads.push(Thread.from(handleOfThread(member, { address: entries[i]! >>> 0, id: entries[i + 1]! >>> 0 })));
    } catch {
      // Ended and forgotten since.
    }
  }
  return threads.filter((thread) => thread.isAlive).sort((a, b) => (a.ident ?? 0) - (b.ident ?? 0));
}

/** Addresses and identities, in memory of our own: whoever revives threads needs the hand that they came in. */
function entriesOf(member: Member): Int32Array {
  const { core } = member;
  for (let room = 32; ; room = 2 * member.count) {
    const target = member.address(() => core.valueTake(ENTRY * room));
    try {
      member.settle(() => core.threadsList(target, room));
      if (member.count <= room) return member.words.slice(target >>> 2, (target + ENTRY * member.count) >>> 2);
    } finally {
      core.valueDrop();
    }
  }
}

/** How many threads are alive, the main one included. */
export function activeCount(): number {
  return enumerate().length;
}
