// A lock that its holder may acquire again.
//
// `transfer` holds the lock while it calls `add`, which acquires it too. With a Lock the thread would wait for itself, for
// ever; an RLock lets the thread that holds it in again.
import { Counter, Lock, RLock, Thread } from "heddle";

const plain = new Lock();
console.log("Lock, first: ", plain.tryAcquire() !== null);
console.log("Lock, again: ", plain.tryAcquire() !== null);

const reentrant = new RLock();
console.log("RLock, first:", reentrant.tryAcquire() !== null);
console.log("RLock, again:", reentrant.tryAcquire() !== null);

function moveMoney(accounts, lock, times) {
  const locked = (act) => {
    const guard = lock.acquireSync();
    try {
      act();
    } finally {
      guard.release();
    }
  };
  const add = (account, amount) => locked(() => (account.value += amount));
  const transfer = (from, to, amount) =>
    locked(() => {
      add(from, -amount);
      add(to, amount);
    });
  for (let i = 0; i < times; i++) transfer(accounts[i % 2], accounts[(i + 1) % 2], i);
}

const accounts = [new Counter(1000), new Counter(0)];
const lock = new RLock();
const threads = [1, 2, 3].map(() => new Thread({ target: moveMoney, args: [accounts, lock, 1000] }));
for (const thread of threads) thread.start();
for (const thread of threads) await thread.join();
const [first, second] = accounts.map(({ value }) => value);
console.log(`${first} and ${second}, together ${first + second}`);

// Output:
// Lock, first:  true
// Lock, again:  false
// RLock, first: true
// RLock, again: true
// 2500 and -1500, together 1000
