/**
 * The protocol of assembly/pool/README.md as a small machine, searched exhaustively: every interleaving of some workers, the host and the
 * recoverer, with a death before any step.
 *
 * A state is a short array of small numbers. Each process has at most one next step in a state, so the successors are: a step of one process, a
 * death, the last moment of a dead worker. A worker that is confirmed dead may go on for a while (as in browsers) until that moment.
 *
 * The steps are those of the page; `without` leaves one out, or does it wrongly, which must make the search find a counterexample.
 *
 * Source: E. Clarke, O. Grumberg, D. Peled, "Model Checking" (1999), explicit-state search.
 */

/** What can be done wrongly: the step of the page, and how. */
export type Mutation =
  | "4: the bell is read after the look"
  | "5a: no hold"
  | "5b: the slot is not read again"
  | "5a: the hold is not marked as unsure"
  | "8: the claim is a plain store"
  | "10: the state is a plain store"
  | "10: the state comes before the slot"
  | "12: nobody looks at all states"
  | "14: recovery cares for unsure holds as well"
  | "15: recount is never set"
  | "16: the chunk is not freed"
  | "17: the seat is not freed"
  | "18: next stays"
  | "19: recovery does not look at all states"
  | "20: the host is not told"
  | "21: the hold is cleared first"
  | "20: the bell is not rung"
  | "22: the event is read after the state"
  | "23: reduced in place"
  | "25: the block is freed at once"
  | "24: the holds are read before the slot is cleared"
  | "21: the hold is cleared while the dead may still run"
  | "21: no second recovery"
  | "ring: notify without a count"
  | "announce: notify without a count";

export interface Setting {
  readonly workers: number;
  readonly chunks: number;
  readonly seats: number;
  readonly deaths: number;
  /** Times that the recoverer itself may be cut off and begin again. */
  readonly cuts: number;
  /** Deaths on one chunk that poison the job. */
  readonly kills: number;
  /** Whether the host computes too, as in integrateSync. */
  readonly hostComputes: boolean;
  /** Whether a worker that is confirmed dead may still run: in browsers. */
  readonly afterlife: boolean;
  /** Whether a dead worker is replaced, by one with its number. */
  readonly replaced: boolean;
  /** Deaths only after the last chunk was stored: for what happens when nobody is left, but nothing is left to compute either. */
  readonly deathsAtTheEndOnly?: boolean;
}

export interface Outcome {
  readonly states: number;
  /** What went wrong, and the steps that lead there; null when nothing can. */
  readonly failure: { readonly what: string; readonly trace: readonly string[] } | null;
  /** Whether some run ended in each way. */
  readonly seen: ReadonlySet<"done" | "poisoned">;
}

type State = Uint8Array;

// Chunk states.
const DONE_CHUNK = 255;
const OWNER = 16;
/** The host as the owner of a chunk: no worker has so high a number. */
const HOST_OWNER = 13;
// Job states.
const RUNNING = 1;
const DONE = 2;
const POISONED = 3;
// Holds.
const NONE = 0;
const UNSURE = 1;
const HELD = 2;
// Lives.
const ALIVE = 0;
const DOOMED = 1;
const STOPPED = 2;
const GONE = 3;

// A worker's steps; the numbers have no meaning. COMPUTE … are the host's too.
const READ_BELL = 0;
const READ_SLOT = 1;
const WRITE_HOLD = 2;
const READ_SLOT_AGAIN = 3;
const CONFIRM_HOLD = 4;
const ENTER = 5;
const NEXT = 6;
const CLAIM = 7;
const STORE_SLOT = 8;
const STORE_STATE = 9;
const COUNT = 10;
const END = 11;
const EVENT = 12;
const RECOUNT = 14;
const LEAVE = 16;
const SLEEP = 17;
const ASLEEP = 18;
// The host's.
const PUBLISH = 20;
const RING = 21;
const READ_EVENT = 23;
const READ_STATE = 24;
const HOST_SLEEP = 25;
const HOST_ASLEEP = 26;
const REDUCE = 27;
const READ_SUM = 28;
const RETIRE = 29;
const LOOK_AT_HOLDS = 30;
const FREE = 31;
const FINISHED = 32;
// The recoverer's.
const IDLE = 0;
const READ_HOLD = 1;
const SET_RECOUNT = 2;
const FREE_CHUNKS = 3;
const POISON_EVENT = 4;
const RESET_NEXT = 5;
const LAST_LOOK = 6;
const TELL_HOST = 7;
const CLEAR_HOLD = 8;
const RING_BELL = 9;

const NAMES: Readonly<Record<number, string>> = {
  [READ_BELL]: "reads the bell", [READ_SLOT]: "reads the slot", [WRITE_HOLD]: "writes its hold",
  [READ_SLOT_AGAIN]: "reads the slot again", [CONFIRM_HOLD]: "confirms its hold", [ENTER]: "looks at the job and sits",
  [NEXT]: "takes an index", [CLAIM]: "claims", [STORE_SLOT]: "stores its slot", [STORE_STATE]: "stores done",
  [COUNT]: "counts", [END]: "ends the job", [EVENT]: "tells the host",
  [RECOUNT]: "reads recount and, if need be, all states", [LEAVE]: "leaves", [SLEEP]: "goes to sleep",
  [PUBLISH]: "publishes", [RING]: "rings", [READ_EVENT]: "reads the event",
  [READ_STATE]: "reads the job's state", [HOST_SLEEP]: "goes to sleep", [REDUCE]: "reduces", [READ_SUM]: "reads the sum",
  [RETIRE]: "retires", [LOOK_AT_HOLDS]: "looks at a hold", [FREE]: "frees the block",
}; // biome-ignore format: a table
const RECOVERER_NAMES = [
  "begins", "reads the hold", "sets recount", "frees chunk and seat", "tells the host of the poison", "resets next", "looks at all states",
  "tells the host", "clears the hold", "rings",
]; // biome-ignore format: a table

class Violation extends Error {}

/** Where things lie in a state. */
class Machine {
  // Shared memory: one byte each.
  static readonly SLOT = 0;
  static readonly FREED = 1;
  static readonly BELL = 2;
  static readonly EVENT = 3;
  static readonly NEXT = 4;
  static readonly DONE = 5;
  static readonly RECOUNT = 6;
  static readonly JOB = 7;
  static readonly DEATHS = 8;
  static readonly CUTS = 9;
  static readonly RECOVERER = 10; // pc, thread, index, phase
  static readonly HOST = 14; // pc, event seen, chunk, index
  static readonly CHUNKS = 18;
  readonly slots: number;
  readonly seats: number;
  readonly threads: number;
  readonly size: number;

  constructor(
    readonly setting: Setting,
    readonly without: Mutation | null,
  ) {
    this.slots = Machine.CHUNKS + setting.chunks;
    this.seats = this.slots + setting.chunks;
    // pc, bell seen, chunk, hold, life, recoveries
    this.threads = this.seats + setting.seats;
    this.size = this.threads + 6 * setting.workers;
  }

  start(): State {
    const state = new Uint8Array(this.size);
    state[Machine.JOB] = RUNNING;
    state[Machine.DEATHS] = this.setting.deaths;
    state[Machine.CUTS] = this.setting.cuts;
    state[Machine.HOST] = PUBLISH;
    return state;
  }

  private is(mutation: Mutation): boolean {
    return this.without === mutation;
  }

  /** Each memory access of the job's block goes through here. */
  private touch(s: State): void {
    if (s[Machine.FREED]) throw new Violation("the block is touched after it was freed");
  }

  /** Calls `emit` with each successor. */
  successors(s: State, emit: (name: string, next: State) => void): void {
    for (let t = 0; t < this.setting.workers; t++) {
      const at = this.threads + 6 * t;
      const life = s[at + 4]!;
      if (life === ALIVE || life === DOOMED) {
        const zombie = life === DOOMED;
        const next = s.slice();
        if (this.worker(next, at, t)) emit(`worker ${t}${zombie ? " (dead)" : ""} ${NAMES[s[at]!]}`, next);
        const isEnd = this.setting.deathsAtTheEndOnly !== true || this.allDone(s);
        if (!zombie && s[Machine.DEATHS]! > 0 && isEnd) {
          const doomed = s.slice();
          doomed[Machine.DEATHS]!--;
          if (this.setting.afterlife) doomed[at + 4] = DOOMED;
          else this.bury(doomed, at);
          emit(`worker ${t} dies`, doomed);
        }
        if (zombie) {
          const stopped = s.slice();
          this.bury(stopped, at);
          emit(`worker ${t} stops for good`, stopped);
        }
      }
    }
    // Where the dead may go on there is no supervisor: host and recoverer are one thread, which finishes what it is at.
    const isBusy = this.setting.afterlife && s[Machine.RECOVERER] !== IDLE;
    const host = s.slice();
    if (!isBusy && this.host(host)) emit(`host ${NAMES[s[Machine.HOST]!]}`, host);
    const recoverer = s.slice();
    if (this.recoverer(recoverer)) emit(`recoverer ${RECOVERER_NAMES[s[Machine.RECOVERER]!]}`, recoverer);
    if (s[Machine.CUTS]! > 0 && s[Machine.RECOVERER] !== IDLE) {
      const cut = s.slice();
      cut[Machine.CUTS]!--;
      this.restart(cut);
      emit("recoverer is cut off", cut);
    }
  }

  /** Where the dead stood is nobody's concern any more; what it left in shared memory is. */
  private bury(s: State, at: number): void {
    s.set([READ_BELL, 0, 0, s[at + 3]!, STOPPED], at);
  }

  private allDone(s: State): boolean {
    for (let c = 0; c < this.setting.chunks; c++) if (s[Machine.CHUNKS + c] !== DONE_CHUNK) return false;
    return true;
  }

  /** One step of a worker. @returns false when it has none */
  private worker(s: State, at: number, t: number): boolean {
    switch (s[at]) {
      case READ_BELL:
        s[at + 1] = s[Machine.BELL]!;
        s[at] = READ_SLOT;
        return true;
      case READ_SLOT:
        s[at] = s[Machine.SLOT] ? (this.is("5a: no hold") ? ENTER : WRITE_HOLD) : SLEEP;
        return true;
      case WRITE_HOLD:
        s[at + 3] = this.is("5a: the hold is not marked as unsure") ? HELD : UNSURE;
        s[at] = READ_SLOT_AGAIN;
        return true;
      case READ_SLOT_AGAIN:
        s[at] = s[Machine.SLOT] || this.is("5b: the slot is not read again") ? CONFIRM_HOLD : LEAVE;
        return true;
      case CONFIRM_HOLD:
        s[at + 3] = HELD;
        s[at] = ENTER;
        return true;
      case ENTER:
        this.touch(s);
        s[at] = s[Machine.JOB] === RUNNING && s[Machine.NEXT]! < this.setting.chunks && this.sit(s, t) ? NEXT : LEAVE;
        return true;
      case LEAVE:
        s[at + 3] = NONE;
        // A look that found nothing sleeps, on the bell it read before; after a visit the worker looks again.
        s[at] = s[at + 2] === 0 ? SLEEP : READ_BELL;
        s[at + 2] = 0;
        return true;
      case SLEEP:
        if (this.is("4: the bell is read after the look")) s[at + 1] = s[Machine.BELL]!;
        s[at] = s[Machine.BELL] === s[at + 1] ? ASLEEP : READ_BELL;
        s[at + 1] = 0;
        return true;
      case ASLEEP:
        return false;
      default:
        return this.compute(s, at, t, LEAVE);
    }
  }

  private sit(s: State, t: number): boolean {
    for (let i = 0; i < this.setting.seats; i++) {
      if (s[this.seats + i] === t + 1) return true;
      if (s[this.seats + i] === 0) {
        s[this.seats + i] = t + 1;
        return true;
      }
    }
    return false;
  }

  /** The steps 7 to 12, of worker `t` or the host; `then` when there is nothing left. Byte at + 2 holds 1 + the chunk. */
  private compute(s: State, at: number, t: number, then: number): boolean {
    this.touch(s);
    const chunk = Machine.CHUNKS + s[at + 2]! - 1;
    const mine = OWNER * (t + 1);
    switch (s[at]) {
      case NEXT:
        if (s[Machine.NEXT]! < this.setting.chunks) {
          s[at + 2] = ++s[Machine.NEXT]!;
          s[at] = CLAIM;
        } else {
          s[at] = RECOUNT;
        }
        return true;
      case CLAIM:
        if (s[chunk]! < this.setting.kills) {
          s[chunk] = mine + s[chunk]!;
          s[at] = this.is("10: the state comes before the slot") ? STORE_STATE : STORE_SLOT;
        } else if (this.is("8: the claim is a plain store")) {
          s[chunk] = mine;
          s[at] = STORE_SLOT;
        } else {
          s[at] = NEXT;
        }
        return true;
      case STORE_SLOT:
        s[this.slots + s[at + 2]! - 1] = 1;
        s[at] = this.is("10: the state comes before the slot") ? COUNT : STORE_STATE;
        return true;
      case STORE_STATE:
        if (s[chunk] !== DONE_CHUNK && s[chunk]! >> 4 === t + 1) {
          s[chunk] = DONE_CHUNK;
          s[at] = this.is("10: the state comes before the slot") ? STORE_SLOT : COUNT;
        } else if (this.is("10: the state is a plain store") || this.is("8: the claim is a plain store")) {
          s[chunk] = DONE_CHUNK;
          s[at] = COUNT;
        } else {
          s[at] = NEXT;
        }
        return true;
      case COUNT:
        if (++s[Machine.DONE]! > this.setting.chunks) throw new Violation("a chunk is counted twice");
        s[at] = s[Machine.DONE] === this.setting.chunks ? END : NEXT;
        return true;
      case END:
        s[at] = s[Machine.JOB] === RUNNING ? EVENT : NEXT;
        if (s[Machine.JOB] === RUNNING) s[Machine.JOB] = DONE;
        return true;
      case EVENT:
        this.tellHost(s);
        s[at] = NEXT;
        return true;
      case RECOUNT: {
        // What is done stays done: to look at all states one by one is to look at all of them at the last moment.
        const looks = s[Machine.RECOUNT] === 1 && !this.is("12: nobody looks at all states");
        s[at] = looks && this.allDone(s) && s[Machine.JOB] === RUNNING ? END : then;
        s[at + 2] = Number(at !== Machine.HOST);
        return true;
      }
      default:
        throw new Error(`no step ${s[at]}`);
    }
  }

  /** Count, then notify. Whoever is cut off between the two, or before, is followed by somebody who does both. */
  private tellHost(s: State): void {
    if (!this.is("announce: notify without a count")) s[Machine.EVENT]!++;
    if (s[Machine.HOST] === HOST_ASLEEP) s[Machine.HOST] = READ_EVENT;
  }

  private ring(s: State): void {
    if (!this.is("ring: notify without a count")) s[Machine.BELL]!++;
    for (let at = this.threads; at < this.size; at += 6) if (s[at] === ASLEEP) s[at] = READ_BELL;
  }

  private host(s: State): boolean {
    const at = Machine.HOST;
    switch (s[at]) {
      case PUBLISH:
        s[Machine.SLOT] = 1;
        s[at] = RING;
        return true;
      case RING:
        this.ring(s);
        s[at] = READ_EVENT;
        return true;
      case READ_EVENT:
        s[at + 1] = s[Machine.EVENT]!;
        s[at] = this.setting.hostComputes ? NEXT : READ_STATE;
        return true;
      case READ_STATE:
        s[at] = s[Machine.JOB] === RUNNING ? HOST_SLEEP : s[Machine.JOB] === DONE ? REDUCE : RETIRE;
        if (s[Machine.JOB] === POISONED && this.setting.deaths < this.setting.kills)
          throw new Violation("poisoned without cause");
        return true;
      case HOST_SLEEP:
        if (this.is("22: the event is read after the state")) s[at + 1] = s[Machine.EVENT]!;
        s[at] = s[Machine.EVENT] === s[at + 1] ? HOST_ASLEEP : READ_EVENT;
        s[at + 1] = 0;
        return true;
      case HOST_ASLEEP:
        return false;
      case REDUCE:
        for (let c = 0; c < this.setting.chunks; c++) {
          if (s[this.slots + c] === 0) throw new Violation("a slot is read before it is written");
        }
        if (this.is("23: reduced in place")) s[this.slots] = 2;
        s[at] = READ_SUM;
        return true;
      case READ_SUM:
        if (this.is("23: reduced in place") && s[this.slots] !== 2) throw new Violation("a sum is overwritten");
        s[at] = this.is("24: the holds are read before the slot is cleared") ? LOOK_AT_HOLDS : RETIRE;
        s[at + 3] = 0;
        return true;
      case RETIRE:
        s[Machine.SLOT] = 0;
        s[at + 3] = 0;
        s[at] =
          this.is("25: the block is freed at once") || this.is("24: the holds are read before the slot is cleared")
            ? FREE
            : LOOK_AT_HOLDS;
        return true;
      case LOOK_AT_HOLDS:
        // Held: the host looks again later.
        if (s[this.threads + 6 * s[at + 3]! + 3] !== NONE) return false;
        if (++s[at + 3]! < this.setting.workers) return true;
        s[at] = this.is("24: the holds are read before the slot is cleared") ? RETIRE : FREE;
        return true;
      case FREE:
        s[Machine.FREED] = 1;
        s[at] = FINISHED;
        // What the host remembers of the way is forgotten, so that equal ends are equal states.
        s[at + 1] = s[at + 2] = s[at + 3] = 0;
        return true;
      case FINISHED:
        return false;
      default:
        return this.compute(s, at, HOST_OWNER, READ_STATE);
    }
  }

  private restart(s: State): void {
    s.fill(0, Machine.RECOVERER, Machine.RECOVERER + 4);
  }

  /**
   * Recovery in two phases: at the confirmed death, and again when the last moment of the dead is over and its number becomes free.
   * A thread's sixth byte counts the phases that are behind it.
   */
  private recoverer(s: State): boolean {
    const at = Machine.RECOVERER;
    const t = s[at + 1]!;
    const thread = this.threads + 6 * t;
    const last = s[at + 3] === 1;
    const clearsNow = last || this.is("21: the hold is cleared while the dead may still run");
    switch (s[at]) {
      case IDLE:
        for (let k = 0; k < this.setting.workers; k++) {
          const life = s[this.threads + 6 * k + 4];
          const phase = s[this.threads + 6 * k + 5]!;
          if (!((life === DOOMED && phase === 0) || (life === STOPPED && phase < 2))) continue;
          // Where the dead do nothing more, the first recovery is the last.
          s.set([READ_HOLD, k, 0, this.setting.afterlife ? phase : 1], at);
          if (this.setting.afterlife && phase === 1 && this.is("21: no second recovery")) s[at] = CLEAR_HOLD;
          return true;
        }
        return false;
      case READ_HOLD:
        s[at] =
          s[thread + 3] === HELD || (s[thread + 3] === UNSURE && this.is("14: recovery cares for unsure holds as well"))
            ? SET_RECOUNT
            : CLEAR_HOLD;
        if (s[at] === SET_RECOUNT && this.is("21: the hold is cleared first") && clearsNow) s[thread + 3] = NONE;
        return true;
      case SET_RECOUNT:
        this.touch(s);
        if (!this.is("15: recount is never set")) s[Machine.RECOUNT] = 1;
        s[at] = FREE_CHUNKS;
        return true;
      case FREE_CHUNKS:
        this.touch(s);
        s[at] = RESET_NEXT;
        for (let i = 0; i < this.setting.seats; i++) {
          if (s[this.seats + i] === t + 1 && !this.is("17: the seat is not freed")) s[this.seats + i] = 0;
        }
        for (let chunk = Machine.CHUNKS; chunk < this.slots; chunk++) {
          if (s[chunk] === DONE_CHUNK || s[chunk]! >> 4 !== t + 1) continue;
          // A death is counted at the first recovery, which without an afterlife is the only one.
          const kills = (s[chunk]! & 15) + Number(!last || !this.setting.afterlife);
          if (kills < this.setting.kills) {
            if (s[Machine.JOB] === RUNNING && !this.is("16: the chunk is not freed")) s[chunk] = kills;
          } else if (s[Machine.JOB] === RUNNING) {
            s[Machine.JOB] = POISONED;
            s[at] = POISON_EVENT;
          }
        }
        return true;
      case POISON_EVENT:
        this.touch(s);
        this.tellHost(s);
        s[at] = RESET_NEXT;
        return true;
      case RESET_NEXT:
        this.touch(s);
        if (!this.is("18: next stays")) s[Machine.NEXT] = 0;
        s[at] = LAST_LOOK;
        return true;
      case LAST_LOOK:
        this.touch(s);
        if (this.allDone(s) && s[Machine.JOB] === RUNNING && !this.is("19: recovery does not look at all states"))
          s[Machine.JOB] = DONE;
        s[at] = TELL_HOST;
        return true;
      case TELL_HOST:
        this.touch(s);
        if (!this.is("20: the host is not told")) this.tellHost(s);
        s[at] = CLEAR_HOLD;
        return true;
      case CLEAR_HOLD:
        if (clearsNow) s[thread + 3] = NONE;
        s[at] = RING_BELL;
        return true;
      case RING_BELL:
        if (!this.is("20: the bell is not rung")) this.ring(s);
        s[thread + 5] = last ? 2 : 1;
        if (last) {
          // The number is free; whoever has it next begins at the beginning.
          const next = this.setting.replaced ? [READ_BELL, 0, 0, NONE, ALIVE, 0] : [READ_BELL, 0, 0, NONE, GONE, 2];
          s.set(next, thread);
        }
        this.restart(s);
        return true;
      default:
        throw new Error(`no step ${s[at]}`);
    }
  }

  isFinished(s: State): boolean {
    return s[Machine.HOST] === FINISHED;
  }

  outcome(s: State): "done" | "poisoned" {
    return s[Machine.JOB] === DONE ? "done" : "poisoned";
  }
}

/**
 * Visits every state that can be reached.
 *
 * Failures: a violation; a state from which nothing goes on and the host has not finished; a state from which it never can.
 */
export function explore(setting: Setting, without: Mutation | null = null): Outcome {
  const machine = new Machine(setting, without);
  const numbers = new Map<string, number>();
  const states: State[] = [];
  const parents: number[] = [];
  const steps: string[] = [];
  /** Edges backwards, for the search of states that cannot finish. */
  const predecessors: number[][] = [];
  const seen = new Set<"done" | "poisoned">();
  const key = (s: State): string => String.fromCharCode(...s);
  const visit = (s: State, parent: number, step: string): void => {
    const text = key(s);
    let number = numbers.get(text);
    if (number === undefined) {
      number = states.length;
      numbers.set(text, number);
      states.push(s);
      parents.push(parent);
      steps.push(step);
      predecessors.push([]);
    }
    if (parent >= 0) predecessors[number]!.push(parent);
  };
  const traceTo = (number: number): string[] => {
    const trace: string[] = [];
    for (let at = number; at > 0; at = parents[at]!) trace.unshift(steps[at]!);
    return trace;
  };
  visit(machine.start(), -1, "");
  const finished: number[] = [];
  for (let number = 0; number < states.length; number++) {
    const state = states[number]!;
    if (machine.isFinished(state)) {
      finished.push(number);
      seen.add(machine.outcome(state));
    }
    let ways = 0;
    try {
      machine.successors(state, (step, next) => {
        ways++;
        visit(next, number, step);
      });
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return { states: states.length, seen, failure: { what: error.message, trace: traceTo(number) } };
    }
    if (ways === 0 && !machine.isFinished(state)) {
      return {
        states: states.length,
        seen,
        failure: { what: "everybody sleeps and the host has no result", trace: traceTo(number) },
      };
    }
  }
  // Backwards from the good ends: whatever is not met can never finish.
  const canFinish = new Uint8Array(states.length);
  const queue = [...finished];
  for (const number of queue) canFinish[number] = 1;
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    for (const before of predecessors[number]!) {
      if (canFinish[before]) continue;
      canFinish[before] = 1;
      queue.push(before);
    }
  }
  const stuck = canFinish.indexOf(0);
  const failure = stuck < 0 ? null : { what: "the host can never finish", trace: traceTo(stuck) };
  return { states: states.length, seen, failure };
}
