// Three threads, two of them with names. Each asks who it is.
//
// A thread finds `work` by importing this file. So what only the program is to do stands below a question: is this the
// main thread? (Python's version asks `if __name__ == "__main__"`.)
import { Barrier, currentThread, enumerate, mainThread, Thread, task } from "heddle";

export const work = task(import.meta.url, "work", (gate) => {
  const thread = currentThread();
  console.log(`${thread.name} begins`);
  gate.waitSync();
  console.log(`${thread.name} ends`);
});

if (currentThread() === mainThread()) {
  const gate = new Barrier(4);
  const threads = [
    new Thread({ target: work, args: [gate], name: "weaver" }),
    new Thread({ target: work, args: [gate], name: "spinner" }),
    new Thread({ target: work, args: [gate] }),
  ];
  for (const thread of threads) thread.start();
  const names = enumerate().map(({ name }) => name);
  console.log(`alive: ${names.join(", ")}`);
  await gate.wait();
  for (const thread of threads) await thread.join();
}

// Output, the threads' lines in any order:
// alive: MainThread, weaver, spinner, Thread-1 (work)
// weaver begins
// spinner begins
// Thread-1 (work) begins
// weaver ends
// spinner ends
// Thread-1 (work) ends
