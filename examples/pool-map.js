// Parallelism in one line: `map` with a pool's workers instead of an array's own.
import { Pool } from "heddle";

function countPrimes(limit) {
  let count = 0;
  for (let n = 2; n < limit; n++) {
    let divisor = 2;
    while (divisor * divisor <= n && n % divisor !== 0) divisor++;
    if (divisor * divisor > n) count++;
  }
  return count;
}

const limits = [10, 100, 1000, 10_000, 100_000];

const pool = new Pool(); // a worker for each core
console.log(limits.map(countPrimes).join(" ")); // here, one after the other
console.log((await pool.map(countPrimes, limits)).join(" ")); // there, at the same time
await pool.shutdown();

// Output:
// 4 25 168 1229 9592
// 4 25 168 1229 9592
