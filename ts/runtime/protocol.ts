/**
 * Every message between threads. Work itself does not travel by messages: it is claimed in shared memory.
 */

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
  | { readonly kind: "close" };

/** Supervisor -> host. */
export type CrewNews =
  | { readonly kind: "ready"; readonly number: number }
  | { readonly kind: "died"; readonly number: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };
