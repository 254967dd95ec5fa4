// One washes the dishes, two dry them.
//
// `join` waits until each dish that was put has been followed by a `taskDone`: not until the rack is empty, but until
// everything is dry. The dryers never end; they are daemons, and the program does not wait for them.
import { JoinableQueue, Thread } from "heddle";

const rack = new JoinableQueue({ maxsize: 2 });

function dry(rack) {
  for (;;) {
    const dish = rack.getSync();
    console.log(`dried: a ${dish}`);
    rack.taskDone();
  }
}

for (let i = 0; i < 2; i++) new Thread({ target: dry, args: [rack], daemon: true }).start();

for (const dish of ["salad bowl", "bread plate", "soup spoon", "pot"]) {
  console.log(`washed: a ${dish}`);
  await rack.put(dish);
}
await rack.join();
console.log("all is dry");

// Output, the threads' lines in any order:
// washed: a salad bowl
// washed: a bread plate
// washed: a soup spoon
// washed: a pot
// dried: a salad bowl
// dried: a bread plate
// dried: a soup spoon
// dried: a pot
// all is dry
