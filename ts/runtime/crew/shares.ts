/**
 * Shares: invitations into a context, for threads that it did not start.
 *
 *   made       one end of the line to the guest is kept here, the other travels with the share; somebody watches
 *   attached   by the guest (attach.ts), once
 *   over       the guest has died, or left: its watcher hears of it and gives back its number
 *
 * A guest needs a number, and must not wait for this thread to get it, since that may be blocked: so the number is claimed when the share is made. In
 * browsers nobody hears that a share was lost on the way: there it is claimed when the guest says that its death will be heard, and a guest has to wait for
 * that if it is a worker that made the context, and sleeps.
 *
 * In Node the watcher is the supervisor, which has a line of its own to the guest: it is sent after the share, on the line that is kept here. That way
 * another supervisor can be given another one. A line in a message that nobody has read ends with the thread that it was sent to, like any other.
 *
 * Role: the thread that made the context.
 */
import { platform } from "#platform";
import { UnsupportedError, WorkerError } from "../../errors.js";
import type { Lifeline } from "../../platform/types.js";
import { BASE } from "../core/heap.js";
import type { Member } from "../core/member.js";
import { coreModule } from "../core/modules.js";
import type { LineMessage } from "../protocol.js";
import type { CrewLink } from "./crew-link.js";

/** What a thread needs to take part in a context: post it to a Worker of your own, which gives it to `attach`. It serves one thread, once. */
export interface Share {
  readonly heddle: "share";
  /** Identity of the context. */
  readonly id: string;
  readonly memory: WebAssembly.Memory;
  readonly core: WebAssembly.Module;
  /** Address of the context in `memory`. */
  readonly base: number;
  /** The thread's number; 0: it is given one when it attaches. */
  readonly number: number;
  /** How the thread's death is heard: a port, and the name of a lock. */
  readonly line: object;
  /**
   * The transfer list to post it with. Typed as an empty list's elements are, since that suits a page's `postMessage` and Node's alike; they know
   * different ports.
   */
  readonly transfer: never[];
}

/** Shares that were dropped without being posted, told by their `line`: nobody else would ever end it. */
const dropped = new FinalizationRegistry<MessagePort>((port) => port.close());

export class Shares {
  private readonly open = new Map<number, { readonly number: number; readonly line: Lifeline }>();
  private count = 0;

  constructor(private readonly member: Member) {}

  /** Numbers that shares have. */
  get numbers(): Set<number> {
    return new Set([...this.open.values()].map(({ number }) => number));
  }

  /** @param crew hears of the guest's death */
  make(crew: CrewLink): Share {
    const { id, core, memory } = this.member;
    const number = platform.hearsOfLoss ? assertNumber(core.threadClaim()) : 0;
    const { port1, port2 } = new MessageChannel();
    const share = ++this.count;
    const lock = `heddle-${id}-${share}`;
    const line = { port: port1, lock };
    this.open.set(share, { number, line });
    crew.watch({ kind: "watch", share, number, line });
    const theirs: Lifeline = { port: port2, lock };
    dropped.register(theirs, port2);
    return {
      heddle: "share",
      id,
      memory,
      core: coreModule(),
      base: BASE,
      number,
      line: theirs,
      transfer: [port2 as never],
    };
  }

  /** Has all guests watched by another crew. */
  rewatch(crew: CrewLink): void {
    for (const [share, guest] of this.open) crew.watch({ kind: "watch", share, ...guest });
  }

  /** The watcher has heard of a death. */
  left(share: number): void {
    this.open.get(share)?.line.port.close();
    this.open.delete(share);
  }

  /** Tells all guests that the context was closed. */
  close(): void {
    for (const { line } of this.open.values()) {
      line.port.postMessage({ kind: "closed" } satisfies LineMessage);
      line.port.close();
    }
    this.open.clear();
  }
}

/** @throws {WorkerError} it is none */
export function assertNumber(number: number): number {
  if (number === 0) {
    throw new WorkerError(
      "expected a free thread number, all 255 are taken by workers and by shares; end some threads",
    );
  }
  return number;
}

/** @throws {UnsupportedError} threads cannot share memory here */
export function assertSharing(): void {
  const missing = platform.threadsMissing();
  if (missing !== null) throw new UnsupportedError(`expected a place where threads can share memory, but ${missing}`);
}
