/**
 * Options of pools and of calls: what they are, and their checks.
 *
 * Role: any thread.
 */
import { checkFunction, checkOptions, checkWhole, refuse } from "../checks.js";
import type { ThingOptions } from "../sync/thing.js";
import { readSignal, readTimeout } from "../sync/wait.js";
import type { Target } from "../threads/target.js";

export interface PoolOptions extends Omit<ThingOptions, "spin"> {
  /** Workers, 1 to 250. Default: as many as the machine runs at a time. */
  readonly workers?: number;
  /** Run by each worker before its first task. When it throws, the pool is broken. */
  readonly initializer?: Target;
  readonly initArgs?: readonly unknown[];
  /** Tasks after which a worker is replaced; a chunk of `map` counts as one. Default: never. */
  readonly maxTasksPerChild?: number;
  /** Tasks that may wait at most; `submit` and its like wait beyond. Default: as many as the memory holds. */
  readonly maxPending?: number;
  /** Milliseconds that a task gets to end by itself when its time is over or it was aborted, before its worker is ended by force. Default 1000. */
  readonly grace?: number;
}

export interface CallOptions {
  /** Milliseconds from the call until it rejects with `TimeoutError`. */
  readonly timeout?: number | null;
  /** Aborting it rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Lower numbers go first. Default 0. */
  readonly priority?: number;
  /** As `PoolOptions.grace`, for this call. */
  readonly grace?: number;
}

export interface MapOptions extends CallOptions {
  /** Elements that a worker is given at a time. Default: so that each worker gets four chunks. */
  readonly chunksize?: number;
  /** Called after each chunk. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface ImapOptions extends CallOptions {
  /** Elements that a worker is given at a time. Default 1. */
  readonly chunksize?: number;
  /** Chunks that are under way at most. Default: two for each worker. */
  readonly window?: number;
}

export const POOL_OPTIONS = [
  "workers",
  "initializer",
  "initArgs",
  "maxTasksPerChild",
  "maxPending",
  "grace",
  "context",
];
const CALL_OPTIONS = ["timeout", "signal", "priority", "grace"];
const MAP_OPTIONS = [...CALL_OPTIONS, "chunksize", "onProgress"];
const IMAP_OPTIONS = [...CALL_OPTIONS, "chunksize", "window"];

/** Chunks that each worker gets of a map, by default. Source: CPython's `Pool.map`. */
const CHUNKS_PER_WORKER = 4;

/** The options of a call, checked. */
export interface Call {
  /** Milliseconds, infinite when there is no limit. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly priority: number;
  /** Milliseconds; undefined: the pool's. */
  readonly grace: number | undefined;
}

/** Of a call that is given no options. */
export const PLAIN_CALL: Call = { timeout: Number.POSITIVE_INFINITY, signal: undefined, priority: 0, grace: undefined };

/** @throws {ArgumentError} */
export function readCall(options: CallOptions): Call {
  checkOptions(options, CALL_OPTIONS);
  return callOf(options);
}

function callOf({ timeout, signal, priority = 0, grace }: CallOptions): Call {
  if (typeof priority !== "number" || Number.isNaN(priority)) refuse("priority", "a number", priority);
  if (grace !== undefined) checkGrace(grace);
  return { timeout: readTimeout(timeout), signal: readSignal(signal), priority, grace };
}

/** @param length of what is mapped. @throws {ArgumentError} */
export function readMap(options: MapOptions, length: number, workers: number) {
  checkOptions(options, MAP_OPTIONS);
  const { chunksize = Math.ceil(length / (CHUNKS_PER_WORKER * workers)) || 1, onProgress } = options;
  checkWhole("chunksize", chunksize, 1, 2 ** 31);
  if (onProgress !== undefined) checkFunction("onProgress", onProgress);
  return { call: callOf(options), chunksize, onProgress };
}

/** @throws {ArgumentError} */
export function readImap(options: ImapOptions, workers: number) {
  checkOptions(options, IMAP_OPTIONS);
  const { chunksize = 1, window = 2 * workers } = options;
  checkWhole("chunksize", chunksize, 1, 2 ** 31);
  checkWhole("window", window, 1, 2 ** 31);
  return { call: callOf(options), chunksize, window };
}

/** @throws {ArgumentError} */
export function checkGrace(grace: unknown): void {
  if (typeof grace !== "number" || !(grace >= 0)) refuse("grace", "0 or more milliseconds", grace);
}
