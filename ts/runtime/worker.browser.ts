/** Entry of a worker in a browser. One self-contained file after bundling. */
import { platform } from "#platform";
import type { WorkerData, WorkerMessage } from "./protocol.js";
import { serve } from "./worker.js";

async function main(): Promise<void> {
  const { data, post } = await platform.takeSeat();
  const tell = (message: WorkerMessage): void => post(message);
  try {
    serve(data as WorkerData, () => tell({ kind: "ready" }));
  } catch (error) {
    // What is thrown here reaches no `onerror` of the page.
    tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  } finally {
    platform.exit();
  }
}

// Not at the top: some minifiers take a file that they only copy for a script, where nothing can be awaited there.
void main();
