// Two producers, three consumers, and a queue between them that holds three items at most.
//
// Who puts into a full queue waits until there is room: the producers are never far ahead of the consumers.
import { Queue, Thread } from "heddle";

const queue = new Queue({ maxsize: 3 });
const sums = new Queue();

function produce(queue, from, to) {
  for (let n = from; n <= to; n++) queue.putSync(n);
}

async function consume(queue, sums) {
  let sum = 0;
  for await (const n of queue) sum += n; // ends when the queue is shut down, and empty
  sums.putSync(sum);
}

const start = (target, args) => {
  const thread = new Thread({ target, args });
  thread.start();
  return thread;
};
const producers = [start(produce, [queue, 1, 500]), start(produce, [queue, 501, 1000])];
const consumers = [1, 2, 3].map(() => start(consume, [queue, sums]));

for (const producer of producers) await producer.join();
queue.shutdown();
for (const consumer of consumers) await consumer.join();

let total = 0;
while (!sums.empty()) total += sums.getNowait();
console.log(`1 + 2 + … + 1000 = ${total}`);

// Output:
// 1 + 2 + … + 1000 = 500500
