/**
 * Which thread this is, which there are, and the objects that stand for them here.
 *
 * Source: CPython's `threading.current_thread`, `main_thread`, `enumerate`, `active_count`.
 * Role:   any thread that takes part in a context.
 */
import { Kind } from "../runtime/core-things.js";
import { defaultMember, type Member } from "../runtime/member.js";
import type { Ref } from "../runtime/protocol.js";
import { currentRef } from "../runtime/seat.js";
import type { Handle } from "../sync/thing.js";
import type { Thread } from "./thread.js";

/** Objects of this thread by the identity of what they stand for: there is one for each, as long as somebody has it. */
const objects = new Map<number, WeakRef<Thread>>();
const gone = new FinalizationRegistry<number>((identity) => {
  if (objects.get(identity)?.deref() === undefined) objects.delete(identity);
});

/** An object that stands for the thread with this identity. */
export function remember(thread: Thread, identity: number): void {
  objects.set(identity, new WeakRef(thread));
  gone.register(thread, identity);
}

export function known(identity: number): Thread | undefined {
  const thread = objects.get(identity)?.deref();
  return thread === undefined || thread.closed ? undefined : thread;
}

let names = 0;

/** The next name that nobody has said. Counted on each thread: a name identifies nothing. */
export function nextName(target: string): string {
  names++;
  return target === "" ? `Thread-${names}` : `Thread-${names} (${target})`;
}

/** Identity of the thread that runs here: of its record, 0 where it has none. */
export function currentIdentity(): number {
  return (currentRef() ?? defaultMember().workshop?.main())?.id ?? 0;
}

/** How threads are revived: said by thread.ts, which knows this file. */
let revive: (handle: Handle) => Thread;

export function provideThreads(from: (handle: Handle) => Thread): void {
  revive = from;
}

function handleOf(member: Member, { address, id }: Ref): Handle {
  return { heddle: member.id, type: "Thread", kind: Kind.THREAD, address, id };
}

/**
 * The thread that calls this.
 *
 * @returns always the same object on one thread. A Worker that was not started by Heddle and takes part by `attach` has none: null
 * @example
 *   currentThread().name   // "MainThread"
 */
export function currentThread(): Thread | null {
  const member = defaultMember();
  const ref = currentRef() ?? (member.number === 0 ? member.workshop?.main() : undefined);
  return ref === undefined ? null : revive(handleOf(member, ref));
}

/** The thread that made the context. */
export function mainThread(): Thread | null {
  const member = defaultMember();
  const ref = member.workshop?.main();
  return ref === undefined ? null : revive(handleOf(member, ref));
}

/** Bytes of an entry that the core writes: address and identity. */
const ENTRY = 8;

/** All threads that are alive, the main one among them, in the order of their starts. Python's `threading.enumerate`. */
export function enumerate(): Thread[] {
  const member = defaultMember();
  // So that the main thread has its record.
  member.workshop?.main();
  let room = 32;
  for (;;) {
    const target = member.call(() => member.core.valueTake(ENTRY * room)) >>> 0;
    try {
      member.settle(() => member.core.threadsList(target, room));
      const { count } = member;
      if (count <= room) return readList(member, target, count);
      room = 2 * count;
    } finally {
      member.core.valueDrop();
    }
  }
}

function readList(member: Member, at: number, count: number): Thread[] {
  const entries = member.words.slice(at >>> 2, (at + ENTRY * count) >>> 2);
  // Reviving takes blocks of its own.
  member.core.valueDrop();
  const threads: Thread[] = [];
  for (let i = 0; i < entries.length; i += 2) {
    try {
      threads.push(revive(handleOf(member, { address: entries[i]! >>> 0, id: entries[i + 1]! >>> 0 })));
    } catch {
      // Ended and forgotten since.
    }
  }
  return threads.filter((thread) => thread.isAlive).sort((a, b) => (a.ident ?? 0) - (b.ident ?? 0));
}

/** How many threads are alive, the main one included. */
export function activeCount(): number {
  return enumerate().length;
}
