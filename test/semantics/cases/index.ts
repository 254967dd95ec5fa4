/** The whole table, in the order of the reference. A case is known to other threads and pages by its place in it. */
import type { Case } from "../world.js";
import { cases as barrier } from "./barrier.js";
import { cases as condition } from "./condition.js";
import { cases as death } from "./death.js";
import { cases as errors } from "./errors.js";
import { cases as event } from "./event.js";
import { cases as future } from "./future.js";
import { cases as handles } from "./handles.js";
import { cases as hook } from "./hook.js";
import { cases as local } from "./local.js";
import { cases as lock } from "./lock.js";
import { cases as others } from "./others.js";
import { cases as pool } from "./pool.js";
import { cases as poolMap } from "./pool-map.js";
import { cases as priority } from "./priority.js";
import { cases as queues } from "./queues.js";
import { cases as scheduler } from "./scheduler.js";
import { cases as semaphore } from "./semaphore.js";
import { cases as simpleQueue } from "./simple-queue.js";
import { cases as thread } from "./thread.js";
import { cases as timer } from "./timer.js";
import { cases as typed } from "./typed.js";
import { cases as values } from "./values.js";
import { cases as waits } from "./waits.js";

export const CASES: readonly Case[] = [
  ...errors,
  ...waits,
  ...queues,
  ...priority,
  ...simpleQueue,
  ...typed,
  ...values,
  ...lock,
  ...condition,
  ...semaphore,
  ...event,
  ...barrier,
  ...others,
  ...handles,
  ...death,
  ...thread,
  ...hook,
  ...timer,
  ...local,
  ...future,
  ...pool,
  ...poolMap,
  ...scheduler,
];
