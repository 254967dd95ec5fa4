/**
 * A context's memory from the host's side: blocks of the arena, jobs in them, and when they are freed.
 *
 *   job    created -> [published -> retired -> lingering] -> freed, at once or when the last thread has left it
 *
 * Role: the thread that made the context.
 */
import { platform } from "#platform";
import { show } from "../../checks.js";
import { ArgumentError, OutOfMemoryError, UnsupportedError, WasmError } from "../../errors.js";
import { assertAllocated } from "./allocated.js";
import { type Core, instantiateCore } from "./core.js";
import { createJob, type JobSpec, jobSize } from "./job.js";
import { Member, rememberMember } from "./member.js";
import { coreModule } from "./modules.js";

const PAGE_BYTES = 65536;
const BYTES_DEFAULT = 64 * 2 ** 20;
const BYTES_MINIMUM = 2 ** 20;
/** Addresses have 32 bits, the first one beyond included. */
const BYTES_MAXIMUM = 2 ** 32 - PAGE_BYTES;
/** Address of the context. Not 0, so that no address in it is mistaken for "none". */
export const BASE = 1024;

/** Bytes of the arena. */
export interface MemoryUse {
  /** All that can be given out. */
  readonly total: number;
  readonly used: number;
  /** The most that ever was in use. */
  readonly peak: number;
}

export class Heap {
  readonly core: Core;
  readonly memory: WebAssembly.Memory;
  /** The host's part. */
  readonly member: Member;
  /** The memory as words to wait on. */
  readonly words: Int32Array;
  private hasTables = false;
  /** Blocks that are to be freed, and could not be yet: jobs, and blocks that were given up while threads were in such jobs, which are listed. */
  private readonly lingering = new Map<number, readonly number[]>();

  /** @param bytes of shared memory, all of them now: it never grows */
  constructor(bytes = BYTES_DEFAULT) {
    checkBytes(bytes);
    const pages = bytes / PAGE_BYTES;
    this.memory = makeMemory(pages);
    this.words = new Int32Array(this.memory.buffer);
    this.core = instantiateCore(coreModule(), this.memory, BASE, 0, platform.mayBlock());
    if (!this.core.contextInit(bytes - BASE)) throw new OutOfMemoryError(BYTES_MINIMUM, bytes, bytes);
    this.member = new Member(platform.identity(), 0, this.core, this.memory);
    rememberMember(this.member);
  }

  /** @throws {OutOfMemoryError} */
  alloc(bytes: number): number {
    // The core counts in 32 bits: more would wrap around and be found.
    const address = bytes > BYTES_MAXIMUM ? 0 : this.core.alloc(bytes) >>> 0;
    return assertAllocated(this.core, address, () => bytes);
  }

  free(block: number): void {
    // Whether the arena's lock could not be had: then later.
    if (this.core.free(block) !== 0) this.lingering.set(block, []);
  }

  /** Whether some thread may be in a job that was given up. */
  get isVisited(): boolean {
    if (this.lingering.size > 0) this.sweep();
    return this.lingering.size > 0;
  }

  /** Frees a block that jobs were about, once no thread is in one that was given up before. */
  freeBehind(block: number): void {
    if (this.isVisited) this.lingering.set(block, [...this.lingering.keys()]);
    else this.free(block);
  }

  /** A block for a job. @throws {OutOfMemoryError} */
  allocJob(bytes: number): number {
    this.sweep();
    return this.alloc(bytes);
  }

  /** Writes the tables of the elementary functions where integrands look for them, once: before the first such integrand is published. */
  putTables(image: () => Uint8Array): void {
    if (this.hasTables) return;
    const bytes = image();
    const room = this.core.tablesBytes();
    if (bytes.length > room) throw new WasmError(`expected tables of ${room} bytes at most, got ${bytes.length}`);
    new Uint8Array(this.memory.buffer).set(bytes, this.core.tablesAddress() >>> 0);
    this.hasTables = true;
  }

  /** @throws {OutOfMemoryError} */
  createJob(spec: JobSpec, kernel: { readonly bytes: Uint8Array; readonly number: number }, seats: number): number {
    this.sweep();
    const job = createJob(this.core, this.memory, spec, kernel.bytes, kernel.number, seats);
    return assertAllocated(this.core, job, () => jobSize(this.core, spec, kernel.bytes.length, seats));
  }

  /** Gives a published job up: tells those who compute, takes it off the board, frees it as soon as the last has left. */
  retireJob(job: number): void {
    this.core.jobCancel(job);
    this.core.jobRetire(job);
    this.lingering.set(job, [job]);
    this.sweep();
  }

  /** The threads that have not left a job which was given up. */
  visitors(job: number): number[] {
    this.sweep();
    const numbers: number[] = [];
    if (!this.lingering.has(job)) return numbers;
    for (let number = this.core.jobVisitor(job, 0); number >= 0; number = this.core.jobVisitor(job, number + 1)) {
      numbers.push(number);
    }
    return numbers;
  }

  use(): MemoryUse {
    this.sweep();
    return {
      total: this.core.memoryTotal() >>> 0,
      used: this.core.memoryUsed() >>> 0,
      peak: this.core.memoryPeak() >>> 0,
    };
  }

  private sweep(): void {
    for (const [block, jobs] of this.lingering) {
      if (jobs.some((job) => this.core.jobIsTouched(job))) continue;
      this.lingering.delete(block);
      this.free(block);
    }
  }
}

function makeMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new UnsupportedError(
      `expected ${pages * PAGE_BYTES} bytes of shared memory from the engine, which refused (${(cause as Error).message}); ask for less: createHeddle({ memory: bytes })`,
      { cause },
    );
  }
}

/** @throws {ArgumentError} it is no size for a shared memory */
export function checkBytes(bytes: unknown): void {
  if (
    typeof bytes !== "number" ||
    !Number.isInteger(bytes / PAGE_BYTES) ||
    bytes < BYTES_MINIMUM ||
    bytes > BYTES_MAXIMUM
  ) {
    throw new ArgumentError(
      `\`memory\` must be a multiple of ${PAGE_BYTES} bytes from ${BYTES_MINIMUM} to ${BYTES_MAXIMUM}, got ${show(bytes)}`,
      "memory",
      bytes,
    );
  }
}
