// Actions at their times: milliseconds from now, then a priority for those that are due together.
import { Scheduler } from "heddle";

const scheduler = new Scheduler();
const begin = performance.now();

scheduler.enter(60, 1, console.log, "third: the latest");
scheduler.enter(20, 1, console.log, "first: the earliest");
const dropped = scheduler.enter(30, 1, console.log, "never");

// At the same time: the lower priority number goes first.
scheduler.enterAbs(begin + 40, 2, console.log, "second, after lunch");
scheduler.enterAbs(begin + 40, 1, console.log, "second, lunch");

// An action may enter others, and cancel them.
scheduler.enter(10, 1, () => scheduler.cancel(dropped));

console.log(`${scheduler.queue.length} events wait`);
await scheduler.run();
console.log(scheduler.empty() ? "nothing is left" : "something is left");

// Output:
// 6 events wait
// first: the earliest
// second, lunch
// second, after lunch
// third: the latest
// nothing is left
