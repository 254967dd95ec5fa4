// What was put last comes first: a LifoQueue beside a Queue.
import { LifoQueue, Queue, Thread } from "heddle";

const fill = (queue) => {
  for (let i = 0; i < 5; i++) queue.putSync(i);
  queue.shutdown(); // nothing more comes: ends the loop of whoever reads it
};

for (const [name, queue] of [
  ["Queue", new Queue()],
  ["LifoQueue", new LifoQueue()],
]) {
  const thread = new Thread({ target: fill, args: [queue] });
  thread.start();
  await thread.join();
  const items = [];
  for await (const item of queue) items.push(item);
  console.log(`${name}: ${items.join(" ")}`);
}

// Output:
// Queue: 0 1 2 3 4
// LifoQueue: 4 3 2 1 0
