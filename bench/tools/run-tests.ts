/** All contenders in all tests that they can, in turn, in one run: prepared, measured, printed, written. */
import { describeMachine } from "./machine.js";
import { publish } from "./publish.js";

interface Named {
  readonly name: string;
}

interface Present extends Named {
  readonly description: string;
}

/** What a bench measures and how it tells of that. */
export interface Tests<T extends Named, C extends Present, R> {
  readonly tests: readonly T[];
  readonly contenders: readonly C[];
  readonly takesPart: (test: T, contender: C) => boolean;
  /** What it is, in some words each, if they are known by then. @throws why it is not on this machine */
  readonly prepare: (contender: C) => Promise<readonly string[]>;
  readonly measure: (test: T, entrants: readonly C[]) => Promise<readonly R[]>;
  readonly report: (results: readonly R[]) => string;
  readonly summary: (results: readonly R[]) => unknown;
  readonly complaints: (results: readonly R[]) => readonly string[];
  /** What was the same for all of them, by name. */
  readonly setting: Readonly<Record<string, number>>;
  readonly json: string | null;
}

/** Runs the bench and prints its report. @returns the results */
export async function runTests<T extends Named, C extends Present, R>(bench: Tests<T, C, R>): Promise<readonly R[]> {
  const { tests, contenders, takesPart, measure, report, summary, complaints, setting, json } = bench;
  const machine = await describeMachine();
  const needed = contenders.filter((contender) => tests.some((test) => takesPart(test, contender)));
  const { titles, missing } = await prepareAll(needed, bench.prepare);
  const present = needed.filter(({ name }) => titles.has(name));
  const results: R[] = [];
  for (const test of tests) {
    const entrants = present.filter((contender) => takesPart(test, contender));
    if (entrants.length === 0) continue;
    const begun = performance.now();
    const some = await measure(test, entrants);
    results.push(...some);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stderr.write(`${test.name}: ${entrants.length} contenders, ${seconds} s\n`);
    for (const complaint of complaints(some)) process.stderr.write(`NOT OK: ${complaint}\n`);
  }
  await publish({
    machine,
    contenders: titles,
    missing,
    setting,
    report: results.length > 0 ? report(results) : "Nothing was measured.",
    complaints: complaints(results),
    results: summary(results),
    json,
  });
  return results;
}

/** Side by side: compilers take their time. Who is not on this machine is left out, with the reason. */
async function prepareAll<C extends Present>(
  contenders: readonly C[],
  prepare: (contender: C) => Promise<readonly string[]>,
): Promise<{ titles: Map<string, string>; missing: Map<string, string> }> {
  const titles = new Map<string, string>();
  const missing = new Map<string, string>();
  const prepared = await Promise.allSettled(contenders.map(prepare));
  for (const [index, outcome] of prepared.entries()) {
    const { name, description } = contenders[index] as C;
    if (outcome.status === "fulfilled") titles.set(name, [description, ...outcome.value].join("; "));
    else missing.set(name, (outcome.reason as Error).message);
  }
  return { titles, missing };
}
