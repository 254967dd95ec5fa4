/**
 * Checks of what callers pass to the calls on samples.
 *
 * Role: any thread.
 */
import { checkOptions, checkWhole, refuse, show } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { checkNumbers, checkSignal } from "../integrate/arguments.js";
import { memberFor } from "../sync/thing.js";
import type { Order } from "./spaced.js";
import type { CumulateOptions, SamplesOptions, SamplesRule } from "./types.js";

const SYNC = ["x", "dx", "rule"];
const ASYNC = ["threads", "signal", "context"];
/** Options by call. */
const OPTIONS = {
  integrateSamples: [...SYNC, ...ASYNC],
  integrateSamplesSync: SYNC,
  cumulateSamples: [...SYNC, "initial", "into", ...ASYNC],
  cumulateSamplesSync: [...SYNC, "initial", "into"],
} as const;

export type Call = keyof typeof OPTIONS;

const THREADS_MAXIMUM = 250;

/** The least double above 0. */
const LEAST = Number.MIN_VALUE;

/** What a call is about. */
export interface Problem {
  readonly y: Float64Array;
  /** Null: equal spacing. */
  readonly x: Float64Array | null;
  readonly dx: number;
  readonly rule: SamplesRule;
  /** Which widths are right. */
  readonly order: Order;
  /** What is added to running sums. */
  readonly initial: number;
  /** Where they go, if the caller says so. */
  readonly into: Float64Array | null;
}

/** @throws {ArgumentError} */
export function readProblem(call: Call, samples: unknown, given: unknown): Problem {
  const { x: places, dx = 1, rule: wanted, initial = 0, into } = readOptions(call, given);
  const rule = checkRule(call, wanted);
  const y = readNumbers("y", samples);
  if (y.length === 0) refuse("y", "one sample at least", samples, "a detached array has none either");
  if (typeof dx !== "number" || !Number.isFinite(dx) || dx === 0) refuse("dx", "a finite number other than 0", dx);
  if (typeof initial !== "number") refuse("initial", "a number", initial);
  const running = { initial, into: into === undefined ? null : checkInto(into, y) };
  if (rule === "romberg") checkRomberg(y.length, places);
  if (places === undefined) return { y, x: null, dx, rule, order: { direction: 1, least: 0 }, ...running };
  if ((given as SamplesOptions).dx !== undefined) {
    throw new ArgumentError(`expected either \`x\` or \`dx\`, got both, dx = ${show(dx)}; leave one out`, "dx", dx);
  }
  const x = readNumbers("x", places);
  if (x.length !== y.length) {
    refuse("x", `as many numbers as there are samples, ${y.length}`, x.length, "each sample has its place");
  }
  if (running.into !== null) assertApart(running.into, x, "x");
  return { y, x, dx, rule, order: orderOf(x, rule), ...running };
}

/** @throws {ArgumentError} */
export function readAsync(given: SamplesOptions = {}): Pick<SamplesOptions, "threads" | "signal" | "context"> {
  const { threads, signal, context } = given;
  if (threads !== undefined) checkWhole("threads", threads, 1, THREADS_MAXIMUM);
  if (context !== undefined) memberFor({ context });
  const read = checkSignal(signal);
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(context === undefined ? {} : { context }),
    ...(read === undefined ? {} : { signal: read }),
  };
}

function readOptions(call: Call, options: unknown): CumulateOptions {
  checkOptions(options, OPTIONS[call], (name) => {
    const other = `${call.replace("Sync", "")}` as Call;
    return (OPTIONS[other] as readonly string[]).includes(name) ? `\`${call}\` has no use for it, use ${other}` : "";
  });
  return Object.assign(Object.create(null), options);
}

function checkRule(call: Call, rule: unknown = "trapezoid"): SamplesRule {
  if (rule === "trapezoid" || rule === "simpson") return rule;
  if (rule === "romberg" && call.startsWith("integrate")) return rule;
  const rules = call.startsWith("integrate") ? `"trapezoid", "simpson", "romberg"` : `"trapezoid", "simpson"`;
  const remedy = rule === "romberg" ? "Romberg's rule has no running form" : "";
  refuse("rule", `one of ${rules}`, rule, remedy);
}

function checkRomberg(samples: number, x: unknown): void {
  if (x !== undefined) {
    throw new ArgumentError(
      "expected `dx` for Romberg's rule, which needs equal spacing, got `x`; use Simpson's",
      "x",
      x,
    );
  }
  const intervals = samples - 1;
  if (intervals >= 1 && Number.isInteger(Math.log2(intervals)) && 2 ** Math.log2(intervals) === intervals) return;
  throw new ArgumentError(
    `expected 2^k + 1 samples for Romberg's rule (2, 3, 5, 9, 17 …), got ${samples}; use Simpson's, which takes any number`,
    "y",
    samples,
  );
}

function checkInto(into: unknown, y: Float64Array): Float64Array {
  if (!isDoubles(into)) refuse("into", "a Float64Array", into);
  if (into.length !== y.length) refuse("into", `as long as the samples, ${y.length}`, into.length);
  assertApart(into, y, "y");
  return into;
}

/** @throws {ArgumentError} they share memory: results would be read as samples */
function assertApart(into: Float64Array, other: Float64Array, name: string): void {
  const isBehind = into.byteOffset >= other.byteOffset + other.byteLength;
  const isBefore = other.byteOffset >= into.byteOffset + into.byteLength;
  if (into.buffer !== other.buffer || isBehind || isBefore) return;
  throw new ArgumentError(
    `\`into\` must be memory of its own, got memory that \`${name}\` is in; take another array`,
    "into",
    into,
  );
}

/** Of any realm. */
function isDoubles(value: unknown): value is Float64Array {
  return Object.prototype.toString.call(value) === "[object Float64Array]";
}

/** Numbers where they are, if they are doubles; else a copy. */
function readNumbers(name: string, numbers: unknown): Float64Array {
  return isDoubles(numbers) ? numbers : checkNumbers(name, numbers);
}

/** Which way x goes. Between its ends all is looked at later, on the way. */
function orderOf(x: Float64Array, rule: SamplesRule): Order {
  const last = x.length - 1;
  for (const i of [0, last]) if (!Number.isFinite(x[i])) refuse(`x[${i}]`, "a finite number", x[i]);
  return { direction: (x[last] as number) >= (x[0] as number) ? 1 : -1, least: rule === "trapezoid" ? 0 : LEAST };
}

/** Says which place is wrong, once one is known to be. @throws {ArgumentError} always, if so */
export function refuseOrder(x: Float64Array, { direction, least }: Order): void {
  for (let i = 1; i < x.length; i++) {
    const [before, here] = [x[i - 1] as number, x[i] as number];
    if (!Number.isFinite(here)) refuse(`x[${i}]`, "a finite number", here);
    if (direction * (here - before) >= least) continue;
    if (here === before) {
      const remedy = "use the trapezoid rule, or integrate what is before and behind it by themselves";
      refuse(`x[${i}]`, `other than x[${i - 1}] for Simpson's rule`, here, remedy);
    }
    const side = direction > 0 ? "above" : "below";
    const way = direction > 0 ? "ascends" : "descends";
    const remedy = "sort the samples by x";
    refuse(
      `x[${i}]`,
      `${side} x[${i - 1}], which is ${before}, since x ${way} from its first to its last`,
      here,
      remedy,
    );
  }
}
