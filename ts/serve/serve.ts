/**
 * Serving, for scripts that a user bundles.
 *
 * Role: the worker's script.
 */
import { runThread } from "../threads/work.js";
import { keepClasses } from "./classes.js";
import { serve } from "./duties.js";

export { runThread };

/**
 * Makes this Web Worker, or worker thread of Node, one of Heddle's: to be called once by a script that is given as `threadUrl`, when a bundle has to bring its own.
 *
 * @example
 *   // heddle-thread.js, bundled with your own modules
 *   import { serveThread } from "heddle";
 *   serveThread();
 */
export async function serveThread(): Promise<void> {
  keepClasses();
  await serve(async () => ({ runThread }));
}
