/**
 * One job of units in shared memory, from the side of the thread that made it (assembly/pool/units.ts has the block).
 *
 * Role: the host.
 */
import { driverFor, Rooms, type UnitPart } from "../compute/compute-units.js";
import type { Context } from "../context.js";
import { JOB_RUNNING } from "../core/core.js";
import { assertDone, type Kernel, withoutBytes } from "./run.js";

export interface UnitSpec {
  /** `JobKind`. */
  readonly kind: number;
  readonly units: number;
  /** Bytes of a desk for them. */
  readonly desk: number;
  readonly kernel: Kernel;
  /** The integrand in the distance from a point, where the rule may ask for it. */
  readonly distance?: Kernel | undefined;
  /**
   * Address of the record that the units are of, a block that lives on; or how many bytes of the job's own block it is to have. What lies in the job's own
   * block may be forgotten with the job, whatever died.
   */
  readonly record: number | { readonly bytes: number };
}

/** Words of `jobMembers`. */
const MEMBER_WORDS = 8;

export class UnitJob {
  readonly address: number;
  /** Of what the units are of. */
  readonly record: number;
  /** A place to sleep on: index of the word that changes with the job's end, and when a death gives a unit back. */
  readonly word: number;
  private own: UnitPart | undefined;
  private isPublished = false;

  /**
   * @param seats threads that may compute at a time; @param isShared whether workers are to enter it
   * @param commonSeats address of the seats, where several jobs have them in common
   * @throws {OutOfMemoryError}
   */
  constructor(
    private readonly context: Context,
    private readonly spec: UnitSpec,
    seats: number,
    isShared: boolean,
    commonSeats?: number,
  ) {
    const { heap } = context;
    const { core } = heap;
    const bytesOf = (kernel: Kernel | undefined): Uint8Array =>
      kernel === undefined ? NO_BYTES : (isShared ? kernel : withoutBytes(kernel)).bytes;
    const { kind, units, record } = spec;
    const kernel = bytesOf(spec.kernel);
    const distance = bytesOf(spec.distance);
    const extra = typeof record === "number" ? 0 : record.bytes;
    this.address = heap.allocJob(core.unitsSize(kernel.length, distance.length, seats, units, extra) >>> 0);
    const job = this.address;
    core.unitsCreate(job, kind, kernel.length, distance.length, seats, units, spec.desk);
    const bytes = new Uint8Array(heap.memory.buffer);
    bytes.set(kernel, core.jobKernelAddress(job) >>> 0);
    core.jobSetKernel(job, spec.kernel.number);
    if (spec.distance !== undefined) {
      bytes.set(distance, core.jobDistanceAddress(job) >>> 0);
      core.unitsSetDistance(job, spec.distance.number);
    }
    if (typeof record === "number") core.unitsSetRecord(job, record);
    if (commonSeats !== undefined) core.unitsShareSeats(job, commonSeats);
    this.record = core.jobRecord(job) >>> 0;
    this.word = core.jobEventWord(job) >>> 2;
  }

  /** Shows it to the workers. There must be a place on the board (`Context.takePlace`). */
  publish(): void {
    this.context.heap.core.jobPublish(this.address);
    this.isPublished = true;
  }

  get isRunning(): boolean {
    return this.context.heap.core.jobState(this.address) === JOB_RUNNING;
  }

  /** Part of the units that is done. */
  get fraction(): number {
    return this.context.heap.core.jobFraction(this.address);
  }

  /** Units that were begun again because their thread died. */
  get restarts(): number {
    return this.context.heap.core.jobRestarts(this.address);
  }

  /** Adds the threads that have taken part to a set of bits. */
  addMembers(members: Int32Array): void {
    const { core, words } = this.context.heap;
    const at = core.jobMembers(this.address) >>> 2;
    for (let index = 0; index < MEMBER_WORDS; index++) members[index]! |= Atomics.load(words, at + index);
  }

  /**
   * This thread's part, with a desk of its own, to compute units by `computeUnits`. `retire` gives the desk back.
   *
   * @throws {OutOfMemoryError}
   */
  part(): UnitPart {
    if (this.own !== undefined) return this.own;
    const { heap, drivers } = this.context;
    const { core, words } = heap;
    const { kind, kernel, distance } = this.spec;
    const own = drivers.get(kernel.number, () => kernel.module, kernel.given);
    const desk = heap.alloc(this.spec.desk);
    this.own = {
      core,
      words,
      evaluate: driverFor(kind, own),
      distance: distance === undefined ? undefined : drivers.get(distance.number, () => distance.module).runs,
      job: this.address,
      work: core.jobWork(this.address) >>> 0,
      desk,
      rooms: new Rooms(
        core,
        (bytes) => heap.alloc(bytes),
        (room) => heap.free(room),
      ),
    };
    return this.own;
  }

  /** @throws as `assertDone`, once it runs no more */
  assertDone(): void {
    assertDone(this.context.heap, this.address);
  }

  /**
   * Whether somebody may still write to a record that lives on, though all units are done: a thread that was taken for dead. Takes the job off the board.
   */
  get isHaunted(): boolean {
    const { core } = this.context.heap;
    if (typeof this.spec.record !== "number" || core.jobWasHit(this.address) === 0) return false;
    core.jobRetire(this.address);
    return core.jobIsTouched(this.address) !== 0;
  }

  /** Gives it up, whatever its state. Blocks that its units were of are freed by `Heap.freeBehind`. */
  retire(): void {
    const { heap } = this.context;
    if (this.own !== undefined) {
      this.own.rooms.close();
      heap.free(this.own.desk);
    }
    if (this.isPublished) heap.retireJob(this.address);
    else heap.free(this.address);
    if (this.isPublished && this.spec.kernel.isForeign) this.context.endHanging(this.address);
  }
}

const NO_BYTES = new Uint8Array(0);
