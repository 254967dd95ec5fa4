/**
 * imap: results one by one, while the input is read no faster than they are.
 *
 * Source: CPython's `Pool.imap` and `imap_unordered` for the order and for what follows a failure; the back-pressure is ours.
 * Role:   one thread.
 */
import { readTimeout, type WaitOptions } from "../sync/wait.js";
import { Future, forgetCallback } from "./future.js";

/** Of one type argument: TypeScript before 5.6 knows no others. */
export interface Imap<T> extends AsyncIterableIterator<T> {
  /**
   * The next result; its failure, if it has failed: the call after that goes on with what follows.
   *
   * @throws {TimeoutError} not in time; the next call gets it
   */
  next(options?: WaitOptions): Promise<IteratorResult<T, undefined>>;
  /** Gives up what has not begun; the iterator is over. */
  return(): Promise<IteratorResult<T, undefined>>;
}

interface ImapPlan {
  /** Elements of a chunk. */
  readonly chunksize: number;
  /** Chunks that are under way at most. */
  readonly window: number;
  /** Whether results come in the order of the input, or as they come. */
  readonly ordered: boolean;
}

/**
 * @param input  elements, read when there is room for them
 * @param submit puts a chunk of them into the pool
 */
export function imap<T, R>(
  input: AsyncIterator<T> | Iterator<T>,
  submit: (chunk: T[]) => Future<ArrayLike<R>>,
  plan: ImapPlan,
): Imap<R> {
  return new Results(input, submit, plan);
}

class Results<T, R> implements Imap<R> {
  private readonly underWay: Future<ArrayLike<R>>[] = [];
  private ready: ArrayLike<R> = [];
  private at = 0;
  private isInputOver = false;
  private isOver = false;
  /** What reading or submitting failed with: thrown after all results. */
  private inputError: { readonly error: unknown } | null = null;
  /** Steps take their turns: two at a time would read the input out of order. */
  private turn: Promise<unknown> = Promise.resolve();
  /** What somebody has asked for and not waited for, in their order. */
  private readonly unclaimed: Future<IteratorResult<R, undefined>>[] = [];

  constructor(
    private readonly input: AsyncIterator<T> | Iterator<T>,
    private readonly submit: (chunk: T[]) => Future<ArrayLike<R>>,
    private readonly plan: ImapPlan,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(options: WaitOptions = {}): Promise<IteratorResult<R, undefined>> {
    readTimeout(options.timeout);
    const result = this.unclaimed.shift() ?? this.ask();
    return result.result(options).finally(() => {
      // Out of time: it is the first that the next call wants.
      if (!result.done) this.unclaimed.unshift(result);
    });
  }

  private ask(): Future<IteratorResult<R, undefined>> {
    const result = new Future<IteratorResult<R, undefined>>();
    this.turn = this.turn
      .then(() => this.step())
      .then(
        (value) => result.setResult(value),
        (error: unknown) => result.setException(error),
      );
    return result;
  }

  private async step(): Promise<IteratorResult<R, undefined>> {
    for (;;) {
      if (this.isOver) return { done: true, value: undefined };
      if (this.at < this.ready.length) return { done: false, value: this.ready[this.at++] as R };
      await this.fill();
      if (this.underWay.length > 0) {
        this.ready = [];
        this.at = 0;
        // A failure is this step's; the next goes on with the next chunk.
        this.ready = await this.nextChunk();
      } else {
        this.isOver = true;
        if (this.inputError !== null) throw this.inputError.error;
      }
    }
  }

  /** Reads and submits as much as there is room for. */
  private async fill(): Promise<void> {
    while (!this.isInputOver && this.underWay.length < this.plan.window) {
      const chunk = await this.readChunk();
      if (chunk.length === 0 || this.isOver) return;
      try {
        this.underWay.push(this.submit(chunk));
      } catch (error) {
        this.inputError = { error };
        await this.endInput();
      }
    }
  }

  /** Fewer elements than a chunk has, when the input is over or has failed. */
  private async readChunk(): Promise<T[]> {
    const chunk: T[] = [];
    try {
      while (chunk.length < this.plan.chunksize) {
        const next = await this.input.next();
        if (next.done) {
          this.isInputOver = true;
          break;
        }
        chunk.push(next.value);
      }
    } catch (error) {
      this.isInputOver = true;
      this.inputError = { error };
    }
    return chunk;
  }

  private async nextChunk(): Promise<ArrayLike<R>> {
    const index = this.plan.ordered ? 0 : await firstDone(this.underWay);
    const [future] = this.underWay.splice(index, 1);
    return (future as Future<ArrayLike<R>>).promise();
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    this.isOver = true;
    for (const future of this.underWay.splice(0)) future.cancel();
    await this.endInput();
    return { done: true, value: undefined };
  }

  private async endInput(): Promise<void> {
    if (this.isInputOver) return;
    this.isInputOver = true;
    await this.input.return?.();
  }
}

async function firstDone<T>(futures: readonly Future<T>[]): Promise<number> {
  const gate = new Future<void>();
  const open = (): void => {
    if (!gate.done) gate.setResult();
  };
  for (const future of futures) future.addDoneCallback(open);
  await gate;
  for (const future of futures) forgetCallback(future, open);
  return futures.findIndex((future) => future.done);
}
