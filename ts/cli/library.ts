/** What the command uses of the library: the package's own functions, or a test's stand-ins. */
import type { evaluate, info, integrate, start } from "../index.js";

export interface Library {
  readonly evaluate: typeof evaluate;
  readonly info: () => Pick<ReturnType<typeof info>, "mode" | "modeReason" | "threads">;
  readonly integrate: typeof integrate;
  readonly start: typeof start;
}
