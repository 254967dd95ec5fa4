// Two timers: one comes, one is called off.
//
// A Timer is a thread that waits before it runs its function.
import { Timer } from "heddle";

const say = (text) => console.log(text);

const tea = new Timer(50, say, ["the tea is ready"]);
const alarm = new Timer(60_000, say, ["wake up"]);

tea.start();
alarm.start();
console.log("both timers run");

await tea.join();
alarm.cancel();
await alarm.join(); // at once, not in a minute
console.log("the alarm was called off");

// Output:
// both timers run
// the tea is ready
// the alarm was called off
