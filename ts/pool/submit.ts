/**
 * The way of a task into its pool: at once, or in line until there is room.
 *
 * Role: the thread that submits.
 */
import { PoolShutdownError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer } from "../runtime/core/core-things.js";
import type { Claim } from "../sync/wait.js";
import { type Freight, freightOf } from "../threads/freight.js";
import type { Caller } from "./caller.js";
import type { Future } from "./future.js";
import { Job, type JobPlace } from "./job.js";
import type { Call } from "./options.js";
import { Shape, writeTask } from "./wire.js";

/** What is put in. */
export interface Submission {
  /** Number of the function. */
  readonly definition: number;
  /** One of `Shape`: how it is applied to the value. */
  readonly shape: number;
  readonly value: unknown;
  readonly call: Call;
  readonly caller: Caller | undefined;
}

/** Waits for as long as the pool's object is open. */
export type Obtain = (claim: Claim, options: { readonly signal: AbortSignal }) => Promise<number>;

/** @throws {TransferError} @throws {OutOfMemoryError} @throws {PoolShutdownError} @throws {BrokenPoolError} */
export function submit(
  place: JobPlace,
  { definition, shape, value, call, caller }: Submission,
  obtain: Obtain,
): Future<unknown> {
  const { member, grip, mailbox } = place;
  const { timeout, signal, priority, grace } = call;
  const job = new Job(grace === undefined ? place : { ...place, grace }, timeout, signal, caller);
  if (signal?.aborted) {
    job.future.setException(signal.reason);
    return job.future;
  }
  const freight = freightOf(member, value);
  const [load, form] = freight === null ? [value, shape] : [freight.holey, shape | Shape.MOVED];
  const write = (): number => writeTask(member, load, definition, form, mailbox.serial);
  const task = write();
  const answer = task < LEAST_ADDRESS ? task : member.call(() => member.core.tasksSubmit(grip, 0, task, priority));
  if (answer === Answer.OK) {
    job.begin(task, freight);
    return job.future;
  }
  if (task >= LEAST_ADDRESS) member.core.valueDrop();
  if (answer === Answer.SHUT) throw shut(place);
  if (answer === Answer.NO_MEMORY) throw member.outOfMemory(0);
  // No room; or a page's thread did not get a lock at once.
  submitLater(place, job, { write, priority, freight }, obtain);
  return job.future;
}

interface Waiting {
  /** Writes the task into the value hand. @returns its address, or BUSY */
  readonly write: () => number;
  readonly priority: number;
  readonly freight: Freight | null;
}

/** Not at once: as soon as it can be. */
function submitLater(place: JobPlace, job: Job, { write, priority, freight }: Waiting, obtain: Obtain): void {
  const { member, grip, mailbox } = place;
  let task = 0;
  let isInLine = false;
  let answer: number = Answer.WAIT;
  const claim: Claim = {
    member,
    grip,
    attempt: (waiter) => {
      if (!isInLine) {
        task = write();
        if (task < LEAST_ADDRESS) return task;
      }
      answer = member.call(() => member.core.tasksSubmit(grip, waiter, task, priority));
      if (answer === Answer.WAIT && waiter !== 0) isInLine = true;
      else if (answer !== Answer.OK) member.core.valueDrop();
      return answer;
    },
    take: () => {
      mailbox.inLine.delete(look);
      job.begin(task, freight);
    },
  };
  const settle = (): void => {
    if (answer === Answer.SHUT) job.fail(shut(place));
    else if (answer === Answer.NO_MEMORY) job.fail(member.outOfMemory(0));
  };
  // Where a thread sleeps for an outcome, no promise is heard of.
  const look = (): void => {
    claim.look?.();
    settle();
  };
  const stop = new AbortController();
  mailbox.inLine.add(look);
  job.queue(() => stop.abort());
  obtain(claim, { signal: stop.signal })
    .then((last) => {
      answer = last;
      settle();
    })
    .catch((error: unknown) => job.fail(error))
    .finally(() => mailbox.inLine.delete(look));
}

function shut(place: JobPlace): Error {
  return place.whyBroken() ?? new PoolShutdownError("expected a pool that is open, it was shut down");
}
