/**
 * Stack switching: what lets many threads of instructions take turns on one thread of JavaScript. Node has it, without a flag, from 24 on.
 *
 * Source: WebAssembly JavaScript Promise Integration ("JSPI"): `Suspending` imports, `promising` exports.
 */
import { spawn } from "node:child_process";
import { findNode, NODE_MAJORS } from "../tools/node-versions.js";
import { skip } from "../tools/skip.js";

type Callback = (...args: never[]) => unknown;

interface Jspi {
  /** An import: when `callback` returns a promise, the calling instance is put aside until it settles. A rejection, or a throw, unwinds it. */
  readonly Suspending: new (
    callback: Callback,
  ) => WebAssembly.ImportValue;
  /** An export, which then returns a promise. */
  promising(callback: Callback | WebAssembly.ExportValue): (...args: unknown[]) => Promise<unknown>;
}

const { Suspending, promising } = WebAssembly as unknown as Jspi;

export function suspending(callback: Callback): WebAssembly.ImportValue {
  return new Suspending(callback);
}

export { promising };

/**
 * Runs the script of this process in a Node that can switch stacks: this one, or a newer one with the same arguments.
 *
 * The newer one prints where this one would, and its exit code becomes ours, so the runner of the tests sees no difference.
 *
 * @param main what to do; not called in this process when another one does it
 * @param what for the skip: how many tests are not run, when there is no such Node
 */
export async function onNodeThatSuspends(main: () => void | Promise<void>, tests = 1): Promise<void> {
  if (typeof Suspending === "function") return main();
  const node = NODE_MAJORS.filter((major) => major >= 24)
    .map(findNode)
    .find((path) => path !== null);
  if (node === undefined) return skip("no Node that can switch WebAssembly stacks (24 or later)", tests);
  const child = spawn(node as string, [...process.execArgv, ...process.argv.slice(1)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}
