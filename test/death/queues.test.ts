// @timeout 3600
/** Threads that die at random moments while they put into queues and take out of them: nothing hangs, is lost, comes twice or leaks. */

import { QUEUES } from "./queue-loads.js";
import { drawQueueRound, queueRound } from "./queue-round.js";
import { testDeaths } from "./rounds.js";

await testDeaths(QUEUES, {
  draw: drawQueueRound,
  run: queueRound,
});
