/**
 * Samples of one contender in one test: each as many runs as fill the shortest duration of a sample.
 *
 * A run that turns out short is not thrown away, for that would be unfair to whoever is fast now and then (two threads
 * on a ring fall into step or out of it, a factor of four): it counts, and more runs are added to it.
 */
import { columnsOf, expectedSum, type Figures, type Test, wholeItems } from "./config.js";

export interface Sample {
  /** Of all its runs together. */
  readonly items: number;
  readonly seconds: number;
  /** A figure for each column of the test. */
  readonly columns: readonly number[];
  /** What was wrong with the first of its runs whose sum was wrong; null when every sum was right. */
  readonly wrong: string | null;
}

/** What is aimed at, in shortest durations. */
const AIM = 1.3;
/** Growth from run to run: a first run says little, and a run that was too short must grow. */
const GROWTH_MAXIMUM = 16;
const GROWTH_MINIMUM = 1.1;
/** In shortest durations: a contender's slow moments are four times as slow as its good ones, and pass. */
const TOO_LONG = 10;

export class Sampler {
  private items: number;

  constructor(
    private readonly test: Test,
    private readonly run: (items: number) => Promise<Figures>,
    private readonly minimumSeconds: number,
  ) {
    this.items = test.firstItems;
  }

  /** Finds how many items fill a sample. Its runs are not samples. */
  async settle(): Promise<void> {
    for (;;) {
      const before = this.items;
      this.adapt((await this.run(before)).seconds);
      if (this.items <= before) return;
    }
  }

  async take(): Promise<Sample> {
    const runs: { items: number; figures: Figures }[] = [];
    let seconds = 0;
    let wrong: string | null = null;
    while (seconds < this.minimumSeconds) {
      const items = this.items;
      const figures = await this.run(items);
      runs.push({ items, figures });
      seconds += figures.seconds;
      const expected = expectedSum(this.test, items);
      if (figures.sum !== expected) wrong ??= `expected the sum ${expected} of ${items} items, got ${figures.sum}`;
      this.adapt(figures.seconds);
    }
    const items = runs.reduce((total, run) => total + run.items, 0);
    return { items, seconds, columns: columnsOf(this.test, items, together(runs, items, seconds)), wrong };
  }

  /** More items when a run was short, fewer when it took too long to go on like that. */
  private adapt(seconds: number): void {
    const wanted = (AIM * this.minimumSeconds) / seconds;
    if (seconds < this.minimumSeconds) {
      this.items = wholeItems(this.items * Math.min(GROWTH_MAXIMUM, Math.max(GROWTH_MINIMUM, wanted)));
    } else if (seconds > TOO_LONG * this.minimumSeconds && this.test.kind !== "idle") {
      this.items = wholeItems(this.items * wanted);
    }
  }
}

/** Several runs as one. Percentiles cannot be added up: each run's speak for its items. */
function together(runs: readonly { items: number; figures: Figures }[], items: number, seconds: number): Figures {
  const mean = (pick: (figures: Figures) => number | undefined): number =>
    runs.reduce((total, run) => total + (pick(run.figures) ?? Number.NaN) * (run.items / items), 0);
  return {
    seconds,
    sum: 0,
    p50: mean(({ p50 }) => p50),
    p99: mean(({ p99 }) => p99),
    percent: mean(({ percent }) => percent),
  };
}
