/**
 * Heddle: the package's exports.
 *
 * The functions use a default context, made on first use; `configure` sets it up before that, `createHeddle` makes others.
 */
import { ArgumentError, UnsupportedError } from "./errors.js";
import { compile } from "./integrate/compile.js";
import { createHeddle, type Heddle, type HeddleInfo, readContextOptions } from "./integrate/heddle.js";
import type { ManyOptions, ManyResult, ManySyncOptions } from "./many-types.js";
import type { ContextOptions } from "./runtime/context.js";
import { isAttached, provideMember, provideSeat } from "./runtime/core/member.js";
import { sitBeside } from "./runtime/crew/seat.js";
import type { Share } from "./runtime/crew/shares.js";
import type { EvaluateOptions, IntegrandSource, Parameters } from "./types.js";

export {
  AbandonedError,
  ArgumentError,
  BrokenBarrierError,
  BrokenPoolError,
  BusyError,
  CalledProcessError,
  CancelledError,
  ClosedError,
  ExpressionError,
  FunctionError,
  HandleError,
  HeddleError,
  IntegrandError,
  InvalidStateError,
  LockError,
  OutOfMemoryError,
  PoolShutdownError,
  ProgramError,
  QueueEmptyError,
  QueueFullError,
  QueueShutdownError,
  SemaphoreError,
  TaskDoneError,
  ThreadError,
  TimeoutError,
  TimeoutRangeError,
  TransferError,
  type Trap,
  UnsupportedError,
  WasmError,
  WorkerError,
  WorkerLostError,
} from "./errors.js";
export {
  type ManyOptions,
  type ManyProgress,
  type ManyResult,
  type ManySources,
  type ManySyncOptions,
  TOLERANCE_STATUSES,
} from "./many-types.js";
export { Future } from "./pool/future.js";
export { asCompleted, type ReturnWhen, wait } from "./pool/gather.js";
export { type Bucket, Histogram } from "./pool/histogram.js";
export type { CallOptions, ImapOptions, MapOptions, PoolOptions } from "./pool/options.js";
export { Pool } from "./pool/pool.js";
export type { PoolStatistics } from "./pool/tally.js";
export { taskCancelled, taskSignal } from "./pool/work.js";
export type { QueueOptions } from "./queue/base.js";
export {
  type Entry,
  JoinableQueue,
  LifoQueue,
  PriorityQueue,
  Queue,
  type ReviveOptions,
  SimpleQueue,
} from "./queue/index.js";
export { type Attachment, attach } from "./runtime/crew/attach.js";
export {
  cumulateSamples,
  cumulateSamplesSync,
  integrateSamples,
  integrateSamplesSync,
} from "./samples/samples.js";
export type {
  CumulateOptions,
  CumulateSyncOptions,
  Samples,
  SamplesOptions,
  SamplesResult,
  SamplesRule,
  SamplesSyncOptions,
} from "./samples/types.js";
export { type ScheduledEvent, Scheduler, type SchedulerOptions } from "./schedule/scheduler.js";
export { serveThread } from "./serve/serve.js";
export type {
  Bound,
  Box,
  CompileSeveralOptions,
  Complex,
  ComplexResult,
  ComplexSource,
  ComponentsOptions,
  ComponentsResult,
  ComponentsSyncOptions,
  FunctionOfSeveral,
  SeveralOptions,
  SeveralProgress,
  SeveralReport,
  SeveralResult,
  SeveralRuleName,
  SeveralSyncOptions,
  SourceOfSeveral,
} from "./several-types.js";
export { Barrier, type BarrierOptions } from "./sync/barrier.js";
export { Condition } from "./sync/condition.js";
export { Counter } from "./sync/counter.js";
export { Event } from "./sync/event.js";
export { Guard } from "./sync/guard.js";
export { Lock } from "./sync/lock.js";
export type { GuardOptions } from "./sync/mutex.js";
export { Once } from "./sync/once.js";
export { ReadWriteLock } from "./sync/read-write-lock.js";
export { RLock } from "./sync/rlock.js";
export { BoundedSemaphore, Semaphore } from "./sync/semaphore.js";
export { type Handle, type ThingOptions, waitingOn } from "./sync/thing.js";
export type { WaitOptions, WaitSyncOptions } from "./sync/wait.js";
export { ThreadExit } from "./threads/exit.js";
export { type HookArguments, setExcepthook } from "./threads/hook.js";
export { activeCount, currentThread, enumerate, mainThread } from "./threads/list.js";
export { local } from "./threads/local.js";
export { type Place, type Target, type Task, task } from "./threads/target.js";
export { Thread, type ThreadOptions } from "./threads/thread.js";
export { Timer } from "./threads/timer.js";
export type {
  CompiledIntegrand,
  CompileOptions,
  Effort,
  EvaluateOptions,
  IntegrandExport,
  IntegrandFunction,
  IntegrandSource,
  IntegrandUse,
  IntegrateOptions,
  IntegrateResult,
  IntegrateSyncOptions,
  Parameters,
  Progress,
  Rule,
  Segments,
  Status,
  Suspect,
  ToleranceOptions,
  ToleranceProgress,
  ToleranceResult,
  ToleranceStatus,
  ToleranceSyncOptions,
} from "./types.js";
export type { StructuredCodec } from "./values/codec.js";
export type { ContextOptions, Heddle, HeddleInfo, Share };
export { compile, createHeddle };

let options: ContextOptions = {};
let shared: Heddle | undefined;

function defaultHeddle(): Heddle {
  shared ??= createHeddle(options);
  return shared;
}

provideMember(() => defaultHeddle().member);
provideSeat(sitBeside);

/**
 * Says how the default context is to be made. Call it before anything uses that context.
 *
 * @param contextOptions as for `createHeddle`
 * @throws {ArgumentError} the default context exists already, or an option is not what was expected
 */
export function configure(contextOptions: ContextOptions): void {
  if (shared !== undefined) {
    throw new ArgumentError(
      "configure() must come before the first use of the default context; make another one with createHeddle()",
      "options",
      contextOptions,
    );
  }
  options = readContextOptions(contextOptions);
}

/** `Heddle.integrate` in the default context. */
export const integrate: Heddle["integrate"] = async (f: unknown, a: unknown, b?: unknown, options?: unknown) =>
  defaultHeddle().integrate(f as never, a as never, b as never, options as never) as never;

/** `Heddle.integrateSync` in the default context. */
export const integrateSync: Heddle["integrateSync"] = (f: unknown, a: unknown, b?: unknown, options?: unknown) =>
  defaultHeddle().integrateSync(f as never, a as never, b as never, options as never) as never;

/** `Heddle.integrateMany` in the default context. */
export async function integrateMany(
  f: IntegrandSource<never>,
  a: number | ArrayLike<number>,
  b: number | ArrayLike<number>,
  options?: ManyOptions,
): Promise<ManyResult> {
  return defaultHeddle().integrateMany(f, a, b, options);
}

/** `Heddle.integrateManySync` in the default context. */
export function integrateManySync(
  f: IntegrandSource<never>,
  a: number | ArrayLike<number>,
  b: number | ArrayLike<number>,
  options?: ManySyncOptions,
): ManyResult {
  return defaultHeddle().integrateManySync(f, a, b, options);
}

/** `Heddle.evaluate` in the default context. */
export function evaluate<P extends Parameters = Parameters>(
  f: IntegrandSource<P>,
  x: ArrayLike<number>,
  options?: EvaluateOptions<P>,
): Float64Array {
  return defaultHeddle().evaluate(f, x, options);
}

/** `Heddle.start` in the default context. */
export async function start(threads?: number): Promise<void> {
  return defaultHeddle().start(threads);
}

/** `Heddle.share` of the default context. @throws {UnsupportedError} that is another thread's, joined by `attach` */
export function share(): Share {
  if (isAttached()) {
    throw new UnsupportedError(
      "expected the thread that made the context; call share() there as often as needed and hand the results on",
    );
  }
  return defaultHeddle().share();
}

/** `Heddle.info` of the default context. */
export function info(): HeddleInfo {
  return defaultHeddle().info();
}

/** `Heddle.close` of the default context. The next call makes a new one, and `configure` may come before it. */
export async function close(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}
export { type Moved, move } from "./values/move.js";
