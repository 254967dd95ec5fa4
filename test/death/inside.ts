/** The inside of a thread that is to die: it attaches, waits for its turn, then does what it was told until it is stopped, or dead. */
import type { Library } from "../runtime/library.js";
import { random } from "../tools/random.js";
import { Ledger, State, Word } from "./ledger.js";
import { lockLoads } from "./lock-loads.js";
import type { Message, Order } from "./order.js";
import { queueLoads } from "./queue-loads.js";

/** What the engine brings. */
export interface Inside {
  post(message: Message): void;
  listen(hear: (order: Order) => void): void;
  /** Ends this thread when its code has returned. */
  end(): void;
  /** Ends this thread at once, wherever it is; where an engine cannot, it throws `error` once the end is certain. */
  exit(error: Error): void;
}

/** A thread at work, as a load sees it. */
export interface Self {
  readonly heddle: Library;
  readonly order: Order;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Between two operations: counts down to the life's end, if it is to end itself. */
  tick(): void;
  /** The same in the middle of one. */
  tickInside(): void;
  /** Reports what must not be. */
  find(text: string): void;
}

/** What a thread does until it is stopped. It closes what it opened, or leaves that to its death. */
export type Load = (self: Self) => void | Promise<void>;

const loads: Readonly<Record<string, Load>> = { ...queueLoads, ...lockLoads };

export function serve(inside: Inside): void {
  inside.listen(async (order) => {
    const ledger = new Ledger(order.books, order.life);
    const heddle = (await import(order.library)) as Library;
    const attachment = await heddle.attach(order.share);
    ledger.write(Word.NUMBER, attachment.member.number);
    const next = random(order.seed);
    const { ending } = order;
    let operations = 0;
    let left = ending.how === "terminate" ? Number.POSITIVE_INFINITY : ending.after;
    const die = (): void => {
      const error = new Error(PLANNED);
      if (ending.how === "throw") throw error;
      inside.exit(error);
    };
    const self: Self = {
      heddle,
      order,
      ledger,
      random: next,
      tick: () => {
        operations++;
        ledger.write(Word.OPERATIONS, operations);
        if (ending.how !== "inside" && --left <= 0) die();
      },
      tickInside: () => {
        if (ending.how === "inside" && --left <= 0) die();
      },
      find: (text) => inside.post({ kind: "finding", text: `life ${order.life}: ${text}` }),
    };
    const load = loads[order.load];
    if (load === undefined) throw new Error(`expected the name of a load, got ${order.load}`);
    ledger.write(Word.STATE, State.READY);
    inside.post({ kind: "ready" });
    ledger.sleepWhile(State.READY);
    try {
      await load(self);
    } catch (error) {
      // As if nobody caught it: whoever looks on knows whether it was planned.
      if ((error as Error).message !== PLANNED) self.find(`${(error as Error).stack ?? error}`);
      throw error;
    }
    ledger.write(Word.STATE, State.OVER);
    inside.post({ kind: "over" });
    // Every other one leaves as it should; the others as most programs do, by ending.
    if (order.life % 2 === 0) attachment.close();
    inside.end();
  });
}

/** Message of the error that a life throws when it was told to. */
export const PLANNED = "this life was to end with an error";
