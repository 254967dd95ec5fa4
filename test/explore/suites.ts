/** Every suite there is: what `npm test -- explore` and the soak go through. */
import { ARENA } from "./programs/arena.js";
import { LOCK } from "./programs/lock.js";
import { QUEUE } from "./programs/queue.js";
import { SYNC } from "./programs/sync.js";
import { TASKS } from "./programs/tasks.js";
import type { Suite } from "./suite.js";

export const SUITES: readonly Suite[] = [LOCK, ARENA, QUEUE, SYNC, TASKS];
