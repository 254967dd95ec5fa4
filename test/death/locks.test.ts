// @timeout 3600
/** Threads that die at random moments while they use locks and their like: nobody waits for ever, two are never in a place for one, nothing leaks. */
import { LOCKS } from "./lock-loads.js";
import { drawLockRound, lockRound } from "./lock-round.js";
import { testDeaths } from "./rounds.js";

await testDeaths(LOCKS, {
  draw: drawLockRound,
  run: lockRound,
});
