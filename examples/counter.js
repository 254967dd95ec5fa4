// Ten threads count to 100000 together: once with a lock, once without.
//
// `counter.value += 1` is two steps, a read and a write. Without the lock another thread could come between them, and a
// count would be lost. `counter.add(1)` is one step: it needs no lock.
import { Counter, Lock, Thread } from "heddle";

const THREADS = 10;
const TIMES = 10_000;

function countWithLock(counter, times, lock) {
  for (let i = 0; i < times; i++) {
    const guard = lock.acquireSync();
    try {
      counter.value += 1;
    } finally {
      guard.release();
    }
  }
}

function countByAdding(counter, times) {
  for (let i = 0; i < times; i++) counter.add(1);
}

async function together(target, ...args) {
  const threads = Array.from({ length: THREADS }, () => new Thread({ target, args }));
  for (const thread of threads) thread.start();
  for (const thread of threads) await thread.join();
}

const locked = new Counter();
await together(countWithLock, locked, TIMES, new Lock());
console.log(`with a lock: ${locked.value}`);

const added = new Counter();
await together(countByAdding, added, TIMES);
console.log(`by adding: ${added.value}`);

// Output:
// with a lock: 100000
// by adding: 100000
