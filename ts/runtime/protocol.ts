/**
 * Every message between threads. Work itself does not travel by messages: it is claimed in shared memory.
 */
import type { Lifeline, LifelineMessage } from "../platform/types.js";

/** What every thread of a context receives first. */
export interface PartData {
  readonly memory: WebAssembly.Memory;
  readonly core: WebAssembly.Module;
  /** Address of the context in `memory`. */
  readonly base: number;
  /** The thread's number. */
  readonly number: number;
}

/** What a worker that computes integrals receives. */
export interface WorkerData extends PartData {
  readonly math: WebAssembly.Module;
}

export interface SupervisorData extends Omit<HandData, "number" | "main" | "first">, Omit<WorkerData, "number"> {
  /** Script of the workers, when it is not the one beside the library. */
  readonly workerUrl: string | undefined;
  /** Script of the workers for threads and pools, likewise. */
  readonly threadUrl: string | undefined;
  /** Flags of the program, which loaders of TypeScript and the like are given by. */
  readonly flags: readonly string[];
}

/** Worker -> its spawner. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  /** It has met an integrand in a module that came without bytes, so that no memory could bring it. */
  | { readonly kind: "want"; readonly kernel: number };

/** The answer. */
export interface ModuleMessage {
  readonly module: WebAssembly.Module;
}

/** What a worker for threads and pools receives first. */
export interface HandData extends PartData {
  /** Identity of the context. */
  readonly id: string;
  /** The thread that made it, to those it did not make. */
  readonly main: Ref;
  /** Of the first hand: its line to the workshop, which has not spawned it, and what it does first. */
  readonly first?: { readonly line: MessagePort; readonly duty: Duty };
}

/** A record in shared memory. */
export interface Ref {
  readonly address: number;
  readonly id: number;
}

/** What one worker does until it is free again. */
export type Duty =
  | { readonly kind: "thread"; readonly thread: Ref; readonly daemon: boolean }
  | { readonly kind: "pool"; readonly pool: Ref; readonly plan: PoolPlan };

/** What the workers of a pool have to know. */
export interface PoolPlan {
  /** Number of the definition that is run first, 0 when there is none; its arguments as a value. */
  readonly initializer: number;
  readonly tasks: number;
}

/** A thread that may have died, and its number have been given out again, when somebody asks. */
export interface Sender {
  readonly number: number;
  readonly generation: number;
}

/** A value that travels by message; or why it does not. */
export type Delivery = { readonly kind: "bring"; readonly id: string } & (
  | { readonly value: unknown; readonly transfer: Transferable[] }
  | { readonly reason: string }
);

/** What threads have to do with parcels. */
export type ParcelOrder =
  /** Belongs to a record, and is of no use when that is gone. */
  | (Delivery & { readonly owner: Ref & { readonly kind: number } })
  | { readonly kind: "claim"; readonly id: string; readonly sender: Sender }
  | { readonly kind: "giveUp"; readonly ids: readonly string[] };

/** So many workers for a duty. */
export interface HireOrder {
  readonly kind: "hire";
  readonly duty: Duty;
  readonly hands: number;
  readonly main: Ref;
}

/** What a thread may ask of the workshop. */
export type Order =
  | ParcelOrder
  | HireOrder
  /** A worker's task waits for another task of the same pool: a further worker takes its place. */
  | { readonly kind: "lend"; readonly number: number; readonly generation: number; readonly pool: number }
  /** Asks which threads keep the program alive. */
  | { readonly kind: "rollCall" }
  | EndOrder;

/** What guests may ask of it, too. */
export type EndOrder =
  /** Ends a worker by force, if it is still the one that is meant, and, where a thread is meant, still runs that. */
  | { readonly kind: "end"; readonly number: number; readonly generation: number; readonly thread?: number }
  /** Ends all workers of a pool by force. */
  | { readonly kind: "endPool"; readonly pool: Ref };

/** Workshop -> its worker. */
export type HandCommand = { readonly kind: "duty"; readonly duty: Duty } | { readonly kind: "stop" } | Delivery;

/** Worker -> workshop. */
export type HandMessage =
  | WorkerMessage
  /** It has come through its pool's initializer. */
  | { readonly kind: "fit" }
  | { readonly kind: "free" }
  | { readonly kind: "order"; readonly order: Order };

/** Host -> supervisor. */
export type CrewCommand =
  | { readonly kind: "grow"; readonly workers: number }
  /** The module of an integrand, for workers that want it. */
  | { readonly kind: "module"; readonly kernel: number; readonly module: WebAssembly.Module }
  | { readonly kind: "kill"; readonly number: number; readonly after: number }
  | WatchCommand
  | AdoptCommand
  /** The first hand of a supervisor before this one is gone. */
  | { readonly kind: "bury"; readonly number: number }
  | { readonly kind: "order"; readonly order: Order }
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

/** Have a hand that the host has spawned (crew/first-hand.ts). */
export interface AdoptCommand {
  readonly kind: "adopt";
  readonly number: number;
  /** What it has begun with. */
  readonly duty: Duty;
  readonly line: MessagePort;
  /** The word that has it ended, and the one that says at which address the host sleeps. */
  readonly end: Int32Array;
  readonly bed: Int32Array;
}

/** Supervisor -> host. */
export type CrewNews =
  | { readonly kind: "up" }
  | { readonly kind: "ready"; readonly number: number }
  | { readonly kind: "died"; readonly number: number }
  | { readonly kind: "left"; readonly share: number }
  | { readonly kind: "failed"; readonly reason: string }
  /** Threads that keep the program alive, and how many of the host's orders had come by then. */
  | { readonly kind: "lively"; readonly count: number; readonly heard: number }
  | Delivery
  | { readonly kind: "closed" };

/** Host -> guest. */
export type LineMessage = LifelineMessage | { readonly kind: "closed" };
