/**
 * When it pays to have several threads compute: it decides who computes, never what.
 */
import type { Sharing } from "../runtime/jobs/share-rounds.js";

/** Nanoseconds that an evaluation is guessed to cost. */
const NANOSECONDS_BASE = 0.2;
const NANOSECONDS_PER_OPERATION = 0.3;
/** Below this many milliseconds of work, starting workers (30 to 60 ms each) would cost more than it brings. */
export const WORTH_STARTING = 60;
/** Below this many, waking workers that sleep would. */
export const WORTH_WAKING = 0.3;

/** Milliseconds that an evaluation is guessed to take. */
export function guessEvaluation(operations: number): number {
  return (NANOSECONDS_BASE + NANOSECONDS_PER_OPERATION * operations) / 1e6;
}

/**
 * How rounds of an integral to a tolerance are shared.
 *
 * @param threads what the call says, if it does
 * @param usual   threads for calls that do not
 * @param warm    workers that are up
 */
export function shareRounds(
  operations: number,
  threads: number | undefined,
  usual: number,
  warm: () => number,
): Sharing {
  return {
    threads: threads ?? usual,
    guess: guessEvaluation(operations),
    isWorth(milliseconds, spent) {
      // What has taken as long as workers would to start may well go on for as long again.
      const isReady = threads !== undefined || spent >= WORTH_STARTING || warm() > 0;
      return milliseconds >= (isReady ? WORTH_WAKING : WORTH_STARTING);
    },
  };
}
