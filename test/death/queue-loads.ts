/**
 * What threads do to a queue until they are stopped, or dead: producers and consumers, each life in a style of its own.
 *
 * A producer puts the items 0, 1, 2 … of its life, in order. A consumer takes what comes, looks whether it is whole and in order, and notes it.
 */
import type { Handle, PriorityQueue, Queue, SimpleQueue } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import type { Load, Self } from "./inside.js";
import { type Forms, makeEntry, makeItem, type Name, nameEntry, nameItem, RANKS, type Ranked } from "./items.js";
import { ITEMS, Word } from "./ledger.js";

export const QUEUES = ["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"] as const;
export type QueueName = (typeof QUEUES)[number];

export interface QueuePlan {
  readonly type: QueueName;
  readonly forms: Forms;
  /** Objects travel as JSON, by a codec that can die while it reads. */
  readonly json: boolean;
  /** Where producers stop for a while. */
  readonly most: number;
}

type AnyQueue = Queue | PriorityQueue;

export const PUTS = ["put", "nowait", "timeout", "await", "many", "mixed"] as const;
/** `several` has some gets pending at a time. */
export const GETS = ["get", "nowait", "timeout", "await", "abort", "many", "several", "mixed"] as const;
export type GetStyle = (typeof GETS)[number];

/** Of these a dead thread's record names the only item that it may have taken and not noted. */
export const NAMING: readonly GetStyle[] = ["get", "nowait", "timeout", "await", "abort", "mixed"];

/** Items of a batch, and gets of the style `several`. */
const BATCH = 16;
export const SEVERAL = 3;

/** Milliseconds of a wait with a time-out. */
const SHORT = 2;

export function styleOf<T>(styles: readonly T[], seed: number): T {
  return styles[Math.abs(seed) % styles.length]!;
}

/** Put by the host at the end of a queue that cannot be shut down: one for each consumer. */
export const END = "the end";

/** The queue of a handle. Objects go by JSON if the plan says so. */
export function openQueue(
  heddle: Library,
  handle: Handle,
  plan: QueuePlan,
  onRead: () => void,
): AnyQueue | SimpleQueue {
  const found = heddle[plan.type] as typeof Queue;
  return found.from(handle, plan.json ? { codec: jsonCodec(onRead) } : {});
}

/** @param onRead called while an object is being read: its bytes are in the thread's hand */
export function jsonCodec(onRead: () => void): {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
} {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return {
    encode: (value) => encoder.encode(JSON.stringify(value)),
    decode: (bytes) => {
      onRead();
      return JSON.parse(decoder.decode(bytes));
    },
  };
}

export function isCode(error: unknown, code: string): boolean {
  return (error as { code?: string }).code === code;
}

async function produce(self: Self): Promise<void> {
  const { heddle, ledger, order, random } = self;
  const plan = order.plan as QueuePlan;
  const ranked = plan.type === "PriorityQueue";
  const queue = openQueue(heddle, order.handles.queue!, plan, () => {}) as AnyQueue;
  let style = styleOf(PUTS, order.seed);
  if (plan.type === "SimpleQueue" && style === "many") style = "put";
  const make = (i: number): unknown =>
    ranked ? makeEntry(order.life, i, plan.forms) : makeItem(order.life, i, plan.forms);
  const ways = {
    put: (item: unknown) => queue.putSync(item as never),
    nowait: (item: unknown) => queue.putNowait(item as never),
    timeout: (item: unknown) => queue.putSync(item as never, { timeout: random() * SHORT }),
    await: (item: unknown) => queue.put(item as never, random() < 0.5 ? undefined : { timeout: random() * SHORT }),
  };
  const singles = Object.values(ways);
  let i = 0;
  while (!ledger.mustStop) {
    self.tick();
    if (i + BATCH > ITEMS || (i % 16 === 0 && queue.qsize() > plan.most)) {
      ledger.pause(1);
      continue;
    }
    try {
      if (style === "many") {
        const count = 1 + Math.floor(random() * BATCH);
        ledger.write(Word.BEGUN, i + count);
        queue.putManySync(Array.from({ length: count }, (_, k) => make(i + k)) as never);
        i += count;
      } else {
        const way = style === "mixed" ? singles[Math.floor(random() * singles.length)]! : ways[style];
        ledger.write(Word.BEGUN, i + 1);
        const pending = way(make(i));
        if (pending !== undefined) await pending;
        i++;
      }
      ledger.write(Word.DONE, i);
    } catch (error) {
      if (!isCode(error, "ERR_QUEUE_FULL")) throw error;
      // Nothing went in: the same item again.
      ledger.write(Word.BEGUN, i);
      if (style === "nowait") ledger.pause(0.1);
    }
  }
  if (order.life % 4 === 1) queue.close();
}

/** What a consumer writes down. */
class Notes {
  private got = 0;
  private tasks = 0;
  /** The next of each life and rank that can come: those before it have been there already. */
  private readonly nexts: Int32Array;
  private readonly isInOrder: boolean;
  private readonly plan: QueuePlan;

  constructor(
    private readonly self: Self,
    private readonly queue: AnyQueue,
    style: GetStyle,
  ) {
    this.plan = self.order.plan as QueuePlan;
    this.nexts = new Int32Array(self.ledger.lives * (RANKS + 1));
    this.isInOrder = this.plan.type !== "LifoQueue" && style !== "several";
  }

  /** It is about to get so many at most. */
  begin(most: number): void {
    this.self.ledger.write(Word.ABOUT, this.got + most);
  }

  /** Notes an item. @returns whether it was one: the end is none */
  item(item: unknown): boolean {
    if (item === END) return false;
    const { plan, self, nexts } = this;
    const { ledger } = self;
    const { life, i, rank } = nameOf(item, plan);
    if (i >= ledger.read(Word.BEGUN, life)) self.find(`got item ${i} of life ${life}, which never put it`);
    const at = life * (RANKS + 1) + rank;
    if (this.isInOrder && i < nexts[at]!) self.find(`got item ${i} of life ${life} after its item ${nexts[at]! - 1}`);
    nexts[at] = i + 1;
    ledger.take(life, i);
    return true;
  }

  /** It has got so many, and no more. */
  end(count: number): void {
    const { ledger } = this.self;
    this.got += count;
    ledger.write(Word.GOT, this.got);
    ledger.write(Word.ABOUT, this.got);
    if (this.plan.type === "SimpleQueue") return;
    for (let k = 0; k < count; k++) {
      this.tasks++;
      ledger.write(Word.TASKS_ABOUT, this.tasks);
      this.queue.taskDone();
      ledger.write(Word.TASKS, this.tasks);
    }
  }
}

/** Whose item it is; those of one rank come in order. */
export function nameOf(item: unknown, { type, forms }: QueuePlan): Name & { readonly rank: number } {
  return type === "PriorityQueue" ? nameEntry(item as Ranked, forms) : { ...nameItem(item, forms), rank: 0 };
}

async function consume(self: Self): Promise<void> {
  const { heddle, order, ledger } = self;
  const plan = order.plan as QueuePlan;
  const queue = openQueue(heddle, order.handles.queue!, plan, () => self.tickInside()) as AnyQueue;
  let style = styleOf(GETS, order.seed);
  if (plan.type === "SimpleQueue" && style === "many") style = "get";
  const notes = new Notes(self, queue, style);
  const step = stepOf(self, queue, style, notes);
  for (let isOpen = true; isOpen; ) {
    self.tick();
    try {
      const more = step();
      // Without an await where there is nothing to wait for: most of the time is to go into the queue.
      isOpen = typeof more === "boolean" ? more : await more;
    } catch (error) {
      notes.end(0);
      if (isCode(error, "ERR_QUEUE_SHUTDOWN")) break;
      if (!isCode(error, "ERR_QUEUE_EMPTY") && (error as Error).name !== "TimeoutError") throw error;
      if (style === "nowait") ledger.pause(0.1);
    }
  }
  if (order.life % 4 === 1) queue.close();
}

/** One get, or one batch, in a style. It says false at the end. */
function stepOf({ random }: Self, queue: AnyQueue, style: GetStyle, notes: Notes): () => boolean | Promise<boolean> {
  const one = (item: unknown): boolean => {
    const isItem = notes.item(item);
    notes.end(isItem ? 1 : 0);
    return isItem;
  };
  if (style === "many") {
    return () => {
      notes.begin(BATCH);
      const items = queue.getManySync(BATCH);
      for (const item of items) notes.item(item);
      notes.end(items.length);
      return true;
    };
  }
  if (style === "several") {
    return async () => {
      notes.begin(SEVERAL);
      const gets = Array.from({ length: SEVERAL }, () =>
        queue.get({ timeout: random() * SHORT }).then((item) => notes.item(item)),
      );
      const results = await Promise.allSettled(gets);
      let got = 0;
      let isOpen = true;
      for (const result of results) {
        if (result.status === "fulfilled") {
          if (result.value) got++;
          else isOpen = false;
        } else if (isCode(result.reason, "ERR_QUEUE_SHUTDOWN")) isOpen = false;
        else if (!isCode(result.reason, "ERR_QUEUE_EMPTY")) throw result.reason;
      }
      notes.end(got);
      return isOpen;
    };
  }
  const ways = {
    get: () => queue.getSync(),
    nowait: () => queue.getNowait(),
    timeout: () => queue.getSync({ timeout: random() * SHORT }),
    await: () => queue.get(random() < 0.5 ? undefined : { timeout: random() * SHORT }),
    abort: () => queue.get({ signal: AbortSignal.timeout(Math.round(random() * SHORT)) }),
  };
  const singles = Object.values(ways);
  return () => {
    const way = style === "mixed" ? singles[Math.floor(random() * singles.length)]! : ways[style];
    notes.begin(1);
    const item = way();
    return item instanceof Promise ? item.then(one) : one(item);
  };
}

/**
 * Puts one and takes one, without ever waiting, on a queue that is full of items: nearly all of its time is spent in the queue, so its death falls there.
 */
function swap(self: Self): void {
  const { heddle, order, ledger } = self;
  const plan = order.plan as QueuePlan;
  const queue = openQueue(heddle, order.handles.queue!, plan, () => self.tickInside()) as AnyQueue;
  const notes = new Notes(self, queue, "nowait");
  const make = plan.type === "PriorityQueue" ? makeEntry : makeItem;
  for (let i = 0; i < ITEMS && !ledger.mustStop; i++) {
    self.tick();
    ledger.write(Word.BEGUN, i + 1);
    queue.putNowait(make(order.life, i, plan.forms) as never);
    ledger.write(Word.DONE, i + 1);
    notes.begin(1);
    try {
      notes.item(queue.getNowait());
      notes.end(1);
    } catch (error) {
      // Others may only take.
      if (!isCode(error, "ERR_QUEUE_EMPTY")) throw error;
      notes.end(0);
    }
  }
}

/** Looks at all that is in the queue, again and again: the longest section there is. Not for a SimpleQueue. */
function peek(self: Self): void {
  const { heddle, ledger, order } = self;
  const plan = order.plan as QueuePlan;
  const queue = openQueue(heddle, order.handles.queue!, plan, () => {}) as AnyQueue;
  while (!ledger.mustStop) {
    self.tick();
    for (const item of queue.snapshot()) {
      const { life, i } = nameOf(item, plan);
      if (i >= ledger.read(Word.BEGUN, life)) self.find(`saw item ${i} of life ${life}, which never put it`);
    }
    // A bound that is changed to what it is lets all who wait look again.
    const { maxsize } = queue;
    queue.maxsize = maxsize;
  }
}

/** Makes queues of its own, fills them beyond what they have room for, closes them with what is in them. */
function churn(self: Self): void {
  const { heddle, ledger, order, random } = self;
  const plan = order.plan as QueuePlan;
  const ranked = plan.type === "PriorityQueue";
  const kept: AnyQueue[] = [];
  while (!ledger.mustStop) {
    self.tick();
    const queue = new (heddle[plan.type] as typeof Queue)();
    const count = Math.floor(random() ** 3 * 6000);
    if (ranked || plan.type === "SimpleQueue" || random() < 0.3) {
      for (let i = 0; i < count; i++) queue.putNowait((ranked && i % 2 === 0 ? [i % 7, i] : i) as never);
    } else {
      queue.putManySync(Float64Array.from({ length: count }, (_, i) => i) as never);
      if (count > 0) queue.getManySync(1000);
    }
    for (let i = 0; i < 10; i++)
      queue.putNowait((ranked ? [i, textOfLength(100 * i)] : textOfLength(100 * i)) as never);
    if (plan.type !== "SimpleQueue" && queue.snapshot().length !== queue.qsize())
      self.find("a snapshot is not all there is");
    // Some stay open, for its death to close.
    if (random() < 0.7) queue.close();
    else kept.push(queue);
    if (kept.length > 10) kept.shift()!.close();
  }
}

function textOfLength(length: number): string {
  return "".padEnd(length, "-");
}

export const queueLoads: Readonly<Record<string, Load>> = { produce, consume, swap, peek, churn };
