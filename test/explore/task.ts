/** A thread as the scheduler sees it: its instance, and how far it is in the present run. */
export const RUNNABLE = 0;
export const RUNNING = 1;
export const PARKED = 2;
export const ENDED = 3;
export const DEAD = 4;

/** A thread of a run. */
export class Task {
  state = RUNNABLE;
  hasStarted = false;
  /** Settles the promise that the thread is put aside with. */
  resolve: ((result: number) => void) | null = null;
  reject: ((error: Error) => void) | null = null;
  sleepsAt = 0;
  canTimeOut = false;
  /** Threads that it lets go first, a mask: it has yielded to them. */
  yieldsTo = 0;
  /** Whether its call is of the module itself, and not what a host does: there it can be cut off. */
  isInside = false;
  /** Whom it recovers; the first is being recovered. */
  dead: number[] = [];
  facts: (number | bigint | undefined)[] = [];

  constructor(
    readonly number: number,
    readonly exports: ReadonlyMap<string, (...args: unknown[]) => Promise<unknown>>,
    readonly globals: readonly WebAssembly.Global[],
    readonly initial: readonly (number | bigint)[],
  ) {}

  reset(): void {
    this.state = RUNNABLE;
    this.hasStarted = false;
    this.resolve = null;
    this.reject = null;
    this.canTimeOut = false;
    this.yieldsTo = 0;
    this.dead = [];
    this.facts = [];
    for (const [index, global] of this.globals.entries()) global.value = this.initial[index];
  }
}
