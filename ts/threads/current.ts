/**
 * The objects that stand for threads here, and which thread this is.
 *
 * Role: any thread that takes part in a context.
 */
import { defaultMember } from "../runtime/member.js";
import { currentRef } from "../runtime/seat.js";
import type { Thing } from "../sync/thing.js";

/** Objects of this thread by the identity of what they stand for: there is one for each, as long as somebody has it. */
const objects = new Map<number, WeakRef<Thing>>();
const gone = new FinalizationRegistry<number>((identity) => {
  if (objects.get(identity)?.deref() === undefined) objects.delete(identity);
});

/** An object that stands for the thread with this identity. */
export function remember(thread: Thing, identity: number): void {
  objects.set(identity, new WeakRef(thread));
  gone.register(thread, identity);
}

export function known(identity: number): Thing | undefined {
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
