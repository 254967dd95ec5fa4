/**
 * What Heddle needs of the place it runs in. `node.ts` and `browser.ts` are the only files that know where they are.
 * `package.json` ("imports", "#platform") chooses between them; code does not ask.
 */

/** A worker that was spawned, as its spawner sees it. */
export interface SpawnedWorker {
  post(message: unknown, transfer?: Transferable[]): void;
  /** Lets it keep the process alive, or not. A no-op on pages. */
  ref(): void;
  unref(): void;
  /** Ends it by force. `onDeath` tells when it is over. */
  terminate(): void;
}

/** Scripts: workers that compute integrals, the thread that watches, workers that run the user's functions. */
export type Role = "worker" | "supervisor" | "thread";

/** A spawned worker's own end. */
export interface Seat {
  readonly data: unknown;
  post(message: unknown, transfer?: Transferable[]): void;
  listen(hear: (message: unknown) => void): void;
}

export interface SpawnEvents {
  onMessage(message: unknown): void;
  /** An exception that nobody caught, or a script that could not be loaded. `onDeath` follows. */
  onError(error: Error): void;
  /**
   * The worker is gone: Node's `exit` event; in browsers the grant of the lock that the worker held for life. Called once.
   */
  onDeath(): void;
}

/** One end of the line to a thread that somebody else started. Cloneable, with the port transferred. */
export interface Lifeline {
  readonly port: MessagePort;
  /** Name of the Web Lock that the thread holds for life, where there are such. */
  readonly lock: string;
}

export interface WatchEvents {
  /** Where a loss is not heard of: the thread's death will be heard from now on. @returns its number */
  onHeld(): number;
  /** What the thread has posted to its watcher. */
  onMessage(message: unknown): void;
  /** No step of the thread can come any more, or `afterlife` from now. Called once. */
  onDeath(): void;
}

export interface Hold {
  /** What `onHeld` returned, where it is called. */
  readonly number: number | undefined;
  /** To the watcher. */
  post(message: unknown): void;
  /** Lets the watcher hear what it would hear of a death. */
  leave(): void;
}

/** Another line, on the first: for another watcher. Whoever gets it keeps it open for life. */
export interface LifelineMessage {
  readonly kind: "lifeline";
  readonly port: MessagePort;
}

export interface Platform {
  readonly name: "node" | "browser";
  /** A name that nobody has been given before, in any process. */
  identity(): string;
  /** Threads that the machine runs at the same time. */
  parallelism(): number;
  /** Whether this thread may sleep: not a page's own. */
  mayBlock(): boolean;
  /** Why threads cannot be had here, or null when they can. */
  threadsMissing(): string | null;
  /**
   * Whether workers are spawned and watched by a supervisor thread of their own: where this thread may block, it could not hear of a death.
   */
  readonly supervised: boolean;
  /** Milliseconds after a confirmed death during which the dead may still write to shared memory. */
  readonly afterlife: number;
  /**
   * Starts a worker. `role` picks the script; `url` replaces it. `data` is what the script receives first.
   *
   * @param flags    of the program, for scripts that load the user's modules
   * @param transfer what of the data goes without a copy
   */
  spawn(
    role: Role,
    url: string | undefined,
    data: object,
    events: SpawnEvents,
    flags?: readonly string[],
    transfer?: Transferable[],
  ): SpawnedWorker;
  /** Flags that the program was started with, such as Node's `--import`. */
  flags(): readonly string[];
  /** In a worker that was spawned: what it received first. Its death is heard from then on. */
  takeSeat(): Promise<Seat>;
  /** Whether the end of a line is heard of that was lost on the way, before any thread had it. */
  readonly hearsOfLoss: boolean;
  /** Hears of the death of the thread that has the other end of `line`. @returns ends the watch */
  watch(line: Lifeline, events: WatchEvents): () => void;
  /**
   * The other end, in the thread itself: when this resolves, its death will be heard.
   *
   * @param hear gets the messages on the line
   */
  hold(line: Lifeline, hear: (message: unknown) => void): Promise<Hold>;
  /**
   * Has `look` called whenever the program is about to end, for nothing keeps it: when that starts something which does, the program goes on.
   *
   * @returns ends that
   */
  onEnding(look: () => void): () => void;
  /** Ends this worker; what is after it may still run for a moment. */
  exit(): void;
  /** Lets pending events run, then goes on as soon as possible. */
  breathe(): Promise<void>;
}
