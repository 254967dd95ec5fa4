/**
 * The only state of an instance of the core: which context it belongs to, which thread it is, whether it may sleep. All else is in shared memory.
 */
import { MAGIC, Thread, threadAt } from "./memory/layout";

/** Address of the context. */
export let base: usize = 0;
/** This thread's number: 0 for the host. */
export let self: i32 = 0;
/** Whether this thread may sleep on a futex: not a page's own thread. */
export let mayBlock: bool = false;

/** Says which context this instance works on, as whom. Call it before anything else. */
export function attach(context: usize, thread: i32, canBlock: bool): void {
  base = context;
  self = thread;
  mayBlock = canBlock;
  // Before there is a context, the memory there is somebody else's.
  if (atomic.load<i32>(context) == MAGIC) sign();
}

/** Writes into this thread's record who it is. */
export function sign(): void {
  const thread = me();
  thread.number = self;
  thread.canBlock = mayBlock ? 1 : 0;
}

/** This thread's record. */
// @ts-ignore: decorator
@inline
export function me(): Thread {
  return threadAt(base, self);
}
