/**
 * Explores a program: every run that departs from its course at most so many times.
 *
 * Source: M. Musuvathi, S. Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs" (PLDI 2007); states that were seen are not
 *         explored again, as in G. Holzmann's SPIN. README.md says why what is left out can be left out.
 *
 * The search is a tree of runs: each is its parent's up to a step, departs there, and then keeps its course. First all runs with no departure, then with
 * one, and so on: the first failure has the fewest.
 */

import { directorOf, type Entry, MISFIT, type Run } from "./director.js";
import { RECORD } from "./instrument.js";
import { Journals } from "./journals.js";
import { describeRace, Races } from "./races.js";
import { type Action, type Deviation, formatSchedule } from "./schedule.js";
import type { Scheduler } from "./scheduler.js";
import { Seen } from "./seen.js";
import { Shared } from "./shared.js";
import { isOfHost, type Site } from "./sites.js";
import { State } from "./state.js";
import { isChange, sleeps } from "./trace.js";

export interface Failure {
  readonly what: string;
  /** As schedule.ts writes it. */
  readonly schedule: string;
}

export interface Report {
  readonly program: string;
  readonly failure: Failure | null;
  /** Departures of the longest search that was begun. */
  readonly bound: number;
  /** Runs, and how many of them had a death in it, or a cut; all searches together. */
  readonly runs: number;
  readonly withDeaths: number;
  readonly withCuts: number;
  readonly states: number;
  readonly steps: number;
  readonly longest: number;
  /** Sites that were reached, by number. */
  readonly reached: ReadonlySet<number>;
  readonly seconds: number;
}

export interface Options {
  /** Instead of the program's. */
  readonly bound?: number;
  /** Seconds after which the search is given up, with what it has. Default: never. */
  readonly seconds?: number;
  /** Looks for races in every run. */
  readonly allRaces?: boolean;
  /** Leaves nothing out: departs from every step, whatever it touches, and explores what follows from equal states anew. To test the rest against. */
  readonly exhaustive?: boolean;
}

/** Races are looked for in every run with so few departures, and in one of so many of the others: it takes as long as all else, and a race seldom shows in one run only. */
const RACES_UP_TO = 1;
const RACES_ONE_IN = 8;

/** A run to be made: its parent's up to a step, then otherwise. */
interface Branch {
  readonly parent: Branch | null;
  readonly deviation: Deviation | null;
  /** How many departures it has. */
  readonly cost: number;
  readonly deaths: number;
  readonly cuts: number;
  /** Before the step, the deviation not yet made; and how many entries the run has until then. */
  readonly state: State;
  readonly entries: number;
  /** Site and address of the step before, to see that the same run was made again. */
  readonly before: readonly [site: number, address: number];
}

export async function explore<E>(scheduler: Scheduler<E>, options: Options = {}): Promise<Report> {
  return new Explorer(scheduler, options).all();
}

class Explorer<E> {
  private readonly seen = new Seen();
  private readonly shared: Shared;
  private readonly races: Races;
  private readonly mayDie: boolean;
  private readonly mayBeCut: boolean;
  private readonly ordered: boolean;
  private stack: Branch[] = [];
  private bound = 0;
  private runs = 0;
  private withDeaths = 0;
  private withCuts = 0;
  private steps = 0;
  private longest = 0;
  private states = 0;
  private readonly reached = new Set<number>();
  private readonly start = performance.now();

  constructor(
    private readonly scheduler: Scheduler<E>,
    private readonly options: Options,
  ) {
    const { program } = scheduler;
    this.shared = new Shared(program.bytes, scheduler.threads);
    this.races = new Races(program.bytes, scheduler.most, program.racy);
    this.mayDie = program.deaths ?? program.recover !== undefined;
    this.mayBeCut = program.cuts ?? false;
    this.ordered = program.ordered ?? false;
  }

  async all(): Promise<Report> {
    const most = this.options.bound ?? this.scheduler.program.bound;
    let failure: Failure | null = null;
    for (this.bound = 0; this.bound <= most && failure === null && !this.isLate(); this.bound++) {
      let known: number;
      do {
        known = this.shared.size;
        failure = await this.search();
        // With more shared words there are more places to depart from.
      } while (failure === null && this.shared.size > known && !this.isLate());
    }
    return {
      program: this.scheduler.program.name,
      failure,
      bound: this.bound - 1,
      runs: this.runs,
      withDeaths: this.withDeaths,
      withCuts: this.withCuts,
      states: this.states,
      steps: this.steps,
      longest: this.longest,
      reached: this.reached,
      seconds: (performance.now() - this.start) / 1000,
    };
  }

  private async search(): Promise<Failure | null> {
    this.seen.clear();
    const state = new State(this.scheduler.threads, this.scheduler.most, new Journals(this.scheduler.program));
    this.stack = [{ parent: null, deviation: null, cost: 0, deaths: 0, cuts: 0, state, entries: 0, before: [-1, 0] }];
    for (let branch = this.stack.pop(); branch !== undefined && !this.isLate(); branch = this.stack.pop()) {
      const schedule = scheduleOf(branch);
      const run = await this.scheduler.run(directorOf(schedule));
      this.count(branch, run);
      this.expectSame(branch, run);
      const what = run.failure ?? this.raceOf(branch, run);
      if (what !== null) return { what, schedule: formatSchedule(schedule) };
      const busy = this.expand(branch, run);
      if (busy !== null) return { what: busy, schedule: formatSchedule(schedule) };
    }
    this.states = Math.max(this.states, this.seen.size);
    return null;
  }

  private raceOf({ cost }: Branch, run: Run): string | null {
    if (cost > RACES_UP_TO && this.runs % RACES_ONE_IN !== 0 && !this.options.allRaces) return null;
    const race = this.races.find(this.scheduler.trace, run);
    return race === null ? null : describeRace(race);
  }

  private isLate(): boolean {
    return performance.now() - this.start > 1000 * (this.options.seconds ?? Number.POSITIVE_INFINITY);
  }

  private count({ deaths, cuts }: Branch, { steps }: Run): void {
    this.runs++;
    if (deaths > 0) this.withDeaths++;
    if (cuts > 0) this.withCuts++;
    this.steps += steps;
    this.longest = Math.max(this.longest, steps);
  }

  /** Follows a run from where it left its parent, and notes where others can leave it. @returns what a store did that should do nothing */
  private expand(branch: Branch, run: Run): string | null {
    const { trace } = this.scheduler;
    const state = branch.state.copy();
    const first = branch.deviation?.step ?? 0;
    this.shared.begin(run.entries);
    let entries = branch.entries;
    for (let step = first; step < run.steps; step++) {
      for (; run.entries[entries]?.step === step; entries++) {
        const isOwn = entries === branch.entries && branch.deviation !== null;
        const entry = run.entries[entries] as Entry;
        // What follows a state that was seen has been followed, or will be.
        if (!isOwn && !this.atChoice(branch, state, entry, entries)) return null;
        state.enter(entry);
      }
      const record = trace.at(step);
      const site = trace.siteOf(record);
      const busy = this.scheduler.busyAt(step);
      if (busy !== null) return busy;
      if (branch.cost < this.bound && !this.atStep(branch, state, step, run.entries, entries)) return null;
      this.reached.add(site.number);
      this.shared.touch(trace, record, site);
      state.step(trace, record, this.ordered);
    }
    return null;
  }

  /** A thread sleeps or has ended, and another was chosen: it might have been one of the others. @returns whether the state is new */
  private atChoice(branch: Branch, state: State, { step, action, thread, choice }: Entry, entries: number): boolean {
    if (choice === undefined || action === "die" || action === "cut" || action === "recover") return true;
    for (const each of threadsOf(choice.runnable)) {
      if (each !== thread) this.branch(branch, state, { step, action: "run", thread: each }, 0, entries);
    }
    // Running out of time while others could go on is a departure.
    const price = choice.runnable === 0 ? 0 : 1;
    for (const each of threadsOf(choice.timeouts)) {
      if (each !== thread) this.branch(branch, state, { step, action: "timeout", thread: each }, price, entries);
    }
    return this.isNew(state, thread, action, this.bound - branch.cost);
  }

  /** The running thread is about to take a step. @returns whether the state is new */
  private atStep(branch: Branch, state: State, step: number, all: readonly Entry[], entries: number): boolean {
    const { trace } = this.scheduler;
    const record = trace.at(step);
    const site = trace.siteOf(record);
    const thread = trace.words[record + RECORD.thread] as number;
    const last = all[entries - 1];
    const isSwitchedTo = last?.step === step && last.action !== "cut";
    if (!isSwitchedTo && this.isMeeting(record, site)) {
      if (!this.isNew(state, thread, "run", this.bound - branch.cost)) return false;
      for (const each of threadsOf(state.others())) {
        this.branch(branch, state, { step, action: "run", thread: each }, 1, entries);
      }
      for (const each of threadsOf(state.patient())) {
        this.branch(branch, state, { step, action: "timeout", thread: each }, 1, entries);
      }
    }
    if ((!this.mayDie && !this.mayBeCut) || !this.isMark(record, site)) return true;
    // Had it died when it was switched away from, everything since would have been the same, for one departure less.
    if (isSwitchedTo && wasInterrupted(all, entries - 1, thread)) return true;
    if (this.mayDie) this.branch(branch, state, { step, action: "die", thread }, 1, entries);
    if (this.mayBeCut && site.function >= 0 && !isOfHost(site.within))
      this.branch(branch, state, { step, action: "cut", thread }, 1, entries);
    return true;
  }

  /** Whether others can tell if they came before this step or after it. */
  private isMeeting(record: number, site: Site): boolean {
    const { kind, atomic } = site;
    if (kind === "end" || kind === "yield" || kind === "woken" || kind === "recovered") return false;
    if (this.options.exhaustive) return true;
    if (kind === "call" || kind === "return") return this.ordered;
    const { trace } = this.scheduler;
    // A plain load that does not race may stay together with what is before it; and one that does is a failure, unless it is allowed.
    if (kind === "load" && !atomic && !this.races.isAllowed(trace.wordOf(record))) return false;
    return this.shared.has(trace, record, site);
  }

  /** Whether it makes a difference to the others if a thread ends before this step or after it. */
  private isMark(record: number, site: Site): boolean {
    if (this.options.exhaustive) return site.kind !== "end" && site.kind !== "recovered";
    const { trace } = this.scheduler;
    const { words } = trace;
    switch (site.kind) {
      case "store":
      case "change":
        return site.bytes > 8 || isChange(trace, record);
      case "notify":
        return words[record + RECORD.result] !== 0;
      case "wait":
        return sleeps(trace, record);
      case "fill":
      case "copy":
      case "woken":
      case "return":
        return true;
      default:
        return false;
    }
  }

  /** Notes a run to be made, unless one from the same state was. */
  private branch(parent: Branch, state: State, deviation: Deviation, price: number, entries: number): void {
    const cost = parent.cost + price;
    const { action, thread, step } = deviation;
    if (cost > this.bound || !this.isNew(state, thread, action, this.bound - cost)) return;
    const { trace } = this.scheduler;
    const record = trace.at(step - 1);
    this.stack.push({
      ...{ parent, deviation, cost, entries },
      deaths: parent.deaths + (action === "die" ? 1 : 0),
      cuts: parent.cuts + (action === "cut" ? 1 : 0),
      state: state.copy(),
      before: step === 0 ? [-1, 0] : [trace.words[record] as number, trace.words[record + RECORD.address] as number],
    });
  }

  private isNew(state: State, thread: number, action: Action, left: number): boolean {
    if (this.options.exhaustive) return true;
    state.hash(thread, action);
    return this.seen.note(state.low, state.high, left);
  }

  /** A run must be its parent's up to where it leaves it. */
  private expectSame({ before: [site, address], deviation }: Branch, run: Run): void {
    const { trace } = this.scheduler;
    const step = (deviation?.step ?? 0) - 1;
    const record = trace.at(step);
    const isSame = site < 0 || (trace.words[record] === site && trace.words[record + RECORD.address] === address);
    if (isSame && !run.failure?.startsWith(MISFIT)) return;
    const got = isSame ? run.failure : `${trace.siteOf(record).name} at step ${step}`;
    throw new Error(`expected the same run again, got ${got}: the program depends on something else than its calls`);
  }
}

/** Whether the last that happened to a thread, before it was switched to by entry `entry`, is that it was interrupted. */
function wasInterrupted(entries: readonly Entry[], entry: number, thread: number): boolean {
  return entries.slice(0, entry).findLast(({ choice }) => choice?.last === thread)?.interrupted === true;
}

function scheduleOf(branch: Branch): Deviation[] {
  const schedule: Deviation[] = [];
  for (let each: Branch | null = branch; each !== null; each = each.parent) {
    if (each.deviation !== null) schedule.push(each.deviation);
  }
  return schedule.reverse();
}

function threadsOf(mask: number): number[] {
  const threads: number[] = [];
  for (let thread = 0; mask >>> thread !== 0; thread++) if ((mask >>> thread) & 1) threads.push(thread);
  return threads;
}
