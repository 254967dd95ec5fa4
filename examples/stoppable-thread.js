// A thread that works until it is told to stop.
//
// No thread should be ended by force while it is in the middle of something. An event asks it to end; the thread looks at
// the event between two pieces of work. Waiting for it with a timeout is a pause that `stop` cuts short.
import { currentThread, Event, mainThread, Queue, Thread } from "heddle";

export class StoppableThread extends Thread {
  static url = import.meta.url;
  stopped = new Event();
  pieces = new Queue();

  stop() {
    this.stopped.set();
  }

  run() {
    for (let piece = 1; !this.stopped.waitSync({ timeout: 10 }); piece++) this.pieces.putSync(piece);
    console.log(`${this.name} was told to stop, and tidies up`);
  }
}

if (currentThread() === mainThread()) {
  const thread = new StoppableThread({ name: "worker" });
  thread.start();
  for (let i = 0; i < 3; i++) console.log(`piece ${await thread.pieces.get()} is done`);
  console.log(`alive: ${thread.isAlive}`);
  thread.stop();
  await thread.join();
  console.log(`alive: ${thread.isAlive}`);
}

// Output:
// piece 1 is done
// piece 2 is done
// piece 3 is done
// alive: true
// worker was told to stop, and tidies up
// alive: false
