/** The first Python that has a module: a Python of one's own may stand on the PATH before the system's. */
import { execute } from "./execute.js";

const CANDIDATES = ["python3", "/usr/bin/python3"];

/** @throws when none can import it */
export async function pythonWith(module: string): Promise<string> {
  for (const python of CANDIDATES) {
    const found = await execute(python, ["-c", `import ${module}`]).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  throw new Error(`none of ${CANDIDATES.join(", ")} can import ${module}`);
}
