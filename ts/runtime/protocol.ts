/**
 * Every message between threads. Work itself does not travel by messages: it is claimed in shared memory.
 */
import type { Lifeline, LifelineMessage } from "../platform/types.js";

/** What a worker or supervisor receives first. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly core: WebAssembly.Module;
  readonly math: WebAssembly.Module;
  /** Address of the context in `memory`. */
  readonly base: number;
  /** The worker's thread number. */
  readonly number: number;
}

export interface SupervisorData extends Omit<WorkerData, "number"> {
  /** Script of the workers, when it is not the one beside the library. */
  readonly workerUrl: string | undefined;
}

/** Worker -> its spawner. */
export type WorkerMessage = { readonly kind: "ready" } | { readonly kind: "failed"; readonly reason: string };

/** Host -> supervisor. */
export type CrewCommand =
  | { readonly kind: "grow"; readonly workers: number }
  | { readonly kind: "kill"; readonly number: number; readonly after: number }
  | WatchCommand
  | { readonly kind: "close" };

/** Hear of the death of a thread that somebody else started, and bury it. */
export interface WatchCommand {
  readonly kind: "watch";
  /** Which share it came by: numbers are given out again, these are not. */
  readonly share: number;
  /** The thread's; 0: it gets one when its death will be heard. */
  readonly number: number;
  readonly line: Lifeline;
}

/** Supervisor -> host. */
export type CrewNews =
  | { readonly kind: "up" }
  | { readonly kind: "ready"; readonly number: number }
  | { readonly kind: "died"; readonly number: number }
  | { readonly kind: "left"; readonly share: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };

/** Host -> guest. */
export type LineMessage = LifelineMessage | { readonly kind: "closed" };
