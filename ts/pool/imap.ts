/**
 * imap: results one by one, while the input is read no faster than they are.
 *
 * Source: CPython's `Pool.imap` and `imap_unordered` for the order and for what follows a failure; the back-pressure is ours.
 * Role:   one thread.
 */
import type { Future } from "./future.js";

export interface Imap<T> extends AsyncIterableIterator<T> {
  /** Gives up what has not begun; the iterator is over. */
  return(): Promise<IteratorResult<T>>;
}

/**
 * @param input   elements, read when there is room for them
 * @param submit  puts a chunk of them into the pool
 * @param window  chunks that are under way at most
 * @param ordered whether results come in the order of the input, or as they come
 */
export function imap<T, R>(
  input: AsyncIterator<T> | Iterator<T>,
  submit: (chunk: T[]) => Future<ArrayLike<R>>,
  { chunksize, window, ordered }: { readonly chunksize: number; readonly window: number; readonly ordered: boolean },
): Imap<R> {
  const underWay: Future<ArrayLike<R>>[] = [];
  let ready: R[] = [];
  let at = 0;
  let isInputOver = false;
  let isOver = false;
  let inputError: { readonly error: unknown } | null = null;

  const fill = async (): Promise<void> => {
    while (!isInputOver && underWay.length < window) {
      const chunk: T[] = [];
      try {
        while (chunk.length < chunksize) {
          const next = await input.next();
          if (next.done) {
            isInputOver = true;
            break;
          }
          chunk.push(next.value);
        }
      } catch (error) {
        isInputOver = true;
        inputError = { error };
      }
      if (chunk.length > 0) underWay.push(submit(chunk));
    }
  };

  const nextChunk = async (): Promise<ArrayLike<R>> => {
    const index = ordered ? 0 : await firstDone(underWay);
    const [future] = underWay.splice(index, 1);
    return (future as Future<ArrayLike<R>>).promise();
  };

  let turn: Promise<unknown> = Promise.resolve();
  const step = async (): Promise<IteratorResult<R>> => {
    for (;;) {
      if (at < ready.length) return { done: false, value: ready[at++] as R };
      if (isOver) return { done: true, value: undefined };
      await fill();
      if (underWay.length > 0) {
        ready = [];
        at = 0;
        // A failure is this step's; the next goes on with the next chunk.
        ready = Array.from(await nextChunk());
      } else {
        isOver = true;
        if (inputError !== null) throw inputError.error;
      }
    }
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    // Calls wait for each other: two at a time would read the input out of order.
    next() {
      const result = turn.then(step, step);
      turn = result;
      return result;
    },
    async return() {
      isOver = true;
      ready = [];
      for (const future of underWay.splice(0)) future.cancel();
      if (!isInputOver) await input.return?.();
      isInputOver = true;
      return { done: true, value: undefined };
    },
  };
}

function firstDone<T>(futures: readonly Future<T>[]): Promise<number> {
  const done = futures.findIndex((future) => future.done);
  if (done >= 0) return Promise.resolve(done);
  return new Promise((resolve) => {
    for (const [index, future] of futures.entries()) future.addDoneCallback(() => resolve(index));
  });
}
