/**
 * Locks, queues and integrals as programs write them: what must type-check without a cast, and mistakes that must not.
 *
 * Nothing runs it. `npm run check` compiles it against the sources, test/package.test.ts against the declarations of the package.
 */
import {
  type CompiledIntegrand,
  type Complex,
  Condition,
  compile,
  createHeddle,
  type Entry,
  evaluate,
  type Guard,
  type IntegrandFunction,
  type IntegrateOptions,
  integrate,
  integrateMany,
  integrateManySync,
  integrateSync,
  JoinableQueue,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  type QueueOptions,
  ReadWriteLock,
  RLock,
  Semaphore,
  SimpleQueue,
  TOLERANCE_STATUSES,
  type ToleranceStatus,
  type WaitOptions,
} from "../../ts/index.js";

interface Job {
  readonly page: number;
}

declare function takes<T>(value: T): void;

export async function batches(): Promise<void> {
  const words = new Queue<string>({ maxsize: 3 });
  takes<string[]>(await words.getMany(2));
  takes<string[]>(words.getManySync(2, { timeout: 5 }));
  takes<string>(words.getNowait());
  // @ts-expect-error it holds texts
  words.putNowait(1);

  takes<unknown[]>(await new Queue().getMany(2));
  takes<number[]>(await new LifoQueue<number>(3).getMany(2));

  const numbers = new Queue({ type: "f64", maxsize: 3 });
  takes<Float64Array>(await numbers.getMany(2));
  takes<Float64Array>(numbers.getManySync(2));
  takes<number>(await numbers.get());
  await numbers.putMany(new Float64Array(2));
  // @ts-expect-error it holds numbers
  await numbers.put("a");
  takes<Queue<number, Float64Array>>(numbers);
  takes<Float64Array>(await Queue.from<number, Float64Array>(numbers.handle).getMany(2));
  takes<Float64Array>(await new LifoQueue({ type: "f64" }).getMany(2));
  class Jobs extends Queue<Job> {}
  takes<Job>(new Jobs(3).getNowait());
  // @ts-expect-error a queue of texts is none of numbers
  new Queue<string>({ type: "f64" });

  for await (const word of words) takes<string>(word);
}

export async function priorities(): Promise<void> {
  const jobs = new PriorityQueue<string>();
  await jobs.put([1, "a"]);
  const [priority, job] = await jobs.get();
  takes<number>(priority);
  takes<string>(job);
  for (const [rank, name] of await jobs.getMany(2)) takes<string>(name.padEnd(rank));
  for await (const [rank] of jobs) takes<number>(rank);
  takes<string | undefined>(jobs.snapshot()[0]?.[1]);
  // @ts-expect-error these are pairs
  jobs.putNowait(1);

  const bare = new PriorityQueue<never, number>();
  bare.putNowait(3);
  takes<number>(bare.getNowait());

  const both = new PriorityQueue<string, Entry<string>>();
  both.putNowait(3);
  both.putNowait([1, "a"]);
  takes<Entry<string>>(both.getNowait());
  takes<readonly [number, string]>(PriorityQueue.from<string>(jobs.handle).getNowait());
}

export async function guards(signal: AbortSignal, some: WaitOptions | undefined): Promise<void> {
  const [lock, rlock, condition, semaphore, shelf] = [
    new Lock(),
    new RLock(),
    new Condition(),
    new Semaphore(),
    new ReadWriteLock(),
  ];
  for (const one of [lock, rlock, condition, semaphore]) {
    takes<Guard>(await one.acquire());
    takes<Guard>(await one.acquire({ signal, timeout: undefined }));
    takes<Guard>(one.acquireSync());
    takes<Guard>(one.acquireSync({ timeout: null }));
    takes<Guard | null>(await one.acquire(some));
    // @ts-expect-error null when the time is over
    takes<Guard>(await one.acquire({ timeout: 5 }));
    // @ts-expect-error null when the time is over
    takes<Guard>(one.acquireSync({ timeout: 5 }));
    // @ts-expect-error null when it is not to be had at once
    takes<Guard>(one.tryAcquire());
  }
  takes<Guard>(await shelf.read());
  takes<Guard>(await shelf.write());
  takes<Guard>(shelf.readSync());
  takes<Guard>(shelf.writeSync());
  // @ts-expect-error null when the time is over
  takes<Guard>(await shelf.read({ timeout: 5 }));

  const guard = await rlock.acquire();
  takes<Guard>(await rlock.acquire({ guard }));
  takes<boolean>(await condition.wait({ guard, timeout: 5 }));
  takes<Guard>(await condition.lock.acquire());
}

export function options(maxsize: number | undefined, some: QueueOptions): void {
  takes<Queue<string>>(new Queue<string>({ maxsize, spin: undefined, context: undefined, codec: undefined }));
  new Queue(some);
  new JoinableQueue<string>(3).taskDone();
  takes<JoinableQueue<string>>(new Queue<string>());
  // @ts-expect-error misspelt
  new Queue({ maxSize: 5 });
  // @ts-expect-error misspelt
  new Lock().acquireSync({ timeOut: 5 });
  // @ts-expect-error only the promise form can take it
  new Queue().getSync({ signal: AbortSignal.timeout(5) });
  // @ts-expect-error it has no bound
  new SimpleQueue(1);
  // @ts-expect-error it has no bound
  new SimpleQueue({ maxsize: 1 });
  // @ts-expect-error it cannot write
  new Queue({ codec: JSON });
  // @ts-expect-error an option
  new Queue().shutdown(true);
  // @ts-expect-error its handle
  Queue.from(new Queue());
}

export async function integrands(): Promise<void> {
  await integrate("a*x^2", 0, 1, { points: 10, parameters: { a: 2 } });
  const { integrand } = await integrate((x) => x * x, 0, 1, { points: 10 });
  if (integrand.kind === "callback" || integrand.kind === "called") takes<string>(integrand.reason);
  // @ts-expect-error what was compiled was so without a reason
  if (integrand.kind === "compiled") integrand.reason;
  await integrate((x, { a, b }) => a * x + b, 0, 1, { points: 10, parameters: { a: 2, b: 3 } });
  // @ts-expect-error there is no parameter c
  await integrate((x, { c }) => c * x, 0, 1, { points: 10, parameters: { a: 2 } });
  // @ts-expect-error parameters are numbers
  await integrate((x, { a }) => a * x, 0, 1, { points: 10, parameters: { a: "2" } });
  // @ts-expect-error a function returns a number
  await integrate((x) => x > 0, 0, 1, { points: 10 });
  // @ts-expect-error nobody waits for an integrand
  await integrate(async (x) => x, 0, 1, { points: 10 });
  const options: IntegrateOptions = { points: 10 };
  await integrate(Math.sin, 0, 1, options);
  takes<Float64Array>(evaluate((x, { a }) => a * x, [1, 2], { parameters: { a: 2 } }));
  takes<number>(integrateSync({ module: new Uint8Array(8), export: "f" }, 0, 1, { points: 10 }).value);
  integrateSync({ module: new ArrayBuffer(8), export: "f" }, 0, 1, { points: 10 });
  integrateSync({ module: new WebAssembly.Module(new Uint8Array(8)), export: "f" }, 0, 1, { points: 10 });
  // @ts-expect-error an export has a name
  integrateSync({ module: new Uint8Array(8) }, 0, 1, { points: 10 });
  const f: IntegrandFunction<{ a: number }> = (x, { a }) => a * x;
  await createHeddle().integrate(f, 0, 1, { points: 10, parameters: { a: 2 } });
}

export async function compiled(): Promise<void> {
  const f = compile("a*x^b", { parameters: ["a", "b"] });
  takes<CompiledIntegrand<{ a: number; b: number }>>(f);
  takes<number>(integrateSync(f, 0, 1, { parameters: { a: 2, b: 3 } }).value);
  await integrate(f, 0, 1, { points: 10, parameters: { a: 2, b: 3 } });
  takes<Float64Array>(evaluate(f, [1, 2], { parameters: { a: 2, b: 3 } }));
  // @ts-expect-error there is a parameter b, too
  integrateSync(f, 0, 1, { parameters: { a: 2 } });
  takes<CompiledIntegrand>(compile("x^2"));
  integrateSync(compile("x^2"), 0, 1);
  compile((x, { a }) => a * x, { parameters: ["a"] });
  // @ts-expect-error there is no parameter c
  compile((x, { c }) => c * x, { parameters: ["a"] });
  // @ts-expect-error names come as an array
  compile("a*x", { parameters: { a: 2 } });
  compile({ module: new Uint8Array(8), export: "f" });
}

export async function boxes(): Promise<void> {
  takes<number>(
    (await integrate("x*y", { x: [0, 1], y: [0, "x"] }, { breakPoints: { y: ["x/2", 0.3] }, seed: 3 })).value,
  );
  takes<number>(integrateSync((x, y, { a }) => a * x * y, { x: [0, 1], y: [0, 1] }, { parameters: { a: 2 } }).value);
  takes<Float64Array>(integrateSync(["x*y", (x: number, y: number) => x + y], { x: [0, 1], y: [0, Infinity] }).errors);
  takes<Complex>((await integrate({ re: "x*y", im: "y" }, { x: [0, 1], y: [0, 1] })).value);
  takes<Float64Array>(integrateSync(["cos(x)", (x) => x], 0, 1).values);
  takes<number>(integrateSync({ re: "x", im: (x) => x }, 0, 1, { breakPoints: [0.5] }).value.im);
  const f = compile("a*x*y", { variables: ["x", "y"], parameters: ["a"] });
  takes<number>(integrateSync(f, { x: [0, 1], y: [0, 1] }, { parameters: { a: 2 } }).value);
  takes<readonly number[]>(integrateSync([f, f], { x: [0, 1], y: [0, 1] }, { parameters: { a: 2 } }).alone);
  // @ts-expect-error one value, not an array of them
  integrateSync("x", { x: [0, 1] }).values;
  // @ts-expect-error a range has two bounds
  integrateSync("x", { x: [0] });
  // @ts-expect-error break points are by variable
  integrateSync("x*y", { x: [0, 1], y: [0, 1] }, { breakPoints: [0.5] });
  // @ts-expect-error no signal where nothing can be heard
  integrateSync("x*y", { x: [0, 1], y: [0, 1] }, { signal: new AbortController().signal });
  // @ts-expect-error over a range points are by number
  integrateSync(["x"], 0, 1, { breakPoints: { x: [0.5] } });
}

export async function segments(): Promise<void> {
  const { segments, suspects } = await integrate("x^2", 0, 1, { segments: true });
  if (segments !== undefined) takes<Float64Array>(segments.value);
  for (const { x, error } of suspects) takes<number>(x[0] + x[1] + error);
  // @ts-expect-error only integrals to a tolerance have them
  await integrate("x^2", 0, 1, { points: 10, segments: true });
  // @ts-expect-error suspects are read
  suspects.push({ x: [0, 1], error: 0 });
}

export async function sweeps(): Promise<void> {
  const { values, statuses, counts } = await integrateMany("a*x", 0, [1, 2], { parameters: { a: 2 }, threads: 2 });
  takes<Float64Array>(values);
  takes<number>(counts.converged + statuses[0]!);
  takes<ToleranceStatus>(TOLERANCE_STATUSES[0]);
  integrateManySync((x, { a }) => a * x, 0, 1, { parameters: { a: [1, 2] } });
  integrateManySync(compile("a*x", { parameters: ["a"] }), 0, 1, { parameters: { a: [1, 2] } });
  // @ts-expect-error nothing could look on
  integrateManySync("a*x", 0, 1, { parameters: { a: [1] }, onProgress() {} });
  // @ts-expect-error values are numbers
  await integrateMany("a*x", 0, 1, { parameters: { a: ["1"] } });
}
