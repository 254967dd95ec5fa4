// The integral of x² from 0 to 10, in chunks: each thread sums one, and puts it into a queue.
//
// At the end the same in one call: `integrate` compiles its expression, runs it on all cores, and gives the same bits for
// any number of threads. The threads' sum may be rounded a little differently each time: chunks come in no fixed order.
import { integrate, Queue, Thread } from "heddle";

const N = 1_000_000;
const THREADS = 4;
const A = 0;
const B = 10;

function sumChunk(results, number, a, width, from, to) {
  console.log(`Thread ${number} started`);
  let sum = 0;
  for (let i = from; i < to; i++) {
    const x = a + (i + 0.5) * width;
    sum += x ** 2;
  }
  results.putSync(sum * width);
}

const results = new Queue();
const threads = Array.from({ length: THREADS }, (_, i) => {
  const chunk = [(i * N) / THREADS, ((i + 1) * N) / THREADS];
  return new Thread({ target: sumChunk, args: [results, i, A, (B - A) / N, ...chunk] });
});
for (const thread of threads) thread.start();
for (const thread of threads) await thread.join();

let integral = 0;
while (!results.empty()) integral += results.getNowait();
console.log(`Numerical solution with N=${N} : ${integral.toFixed(6)}`);

const { value } = await integrate("x^2", A, B, { points: N });
console.log(`integrate, with the same N : ${value.toFixed(6)}`);

// Output, the threads' lines in any order:
// Thread 0 started
// Thread 1 started
// Thread 2 started
// Thread 3 started
// Numerical solution with N=1000000 : 333.333333
// integrate, with the same N : 333.333333
