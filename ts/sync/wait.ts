/**
 * Waits, both ways: by sleeping, and by promise. What is waited for is a `Claim`: something to try again and again.
 *
 * Role: `claimSync` on threads that may block; `waitFor` on any.
 */
import { checkFlag, checkOptions, refuse } from "../checks.js";
import { TimeoutRangeError } from "../errors.js";
import { LEAST_ADDRESS } from "../runtime/core/core.js";
import { Answer, GRANTED, WITHDRAWN } from "../runtime/core/core-things.js";
import { busy, type Member } from "../runtime/core/member.js";
import { onAbort } from "../runtime/waiting/abort.js";
import { wordChange } from "../runtime/waiting/wait.js";

export interface WaitSyncOptions {
  /** Milliseconds to wait at most; undefined, null and Infinity: for ever; 0: not at all. */
  readonly timeout?: number | null | undefined;
}

export interface WaitOptions extends WaitSyncOptions {
  /** Aborting it rejects the wait with `signal.reason`, and leaves no trace of it. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the wait keeps Node's process alive. Default true. */
  readonly ref?: boolean | undefined;
}

/** Of waits that are never out of time: their results need no look for that. */
export interface Endless {
  readonly timeout?: null | undefined;
}

/** Names of the options of waits by promise, and by sleeping. */
export const WAIT_OPTIONS: readonly string[] = ["timeout", "signal", "ref"];
const SYNC_OPTIONS: readonly string[] = ["timeout"];

/** What is waited for. */
export interface Claim {
  readonly member: Member;
  /** The object's grip. */
  readonly grip: number;
  /**
   * Tries. Answers WAIT while it is not possible; the waiter, if not 0, stands in line then. Anything else but BUSY is the end.
   * On BUSY nothing has changed; what was prepared for this try is given up.
   */
  attempt(waiter: number): number;
  /**
   * Reads what an attempt handed over that answered OK, right after it: the next operation of the thread overwrites it. What it throws ends the wait, which
   * has left the line by then.
   */
  take?(): void;
  /** Looks for a while whether trying is worth it; before sleeping. */
  spin?: () => boolean;
  /** Gives up what `attempt` prepared and did not use. */
  drop?(): void;
  /** Set while a wait by promise stands in line: looks at once whether its turn has come. For who blocks this thread meanwhile. */
  look?: () => void;
  /** Leaves the line. Default: withdraws; answers OK when what was waited for had been granted meanwhile, WAIT when not, BUSY. */
  leave?(waiter: number): number;
}

/** How often others may be faster before a wait that sleeps stands in line: there its turn comes, and its time ends. */
const MOST_TRIES = 10;

/** Longest delay of a timer. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** @returns milliseconds, Infinity for ever. @throws {TimeoutRangeError} */
export function readTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === null) return Number.POSITIVE_INFINITY;
  if (typeof timeout === "number" && timeout >= 0) return timeout;
  if (typeof timeout !== "number") refuse("timeout", "a number of milliseconds", timeout);
  throw new TimeoutRangeError(
    `\`timeout\` must be 0 or more milliseconds, or undefined to wait for ever, got ${timeout}`,
    "timeout",
    timeout,
  );
}

/**
 * Checks the options of a wait that sleeps.
 *
 * @param twin the same by promise, @param names of its options
 * @throws {ArgumentError}
 */
export function checkSyncOptions(options: unknown, twin: string, names: readonly string[] = WAIT_OPTIONS): void {
  if (options === undefined) return;
  checkOptions(options, SYNC_OPTIONS, (name) =>
    names.includes(name) ? `only the promise form, \`${twin}\`, can take it` : "",
  );
}

/** @throws {ArgumentError} */
export function readRef(ref: unknown): boolean {
  checkFlag("ref", ref);
  return ref !== false;
}

/** @throws {ArgumentError} */
export function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (signal instanceof AbortSignal) return signal;
  refuse("signal", "an AbortSignal, as `new AbortController().signal` is", signal);
}

function leaveLine({ member, grip, leave }: Claim, waiter: number): number {
  if (leave !== undefined) return leave(waiter);
  const answer = member.call(() => member.core.waiterWithdraw(grip, waiter));
  if (answer < WITHDRAWN) return answer;
  return answer - WITHDRAWN >= GRANTED ? Answer.OK : Answer.WAIT;
}

/**
 * Sleeps until the claim comes to an end or the time is over.
 *
 * @param timeout as `readTimeout` returns it
 * @returns the last answer; WAIT: out of time
 * @throws {BusyError} on a page's thread, where nobody should call this with a timeout but 0
 */
export function claimSync(claim: Claim, timeout: number): number {
  const answer = sleep(claim, timeout);
  if (answer === Answer.OK) claim.take?.();
  else claim.drop?.();
  if (answer === Answer.BUSY) throw busy();
  return answer;
}

function sleep(claim: Claim, timeout: number): number {
  let answer = claim.attempt(0);
  if (answer !== Answer.WAIT || timeout === 0) return answer;
  const { core, ownWaiter: waiter } = claim.member;
  const deadline = performance.now() + timeout;
  for (let tries = 0; tries < MOST_TRIES && claim.spin?.(); tries++) {
    answer = claim.attempt(0);
    if (answer !== Answer.WAIT) return answer;
  }
  try {
    for (;;) {
      answer = claim.attempt(waiter);
      if (answer === Answer.NO_MEMORY) leaveLine(claim, waiter);
      if (answer !== Answer.WAIT) return answer;
      const rest = deadline - performance.now();
      if (rest <= 0) return leaveLine(claim, waiter);
      claim.member.asleep(waiter, () => core.waiterPark(waiter, rest === Number.POSITIVE_INFINITY ? -1 : rest));
    }
  } catch (error) {
    // A waiter left in this line would be taken for one of the next line that this thread stands in.
    leaveLine(claim, waiter);
    throw error;
  }
}

/**
 * The same by promise.
 *
 * @param note tells the object about the wait, so that closing it ends it
 * @throws `signal.reason`; {ClosedError}
 */
export function waitFor(
  claim: Claim,
  {
    timeout,
    signal,
    ref,
  }: { readonly timeout: number; readonly signal: AbortSignal | undefined; readonly ref: boolean },
  note: (end: (error: unknown) => void) => () => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw signal.reason;
    const { member } = claim;
    const { words } = member;
    let waiter = 0;
    /** Whether the waiter has stood in line. Before that it is in the thread's hand, which the next wait empties. */
    let isInLine = false;
    let isOver = false;
    let hasFailed = false;
    const cleanups: (() => void)[] = [];
    const settle = (end: () => void): void => {
      isOver = true;
      delete claim.look;
      for (const cleanup of cleanups) cleanup();
      end();
    };
    /** Runs a step; what it throws ends the wait. */
    const guarded = (step: () => void): void => {
      if (isOver) return;
      try {
        step();
      } catch (error) {
        const isSecond = hasFailed;
        hasFailed = true;
        if (isInLine && !isSecond) giveUp(() => reject(error));
        else settle(() => reject(error));
      }
    };
    const later = (step: () => void): void => {
      if (cleanups.length === 0) listen();
      const timer = setTimeout(guarded, 1, step);
      if (!ref) unref(timer);
    };
    const look = (): void => {
      const answer = claim.attempt(waiter);
      if (answer === Answer.BUSY) {
        if (!isInLine) waiter = 0;
        later(look);
      } else if (answer !== Answer.WAIT) finish(answer);
      else if (waiter === 0) queue();
      else {
        isInLine = true;
        watch();
      }
    };
    /** Not possible at once: from here there is a waiter. What the first try prepared is still in the thread's hand. */
    const queue = (): void => {
      if (timeout === 0) {
        finish(Answer.WAIT);
        return;
      }
      const taken = member.call(() => member.core.waiterTake()) >>> 0;
      if (taken < LEAST_ADDRESS) {
        claim.drop?.();
        if (taken === Answer.NO_MEMORY) finish(taken);
        else later(look);
        return;
      }
      waiter = taken;
      if (cleanups.length === 0) listen();
      look();
    };
    const watch = (): void => {
      claim.look = () => {
        if (Atomics.load(words, waiter >>> 2) !== 0) guarded(look);
      };
      wordChange(words, waiter >>> 2, 0).then(() => guarded(look));
    };
    const listen = (): void => {
      cleanups.push(note((error) => giveUp(() => reject(error))));
      cleanups.push(onAbort(signal, () => giveUp(() => reject(signal?.reason))));
      if (timeout === Number.POSITIVE_INFINITY) cleanups.push(ref ? keepAlive() : () => {});
      // Who only tries is told when the try has been made, however long the lock was not to be had.
      else if (timeout !== 0) cleanups.push(after(timeout, ref, expire));
    };
    /** Out of time: one last look, for the wake-up and the end of the time may have come together. */
    const expire = (): void =>
      guarded(() => {
        const answer = claim.attempt(isInLine ? waiter : 0);
        if (answer === Answer.WAIT) giveUp(() => resolve(Answer.WAIT));
        else if (answer === Answer.BUSY) later(expire);
        else finish(answer);
      });
    /** Leaves the line, unless what was waited for has come at the last moment. */
    const giveUp = (end: () => void): void =>
      guarded(() => {
        const answer = isInLine ? leaveLine(claim, waiter) : Answer.WAIT;
        if (!isInLine) claim.drop?.();
        if (answer === Answer.BUSY) later(() => giveUp(end));
        else settle(answer === Answer.WAIT ? end : () => resolve(answer));
      });
    const finish = (answer: number): void => {
      if (answer === Answer.NO_MEMORY && isInLine) leaveLine(claim, waiter);
      // Whatever the answer, the waiter is out of the line, and may be another's soon.
      isInLine = false;
      if (answer === Answer.OK) claim.take?.();
      else claim.drop?.();
      settle(() => resolve(answer));
    };
    guarded(look);
  });
}

/** Calls `ring` after some milliseconds, any number of them. @returns ends that */
export function after(milliseconds: number, ref: boolean, ring: () => void): () => void {
  const deadline = performance.now() + milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const set = (): void => {
    const rest = deadline - performance.now();
    timer = rest > LONGEST_DELAY ? setTimeout(set, LONGEST_DELAY) : setTimeout(ring, Math.max(0, rest));
    if (!ref) unref(timer);
  };
  set();
  return () => clearTimeout(timer);
}

let waits = 0;
let life: ReturnType<typeof setInterval> | undefined;

/** A pending `Atomics.waitAsync` does not keep a process alive: one timer does, for all waits. @returns ends that */
export function keepAlive(): () => void {
  if (waits++ === 0) life = setInterval(() => {}, LONGEST_DELAY);
  return () => {
    if (--waits === 0) clearInterval(life);
  };
}

function unref(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}
