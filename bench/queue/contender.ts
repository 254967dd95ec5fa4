/** Who takes part in a test: how a contender looks to the bench. */
import { execute } from "../tools/execute.js";
import { argumentsOf, type Figures, type Kind, readFigures, type Test } from "./config.js";

export interface Contender {
  /** As the tables and `--only` call it. */
  readonly name: string;
  /** What it is, without versions. */
  readonly description: string;
  /** The tests it takes part in. */
  readonly kinds: readonly Kind[];
  /** Why its wrong answers and failures do not fail the bench; null when they do. They are shown either way. */
  readonly excuse: string | null;
  /**
   * Makes what has to be made.
   *
   * @returns versions and remarks
   * @throws with the reason why it cannot take part here, and how to install what is missing
   */
  prepare(): Promise<readonly string[]>;
  /** One run, in a process of its own. @throws when the program fails, hangs or prints something else */
  run(test: Test, items: number): Promise<Figures>;
}

/**
 * Whoever takes this long hangs. A run aims at less than a second, but two threads that look for each other take a hundred
 * times as long once they have to share a core (a ping-pong: 20 us instead of 0.2), four hundred times beside others' work.
 */
const PATIENCE_MS = 120_000;

export interface ProgramOptions {
  readonly kinds: readonly Kind[];
  readonly excuse?: string;
  /** Makes the program. @returns how to start it, and what its title should say */
  prepare(): Promise<{ command: string; args: readonly string[]; remarks?: readonly string[] }>;
  /** Arguments after those of the test. */
  readonly options?: readonly string[];
}

/** A contender that is a program: started anew for each run, with the test as its arguments. */
export function program(name: string, description: string, options: ProgramOptions): Contender {
  let prepared: { command: string; args: readonly string[] } | null = null;
  return {
    name,
    description,
    kinds: options.kinds,
    excuse: options.excuse ?? null,
    async prepare() {
      const { command, args, remarks = [] } = await options.prepare();
      prepared = { command, args };
      return remarks;
    },
    async run(test, items) {
      if (prepared === null) throw new Error(`${name} was not prepared`);
      const { command, args } = prepared;
      const all = [...args, ...argumentsOf(test, items), ...(options.options ?? [])];
      return readFigures(await execute(command, all, { timeoutMs: PATIENCE_MS }));
    },
  };
}
