/**
 * The protocol of assembly/pool/README.md as a small machine, searched exhaustively: every interleaving of some workers, the host and the
 * recoverer, with a death before any step.
 *
 * A state is a short array of small numbers. Each process has at most one next step in a state, so the successors are: a step of one process, a
 * death, the last moment of a dead worker. A worker that is confirmed dead may go on for a while (as in browsers) until that moment.
 *
 * A host and its job are one process, so a setting may have two on the board. One is nearly always enough, since threads and jobs meet only while a
 * hold stands: to a job, a worker's visit to another one is a worker that is slow between its looks, may be killed meanwhile, and came there by leaving
 * early. What the other job adds are rings: they can only wake somebody, whose look is then that of a worker that had not fallen asleep yet.
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
  | "9c: the state comes before the fault"
  | "9c: the host is not told"
  | "10: the state is a plain store"
  | "10: the state comes before the slot"
  | "11: nobody looks at all states"
  | "11: the look waits until nothing is left"
  | "12: the seat is kept"
  | "12: the bell is not rung for a seat"
  | "12: the bell is rung after the hold is cleared"
  | "12: the hold is cleared before the seat"
  | "12: the dead gives its seat back but clears the hold"
  | "14: recovery cares for unsure holds as well"
  | "15: recount is never set"
  | "16: the chunk is not freed"
  | "17: the seat is not freed"
  | "17: what the dead began to fail stays"
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
  /** On the board; each has a host. */
  readonly jobs: number;
  readonly workers: number;
  /** Of each job. */
  readonly chunks: number;
  /** Of each job. */
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
  /** Whether a worker may leave after any chunk, as it does when other jobs wait. */
  readonly leavesEarly: boolean;
  /** Whether a dead worker is replaced, by one with its number. */
  readonly replaced: boolean;
  /** Whether a worker's integrand may fail instead of giving a result. */
  readonly fails?: boolean;
  /** Deaths only after the last chunk was stored: for what happens when nobody is left, but nothing is left to compute either. */
  readonly deathsAtTheEndOnly?: boolean;
}

export interface Outcome {
  readonly states: number;
  /** What went wrong, and the steps that lead there; null when nothing can. */
  readonly failure: { readonly what: string; readonly trace: readonly string[] } | null;
  /** Whether some run ended in each way. */
  readonly seen: ReadonlySet<End>;
}

type End = "done" | "poisoned" | "failed";

type State = Uint8Array;

const THREAD_BYTES = 8;

// Chunk states.
const DONE_CHUNK = 255;
const OWNER = 16;
/** The host as the owner of a chunk: no worker has so high a number. */
const HOST_OWNER = 13;
// Job states.
const RUNNING = 1;
const DONE = 2;
const POISONED = 3;
const FAILED = 4;
/** Running, and thread t is about to say why it will fail. */
const failing = (t: number): number => RUNNING + OWNER * (t + 1);
// Holds: of no job, or of job j, unsure or not.
const NONE = 0;
const unsure = (job: number): number => 1 + 2 * job;
const held = (job: number): number => 2 + 2 * job;
const isUnsure = (hold: number): boolean => (hold & 1) === 1;
const heldJob = (hold: number): number => (hold - 1) >> 1;
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
const LEAVE = 15;
const SLEEP = 16;
const ASLEEP = 17;
const GIVE_UP = 18;
const STAND = 19;
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
// The worker's again.
const LOOK_BACK = 33;
const RING_SEAT = 34;
const END_VISIT = 35;
const BEGIN_FAIL = 36;
const WRITE_FAULT = 37;
const FAIL = 38;
const FAIL_EVENT = 39;
// The recoverer's.
const IDLE = 0;
const READ_HOLD = 1;
const SET_RECOUNT = 2;
const FREE_CHUNKS = 3;
const POISON_EVENT = 4;
const RESET_NEXT = 5;
const LAST_LOOK = 6;
const TELL_HOST = 7;
const RING_BELL = 8;
const CLEAR_HOLD = 9;

const NAMES: Readonly<Record<number, string>> = {
  [READ_BELL]: "reads the bell", [READ_SLOT]: "reads the slot", [WRITE_HOLD]: "writes its hold",
  [READ_SLOT_AGAIN]: "reads the slot again", [CONFIRM_HOLD]: "confirms its hold", [ENTER]: "looks at the job and sits",
  [NEXT]: "takes an index", [CLAIM]: "claims", [STORE_SLOT]: "stores its slot", [STORE_STATE]: "stores done",
  [COUNT]: "counts", [END]: "ends the job", [EVENT]: "tells the host",
  [RECOUNT]: "reads recount and, if need be, all states", [LEAVE]: "is about to leave", [SLEEP]: "goes to sleep",
  [GIVE_UP]: "finds nothing there", [STAND]: "gives its seat back", [LOOK_BACK]: "looks whether something is left",
  [BEGIN_FAIL]: "is about to fail", [WRITE_FAULT]: "writes why", [FAIL]: "fails", [FAIL_EVENT]: "tells the host of the failure",
  [RING_SEAT]: "rings for its seat", [END_VISIT]: "clears its hold",
  [PUBLISH]: "publishes", [RING]: "rings", [READ_EVENT]: "reads the event",
  [READ_STATE]: "reads the job's state", [HOST_SLEEP]: "goes to sleep", [REDUCE]: "reduces", [READ_SUM]: "reads the sum",
  [RETIRE]: "retires", [LOOK_AT_HOLDS]: "looks at a hold", [FREE]: "frees the block",
}; // biome-ignore format: a table
const RECOVERER_NAMES = [
  "begins", "reads the hold", "sets recount", "frees chunk and seat", "tells the host of the poison", "resets next", "looks at all states",
  "tells the host", "rings", "clears the hold",
]; // biome-ignore format: a table

class Violation extends Error {}

/** Where things lie in a state. */
class Machine {
  // Shared memory: one byte each.
  static readonly BELL = 0;
  static readonly DEATHS = 1;
  static readonly CUTS = 2;
  static readonly RECOVERER = 3; // pc, thread, job, phase
  static readonly JOBS = 7;
  // From the start of a job.
  static readonly SLOT = 0;
  static readonly FREED = 1;
  static readonly EVENT = 2;
  static readonly NEXT = 3;
  static readonly DONE = 4;
  static readonly RECOUNT = 5;
  static readonly STATE = 6;
  static readonly FAULT = 7;
  static readonly HOST = 8; // pc, event seen, chunk, index
  static readonly CHUNKS = 12;
  readonly slots: number;
  readonly seats: number;
  readonly jobBytes: number;
  // From the start of the state.
  readonly threads: number;
  readonly size: number;

  constructor(
    readonly setting: Setting,
    readonly without: Mutation | null,
  ) {
    this.slots = Machine.CHUNKS + setting.chunks;
    this.seats = this.slots + setting.chunks;
    this.jobBytes = this.seats + setting.seats;
    this.threads = Machine.JOBS + setting.jobs * this.jobBytes;
    // pc, bell seen, chunk, hold, life, recoveries, slot of the last job, slots looked at since
    this.size = this.threads + THREAD_BYTES * setting.workers;
  }

  start(): State {
    const state = new Uint8Array(this.size);
    state[Machine.DEATHS] = this.setting.deaths;
    state[Machine.CUTS] = this.setting.cuts;
    for (let j = 0; j < this.setting.jobs; j++) {
      state[this.job(j) + Machine.STATE] = RUNNING;
      state[this.job(j) + Machine.HOST] = PUBLISH;
    }
    for (let t = 0; t < this.setting.workers; t++) state[this.thread(t) + 6] = t % this.setting.jobs;
    return state;
  }

  /** Where job `j` begins. */
  private job(j: number): number {
    return Machine.JOBS + j * this.jobBytes;
  }

  private thread(t: number): number {
    return this.threads + THREAD_BYTES * t;
  }

  private is(mutation: Mutation): boolean {
    return this.without === mutation;
  }

  /** Each memory access of the job's block goes through here. */
  private touch(s: State, job: number): void {
    if (s[job + Machine.FREED]) throw new Violation("the block is touched after it was freed");
  }

  /** Calls `emit` with each successor. */
  successors(s: State, emit: (name: string, next: State) => void): void {
    for (let t = 0; t < this.setting.workers; t++) {
      const at = this.thread(t);
      const life = s[at + 4]!;
      if (life === ALIVE || life === DOOMED) {
        const name = `worker ${t}${life === DOOMED ? " (dead)" : ""}`;
        const next = s.slice();
        if (this.worker(next, at, t)) emit(`${name} ${NAMES[s[at]!]}`, next);
        // After a chunk, where `compute` leaves a 1 behind; or because it finds itself dead.
        const mayLeave = (this.setting.leavesEarly && s[at + 2] === 1) || this.isMarked(s, at, t);
        if (s[at] === NEXT && mayLeave) {
          const early = s.slice();
          early[at] = this.leaving();
          emit(`${name} wants to leave early`, early);
        }
        if (this.setting.fails === true && s[at] === STORE_SLOT) {
          const cut = s.slice();
          cut[at] = BEGIN_FAIL;
          emit(`${name} cannot evaluate`, cut);
        }
        const isEnd = this.setting.deathsAtTheEndOnly !== true || this.allDone(s, this.job(0));
        if (life === ALIVE && s[Machine.DEATHS]! > 0 && isEnd) {
          const doomed = s.slice();
          doomed[Machine.DEATHS]!--;
          if (this.setting.afterlife) doomed[at + 4] = DOOMED;
          else this.bury(doomed, at);
          emit(`${name} dies`, doomed);
        }
        if (life === DOOMED) {
          const stopped = s.slice();
          this.bury(stopped, at);
          emit(`${name} stops for good`, stopped);
        }
      }
    }
    // Where the dead may go on there is no supervisor: host and recoverer are one thread, which finishes what it is at.
    const isBusy = this.setting.afterlife && s[Machine.RECOVERER] !== IDLE;
    for (let j = 0; j < this.setting.jobs && !isBusy; j++) {
      const host = s.slice();
      if (this.host(host, this.job(j))) emit(`host of ${j} ${NAMES[s[this.job(j) + Machine.HOST]!]}`, host);
    }
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
    s.set([READ_BELL, 0, 0, s[at + 3]!, STOPPED, s[at + 5]!, 0, 0], at);
  }

  /** Whether the number is marked as DEAD: the recoverer has begun with it. */
  private isMarked(s: State, at: number, t: number): boolean {
    if (s[at + 4] !== DOOMED) return false;
    return s[at + 5]! > 0 || (s[Machine.RECOVERER] !== IDLE && s[Machine.RECOVERER + 1] === t);
  }

  private allDone(s: State, job: number): boolean {
    for (let c = 0; c < this.setting.chunks; c++) if (s[job + Machine.CHUNKS + c] !== DONE_CHUNK) return false;
    return true;
  }

  /** Where step 12 begins. Without an afterlife nobody finds itself dead. */
  private leaving(): number {
    return this.setting.afterlife ? LEAVE : STAND;
  }

  /** One step of a worker. @returns false when it has none */
  private worker(s: State, at: number, t: number): boolean {
    const { jobs } = this.setting;
    // The slot looked at; in a job, its own.
    const index = (s[at + 6]! + s[at + 7]!) % jobs;
    const job = this.job(index);
    switch (s[at]) {
      case READ_BELL:
        if (this.isMarked(s, at, t)) {
          this.bury(s, at);
          return true;
        }
        s[at + 1] = s[Machine.BELL]!;
        s[at + 7] = 1;
        s[at] = READ_SLOT;
        return true;
      case READ_SLOT:
        if (s[job + Machine.SLOT]) s[at] = this.is("5a: no hold") ? ENTER : WRITE_HOLD;
        else this.lookOn(s, at);
        return true;
      case WRITE_HOLD:
        s[at + 3] = this.is("5a: the hold is not marked as unsure") ? held(index) : unsure(index);
        s[at] = READ_SLOT_AGAIN;
        return true;
      case READ_SLOT_AGAIN:
        s[at] = s[job + Machine.SLOT] || this.is("5b: the slot is not read again") ? CONFIRM_HOLD : GIVE_UP;
        return true;
      case CONFIRM_HOLD:
        s[at + 3] = held(index);
        s[at] = ENTER;
        return true;
      case ENTER:
        this.touch(s, job);
        if (this.isOpen(s, job) && this.sit(s, job, t)) {
          s[at] = NEXT;
          s[at + 1] = 0;
          s[at + 6] = index;
          s[at + 7] = 0;
        } else {
          s[at] = GIVE_UP;
        }
        return true;
      case GIVE_UP:
        s[at + 3] = NONE;
        this.lookOn(s, at);
        return true;
      case LEAVE:
        if (this.isMarked(s, at, t) && !this.is("12: the dead gives its seat back but clears the hold")) {
          this.bury(s, at);
          return true;
        }
        s[at] = STAND;
        return true;
      case STAND:
        if (this.is("12: the hold is cleared before the seat")) s[at + 3] = NONE;
        s[at] = LOOK_BACK;
        if (this.is("12: the hold is cleared before the seat")) return true;
        this.stand(s, job, t);
        return true;
      case LOOK_BACK:
        if (this.is("12: the hold is cleared before the seat")) this.stand(s, job, t);
        this.touch(s, job);
        s[at] = this.isOpen(s, job) && !this.is("12: the bell is not rung for a seat") ? RING_SEAT : END_VISIT;
        if (s[at] === RING_SEAT && this.is("12: the bell is rung after the hold is cleared")) s[at + 3] = NONE;
        return true;
      case RING_SEAT:
        this.ring(s);
        s[at] = END_VISIT;
        return true;
      case END_VISIT:
        s[at + 3] = NONE;
        s[at + 2] = 0;
        s[at] = READ_BELL;
        return true;
      case BEGIN_FAIL: {
        this.touch(s, job);
        const isMine = s[job + Machine.STATE] === RUNNING;
        if (isMine) s[job + Machine.STATE] = failing(t);
        s[at] = isMine ? (this.is("9c: the state comes before the fault") ? FAIL : WRITE_FAULT) : this.leaving();
        return true;
      }
      case WRITE_FAULT:
        this.touch(s, job);
        s[job + Machine.FAULT] = 1;
        s[at] = this.is("9c: the state comes before the fault") ? FAIL_EVENT : FAIL;
        return true;
      case FAIL: {
        this.touch(s, job);
        const isMine = s[job + Machine.STATE] === failing(t);
        if (isMine) s[job + Machine.STATE] = FAILED;
        s[at] = !isMine ? this.leaving() : this.is("9c: the state comes before the fault") ? WRITE_FAULT : FAIL_EVENT;
        return true;
      }
      case FAIL_EVENT:
        this.touch(s, job);
        if (!this.is("9c: the host is not told")) this.tellHost(s, job);
        s[at] = this.leaving();
        return true;
      case SLEEP:
        if (this.is("4: the bell is read after the look")) s[at + 1] = s[Machine.BELL]!;
        s[at] = s[Machine.BELL] === s[at + 1] ? ASLEEP : READ_BELL;
        s[at + 1] = 0;
        return true;
      case ASLEEP:
        return false;
      default:
        return this.compute(s, at, job, t, this.leaving());
    }
  }

  /** Goes to the next slot of the board, or to sleep behind the last, on the bell as it was before the look. */
  private lookOn(s: State, at: number): void {
    s[at] = s[at + 7] === this.setting.jobs ? SLEEP : READ_SLOT;
    s[at + 7] = s[at + 7] === this.setting.jobs ? 0 : s[at + 7]! + 1;
  }

  private isOpen(s: State, job: number): boolean {
    return s[job + Machine.STATE] === RUNNING && s[job + Machine.NEXT]! < this.setting.chunks;
  }

  private sit(s: State, job: number, t: number): boolean {
    for (let seat = job + this.seats; seat < job + this.jobBytes; seat++) {
      if (s[seat] !== 0) continue;
      s[seat] = t + 1;
      return true;
    }
    return false;
  }

  private stand(s: State, job: number, t: number): void {
    this.touch(s, job);
    if (this.is("12: the seat is kept")) return;
    for (let seat = job + this.seats; seat < job + this.jobBytes; seat++) if (s[seat] === t + 1) s[seat] = 0;
  }

  /** The steps 7 to 12, of worker `t` or the host; `then` when there is nothing left. Byte at + 2 holds 1 + the chunk. */
  private compute(s: State, at: number, job: number, t: number, then: number): boolean {
    this.touch(s, job);
    const chunk = job + Machine.CHUNKS + s[at + 2]! - 1;
    const mine = OWNER * (t + 1);
    switch (s[at]) {
      case NEXT:
        if (s[job + Machine.NEXT]! < this.setting.chunks) {
          s[at + 2] = ++s[job + Machine.NEXT]!;
          s[at] = CLAIM;
        } else {
          s[at + 2] = 0;
          s[at] = this.is("11: the look waits until nothing is left") ? RECOUNT : then;
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
          s[at + 2] = 0;
          s[at] = NEXT;
        }
        return true;
      case STORE_SLOT:
        s[job + this.slots + s[at + 2]! - 1] = 1;
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
          s[at + 2] = 1;
          s[at] = NEXT;
        }
        return true;
      case COUNT:
        s[at + 2] = 1;
        if (++s[job + Machine.DONE]! > this.setting.chunks) throw new Violation("a chunk is counted twice");
        s[at] = s[job + Machine.DONE] === this.setting.chunks ? END : RECOUNT;
        if (s[at] === RECOUNT && this.is("11: the look waits until nothing is left")) s[at] = NEXT;
        return true;
      case END:
        s[at] = s[job + Machine.STATE] === RUNNING ? EVENT : NEXT;
        if (s[job + Machine.STATE] === RUNNING) s[job + Machine.STATE] = DONE;
        return true;
      case EVENT:
        this.tellHost(s, job);
        s[at] = NEXT;
        return true;
      case RECOUNT: {
        // What is done stays done: to look at all states one by one is to look at all of them at the last moment.
        const looks = s[job + Machine.RECOUNT] === 1 && !this.is("11: nobody looks at all states");
        const otherwise = this.is("11: the look waits until nothing is left") ? then : NEXT;
        s[at] = looks && this.allDone(s, job) && s[job + Machine.STATE] === RUNNING ? END : otherwise;
        return true;
      }
      default:
        throw new Error(`no step ${s[at]}`);
    }
  }

  /** Count, then notify. Whoever is cut off between the two, or before, is followed by somebody who does both. */
  private tellHost(s: State, job: number): void {
    if (!this.is("announce: notify without a count")) s[job + Machine.EVENT]!++;
    if (s[job + Machine.HOST] === HOST_ASLEEP) s[job + Machine.HOST] = READ_EVENT;
  }

  private ring(s: State): void {
    if (!this.is("ring: notify without a count")) s[Machine.BELL]!++;
    for (let at = this.threads; at < this.size; at += THREAD_BYTES) if (s[at] === ASLEEP) s[at] = READ_BELL;
  }

  private host(s: State, job: number): boolean {
    const at = job + Machine.HOST;
    switch (s[at]) {
      case PUBLISH:
        s[job + Machine.SLOT] = 1;
        s[at] = RING;
        return true;
      case RING:
        this.ring(s);
        s[at] = READ_EVENT;
        return true;
      case READ_EVENT:
        s[at + 1] = s[job + Machine.EVENT]!;
        s[at] = this.setting.hostComputes ? NEXT : READ_STATE;
        return true;
      case READ_STATE:
        s[at] =
          (s[job + Machine.STATE]! & 15) === RUNNING ? HOST_SLEEP : s[job + Machine.STATE] === DONE ? REDUCE : RETIRE;
        if (s[job + Machine.STATE] === FAILED && !s[job + Machine.FAULT] && s[Machine.DEATHS] === this.setting.deaths)
          throw new Violation("a fault is read before it is written");
        if (s[job + Machine.STATE] === POISONED && this.setting.deaths < this.setting.kills)
          throw new Violation("poisoned without cause");
        return true;
      case HOST_SLEEP:
        if (this.is("22: the event is read after the state")) s[at + 1] = s[job + Machine.EVENT]!;
        s[at] = s[job + Machine.EVENT] === s[at + 1] ? HOST_ASLEEP : READ_EVENT;
        s[at + 1] = 0;
        return true;
      case HOST_ASLEEP:
        return false;
      case REDUCE:
        for (let c = 0; c < this.setting.chunks; c++) {
          if (s[job + this.slots + c] === 0) throw new Violation("a slot is read before it is written");
        }
        if (this.is("23: reduced in place")) s[job + this.slots] = 2;
        s[at] = READ_SUM;
        return true;
      case READ_SUM:
        if (this.is("23: reduced in place") && s[job + this.slots] !== 2) throw new Violation("a sum is overwritten");
        s[at] = this.is("24: the holds are read before the slot is cleared") ? LOOK_AT_HOLDS : RETIRE;
        s[at + 3] = 0;
        return true;
      case RETIRE:
        s[job + Machine.SLOT] = 0;
        s[at + 3] = 0;
        s[at] =
          this.is("25: the block is freed at once") || this.is("24: the holds are read before the slot is cleared")
            ? FREE
            : LOOK_AT_HOLDS;
        return true;
      case LOOK_AT_HOLDS:
        // Held: the host looks again later.
        if (this.isHeld(s, s[at + 3]!, job)) return false;
        if (++s[at + 3]! < this.setting.workers) return true;
        s[at] = this.is("24: the holds are read before the slot is cleared") ? RETIRE : FREE;
        return true;
      case FREE:
        s[job + Machine.FREED] = 1;
        s[at] = FINISHED;
        // What nobody reads again is forgotten, so that equal ends are equal states.
        s[job + Machine.EVENT] = s[job + Machine.NEXT] = s[job + Machine.DONE] = s[job + Machine.RECOUNT] = 0;
        s[job + Machine.FAULT] = 0;
        s.fill(0, at + 1, job + this.jobBytes);
        return true;
      case FINISHED:
        return false;
      default:
        return this.compute(s, at, job, HOST_OWNER, READ_STATE);
    }
  }

  private isHeld(s: State, t: number, job: number): boolean {
    const hold = s[this.thread(t) + 3]!;
    return hold !== NONE && this.job(heldJob(hold)) === job;
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
    const thread = this.thread(t);
    const job = this.job(s[at + 2]!);
    const last = s[at + 3] === 1;
    const clearsNow = last || this.is("21: the hold is cleared while the dead may still run");
    switch (s[at]) {
      case IDLE:
        for (let k = 0; k < this.setting.workers; k++) {
          const life = s[this.thread(k) + 4];
          const phase = s[this.thread(k) + 5]!;
          if (!((life === DOOMED && phase === 0) || (life === STOPPED && phase < 2))) continue;
          // Where the dead do nothing more, the first recovery is the last.
          s.set([READ_HOLD, k, 0, this.setting.afterlife ? phase : 1], at);
          if (this.setting.afterlife && phase === 1 && this.is("21: no second recovery")) s[at] = CLEAR_HOLD;
          return true;
        }
        return false;
      case READ_HOLD: {
        const hold = s[thread + 3]!;
        const follows = hold !== NONE && (!isUnsure(hold) || this.is("14: recovery cares for unsure holds as well"));
        s[at] = follows ? SET_RECOUNT : CLEAR_HOLD;
        if (follows) s[at + 2] = heldJob(hold);
        if (s[at] === SET_RECOUNT && this.is("21: the hold is cleared first") && clearsNow) s[thread + 3] = NONE;
        return true;
      }
      case SET_RECOUNT:
        this.touch(s, job);
        if (!this.is("15: recount is never set")) s[job + Machine.RECOUNT] = 1;
        s[at] = FREE_CHUNKS;
        return true;
      case FREE_CHUNKS:
        this.touch(s, job);
        s[at] = RESET_NEXT;
        if (!this.is("17: the seat is not freed")) this.stand(s, job, t);
        if (s[job + Machine.STATE] === failing(t) && !this.is("17: what the dead began to fail stays"))
          s[job + Machine.STATE] = FAILED;
        for (let chunk = job + Machine.CHUNKS; chunk < job + this.slots; chunk++) {
          if (s[chunk] === DONE_CHUNK || s[chunk]! >> 4 !== t + 1) continue;
          // A death is counted at the first recovery, which without an afterlife is the only one.
          const kills = (s[chunk]! & 15) + Number(!last || !this.setting.afterlife);
          if (kills < this.setting.kills) {
            if (s[job + Machine.STATE] === RUNNING && !this.is("16: the chunk is not freed")) s[chunk] = kills;
          } else if (s[job + Machine.STATE] === RUNNING) {
            s[job + Machine.STATE] = POISONED;
            s[at] = POISON_EVENT;
          }
        }
        return true;
      case POISON_EVENT:
        this.touch(s, job);
        this.tellHost(s, job);
        s[at] = RESET_NEXT;
        return true;
      case RESET_NEXT:
        this.touch(s, job);
        if (!this.is("18: next stays")) s[job + Machine.NEXT] = 0;
        s[at] = LAST_LOOK;
        return true;
      case LAST_LOOK:
        this.touch(s, job);
        if (
          this.allDone(s, job) &&
          s[job + Machine.STATE] === RUNNING &&
          !this.is("19: recovery does not look at all states")
        )
          s[job + Machine.STATE] = DONE;
        s[at] = TELL_HOST;
        return true;
      case TELL_HOST:
        this.touch(s, job);
        if (!this.is("20: the host is not told")) this.tellHost(s, job);
        s[at] = RING_BELL;
        return true;
      case RING_BELL:
        if (!this.is("20: the bell is not rung")) this.ring(s);
        s[at] = CLEAR_HOLD;
        return true;
      case CLEAR_HOLD:
        if (clearsNow) s[thread + 3] = NONE;
        s[thread + 5] = last ? 2 : 1;
        if (last) {
          // The number is free; whoever has it next begins at the beginning.
          const next = this.setting.replaced
            ? [READ_BELL, 0, 0, NONE, ALIVE, 0, t % this.setting.jobs, 0]
            : [READ_BELL, 0, 0, NONE, GONE, 2, 0, 0];
          s.set(next, thread);
        }
        this.restart(s);
        return true;
      default:
        throw new Error(`no step ${s[at]}`);
    }
  }

  isFinished(s: State): boolean {
    for (let j = 0; j < this.setting.jobs; j++) if (s[this.job(j) + Machine.HOST] !== FINISHED) return false;
    return true;
  }

  outcome(s: State): End {
    for (let j = 0; j < this.setting.jobs; j++) {
      const state = s[this.job(j) + Machine.STATE];
      if (state !== DONE) return state === FAILED ? "failed" : "poisoned";
    }
    return "done";
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
  /** Edges backwards, for the search of states that cannot finish: of each state the last one, of each edge its origin and the one before it. */
  const lastEdge: number[] = [];
  const origins: number[] = [];
  const earlierEdge: number[] = [];
  const seen = new Set<End>();
  const key = (s: State): string => Buffer.from(s.buffer, s.byteOffset, s.length).toString("latin1");
  const visit = (s: State, parent: number, step: string): void => {
    const text = key(s);
    let number = numbers.get(text);
    if (number === undefined) {
      number = states.length;
      numbers.set(text, number);
      states.push(s);
      parents.push(parent);
      steps.push(step);
      lastEdge.push(-1);
    }
    if (parent < 0) return;
    origins.push(parent);
    earlierEdge.push(lastEdge[number]!);
    lastEdge[number] = origins.length - 1;
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
    for (let edge = lastEdge[number]!; edge >= 0; edge = earlierEdge[edge]!) {
      const before = origins[edge]!;
      if (canFinish[before]) continue;
      canFinish[before] = 1;
      queue.push(before);
    }
  }
  const stuck = canFinish.indexOf(0);
  const failure = stuck < 0 ? null : { what: "the host can never finish", trace: traceTo(stuck) };
  return { states: states.length, seen, failure };
}
