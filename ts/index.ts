/**
 * Heddle: the package's exports.
 *
 * The functions use a default context, made on first use; `configure` sets it up before that, `createHeddle` makes others.
 */
import { ArgumentError } from "./errors.js";
import { createHeddle, Heddle, type HeddleInfo } from "./integrate/heddle.js";
import type { ContextOptions } from "./runtime/context.js";
import type { IntegrateOptions, IntegrateResult, IntegrateSyncOptions } from "./types.js";

export {
  ArgumentError,
  ClosedError,
  ExpressionError,
  HeddleError,
  OutOfMemoryError,
  UnsupportedError,
  WasmError,
  WorkerError,
} from "./errors.js";
export type { IntegrateOptions, IntegrateResult, IntegrateSyncOptions, Progress, Rule, Status } from "./types.js";
export type { ContextOptions, HeddleInfo };
export { createHeddle, Heddle };

let options: ContextOptions = {};
let shared: Heddle | undefined;

function defaultHeddle(): Heddle {
  shared ??= createHeddle(options);
  return shared;
}

/**
 * Says how the default context is to be made. Call it before anything uses that context.
 *
 * @param contextOptions as for `createHeddle`
 * @throws {ArgumentError} the default context exists already
 */
export function configure(contextOptions: ContextOptions): void {
  if (shared !== undefined) {
    throw new ArgumentError(
      "configure() must come before the first use of the default context; make another one with createHeddle()",
      "options",
      contextOptions,
    );
  }
  options = contextOptions;
}

/** `Heddle.integrate` in the default context. */
export function integrate(f: string, a: number, b: number, options?: IntegrateOptions): Promise<IntegrateResult> {
  return defaultHeddle().integrate(f, a, b, options);
}

/** `Heddle.integrateSync` in the default context. */
export function integrateSync(f: string, a: number, b: number, options?: IntegrateSyncOptions): IntegrateResult {
  return defaultHeddle().integrateSync(f, a, b, options);
}

/** `Heddle.evaluate` in the default context. */
export function evaluate(
  f: string,
  x: ArrayLike<number>,
  options?: Pick<IntegrateOptions, "parameters" | "variable">,
): Float64Array {
  return defaultHeddle().evaluate(f, x, options);
}

/** `Heddle.start` in the default context. */
export function start(threads?: number): Promise<void> {
  return defaultHeddle().start(threads);
}

/** `Heddle.info` of the default context. */
export function info(): HeddleInfo {
  return defaultHeddle().info();
}
