/**
 * A thread as its parent sees it: it joins the parent's memory, then runs partners or cases.
 */
import type { Library, Share } from "./library.js";
import { type Answer, type Envelope, type Gift, pack, RemoteError, type Request, type Wish } from "./messages.js";

/** A worker of this engine. */
export interface Channel {
  post(message: Envelope | Gift, transfer: readonly Transferable[]): void;
  /** What it says, and its end if nobody asked for that. Once, at the start. */
  listen(hear: (message: Answer | Wish) => void, end: (why: Error) => void): void;
  /** Resolves when the worker has ended. */
  terminate(): Promise<void>;
}

/** What a thread needs to start others. */
export interface Engine {
  /** Where the library is, and the functions for threads and pools: what `import` takes. */
  readonly library: string;
  readonly targets: string;
  /** A fresh share of this thread's memory. */
  share(): Promise<Share>;
  /** Bytes of this thread's memory that are in use. */
  used(): number;
  /** Undefined where cases ask no other workers. */
  readonly spawn?: () => Channel;
  /** Hears of each rejection on this thread that nobody handles, which else would end it. Asked once. */
  onRejection(hear: (reason: unknown) => void): void;
}

export class Thread {
  private readonly calls = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  private last = 0;

  private constructor(
    private readonly heddle: Library,
    private readonly engine: Engine,
    private readonly channel: Channel,
  ) {
    channel.listen(
      (answer) => {
        if ("wish" in answer) {
          void this.give(answer);
          return;
        }
        const call = this.calls.get(answer.id);
        this.calls.delete(answer.id);
        if ("error" in answer) call?.reject(new RemoteError(answer.error));
        else call?.resolve(answer.result);
      },
      (why) => {
        for (const { reject } of this.calls.values()) reject(why);
        this.calls.clear();
      },
    );
  }

  /** Starts a worker that attaches to this thread's memory. */
  static async start(heddle: Library, engine: Engine): Promise<Thread> {
    if (engine.spawn === undefined) throw new Error("expected a place where cases ask other workers");
    const thread = new Thread(heddle, engine, engine.spawn());
    const share = await engine.share();
    const { library, targets } = engine;
    await thread.ask({ do: "join", library, targets, share }, share.transfer);
    return thread;
  }

  /** How many calls are under way. */
  get busy(): number {
    return this.calls.size;
  }

  private async give({ wish }: Wish): Promise<void> {
    const share = await this.engine.share();
    this.channel.post({ wish, share }, share.transfer);
  }

  ask(request: Request, transfer: readonly Transferable[] = []): Promise<unknown> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      this.channel.post({ id, request }, transfer);
    });
  }

  run(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.ask({ do: "partner", name, args: args.map((value) => pack(this.heddle, value)) });
  }

  /** Its calls under way never settle. */
  kill(): Promise<void> {
    this.calls.clear();
    return this.channel.terminate();
  }
}
