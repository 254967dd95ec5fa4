// Two threads wait for an event: a hasty one, with a timeout, and a patient one.
import { Event, Thread } from "heddle";

const event = new Event();
const waiting = new Event();

const hasty = new Thread({
  target: (event) => {
    console.log("hasty: waits for 20 ms");
    if (!event.waitSync({ timeout: 20 })) console.log("hasty: it has not come, something else is done");
  },
  args: [event],
});
hasty.start();
await hasty.join();

const patient = new Thread({
  target: (event, waiting) => {
    console.log("patient: waits");
    waiting.set();
    event.waitSync();
    console.log("patient: it has come");
  },
  args: [event, waiting],
});
patient.start();
await waiting.wait();
console.log("main: sets the event");
event.set();
await patient.join();

// Output:
// hasty: waits for 20 ms
// hasty: it has not come, something else is done
// patient: waits
// main: sets the event
// patient: it has come
