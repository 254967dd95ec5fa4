/** Entry of a worker in a browser. One self-contained file after bundling. */
import { platform } from "#platform";
import type { ModuleMessage, WorkerData, WorkerMessage } from "../protocol.js";
import { serve } from "./worker.js";

async function main(): Promise<void> {
  const { data, post, listen } = await platform.takeSeat();
  const tell = (message: WorkerMessage): void => post(message);
  try {
    const want = (kernel: number): Promise<WebAssembly.Module> =>
      new Promise((resolve) => {
        listen((message) => resolve((message as ModuleMessage).module));
        tell({ kind: "want", kernel });
      });
    await serve(data as WorkerData, () => tell({ kind: "ready" }), want);
  } catch (error) {
    // What is thrown here reaches no `onerror` of the page.
    tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  } finally {
    platform.exit();
  }
}

// Not at the top: some minifiers take a file that they only copy for a script, where nothing can be awaited there.
void main();
