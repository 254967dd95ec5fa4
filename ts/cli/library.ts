/** What the command uses of the library: the package's own functions, or a test's stand-ins. */
import type {
  Box,
  evaluate,
  IntegrateOptions,
  IntegrateResult,
  info,
  ManyOptions,
  ManyResult,
  SeveralOptions,
  SeveralResult,
  start,
  ToleranceOptions,
  ToleranceResult,
} from "../index.js";

export interface Library {
  readonly evaluate: typeof evaluate;
  readonly info: () => Pick<ReturnType<typeof info>, "mode" | "modeReason" | "threads">;
  readonly integrate: (f: string, a: number, b: number, options: IntegrateOptions) => Promise<IntegrateResult>;
  /** `integrate` without `points`. */
  readonly toTolerance: (f: string, a: number, b: number, options: ToleranceOptions) => Promise<ToleranceResult>;
  /** `integrate` over a box. */
  readonly several: (f: string, box: Box, options: SeveralOptions) => Promise<SeveralResult>;
  /** `integrateMany`. */
  readonly many: (
    f: string,
    a: number | Float64Array,
    b: number | Float64Array,
    options: ManyOptions,
  ) => Promise<ManyResult>;
  readonly start: typeof start;
}
