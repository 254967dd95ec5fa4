/**
 * What a program is to the explorer: a few threads that call exports, and what must be true in the end.
 *
 * Everything that a thread's function does must follow from what its calls returned: no clocks, no random numbers, no awaiting of anything but the
 * thread's own methods, no variables that another thread writes. Then a list of choices repeats a run exactly, and two runs that read the same are one.
 */

import type { Site } from "./sites.js";

/** A module's exports as a program calls them. */
export type Exports = { readonly [Name in string]: (...args: never[]) => unknown };

type Value = number | bigint | undefined;

/** A thread's side of the explorer. Await each of these before the next. */
export interface Thread<E> {
  /** 0 and up in the order of `threads`; recoverers have the numbers behind. */
  readonly number: number;
  /**
   * Calls an export, which may be interleaved with the others' at each of its steps.
   *
   * A thread that dies never comes back from here. Rejects with what the export threw, or with `CutOff`.
   */
  call<Name extends keyof E & string>(
    name: Name,
    ...args: E[Name] extends (...args: infer Args) => unknown ? Args : never
  ): Promise<E[Name] extends (...args: never[]) => infer Result ? Result : never>;
  /** What `Atomics.waitAsync` does: sleeps while the word holds `expected`. `timeoutNs` below 0 is for ever. */
  sleep(address: number, expected: number, timeoutNs?: bigint): Promise<"ok" | "not-equal" | "timed-out">;
  /** Lets all others go first, as long as they can: for a loop that tries again later. */
  yield(): Promise<void>;
  /** Notes a fact for `check`. It stays when the thread dies. */
  log(fact: Value): void;
}

/** Thrown into a call when a living thread's operation is cut off, as by a trap or a stack overflow: its code is unwound, nothing is undone. */
export class CutOff extends Error {
  constructor() {
    super("the operation was cut off");
  }
}

/** How a thread ended. `asleep`: it sleeps, and nobody is left to wake it. */
export type Fate = "ended" | "dead" | "asleep";

/** One call, with the steps at which it began and ended. A call that never came back has no end. */
export interface PastCall {
  readonly thread: number;
  readonly name: string;
  readonly args: readonly Value[];
  begin: number;
  end?: number;
  value?: Value;
}

/** A run that is over. */
export interface End<E> {
  /** Of an instance on which nothing is interleaved. They may change the memory; what they may not is sleep. */
  readonly exports: E;
  readonly memory: DataView;
  readonly threads: readonly { readonly fate: Fate; readonly facts: readonly Value[] }[];
  /** Who died, recoverers too, in order (of two runs that differ in nothing else, one is made). */
  readonly deaths: readonly number[];
  readonly calls: readonly PastCall[];
}

/** Part of the memory under a name, for people: its address, or its first byte and the one beyond its last. */
export type Place = number | readonly [from: number, to: number];

/**
 * A record of what a thread is about to do, such as an undo log: which of its words count.
 *
 * What does not count is left out of states, so that old entries do not keep equal states apart; and whoever reads it is an error of the program.
 */
export interface Journal {
  /** The thread that writes it. When it is dead, and recovered, nothing of its journal counts any more. */
  readonly thread: number;
  /** Address of a word: while it is 0 neither the length nor any entry counts. */
  readonly named: number;
  /** Address of a word: that many entries count. It grows by one, or becomes 0. */
  readonly length: number;
  readonly entries: readonly [from: number, to: number];
  /** Bytes from one entry to the next. */
  readonly stride: number;
}

export interface Program<E> {
  readonly name: string;
  /** Bytes of memory that the program uses, from 0 on. Nothing beyond may be touched. */
  readonly bytes: number;
  /**
   * How often a run may depart from "each thread goes on until it sleeps or ends": a switch to another thread, a death, a cut and a timeout while others could go
   * on count one each. Whom to run when a thread sleeps or ends is free.
   */
  readonly bound: number;
  /** The bound under `npm test`, where the whole takes too long. Default: `bound`. */
  readonly quick?: number;
  /** Whether threads may die. Default: as `recover` is there. */
  readonly deaths?: boolean;
  /** Whether operations may be cut off. Default: false. */
  readonly cuts?: boolean;
  /** Whether the order in which calls of different threads begin and end matters to `check`. Costs. Default: false. */
  readonly ordered?: boolean;
  /** Steps after which a run counts as going on for ever. Default: 20,000. */
  readonly steps?: number;
  readonly places?: Readonly<Record<string, Place>>;
  readonly journals?: readonly Journal[];
  /** Stores that are there for what should never be: a run in which one of them changes something is wrong. */
  readonly idle?: (site: Site) => boolean;
  /** Words on which two threads may race with plain accesses, because any value will do. */
  readonly racy?: readonly Place[];

  /** Once, before all runs, on an instance of its own. Every run begins with the memory as it is afterwards. */
  setup(exports: E, memory: DataView): void;
  /** Says to the instance of thread `number` who it is. Once, after `setup`. */
  attach?(exports: E, number: number): void;
  readonly threads: readonly ((thread: Thread<E>) => Promise<void>)[];
  /**
   * Recovers thread `dead`: a further thread does this from the death on, one death after the other. If that thread dies as well, the next recovers it first, and
   * then again whom it had not finished with.
   *
   * @returns false when it could not be done yet: then it is tried again, after the other dead, when the living have gone on
   */
  recover?(thread: Thread<E>, dead: number): Promise<boolean>;
  /** Whether these threads may sleep for ever. Default: nobody. */
  mayEndAsleep?(threads: readonly number[]): boolean;
  /** Throws when the memory, or what the threads noted, is wrong. After runs that ended well in all other respects. */
  check(end: End<E>): void;
}
