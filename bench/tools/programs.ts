/** Where scripts/bench.mjs puts what the benches start and compile. Benches run from the repository's root. */
import { join } from "node:path";

export const BUILD = join(process.cwd(), "build", "bench");

/** The bundle of bench/WORKLOAD/NAME.child.ts. */
export function childProgram(workload: string, name: string): string {
  return join(BUILD, workload, `${name}.child.js`);
}
