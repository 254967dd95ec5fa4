/** Programs that belong together, and what they are explored on. `suites.ts` lists all. */
import type { Exports, Program } from "./program.js";
import type { Site } from "./sites.js";
import type { Subject } from "./subject.js";

export interface Suite<E = Exports> {
  readonly name: string;
  /** Compiles it when it is first asked. */
  subject(): Subject;
  readonly programs: readonly Program<E>[];
  /** Sites that mutants are made of. */
  mutated(site: Site): boolean;
  /**
   * Mutants that no program can find, by name (mutants.ts), and why that is right. A name without its " in …" is about that line wherever it was inlined;
   * then it is enough that one of these survives.
   */
  readonly survivors: Readonly<Record<string, string>>;
}

/** What `survivors` has for a mutant: its key there. */
export function survivorOf({ survivors }: Suite, name: string): string | undefined {
  const line = name.replace(/ in [^ ]+, [^ ]+( \(\d+\))?$/, "");
  return [name, line].find((key) => survivors[key] !== undefined);
}

/** A suite among others: from here on nobody needs to know what its programs call. */
export function suite<E>(given: Suite<E>): Suite {
  return given as unknown as Suite;
}
