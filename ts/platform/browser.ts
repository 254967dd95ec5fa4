/**
 * Browsers: Web Workers, on pages and inside workers.
 *
 * A worker's death has no event here (`terminate` says nothing, `self.close()` says nothing). So each worker holds a Web Lock for
 * life, and we queue for the same lock: being granted it is the news. In Chromium a worker in a Wasm loop goes on for up to two seconds after
 * that, hence `afterlife`.
 *
 * Role: a page's own thread, or a worker of the page. Nothing here blocks.
 */
import type { Hold, Lifeline, Platform, Role, Seat, SpawnEvents, SpawnedWorker, WatchEvents } from "./types.js";

declare const WorkerGlobalScope: { prototype: object } | undefined;

function isPage(): boolean {
  return typeof WorkerGlobalScope === "undefined" || !(globalThis instanceof (WorkerGlobalScope as never));
}

function threadsMissing(): string | null {
  if (typeof Worker === "undefined") return "this place has no Worker";
  // Never `typeof SharedArrayBuffer`: a shared memory can be made on any page, it just cannot be posted.
  if (!globalThis.crossOriginIsolated) {
    return (
      "the page is not cross-origin isolated; serve it with the headers " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp"
    );
  }
  return null;
}

let lockCount = 0;
/** Locks are shared by all pages of an origin; this one's are told apart by a number drawn once. */
const lockPrefix = `heddle-${Math.floor(Math.random() * 2 ** 52).toString(36)}`;

function spawn(role: Role, url: string | undefined, data: object, events: SpawnEvents): SpawnedWorker {
  const worker = url === undefined ? open(role) : new Worker(url, { type: "module" });
  const lock = `${lockPrefix}-${++lockCount}`;
  let dead = false;
  let isAwaited = false;
  const die = (): void => {
    if (dead) return;
    dead = true;
    worker.terminate();
    events.onDeath();
  };
  const awaitDeath = (): void => {
    if (isAwaited) return;
    isAwaited = true;
    navigator.locks.request(lock, die).catch(die);
  };
  worker.onmessage = ({ data: message }) => {
    if (message === "here") worker.postMessage({ ...data, lock });
    else if (message === "locked") awaitDeath();
    else events.onMessage(message);
  };
  worker.onerror = (event) => {
    // A script that cannot be loaded, or read, gives an event without a message.
    const text =
      event.message ||
      `the worker script could not be loaded from ${url ?? places()[role as keyof Places]}, or is no module that can be read`;
    event.preventDefault?.();
    events.onError(new Error(text));
    // Its script threw before it held the lock, or in its loop: either way nothing of it runs any more.
    die();
  };
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    ref: () => {},
    unref: () => {},
    terminate: () => {
      worker.terminate();
      // It may not have come to its lock, or not to telling us: then we are granted it now.
      awaitDeath();
    },
  };
}

/** Where scripts and the library lie, as those are told that we start: a bundler may have given the files other names than those that they know each other by. */
interface Places {
  readonly worker: string;
  readonly thread: string;
  /** The library as a file of its own; "": it is in a bundle. */
  readonly library: string;
}

/** Before them, in the worker's name. */
const TOLD = "heddle ";

/**
 * The literal forms are what bundlers look for: each must stay in one expression. They are not in a `new Worker(…)`, so that the file is copied as it is: a
 * worker that may start workers is more than some bundlers can bundle (Vite 7: "Circular worker imports").
 */
function places(): Places {
  // A page's own name is anybody's to give.
  const told = isPage() ? "" : String((globalThis as { name?: unknown }).name);
  if (told.startsWith(TOLD)) return JSON.parse(told.slice(TOLD.length)) as Places;
  return {
    worker: new URL("./worker.browser.js", import.meta.url).href,
    thread: new URL("./thread.browser.js", import.meta.url).href,
    library: import.meta.url.endsWith("/browser.js") ? import.meta.url : "",
  };
}

function open(role: Role): Worker {
  if (role === "supervisor") throw new Error("a page watches its workers itself; expected the role worker or thread");
  const here = places();
  return new Worker(here[role], { type: "module", name: TOLD + JSON.stringify(here) });
}

/** In a worker for threads that we started: the library that the page uses, where that is a file of its own. */
export function libraryUrl(): string {
  return places().library;
}

/** Gives up this worker's lock, and closes it. */
let leaveSeat = (): void => {};

function takeSeat(): Promise<Seat> {
  const scope = globalThis as unknown as DedicatedScope;
  return new Promise((resolve) => {
    // What came before somebody listens is lost, and a script may have awaited something first: so it is sent when asked for.
    scope.postMessage("here");
    scope.onmessage = ({ data }) => {
      scope.onmessage = null;
      // Held for life: that somebody else is granted it is how the page learns of this worker's death.
      void navigator.locks.request(
        (data as { lock: string }).lock,
        () =>
          new Promise<void>((leave) => {
            scope.postMessage("locked");
            leaveSeat = () => {
              leave();
              scope.close();
            };
            resolve({
              data,
              post: (message, transfer = []) => scope.postMessage(message, transfer),
              listen: (hear) => {
                scope.onmessage = (event) => hear(event.data);
              },
            });
          }),
      );
    };
  });
}

/** The part of a dedicated worker's global scope that is used here; the page's types are in force in this folder. */
interface DedicatedScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
}

function watch({ port, lock }: Lifeline, { onHeld, onMessage, onDeath }: WatchEvents): () => void {
  const given = new AbortController();
  port.onmessage = () => {
    port.onmessage = ({ data }) => onMessage(data);
    // Its thread has the lock. Before that, being granted it would mean nothing.
    navigator.locks.request(lock, { signal: given.signal }, onDeath).catch(() => {
      if (!given.signal.aborted) onDeath();
    });
    port.postMessage({ number: onHeld() });
  };
  return () => given.abort();
}

/** Chromium 147 has no event for a port whose other end is gone, so nothing is given to a thread before it has its lock, and has said so. */
function hold({ port, lock }: Lifeline, hear: (message: unknown) => void): Promise<Hold> {
  return new Promise((resolve, reject) => {
    const held = (leave: () => void): void => {
      port.onmessage = ({ data }) => {
        port.onmessage = (event) => hear(event.data);
        // Else the other side was closed meanwhile, and there will be no number.
        if (data.number === undefined) hear(data);
        resolve({ number: data.number ?? 0, post: (message) => port.postMessage(message), leave });
      };
      port.postMessage("locked");
    };
    navigator.locks.request(lock, () => new Promise<void>(held)).catch(reject);
  });
}

/** A message to oneself: unlike a timer it is not held back when nested. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function identity(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}

export const platform: Platform = {
  name: "browser",
  identity,
  parallelism: () => navigator.hardwareConcurrency || 1,
  mayBlock: () => !isPage(),
  threadsMissing,
  supervised: false,
  afterlife: 5000,
  spawn,
  hearsOfLoss: false,
  watch,
  hold,
  flags: () => [],
  takeSeat,
  onEnding: () => () => {},
  exit: () => leaveSeat(),
  breathe,
};
