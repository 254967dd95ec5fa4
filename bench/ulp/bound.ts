/** What a function promises, by its name. Role: the bench's workers, its main thread and tests. */
import { BOUNDS, type Bound } from "../../ts/expr/bounds.js";

/** Null for a name that promises nothing. */
export function boundOf(name: string): Bound | null {
  return (BOUNDS as Readonly<Record<string, Bound>>)[name] ?? null;
}
