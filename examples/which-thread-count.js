// How many threads are the fastest here? The same work with 1, 2, 4 and 8 of them.
//
// More threads than cores do not help, and a machine that is busy with other things changes the picture: measure where it
// matters; the run below had two cores, and shared them with others. (`npx heddle integrate --sweep 1,2,4,8` does this for
// integrals, and draws it.)
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
  for (let round = 0; round < 3; round++) {
    const begin = performance.now();
    await pool.map(sumOfRoots, pieces);
    // The best round: in the first, workers start and engines compile; in others the machine may be busy.
    milliseconds = Math.min(milliseconds, performance.now() - begin);
  }
  alone ||= milliseconds;
  console.log(`threads: ${workers}, ${milliseconds.toFixed(1)} ms, ${(alone / milliseconds).toFixed(2)} times as fast`);
  await pool.shutdown();
}

// Output, numbers differ:
// threads: 1, 86.4 ms, 1.00 times as fast
// threads: 2, 54.8 ms, 1.58 times as fast
// threads: 4, 50.9 ms, 1.70 times as fast
// threads: 8, 109.8 ms, 0.79 times as fast
