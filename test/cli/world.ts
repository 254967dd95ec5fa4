/**
 * A world for the command to run in: what it prints is kept, files are a map, the library is a stand-in whose answers are known.
 */
import type { InputOutput } from "../../ts/cli/io.js";
import type { Library } from "../../ts/cli/library.js";
import { run } from "../../ts/cli/run.js";
import type { ManyOptions, ManyResult } from "../../ts/many-types.js";
import type { Box, SeveralOptions, SeveralResult } from "../../ts/several-types.js";
import type { IntegrateOptions, IntegrateResult, ToleranceOptions, ToleranceResult } from "../../ts/types.js";

export interface World {
  readonly io: InputOutput;
  readonly files: Map<string, string>;
  readonly abort: (reason: unknown) => void;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** @param columns of both terminals; undefined: no terminals */
export function makeWorld(columns?: number): World {
  const controller = new AbortController();
  const files = new Map<string, string>();
  let stdout = "";
  let stderr = "";
  return {
    files,
    abort: (reason) => controller.abort(reason),
    stdout: () => stdout,
    stderr: () => stderr,
    io: {
      out: (text) => {
        stdout += text;
      },
      err: (text) => {
        stderr += text;
      },
      outColumns: () => columns,
      errColumns: () => columns,
      signal: controller.signal,
      checkWritable: async (file) => {
        if (file.startsWith("missing/")) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      },
      writeFile: async (file, text) => void files.set(file, text),
    },
  };
}

export function makeResult(fields: Partial<IntegrateResult> = {}): IntegrateResult {
  return {
    value: 1000 / 3,
    error: 1e-10,
    status: "done",
    reason: "all panels were evaluated",
    nonFinite: null,
    evaluations: 1016,
    integrand: { kind: "compiled" },
    threads: 2,
    mode: "threads",
    modeReason: "the call says how many threads",
    restarts: 0,
    elapsed: 10,
    startup: 1,
    points: 1000,
    rule: "midpoint",
    relaxed: false,
    ...fields,
  };
}

export function makeToleranceResult(fields: Partial<ToleranceResult> = {}): ToleranceResult {
  return {
    value: 1.5,
    error: 1e-12,
    status: "converged",
    reason: "the estimate of the error is within the tolerance",
    evaluations: 1344,
    panels: 64,
    rounds: 1,
    l1: 1.5,
    nonFinite: null,
    suspects: [],
    rule: "gauss-kronrod",
    integrand: { kind: "compiled" },
    threads: 1,
    mode: "inline",
    modeReason: "no round of it was long enough to share",
    restarts: 0,
    elapsed: 0.5,
    startup: 0.25,
    relaxed: false,
    ...fields,
  };
}

export function makeSeveralResult(fields: Partial<SeveralResult> = {}): SeveralResult {
  return {
    value: 0.25,
    error: 1e-8,
    status: "converged",
    reason: "the estimate of the error is within the tolerance",
    evaluations: 5000,
    panels: 12,
    rounds: 3,
    l1: 0.25,
    nonFinite: null,
    rule: "genz-malik",
    integrand: { kind: "compiled" },
    threads: 1,
    mode: "inline",
    modeReason: "no round of it was long enough to share",
    restarts: 0,
    elapsed: 2,
    startup: 0.5,
    relaxed: false,
    ...fields,
  };
}

/** Of two integrals, the second of which diverges. */
export function makeManyResult(fields: Partial<ManyResult> = {}): ManyResult {
  return {
    values: Float64Array.of(1.5, Number.NaN),
    errors: Float64Array.of(1e-12, Number.POSITIVE_INFINITY),
    statuses: Uint8Array.of(0, 3),
    counts: {
      converged: 1,
      "tolerance-not-reached": 0,
      "round-off-limit": 0,
      divergent: 1,
      "not-finite": 0,
      budget: 0,
    },
    evaluations: 2000,
    rule: "gauss-kronrod",
    integrand: { kind: "compiled" },
    threads: 2,
    mode: "threads",
    modeReason: "the call says how many threads",
    restarts: 0,
    elapsed: 4,
    startup: 0.25,
    relaxed: false,
    ...fields,
  };
}

/** A call that the stand-in was asked to compute. */
export interface Call {
  readonly f: string;
  readonly a: number;
  readonly b: number;
  readonly options: IntegrateOptions;
}

/** One to a tolerance. */
export interface ToleranceCall {
  readonly f: string;
  readonly a: number;
  readonly b: number;
  readonly options: ToleranceOptions;
}

/** One over several variables. */
export interface SeveralCall {
  readonly f: string;
  readonly box: Box;
  readonly options: SeveralOptions;
}

/** A sweep. */
export interface ManyCall {
  readonly f: string;
  readonly a: number | Float64Array;
  readonly b: number | Float64Array;
  readonly options: ManyOptions;
}

export interface FakeLibrary extends Library {
  /** `start 2`, `integrate 2`: in the order in which they came. */
  readonly log: string[];
  readonly calls: Call[];
  readonly toToleranceCalls: ToleranceCall[];
  readonly severalCalls: SeveralCall[];
  readonly manyCalls: ManyCall[];
}

/** A library of two cores that "integrates" in 12/threads milliseconds. */
export function makeLibrary(fields: Partial<IntegrateResult> = {}, overrides: Partial<Library> = {}): FakeLibrary {
  const log: string[] = [];
  const calls: Call[] = [];
  const toToleranceCalls: ToleranceCall[] = [];
  const severalCalls: SeveralCall[] = [];
  const manyCalls: ManyCall[] = [];
  return {
    log,
    calls,
    toToleranceCalls,
    severalCalls,
    manyCalls,
    many: async (f, a, b, options) => {
      options.signal?.throwIfAborted();
      log.push("many");
      manyCalls.push({ f: String(f), a, b, options });
      options.onProgress?.({ fraction: 0.5, integrals: 1, evaluations: 21 });
      return makeManyResult();
    },
    several: async (f, box, options) => {
      options.signal?.throwIfAborted();
      log.push("several");
      severalCalls.push({ f: String(f), box, options });
      options.onProgress?.({
        values: Float64Array.of(0.2),
        errors: Float64Array.of(0.1),
        evaluations: 1000,
        rounds: 1,
      });
      return makeSeveralResult();
    },
    toTolerance: async (f, a, b, options) => {
      options.signal?.throwIfAborted();
      log.push("to a tolerance");
      toToleranceCalls.push({ f: String(f), a, b, options });
      options.onProgress?.({ value: 1.4, error: 0.1, evaluations: 1000, rounds: 1 });
      return makeToleranceResult();
    },
    evaluate: (f, x) => Float64Array.from(x, (each) => (Number.isNaN(Number(f)) ? each * each : Number(f))),
    info: () => ({ mode: "threads", modeReason: "workers can share memory here", threads: 2 }),
    start: async (threads) => void log.push(`start ${threads}`),
    integrate: async (f, a, b, options) => {
      options.signal?.throwIfAborted();
      const { threads = 2, points = 1, rule = "midpoint" } = options;
      log.push(`integrate ${threads}`);
      calls.push({ f: String(f), a, b, options });
      options.onProgress?.({ fraction: 0.5, evaluations: 500, evaluationsPerSecond: 1e6 });
      options.onProgress?.({ fraction: 1, evaluations: 1000, evaluationsPerSecond: 1e6 });
      return makeResult({ threads, points, rule, elapsed: 12 / threads, ...fields });
    },
    ...overrides,
  };
}

/** Runs the command with tokens, in a world of its own. */
export async function runWith(
  argv: readonly string[],
  library: Library = makeLibrary(),
  world: World = makeWorld(),
): Promise<{ code: number; stdout: string; stderr: string; world: World }> {
  const code = await run(argv, world.io, library);
  return { code, stdout: world.stdout(), stderr: world.stderr(), world };
}
