/**
 * A round on a queue: producers and consumers of which some die and are replaced; then the survivors come to their end, and everything is accounted for.
 *
 * Accounted for means:
 *   no item was taken twice, or taken and never put
 *   an item whose put had returned and that nobody noted was taken by a thread that died in a get, whose record names it: one item a death
 *     (a thread with several gets under way, or a batch, has as many as it has begun, and they are only counted)
 *   `join` has told of every item that was taken and not done, once
 *   the context's memory is as it was
 *
 * Role: the thread that made the context, in any engine.
 */
import type { Heddle, Queue } from "../../ts/index.js";
import type { Library } from "../runtime/library.js";
import { random } from "../tools/random.js";
import { Crew, type Engine, type Life } from "./crew.js";
import { type Forms, isNamedBy, makeEntry, makeItem, type Name } from "./items.js";
import { type Ledger, STOP, Word } from "./ledger.js";
import {
  END,
  GETS,
  isCode,
  jsonCodec,
  NAMING,
  nameOf,
  type QueueName,
  type QueuePlan,
  SEVERAL,
  styleOf,
} from "./queue-loads.js";
import { countDeaths, type Deaths } from "./report.js";

export interface QueueRound {
  readonly type: QueueName;
  readonly forms: Forms;
  readonly json: boolean;
  readonly maxsize: number;
  /** Items that are in it at the beginning. */
  readonly filled: number;
  readonly loads: readonly string[];
  readonly deaths: number;
  /** Milliseconds of work within which a life ends. */
  readonly within: number;
  readonly seed: number;
}

/** What a round saw. */
export interface QueueReport extends Deaths {
  /** Deaths in the middle of an operation: it had begun and had not been noted as over. */
  readonly inOperation: number;
  readonly items: number;
  /** Items that the dead took with them: named by their records, and only counted. */
  readonly named: number;
  readonly counted: number;
  /** Items that a dead producer was putting and that are there nevertheless: its put had been made. */
  readonly putByDead: number;
  /** Items that `join` told of. */
  readonly abandoned: number;
  readonly findings: readonly string[];
}

/** Where producers stop for a while, if the queue is bounded by memory only. */
const MOST = 5000;
/** Operations within which a death by its own hand falls. */
const OPERATIONS = 400;
/** What four threads do: there is always somebody who puts and somebody who gets. */
const LOADS = [
  ["produce", "consume", "produce", "consume"],
  ["produce", "consume", "peek", "churn"],
  ["produce", "consume", "produce", "peek"],
  ["produce", "consume", "consume", "churn"],
];
const HOT = [
  ["swap", "swap", "swap", "swap"],
  ["swap", "swap", "produce", "consume"],
  ["swap", "swap", "peek", "churn"],
];

/** A round of the plan that the seed says, for this type of queue. */
export function drawQueueRound(type: QueueName, deaths: number, within: number, seed: number): QueueRound {
  const next = random(seed);
  const isHot = next() < 0.5;
  const sizes = isHot ? [0] : [0, 1, 4, 100, MOST];
  const maxsize = sizes[Math.floor(next() * sizes.length)]!;
  const filled = isHot ? 1000 + Math.floor(next() * MOST) : maxsize === 0 ? Math.floor(next() * MOST) : 0;
  const forms = next() < 0.35 ? "numbers" : "mixed";
  const choices = isHot ? HOT : LOADS;
  const drawn = choices[Math.floor(next() * choices.length)]!;
  const loads = type === "SimpleQueue" ? drawn.map((load) => (load === "peek" ? "consume" : load)) : drawn;
  return { type, deaths, within, seed, maxsize, filled, forms, loads, json: forms === "mixed" && next() < 0.5 };
}

/**
 * @param onCrew gets the crew, whose state a watchdog may want to tell
 * @param memoryIsBack resolves when the context uses that much memory
 */
export async function queueRound(
  library: Library,
  heddle: Heddle,
  engine: Engine,
  round: QueueRound,
  onCrew: (crew: Crew) => void,
  memoryIsBack: (used: number) => Promise<void>,
): Promise<QueueReport> {
  const { type, forms, json, maxsize, filled, loads, deaths, within, seed } = round;
  const used = heddle.info().memory.used;
  const next = random(seed);
  const plan: QueuePlan = { type, forms, json, most: MOST };
  const options = { context: heddle, ...(json ? { codec: jsonCodec(() => {}) } : {}) };
  const isSimple = type === "SimpleQueue";
  const queue = new (library[type] as typeof Queue)(isSimple ? options : { ...options, maxsize });
  const crew = new Crew(heddle, engine, { deaths, within, operations: OPERATIONS }, next, {
    handles: { queue: queue.handle },
    plan,
    loads,
    inside: json ? ["consume", "swap"] : [],
  });
  onCrew(crew);
  const { ledger } = crew;
  for (let i = 0; i < filled; i++) {
    const item = type === "PriorityQueue" ? makeEntry(0, i, forms) : makeItem(0, i, forms);
    await patiently(() => queue.putNowait(item));
    ledger.write(Word.BEGUN, i + 1);
    ledger.write(Word.DONE, i + 1);
  }
  const host = new HostConsumer(queue, plan, ledger);
  const visiting = next() < 0.5 ? host.visit() : Promise.resolve();
  const last = await crew.run();
  ledger.common[STOP] = 1;
  Atomics.notify(ledger.common, STOP);
  await visiting;
  await Promise.all(last.filter(({ name }) => name !== "consume").map(({ ended }) => ended));
  if (isSimple) for (let i = 0; i < SEVERAL * loads.length; i++) await patiently(() => queue.putNowait(END));
  else await patiently(() => queue.shutdown());
  await Promise.all(last.map(({ ended }) => ended));
  // What thieves have left: nothing, but for what a consumer that is replaced had been woken for at the very end.
  await host.drain();
  const abandoned = isSimple ? 0 : await joinAll(queue);
  if (!isSimple && queue.unfinishedTasks !== 0) crew.findings.push(`${queue.unfinishedTasks} tasks are unfinished`);
  queue.close();
  await Promise.all(crew.lives.map(({ ended }) => ended));
  await memoryIsBack(used);
  crew.examineAll();
  return new Audit(crew, plan).report(abandoned);
}

/** Does it until it is not BUSY: a page's thread does not get every lock at once, and that of a dead thread for some seconds not at all. */
export async function patiently<T>(step: () => T): Promise<T> {
  for (;;) {
    try {
      return step();
    } catch (error) {
      if (!isCode(error, "ERR_BUSY")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** Waits until all is done. @returns how many were lost by deaths */
async function joinAll(queue: Queue): Promise<number> {
  let abandoned = 0;
  for (;;) {
    try {
      await queue.join();
      return abandoned;
    } catch (error) {
      if (!isCode(error, "ERR_ABANDONED")) throw error;
      abandoned += Number(/with (\d+) that/.exec((error as Error).message)?.[1]);
    }
  }
}

/** The host, which takes a part by promises, and does not die. */
class HostConsumer {
  constructor(
    private readonly queue: Queue,
    private readonly plan: QueuePlan,
    private readonly ledger: Ledger,
  ) {}

  async visit(): Promise<void> {
    while (!this.ledger.mustStop) {
      try {
        await this.note(await this.queue.get({ timeout: 3 }));
      } catch (error) {
        if (!isCode(error, "ERR_QUEUE_EMPTY")) throw error;
      }
    }
  }

  async drain(): Promise<void> {
    try {
      for (;;) await this.note(await patiently(() => this.queue.getNowait()));
    } catch (error) {
      if (!isCode(error, "ERR_QUEUE_EMPTY") && !isCode(error, "ERR_QUEUE_SHUTDOWN")) throw error;
    }
  }

  private async note(item: unknown): Promise<void> {
    if (item === END) return;
    const { life, i } = nameOf(item, this.plan);
    this.ledger.take(life, i);
    if (this.plan.type !== "SimpleQueue") await patiently(() => this.queue.taskDone());
  }
}

/** What the books of a round say when it is over. */
class Audit {
  private readonly missing: Name[] = [];
  private items = 0;
  private putByDead = 0;

  constructor(
    private readonly crew: Crew,
    private readonly plan: QueuePlan,
  ) {}

  report(abandoned: number): QueueReport {
    const { crew } = this;
    const { lives, findings } = crew;
    this.count(0, crew.ledger, false);
    for (const { life, ledger, isDoomed } of lives) this.count(life, ledger, isDoomed);
    const suspects = lives.filter((life) => life.isDoomed && this.pending(life) > 0);
    const { named, counted } = this.match(suspects);
    if (this.plan.type !== "SimpleQueue") this.countTasks(abandoned, suspects, named + counted);
    const dead = lives.filter(({ isDoomed }) => isDoomed);
    return {
      ...countDeaths(lives),
      inOperation: dead.filter((life) => this.pending(life) > 0 || life.read(Word.BEGUN) > life.read(Word.DONE)).length,
      items: this.items,
      named,
      counted,
      putByDead: this.putByDead,
      abandoned,
      findings,
    };
  }

  /** Items that it may have taken and not noted. */
  private pending(life: Life): number {
    return life.read(Word.ABOUT) - life.read(Word.GOT);
  }

  /** The items of one producer. */
  private count(life: number, ledger: Ledger, isDoomed: boolean): void {
    const begun = ledger.read(Word.BEGUN);
    const done = ledger.read(Word.DONE);
    if (begun > done && !isDoomed) this.crew.findings.push(`life ${life} has put ${done} items and begun ${begun}`);
    for (let i = 0; i < begun; i++) {
      const taken = ledger.taken(life, i);
      if (taken > 1) this.crew.findings.push(`item ${i} of life ${life} was taken ${taken} times`);
      if (taken > 0) this.items++;
      if (i >= done && taken > 0) this.putByDead++;
      if (i < done && taken === 0) this.missing.push({ life, i });
    }
  }

  /** Finds who took what is missing. */
  private match(suspects: readonly Life[]): { readonly named: number; readonly counted: number } {
    const { forms, json, type } = this.plan;
    const named = new Set<Life>();
    const rest: Name[] = [];
    for (const name of this.missing) {
      const thief = suspects.find(
        (life) =>
          !named.has(life) &&
          life.record !== undefined &&
          isNamedBy(life.record, name, { forms, json, ranked: type === "PriorityQueue" }),
      );
      if (thief === undefined) rest.push(name);
      else named.add(thief);
    }
    // Those that may have taken more than their record can name.
    const room = suspects
      .filter((life) => life.name === "consume" && !NAMING.includes(styleOf(GETS, life.seed)))
      .reduce((sum, life) => sum + this.pending(life) - (named.has(life) ? 1 : 0), 0);
    if (rest.length > room) {
      const names = rest.map(({ life, i }) => `${i} of life ${life}`).join(", ");
      const said = suspects.map(
        (life) => `life ${life.life} (${styleOf(GETS, life.seed)}, ${life.ending.how}): ${JSON.stringify(life.record)}`,
      );
      this.crew.findings.push(
        `${rest.length} items are missing, at most ${room} of them are accounted for: ${names}; ${said.join("; ")}`,
      );
    }
    return { named: named.size, counted: rest.length };
  }

  /** `join` tells of what was taken and not done: by whom is known but for those who died in the middle of a step. */
  private countTasks(abandoned: number, suspects: readonly Life[], missing: number): void {
    const dead = this.crew.lives.filter(({ isDoomed }) => isDoomed);
    let most = 0;
    let least = 0;
    for (const life of dead) {
      most += life.read(Word.GOT) - life.read(Word.TASKS);
      least += life.read(Word.GOT) - Math.max(life.read(Word.TASKS), life.read(Word.TASKS_ABOUT));
    }
    // Of those that may have taken something, some have not; and what a dead producer put and a dead consumer took is in nobody's books.
    const uncertain = suspects.reduce((sum, life) => sum + this.pending(life), 0);
    if (abandoned < least + missing || abandoned > most + uncertain) {
      this.crew.findings.push(`join told of ${abandoned} items, expected ${least + missing} to ${most + uncertain}`);
    }
  }
}
