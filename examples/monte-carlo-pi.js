// Pi by darts at a quarter of a disk: as it is taught, with random ones on four threads; and with darts that leave no gaps.
import { integrate, Pool } from "heddle";

const throwDarts = (seed) => {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  let hits = 0;
  for (let i = 0; i < 1_000_000; i++) if (next() ** 2 + next() ** 2 < 1) hits++;
  return hits;
};
const pool = new Pool(4);
const counts = await pool.map(throwDarts, [1, 2, 3, 4]);
await pool.shutdown();
console.log(`four million darts: ${(counts.reduce((sum, hits) => sum + hits) / 1e6).toFixed(4)}`);

const square = { x: [0, 1], y: [0, 1] };
for (const rule of ["vegas", "quasi-monte-carlo"]) {
  const { value, error } = await integrate("x^2 + y^2 < 1 ? 4 : 0", square, { rule, seed: 1, maximumEvaluations: 4e6 });
  console.log(`${rule}: ${value.toFixed(2)}, within its error: ${Math.abs(value - Math.PI) < error}`);
}

// Output:
// four million darts: 3.1421
// vegas: 3.14, within its error: true
// quasi-monte-carlo: 3.14, within its error: true
