/**
 * A pool's record in shared memory, where its workers and the workshop write to it alike.
 *
 * Role: any thread.
 */
import { type Core, LEAST_ADDRESS } from "../core/core.js";

/** Bytes of a definition's record (assembly/tasks/records.ts); its text follows. */
export const DEFINITION_BYTES = 16;

/** Says why the tasks of a pool will not be run. @returns the core's answer */
export function breakTasks(core: Core, memory: WebAssembly.Memory, grip: number, reason: string): number {
  const text = new TextEncoder().encode(reason);
  const block = core.definitionPrepare(text.length) >>> 0;
  if (block < LEAST_ADDRESS) return block;
  new Uint8Array(memory.buffer).set(text, block + DEFINITION_BYTES);
  return core.tasksBreak(grip);
}
