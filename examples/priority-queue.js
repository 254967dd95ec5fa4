// Jobs that are done in the order of their importance, not of their arrival.
//
// Entries are pairs, [priority, value], and lower numbers leave first; equal ones in the order in which they came.
import { PriorityQueue, Thread } from "heddle";

const jobs = new PriorityQueue();
await jobs.put([3, "sort the mail"]);
await jobs.put([10, "water the plants"]);
await jobs.put([1, "put out the fire"]);
await jobs.put([3, "answer the mail"]);

const worker = new Thread({
  target: async (jobs) => {
    for await (const [priority, job] of jobs) {
      console.log(`${priority}: ${job}`);
      jobs.taskDone();
    }
  },
  args: [jobs],
});
worker.start();

await jobs.join(); // all jobs are done
jobs.shutdown(); // so that the worker's loop ends
await worker.join();

// Output:
// 1: put out the fire
// 3: sort the mail
// 3: answer the mail
// 10: water the plants
