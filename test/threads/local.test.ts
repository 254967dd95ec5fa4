/** Thread-locals: each thread its own, also on a worker that has served another before. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const { Pool, Queue, Thread, local, close } = await loadLibrary();

const folder = mkdtempSync(join(tmpdir(), "heddle-local-"));
const file = join(folder, "count.mjs");
writeFileSync(
  file,
  `import { local, task } from ${JSON.stringify(LIBRARY_URL)};
  import { threadId } from "node:worker_threads";
  let made = 0;
  const mine = local(() => ({ calls: 0, made: ++made }));
  export const count = () => [++mine.calls, mine.made, threadId];
  export const countInto = (queue) => queue.putSync(count());`,
);
const url = pathToFileURL(file).href;

const dog = watchdog(60, () => "a thread hangs");
test.after(async () => {
  dog.clear();
  rmSync(folder, { recursive: true });
  await close();
});

test("behaves as the object that it stands for", () => {
  const mine = local<{ a?: number; b?: number }>(() => ({ a: 1 }));
  assert.is(mine.a, 1);
  assert.is(mine.b, undefined);
  mine.b = 2;
  assert.equal(Object.keys(mine), ["a", "b"]);
  assert.ok("b" in mine);
  delete mine.a;
  assert.equal({ ...mine }, { b: 2 });
  class Named {
    name = "it";
    get loud(): string {
      return `${this.name}!`;
    }
  }
  const named = local(() => new Named());
  assert.instance(named, Named);
  assert.is(named.loud, "it!");
  assert.throws(() => local(5 as never), /make/);
});

test("makes another when the first could not be made", () => {
  let tries = 0;
  const mine = local(() => {
    if (++tries === 1) throw new Error("not yet");
    return { tries };
  });
  assert.throws(() => mine.tries, /not yet/);
  assert.is(mine.tries, 2);
});

test("begins anew for each thread, and stays for each of a pool's workers", async () => {
  const queue = new Queue<[number, number, number]>();
  const got: [number, number, number][] = [];
  for (let i = 0; i < 3; i++) {
    const thread = new Thread({ target: { url, export: "countInto" }, args: [queue] });
    thread.start();
    await thread.join();
    got.push(await queue.get());
  }
  // One worker has served all of them, and had an object for each.
  assert.is(new Set(got.map(([, , worker]) => worker)).size, 1);
  assert.equal(
    got.map(([calls, made]) => [calls, made]),
    [
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  );
  const pool = new Pool(1);
  const calls: number[] = [];
  for (let i = 0; i < 3; i++) calls.push(((await pool.submit({ url, export: "count" })) as [number])[0]);
  assert.equal(calls, [1, 2, 3]);
  await pool.shutdown();
  pool.close();
  queue.close();
});

test.run();
