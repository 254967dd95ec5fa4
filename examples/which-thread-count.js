// How many threads are the fastest here? The same work with 1, 2, 4 and 8 of them.
//
// More threads than cores do not help, and a machine that is busy with other things changes the picture: measure where it
// matters. (For integrals, `npx heddle integrate --sweep 1,2,4,8` does this, and draws it.)
import { Pool } from "heddle";

const PIECES = 64;

function sumOfRoots(piece) {
  let sum = 0;
  for (let i = 0; i < 200_000; i++) sum += Math.sqrt(piece + i);
  return sum;
}

const pieces = Array.from({ length: PIECES }, (_, i) => i);
let alone = 0;
for (const workers of [1, 2, 4, 8]) {
  const pool = new Pool(workers);
  let milliseconds = Infinity;
  for (let round = 0; round < 5; round++) {
    const begin = performance.now();
    await pool.map(sumOfRoots, pieces);
    // The best round: in the first, workers start and engines compile; in others the machine may be busy.
    milliseconds = Math.min(milliseconds, performance.now() - begin);
  }
  alone ||= milliseconds;
  console.log(`${workers} threads: ${milliseconds.toFixed(1)} ms, ${(alone / milliseconds).toFixed(2)} times as fast`);
  await pool.shutdown();
}

// Output, numbers differ:
// 1 threads: 71.4 ms, 1.00 times as fast
// 2 threads: 37.0 ms, 1.93 times as fast
// 4 threads: 36.4 ms, 1.96 times as fast
// 8 threads: 36.9 ms, 1.94 times as fast
