// A queue whose reader loses patience, and a full queue that refuses.
import { Queue, QueueEmptyError, QueueFullError, Thread } from "heddle";

const letters = new Queue();
const postman = new Thread({
  target: (letters) => {
    for (const letter of ["a bill", "a postcard", "a love letter"]) letters.putSync(letter);
  },
  args: [letters],
});
postman.start();
await postman.join();

try {
  for (;;) console.log("got", await letters.get({ timeout: 50 }));
} catch (error) {
  if (!(error instanceof QueueEmptyError)) throw error;
  console.log("nothing came for 50 ms");
}

const box = new Queue({ maxsize: 1 });
await box.put("the only one");
try {
  await box.put("one too many", { timeout: 50 });
} catch (error) {
  if (!(error instanceof QueueFullError)) throw error;
  console.log("no room was made in 50 ms");
}

// Output:
// got a bill
// got a postcard
// got a love letter
// nothing came for 50 ms
// no room was made in 50 ms
