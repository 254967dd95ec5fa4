// One thread holds a lock again and again; another tries to get it without ever waiting for it.
//
// `tryAcquire` gives a guard, or null: somebody else has the lock.
import { Event, Lock, Thread } from "heddle";

const lock = new Lock();
const done = new Event();

const holder = new Thread({
  target: (lock, done) => {
    // Waiting for an event with a timeout is also how a thread pauses.
    while (!done.waitSync({ timeout: 5 })) {
      const guard = lock.acquireSync();
      done.waitSync({ timeout: 5 });
      guard.release();
    }
  },
  args: [lock, done],
});

const visitor = new Thread({
  target: (lock, done) => {
    let attempts = 0;
    for (let times = 0; times < 3; ) {
      done.waitSync({ timeout: 2 });
      attempts++;
      const guard = lock.tryAcquire();
      if (guard === null) continue;
      times++;
      guard.release();
    }
    console.log(`the visitor had the lock 3 times, in ${attempts} attempts`);
    done.set();
  },
  args: [lock, done],
});

holder.start();
visitor.start();
await visitor.join();
await holder.join();
console.log("both are over");

// Output, numbers differ:
// the visitor had the lock 3 times, in 6 attempts
// both are over
