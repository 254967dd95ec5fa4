/**
 * Samples taken in turn: every entrant once per round, each round beginning with another one.
 *
 * A machine's speed drifts (heat, neighbours, clocks). In turn, the drift meets all entrants alike, and two samples
 * of the same round can be compared even when two medians cannot. The rotation takes away the advantage of a place.
 */

export interface Sample {
  readonly points: number;
  readonly seconds: number;
  readonly value: number;
  readonly evaluations?: number;
}

/** Somebody who can do the work, with as many points as one likes. */
export interface Entrant {
  time(points: number): Promise<Omit<Sample, "points">>;
}

export interface RoundsOptions {
  /** Samples of each entrant. */
  readonly samples: number;
  /** A sample lasts at least this long: below, clocks, wake-ups and the start of threads would show. */
  readonly minimumSeconds: number;
  /** Points of an entrant's first run. Default 2^16. */
  readonly firstPoints?: number;
}

/** Points of an entrant's first run. */
const FIRST_POINTS = 2 ** 16;
/** What is aimed at, in minimum lengths: so that a sample a little faster than the last one still is long enough. */
const AIM = 1.3;
/** Growth from run to run: a first run says little (compilers, cold caches), and a run that was too short must grow. */
const GROWTH_MAXIMUM = 16;
const GROWTH_MINIMUM = 1.1;

/**
 * Warms every entrant up, finds how many points fill a sample, then takes the samples.
 *
 * @returns samples[entrant][round]
 */
export async function takeInTurn(entrants: readonly Entrant[], options: RoundsOptions): Promise<Sample[][]> {
  const samples = entrants.map((): Sample[] => []);
  const points = entrants.map(() => options.firstPoints ?? FIRST_POINTS);
  const sample = async (index: number): Promise<Sample> => {
    const taken = await timeLongEnough(entrants[index] as Entrant, points[index] as number, options.minimumSeconds);
    points[index] = taken.points;
    return taken;
  };
  for (const index of entrants.keys()) await sample(index);
  await inTurn(entrants.length, options.samples, async (index) => {
    samples[index]?.push(await sample(index));
  });
  return samples;
}

/** Calls `take` for each of so many entrants once per round, each round beginning with another one. */
export async function inTurn(
  entrants: number,
  rounds: number,
  take: (index: number, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entrants; turn++) await take((round + turn) % entrants, round);
  }
}

/** Runs with more and more points until a run is long enough: that one counts. */
async function timeLongEnough(entrant: Entrant, points: number, minimumSeconds: number): Promise<Sample> {
  for (;;) {
    const answer = await entrant.time(points);
    if (answer.seconds >= minimumSeconds) return { points, ...answer };
    const wanted = (AIM * minimumSeconds) / Math.max(answer.seconds, Number.MIN_VALUE);
    points = Math.ceil(points * Math.min(GROWTH_MAXIMUM, Math.max(GROWTH_MINIMUM, wanted)));
  }
}
