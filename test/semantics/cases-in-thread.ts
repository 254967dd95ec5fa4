/**
 * A `Thread` that runs cases, as the thread that starts it sees it. It may be blocked for ever by one: the next case has a new one.
 */
import type { Library, Queue, Thread } from "./library.js";
import { type PlainError, RemoteError } from "./messages.js";
import { within } from "./within.js";
import type { Where } from "./world.js";

/** Longer than a stage takes to notice that a case hangs which does not block its thread. */
const SECONDS = 60;

export class CasesInThread {
  private thread: Thread | undefined;
  private requests: Queue<number> | undefined;
  private answers: Queue<PlainError | null> | undefined;

  /** @param script where thread.ts is, @param targets where targets.ts is, @param library where the library is */
  constructor(
    private readonly heddle: Library,
    private readonly urls: { readonly script: string; readonly targets: string; readonly library: string },
    private readonly where: Where,
  ) {}

  /** Runs a case. @throws what is wrong */
  async run(index: number): Promise<void> {
    this.start();
    // First: what it takes to wait is taken before the case looks at the memory.
    const answer = this.answers!.get();
    this.requests!.putNowait(index);
    let failure: PlainError | null;
    try {
      failure = await within(SECONDS, () => "the thread is blocked, or dead", answer);
    } catch (error) {
      answer.catch(() => {});
      this.close();
      throw error;
    }
    if (failure !== null) throw new RemoteError(failure);
  }

  private start(): void {
    if (this.thread !== undefined) return;
    const { Queue, Thread } = this.heddle;
    this.requests = new Queue<number>();
    this.answers = new Queue<PlainError | null>();
    const { script, targets, library } = this.urls;
    this.thread = new Thread({
      target: { url: script, export: "serveCases" },
      args: [this.requests, this.answers, library, targets, this.where],
      name: "cases",
    });
    this.thread.start();
  }

  /** Ends it by force, with all that it was waiting for. */
  close(): void {
    this.thread?.terminate();
    for (const thing of [this.thread, this.requests, this.answers]) thing?.close();
    this.thread = undefined;
  }
}
