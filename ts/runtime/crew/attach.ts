/**
 * Attaching: a thread that Heddle did not start takes part in a context.
 *
 * Role: the guest.
 */
/// <reference lib="esnext.disposable" preserve="true" />
import { platform } from "#platform";
import { describe, inspectAsText } from "../../describe.js";
import { ArgumentError, ClosedError, HandleError } from "../../errors.js";
import type { Lifeline } from "../../platform/types.js";
import { instantiateCore, THREAD_STATES } from "../core/core.js";
import { attachMember, detachMember, type HasMember, Member, memberOf, rememberMember } from "../core/member.js";
import type { LineMessage } from "../protocol.js";
import { assertNumber, type Share } from "./shares.js";

/** Lines of shares that were attached on this thread. */
const used = new WeakSet<MessagePort>();

/** A thread's part in a context that another thread made. */
export class Attachment implements HasMember {
  /** `close`, for `using`, where the engine has that symbol. */
  declare readonly [Symbol.dispose]: () => void;

  constructor(
    /** For locks and queues, which find it by `{ context: attached }`. Not for programs: it may change with any version. */
    readonly member: Member,
    private readonly leave: () => void,
  ) {}

  /**
   * Gives up this thread's part, as its death would: its waits reject with `ClosedError`, its locks, queues and their like refuse; what it held
   * comes back, with the marks that a death leaves. Calling it again does nothing.
   */
  close(): void {
    if (this.member.isLeft) return;
    detachMember(this.member);
    // In this order: once the watcher has heard, the number and all that it had may be another thread's.
    this.member.leave();
    this.leave();
  }

  /** In a line what it is, for consoles: `Attachment { thread: 3 }`. */
  toString(): string {
    return describe("Attachment", this.member.isClosed ? "closed" : { thread: this.member.number });
  }
}

inspectAsText(Attachment.prototype);

if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(Attachment.prototype, Symbol.dispose, {
    value(this: Attachment): void {
      this.close();
    },
  });
}

/**
 * Takes part in the context that `share` is from. From then on it is this thread's default: `new Queue()`, and whatever else lives in shared memory, is
 * made there.
 *
 * @param share  what `share()` returned on another thread, posted with its transfer list; each serves once
 * @throws {ArgumentError} it is no share
 * @throws {HandleError} it was used already, or this thread has a part in that context
 * @throws {ClosedError} the context was closed meanwhile
 * @throws {WorkerError} all 255 thread numbers are taken
 * @example
 *   // main
 *   import { Worker } from "node:worker_threads";
 *   const ours = share();
 *   new Worker(url, { workerData: ours, transferList: ours.transfer });
 *
 *   // the worker
 *   import { workerData } from "node:worker_threads";
 *   await attach(workerData);
 */
export async function attach(share: Share): Promise<Attachment> {
  const { id, memory, core: module, base } = checkShare(share);
  const line = share.line as Lifeline;
  if (used.has(line.port)) throw usedUp();
  if (memberOf(id)?.isClosed === false) {
    throw new HandleError("expected a share of another context: this thread has a part in this one already");
  }
  used.add(line.port);
  let member: Member | undefined;
  let isClosed = false;
  const hold = await platform.hold(line, (message) => {
    if ((message as LineMessage).kind !== "closed") return;
    isClosed = true;
    member?.close();
  });
  try {
    if (isClosed) throw new ClosedError("expected a share of an open context, this one was closed");
    const number = assertNumber(hold.number ?? share.number);
    const core = instantiateCore(module, memory, base, number, platform.mayBlock());
    if (!core.contextIsValid() || THREAD_STATES[core.threadState(number)] !== "STARTING") throw usedUp();
    core.threadReady();
    member = new Member(id, number, core, memory);
    member.end = (order) => hold.post(order);
  } catch (error) {
    hold.leave();
    throw error;
  }
  rememberMember(member);
  attachMember(member);
  return new Attachment(member, () => hold.leave());
}

function usedUp(): HandleError {
  return new HandleError("expected a fresh share, this one was used; make another with share() for each thread");
}

function checkShare(share: Share): Share {
  if (typeof share !== "object" || share === null || share.heddle !== "share") {
    throw new ArgumentError(
      "`share` must be what share() returned on another thread; post it with its transfer list: worker.postMessage(share, share.transfer)",
      "share",
      share,
    );
  }
  return share;
}
