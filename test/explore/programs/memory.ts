/** What programs over test/assembly/memory.ts share: the module, compiled once, with looks at a taken lock cut short. */
import type { MemoryExports } from "../../memory/module.js";
import { type HostExports, type Subject, testModule } from "../subject.js";

export type Memory = HostExports & { readonly [Name in keyof MemoryExports]: MemoryExports[Name] };

const LOCK = "assembly/sync/lock/lock";

/** Looks before a sleep, and of a page before it gives up: two are as good as hundreds to tell what can go wrong, and each is a step. */
const FEW_LOOKS = [
  { within: LOCK, from: 20, to: 1 },
  { within: LOCK, from: 1000, to: 2 },
];

let subject: Subject | undefined;

export function memoryModule(): Subject {
  subject ??= testModule("memory", FEW_LOOKS);
  return subject;
}

/** What `lock`, `arenaAlloc` and `arenaFree` answer a page's thread that cannot have the lock now. */
export const BUSY = 1;
