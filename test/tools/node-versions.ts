/**
 * The versions of Node that this machine has: the running one, and those that test/engines brought.
 *
 * A test that holds on every version goes through `NODE_MAJORS`, and skips what `findNode` cannot find.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The major versions that Heddle promises to work in. */
export const NODE_MAJORS = [20, 22, 24, 26] as const;

/**
 * Path of a Node of this major version, or null when there is none for this platform.
 *
 * @example
 *   for (const major of NODE_MAJORS) {
 *     test(`gives the same bits in Node ${major}`, () => {
 *       const node = findNode(major);
 *       if (node === null) return skip(`no Node ${major} for ${process.platform} ${process.arch}`);
 *       …
 *     });
 *   }
 */
export function findNode(major: number): string | null {
  const installed = join(process.cwd(), "test/engines/node_modules", `node-${major}`, "bin/node");
  // It may be there and not start, on a machine with another C library.
  if (existsSync(installed) && majorOf(installed) === major) return installed;
  return Number(process.versions.node.split(".")[0]) === major ? process.execPath : null;
}

function majorOf(path: string): number | null {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return status === 0 ? Number(/^v(\d+)\./.exec(stdout)?.[1]) : null;
}
