/**
 * Random runs, beyond the bound: departs again and again, wherever chance wants. The same seed, the same runs.
 */
import { type Choice, COURSE, type Director, scheduleOfRun } from "./director.js";
import type { Failure } from "./explore.js";
import { describeRace, Races } from "./races.js";
import { formatSchedule } from "./schedule.js";
import type { Scheduler } from "./scheduler.js";

export interface Walk {
  readonly program: string;
  readonly seed: number;
  readonly failure: Failure | null;
  readonly runs: number;
  readonly withDeaths: number;
  readonly steps: number;
  readonly seconds: number;
}

export interface WalkOptions {
  readonly seed: number;
  /** Runs to make, and seconds after which there are no more. */
  readonly runs?: number;
  readonly seconds?: number;
}

/** Steps between departures, on average: a run draws one of these. Close ones look into short sections, distant ones let long operations meet. */
const PACES = [3, 10, 40, 160, 640];

export async function walk<E>(scheduler: Scheduler<E>, options: WalkOptions): Promise<Walk> {
  const { seed, runs: most = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = options;
  const { program, trace } = scheduler;
  const races = new Races(program.bytes, scheduler.most, program.racy);
  const random = xorshift(seed);
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  let [runs, withDeaths, steps] = [0, 0, 0];
  let failure: Failure | null = null;
  while (runs < most && failure === null && passed() < seconds) {
    const run = await scheduler.run(
      new Wanderer(program.deaths ?? program.recover !== undefined, program.cuts ?? false, program.bound, random),
    );
    runs++;
    steps += run.steps;
    if (run.entries.some(({ action }) => action === "die")) withDeaths++;
    const race = run.failure === null ? races.find(trace, run) : null;
    const what = run.failure ?? (race === null ? null : describeRace(race));
    if (what !== null) failure = { what, schedule: formatSchedule(scheduleOfRun(run)) };
  }
  return { program: program.name, seed, failure, runs, withDeaths, steps, seconds: passed() };
}

class Wanderer implements Director {
  private deaths = 0;
  private readonly pace: number;

  constructor(
    private readonly mayDie: boolean,
    private readonly mayBeCut: boolean,
    /** Deaths in one run: there are not more recoverers. */
    private readonly mostDeaths: number,
    private readonly random: () => number,
  ) {
    this.pace = PACES[Math.floor(random() * PACES.length)] as number;
  }

  next(step: number): number {
    return step + Math.floor(-Math.log(1 - this.random()) * this.pace);
  }

  interrupt({ last, runnable, timeouts, isInside }: Choice): ReturnType<Director["interrupt"]> {
    const dice = this.random();
    if (dice < 0.1 && this.mayDie && this.deaths < this.mostDeaths) {
      this.deaths++;
      return { action: "die", thread: last };
    }
    if (dice > 0.9 && this.mayBeCut && isInside) return { action: "cut", thread: last };
    if (dice > 0.8 && timeouts !== 0) return { action: "timeout", thread: this.oneOf(timeouts) };
    return runnable === 0 ? null : { action: "run", thread: this.oneOf(runnable) };
  }

  choose(choice: Choice): ReturnType<Director["choose"]> {
    const { runnable, timeouts } = choice;
    if (timeouts !== 0 && (runnable === 0 || this.random() < 0.1))
      return { action: "timeout", thread: this.oneOf(timeouts) };
    return runnable === 0 ? COURSE.choose(choice) : { action: "run", thread: this.oneOf(runnable) };
  }

  private oneOf(mask: number): number {
    let threads = mask;
    let left = Math.floor(this.random() * countOf(mask));
    for (; left > 0; left--) threads &= threads - 1;
    return 31 - Math.clz32(threads & -threads);
  }
}

function countOf(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Numbers from 0 to 1. Source: G. Marsaglia, "Xorshift RNGs" (2003). */
function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
