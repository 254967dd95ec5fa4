/** Moved values: whole, without a copy, there and back; and what becomes of them when something fails. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LIBRARY_URL, loadLibrary, until } from "../runtime/library.js";
import { watchdog } from "../tools/watchdog.js";

const { Event, Pool, Queue, Thread, createHeddle, move, close } = await loadLibrary();

const folder = mkdtempSync(join(tmpdir(), "heddle-move-"));
const file = join(folder, "work.mjs");
writeFileSync(
  file,
  `import { move } from ${JSON.stringify(LIBRARY_URL)};
  export const double = (numbers) => move(numbers.map((x) => 2 * x));
  export const both = (a, b) => [move(a), b.length, move(b)];
  export const ports = (port) => { port.postMessage("hello"); port.close(); };
  export const unclonable = () => move({ f() {} }, []);
  export const later = async (numbers, open) => { open.waitSync(); return move(numbers); };`,
);
const url = pathToFileURL(file).href;
const place = (name: string) => ({ url, export: name });

const dog = watchdog(100, () => "a moved value does not arrive");
test.after(async () => {
  dog.clear();
  rmSync(folder, { recursive: true });
  await close();
});

type Numbers = Float64Array<ArrayBuffer>;
const double = place("double") as unknown as (numbers: Numbers) => Numbers;

async function errorOf(outcome: PromiseLike<unknown>): Promise<Error> {
  try {
    await outcome;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a failure");
}

test("moves an argument and a result, of which there is one each", async () => {
  const pool = new Pool(1);
  const numbers = new Float64Array([1, 2, 3]);
  const future = pool.submit(double, move(numbers));
  assert.is(numbers.length, 0);
  assert.equal(await future, new Float64Array([2, 4, 6]));
  await pool.shutdown();
  pool.close();
});

test("moves more than the shared memory holds", async () => {
  const context = createHeddle({ memory: 1 << 20 });
  const pool = new Pool({ workers: 1, context });
  const numbers = new Float64Array(1 << 20).fill(1);
  const got = await pool.submit(double, move(numbers));
  assert.is(got.length, 1 << 20);
  assert.is(got[12345], 2);
  await pool.shutdown();
  pool.close();
  await context.close();
});

test("moves some of several, elements of a map, and ports", async () => {
  const pool = new Pool(2);
  const bytes = (n: number) => new Uint8Array(n).fill(n);
  assert.equal(await pool.submit(place("both"), move(bytes(3)), bytes(5)), [bytes(3), 5, bytes(5)]);
  const mapped = await pool.map(
    double,
    [1, 2, 3].map((x) => move(new Float64Array([x]))),
    { chunksize: 2 },
  );
  assert.equal(mapped, [new Float64Array([2]), new Float64Array([4]), new Float64Array([6])]);
  const { port1, port2 } = new MessageChannel();
  const heard = new Promise((resolve) => {
    port2.onmessage = ({ data }) => resolve(data);
  });
  await pool.submit(place("ports"), move(port1));
  assert.is(await heard, "hello");
  port2.close();
  await pool.shutdown();
  pool.close();
});

test("moves the arguments of a thread", async () => {
  const numbers = new Float64Array([1, 2]);
  const queue = new Queue<number>();
  const target = (out: InstanceType<typeof Queue<number>>, given: Float64Array) => {
    for (const number of given) out.putSync(number);
  };
  const thread = new Thread({ target, args: [queue, move(numbers)] });
  thread.start();
  assert.is(numbers.length, 0);
  await thread.join();
  assert.equal([...queue.snapshot()], [1, 2]);
  queue.close();
});

test("submits from a worker, which moves as well", async () => {
  const pool = new Pool(2);
  const inner = async (inside: InstanceType<typeof Pool>, address: string, library: string) => {
    const { move: moved } = (await import(library)) as { move: typeof move };
    const got = await inside.submit({ url: address, export: "double" }, moved(new Float64Array([21])));
    return (got as Float64Array)[0];
  };
  assert.is(await pool.submit(inner, pool, url, LIBRARY_URL), 42);
  await pool.shutdown();
  pool.close();
});

test("leaves everything where it is when the call fails", async () => {
  const pool = new Pool(1);
  const numbers = new Float64Array(3);
  assert.throws(() => pool.submit(place("both"), move(numbers), () => {}), /function/);
  await pool.shutdown();
  assert.throws(
    () => pool.submit(double, move(numbers)),
    (error: { code?: string }) => error.code === "ERR_POOL_SHUTDOWN",
  );
  assert.is(numbers.length, 3);
  pool.close();
});

test("says what cannot be moved", async () => {
  const pool = new Pool(1);
  const queue = new Queue();
  assert.throws(() => move(5), /value/);
  assert.throws(() => move([1], 5 as never), /transfer/);
  assert.throws(() => queue.putNowait(move(new Float64Array(1))), /moved values travel as arguments/);
  assert.throws(() => pool.submit((x: unknown) => x, { inside: move(new Float64Array(1)) }), /moved values travel/);
  for (const outcome of [
    pool.submit(place("unclonable")),
    pool.submit((x: unknown) => x, move({ f() {} }, [])),
    pool.submit((x: unknown) => x, move({}, [{} as ArrayBuffer])),
  ]) {
    assert.match((await errorOf(outcome)).message, /was moved, and did not arrive/);
  }
  assert.is(await pool.submit((x: number) => x, 1), 1);
  queue.close();
  await pool.shutdown();
  pool.close();
});

test("a result that is moved does not come to a thread that sleeps", async () => {
  const pool = new Pool(1);
  const future = pool.submit(double, move(new Float64Array([1])));
  assert.throws(
    () => future.resultSync(),
    (error: { code?: string }) => error.code === "ERR_UNSUPPORTED",
  );
  assert.equal(await future, new Float64Array([2]));
  assert.equal(future.resultSync(), new Float64Array([2]));
  await pool.shutdown();
  pool.close();
});

test("is lost with its worker, and nothing waits for it", async () => {
  const pool = new Pool(1);
  const gate = new Event();
  const running = pool.submit(place("later"), move(new Float64Array(1)), gate);
  const queued = pool.submit(double, move(new Float64Array(1)));
  await until(() => running.running);
  pool.terminate();
  assert.is((await errorOf(running)).name, "WorkerLostError");
  assert.is((await errorOf(queued)).name, "CancelledError");
  gate.close();
  pool.close();
});

test("a context can be closed while a task waits to which something was moved", async () => {
  const context = createHeddle();
  const pool = new Pool({ workers: 1, context });
  const future = pool.submit(double, move(new Float64Array(3)));
  const failure = errorOf(future);
  await context.close();
  assert.is((await failure).name, "ClosedError");
});

test("leaves nothing in memory", async () => {
  const context = createHeddle();
  const round = async (times: number): Promise<void> => {
    const pool = new Pool({ workers: 1, context });
    for (let i = 0; i < times; i++) await pool.submit(double, move(new Float64Array(1000)));
    await pool.submitWith({ timeout: 0 }, double, move(new Float64Array(1000))).exception();
    await pool.shutdown();
    pool.close();
  };
  // The main thread's own record stays; the worker's grip is perhaps still there.
  await round(1);
  const { used } = context.info().memory;
  await round(20);
  await until(() => context.info().memory.used <= used);
  await context.close();
});

test.run();
