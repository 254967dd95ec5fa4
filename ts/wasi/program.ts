/**
 * What a pool's thread loads in order to run a program. One file without imports (build/wasi-program.js), so that it can lie anywhere; whoever does not call `run`
 * never loads it, nor the shim that is in it.
 *
 * Role: a pool's thread.
 */
import type { Queue } from "../index.js";
import { Host, isKnown } from "./host.js";
import { moduleOf, Refusal } from "./modules.js";
import { pieces } from "./output.js";
import type { Outcome, ProgramRequest } from "./request.js";

/** Runs a program to its end. @param output takes what it writes, in pieces; it is closed here */
export async function execute(request: ProgramRequest, output: Queue<Uint8Array>): Promise<Outcome> {
  try {
    const module = await moduleOf(request.module, isKnown);
    const host = new Host(request, (stream, bytes) => {
      for (const piece of pieces(stream, bytes)) output.putSync(piece);
    });
    return perform(host, module);
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reason: error.message };
    throw error;
  } finally {
    output.close();
  }
}

function perform(host: Host, module: WebAssembly.Module): Outcome {
  try {
    const code = host.start(module);
    return { kind: "exit", code, files: host.changes() };
  } catch (error) {
    host.assertWritten();
    // The shim throws strings for what it has not.
    const { message, stack = "" } = error instanceof Error ? error : { message: String(error) };
    return { kind: "trap", trap: { message, stack }, files: host.changes() };
  }
}
