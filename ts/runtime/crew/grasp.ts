/**
 * Records of others, for a thread that must not sleep: what needs a lock that is not to be had is done a moment later.
 *
 * Role: the workshop's thread.
 */
import { type Core, LEAST_ADDRESS } from "../core/core.js";
import { Answer } from "../core/core-things.js";
import type { Ref } from "../protocol.js";

/** Does something to a record through a grip, unless the record is gone. @param act one call of the core: BUSY means again */
export function withGrip(core: Core, ref: Ref, kind: number, act: (grip: number) => number): void {
  const grip = core.thingGrasp(ref.address, ref.id, kind) >>> 0;
  const isBusy = grip === Answer.BUSY || (grip >= LEAST_ADDRESS && act(grip) === Answer.BUSY);
  if (grip >= LEAST_ADDRESS) letGo(core, grip);
  if (isBusy) setTimeout(() => withGrip(core, ref, kind, act), 1);
}

/** Whether the record is gone for good. */
export function isGone(core: Core, ref: Ref, kind: number): boolean {
  const grip = core.thingGrasp(ref.address, ref.id, kind) >>> 0;
  if (grip >= LEAST_ADDRESS) letGo(core, grip);
  return grip === Answer.STALE;
}

function letGo(core: Core, grip: number): void {
  if (core.thingClose(grip) === Answer.BUSY) setTimeout(letGo, 1, core, grip);
}
