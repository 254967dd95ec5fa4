// A thread that is a class of its own: `run` is what it does, its fields are what it knows.
//
// `static url` says where the class is exported: the thread imports this file and finds it by its name. The fields are
// copied when it starts, so what it finds out comes back by something that threads share: here, a queue.
import { currentThread, mainThread, Queue, Thread } from "heddle";

export class DivisorFinder extends Thread {
  static url = import.meta.url;

  constructor(number, results) {
    super({ name: `divisors of ${number}` });
    this.number = number;
    this.results = results;
  }

  run() {
    const divisors = [];
    for (let i = 1; i <= this.number; i++) if (this.number % i === 0) divisors.push(i);
    this.results.putSync({ name: this.name, divisors });
  }
}

if (currentThread() === mainThread()) {
  const results = new Queue();
  for (const number of [28, 97, 360]) {
    const thread = new DivisorFinder(number, results);
    thread.start();
    await thread.join();
    const { name, divisors } = results.getNowait();
    console.log(`${name}: ${divisors.join(" ")}`);
  }
}

// Output:
// divisors of 28: 1 2 4 7 14 28
// divisors of 97: 1 97
// divisors of 360: 1 2 3 4 5 6 8 9 10 12 15 18 20 24 30 36 40 45 60 72 90 120 180 360
