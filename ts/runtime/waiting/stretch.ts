/**
 * Stretches: how long a thread computes for its own calls before it lets events run.
 *
 * A stretch is what all calls together compute between two turns of the event loop. Were it counted for each call, a hundred calls at a time would
 * block the thread for a hundred stretches, because an event loop runs everything that is due in one turn; and a chain of short awaited calls, none of
 * which needs a second stretch, would block it for ever.
 *
 *   take    there is time left in this stretch, or none is under way: compute until the time it returns
 *           else: wait in line for the next stretch
 *   pass    done, or given up: the next in line may have the rest
 *
 * Whoever is woken takes or passes, so the line moves as long as somebody stands in it.
 *
 * Role: the calling thread; one for all its contexts, since it is the thread that is shared.
 */
import { platform } from "#platform";
import { Line } from "./line.js";

/** Milliseconds. The calling thread may compute 10 at a stretch; the driver's last call adds one or two. */
const STRETCH = 6;

/** `end` while no stretch is under way. */
const NONE = -1;

let end = NONE;
const line = new Line();

/**
 * Waits for time to compute on this thread.
 *
 * @returns the value of `performance.now()` at which the caller must stop and call this again
 * @throws `signal.reason` when aborted while waiting
 */
export async function takeStretch(signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    const now = performance.now();
    if (end === NONE) {
      end = now + STRETCH;
      void platform.breathe().then(() => {
        end = NONE;
        line.next();
      });
    }
    if (now < end) return end;
    await line.wait(signal);
    signal?.throwIfAborted();
  }
}

/** Leaves the rest of the stretch to the next in line. Call it once after the last `takeStretch`, whatever came of it. */
export function passStretch(): void {
  line.next();
}
