/** What an integral to a tolerance has come to, as the core numbers it (assembly/quad/status.ts). */
import { TOLERANCE_STATUSES } from "../many-types.js";

const STATUSES = ["computing", ...TOLERANCE_STATUSES] as const;

export type Status = (typeof STATUSES)[number];

/** Numbers beyond these are questions of the core, which is in the midst of computing. */
export function statusOf(code: number): Status {
  return STATUSES[code] ?? "computing";
}
