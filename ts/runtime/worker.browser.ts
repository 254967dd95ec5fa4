/** Entry of a worker in a browser. One self-contained file after bundling. */
import type { WorkerData, WorkerMessage } from "./protocol.js";
import { serve } from "./worker.js";

/** The part of a dedicated worker's global scope that is used here; the page's types are in force in this folder. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<WorkerData & { readonly lock: string }>) => void) | null;
  postMessage(message: WorkerMessage | "locked"): void;
  close(): void;
}
const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => {
  scope.onmessage = null;
  // The lock is held for life: that somebody else is granted it is how the page learns of this worker's death.
  navigator.locks
    .request(data.lock, async () => {
      scope.postMessage("locked");
      serve(data, () => scope.postMessage({ kind: "ready" }));
    })
    // What is thrown in a promise reaches no `onerror` of the page.
    .catch((error) =>
      scope.postMessage({ kind: "failed", reason: error instanceof Error ? error.message : String(error) }),
    )
    .finally(() => scope.close());
};
