/**
 * Rounds of deaths in Node, as many as the environment says:
 *
 *   DEATHS  of each type; default 20, with STRESS=1 140
 *   WITHIN  milliseconds of work in which a death falls; default 150, with STRESS=1 800, in which code gets hot
 *   CORE    "plain": the core that is not optimised, in which far more deaths fall into sections
 *   SEED    of the first round
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Heddle } from "../../ts/index.js";
import { type Library, loadLibrary, memoryReturns } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";
import type { Crew, Engine } from "./crew.js";
import { nodeEngine } from "./node.js";
import { loadPlainLibrary } from "./plain-library.js";
import { Totals } from "./report.js";

const STRESS = process.env.STRESS === "1";
const DEATHS = Number(process.env.DEATHS ?? (STRESS ? 140 : 20));
const WITHIN = Number(process.env.WITHIN ?? (STRESS ? 800 : 150));
const SEED = Number(process.env.SEED ?? 1 + (Date.now() % 1_000_000));
/** Deaths of a round, so that its books stay small. */
const DEATHS_OF_ROUND = 20;
/** Until a round counts as hung. */
const SECONDS = 90;

export interface Rounds<T extends string, R extends object> {
  draw(type: T, deaths: number, within: number, seed: number): R;
  run(
    library: Library,
    heddle: Heddle,
    engine: Engine,
    round: R,
    onCrew: (crew: Crew) => void,
    memoryIsBack: (used: number) => Promise<void>,
  ): Promise<{ readonly findings: readonly string[] }>;
}

/** A test for each type. */
export async function testDeaths<T extends string, R extends object>(
  types: readonly T[],
  { draw, run }: Rounds<T, R>,
): Promise<void> {
  const library = process.env.CORE === "plain" ? await loadPlainLibrary() : await loadLibrary();
  const { engine, remove } = await nodeEngine();
  test.after(remove);
  for (const type of types) {
    test(`${type}: nothing hangs, is lost, comes twice or leaks in ${DEATHS} deaths under load`, async () => {
      const heddle = library.createHeddle();
      const totals = new Totals();
      const begun = performance.now();
      for (let done = 0; done < DEATHS; done += DEATHS_OF_ROUND) {
        const round = draw(type, Math.min(DEATHS_OF_ROUND, DEATHS - done), WITHIN, SEED + done);
        let crew: Crew | undefined;
        const dog = watchdog(SECONDS, () => `${JSON.stringify(round)}: ${crew?.describe()}`);
        try {
          const report = await run(
            library,
            heddle,
            engine,
            round,
            (it) => {
              crew = it;
            },
            (used) => memoryReturns(heddle, used),
          );
          assert.equal(report.findings, [], JSON.stringify(round));
          totals.add(report);
        } finally {
          dog.clear();
        }
      }
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      console.log(`${type}, seed ${SEED}, ${seconds} s: ${totals}`);
      await heddle.close();
    });
  }
  test.run();
}
