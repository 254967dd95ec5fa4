/**
 * Operations near the end of the stack: as deep as it goes, then again and again on the way up, until there is room enough for the operation.
 *
 * Role: the thread whose stack it is.
 */

/** What came of one dive. */
export interface Dive {
  /** Tries that ended with a stack overflow. */
  readonly overflows: number;
}

/**
 * @param operation returns when it is done; a stack overflow is all that it may throw
 * @param shift     words by which the frames of this dive are moved, so that not each ends at the same places
 */
export function dive(operation: () => void, shift: number): Dive {
  let isDone = false;
  let overflows = 0;
  const down = (..._shift: number[]): void => {
    try {
      down();
    } catch (error) {
      if (!isOverflow(error)) throw error;
    }
    if (isDone) return;
    try {
      operation();
      isDone = true;
    } catch (error) {
      if (!isOverflow(error)) throw error;
      overflows++;
    }
  };
  down(...Array.from({ length: shift }, () => 0));
  return { overflows };
}

/** As the engine tells it, or as the reason why a value could not be read to its end. */
function isOverflow(error: unknown): boolean {
  const isEngines = error instanceof RangeError && error.message === "Maximum call stack size exceeded";
  return isEngines || (error instanceof Error && /what is left of this thread's stack/.test(error.message));
}
