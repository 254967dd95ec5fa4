/** Workers killed at random moments while something is computed again and again. */
import type { Heddle } from "../../ts/index.js";
import { random } from "../tools/random.js";
import { onDeath } from "./library.js";

export interface Killing {
  readonly seed: number;
  /** How often it is computed at least: more often, if no kill has hit a unit till then. */
  readonly kills: number;
  /** Milliseconds that a kill comes later at most. */
  readonly within: number;
}

/** @param compute does so once, and checks what came of it; answers how many units were begun again. @param next random numbers */
export async function whileKilling(
  heddle: Heddle,
  { seed, kills, within }: Killing,
  compute: (kill: number, next: () => number) => Promise<number>,
): Promise<void> {
  const next = random(seed);
  let deaths = 0;
  onDeath(heddle, () => deaths++);
  let restarts = 0;
  for (let kill = 0; kill < kills || restarts === 0; kill++) {
    const { workers } = heddle.info();
    const victim = workers[Math.floor(next() * workers.length)];
    if (victim !== undefined) heddle.killWorker(victim, next() * within);
    restarts += await compute(kill, next);
  }
  console.log(`seed ${seed}: ${deaths} deaths, ${restarts} units begun again`);
}
