/** Tasks of a pool: put in, taken, finished, heard of; cancelled, doomed; with deaths and shutdowns (assembly/tasks). */
import { Answer, Kind, TaskState } from "../../../ts/runtime/core/core-things.js";
import type { End, Thread } from "../program.js";
import { suite } from "../suite.js";
import {
  type Body,
  blocking,
  core,
  countOf,
  repairsItself,
  type Scene,
  type Seat,
  type Shipped,
  scene,
  scratchOf,
} from "./core.js";
import { WHERE_THINGS_WERE } from "./things.js";

/** Facts: what a thread says it has done with the task of that number. */
const SUBMITTED = 100;
const RUN = 200;
const HEARD = 300;
const CANCELLED = 400;
const DOOMED = 500;

/** Offsets in a task's record and in a mailbox (assembly/tasks/records.ts). */
const STATE = 8;
const MAILBOX = 20;
const SHAPE = 28;
const SERIAL = 8;
const WORD = 24;

const itemBlock = ({ waiter }: Seat): number => waiter - 64 + 4;
const NUMBER = 1;

async function open(thread: Thread<Shipped>, { grip }: Seat): Promise<{ mailbox: number; serial: number }> {
  const mailbox = await thread.call("mailboxOpen", grip);
  return { mailbox, serial: await thread.call("host.load", mailbox + SERIAL) };
}

/** Puts in a task that is called by a number. @returns its address; 0: the pool is shut down */
async function submit(thread: Thread<Shipped>, { grip }: Seat, serial: number, name: number): Promise<number> {
  const task = await thread.call("taskPrepare", 8);
  await thread.call("host.store", task + MAILBOX, serial);
  await thread.call("host.store", task + SHAPE, name);
  const answer = await thread.call("tasksSubmit", grip, 0, task, 0);
  if (answer === Answer.SHUT) {
    await thread.call("valueDrop");
    return 0;
  }
  if (answer !== Answer.OK) throw new Error(`expected to put in a task, got ${answer}`);
  thread.log(SUBMITTED + name);
  return task;
}

/** Hears of so many ends. */
async function hear(thread: Thread<Shipped>, seat: Seat, mailbox: number, count: number): Promise<number[]> {
  const states: number[] = [];
  while (states.length < count) {
    const answer = await thread.call("tasksReap", seat.grip, mailbox);
    if (answer === Answer.WAIT) {
      const seen = await countOf(thread, seat);
      await thread.sleep(mailbox + WORD, seen);
      continue;
    }
    if (answer !== Answer.OK) throw new Error(`expected to hear, got ${answer}`);
    const task = await thread.call("host.load", itemBlock(seat));
    states.push(await thread.call("host.load", task + STATE));
    thread.log(HEARD + (await thread.call("host.load", task + SHAPE)));
    await thread.call("tasksDrop");
  }
  return states;
}

const submits =
  (...names: number[]): Body =>
  async (thread, seat) => {
    const { mailbox, serial } = await open(thread, seat);
    for (const name of names) await submit(thread, seat, serial, name);
    await hear(thread, seat, mailbox, names.length);
    await thread.call("tasksShutdown", seat.grip, 0);
    await thread.call("mailboxClose", seat.grip, mailbox);
  };

/** Runs what comes until the pool is shut down. */
const serves: Body = (thread, seat) => run(thread, seat, false);

/** The same, looking for a task before it sleeps: whoever puts one in meanwhile wakes nobody. */
const looks: Body = (thread, seat) => run(thread, seat, true);

/** Likewise; a task does not end while there is another to run, so that needs another thread. */
const meets: Body = (thread, seat) =>
  run(thread, seat, true, async () => {
    while ((await thread.call("tasksQueued", seat.grip)) > 0) await thread.yield();
  });

async function run(
  thread: Thread<Shipped>,
  seat: Seat,
  isLooking: boolean,
  work = async (): Promise<void> => {},
): Promise<void> {
  for (;;) {
    if (isLooking) await thread.call("tasksLook", seat.grip);
    const answer = await blocking(thread, seat, (waiter) => thread.call("tasksTake", seat.grip, waiter));
    if (answer === Answer.SHUT) return;
    if (answer !== Answer.OK) throw new Error(`expected to take, got ${answer}`);
    const task = await thread.call("host.load", itemBlock(seat));
    thread.log(RUN + (await thread.call("host.load", task + SHAPE)));
    await work();
    const finished = await thread.call("tasksFinish", seat.grip, task, TaskState.DONE, NUMBER, 0, 7);
    // Doomed: it would be ended now.
    if (finished === Answer.REFUSED) return;
    if (finished !== Answer.OK) throw new Error(`expected to finish, got ${finished}`);
  }
}

/** Puts two in and cancels the second; hears of what was not cancelled. */
const cancels: Body = async (thread, seat) => {
  const { mailbox, serial } = await open(thread, seat);
  await submit(thread, seat, serial, 1);
  const second = await submit(thread, seat, serial, 2);
  const answer = await thread.call("tasksCancel", seat.grip, second);
  if (answer === Answer.OK) thread.log(CANCELLED + 2);
  await hear(thread, seat, mailbox, answer === Answer.OK ? 1 : 2);
  await thread.call("tasksShutdown", seat.grip, 0);
  await thread.call("mailboxClose", seat.grip, mailbox);
};

/** Puts three in and cancels two: so many cells that nobody need take that they are thrown away at once. */
const cancelsMost: Body = async (thread, seat) => {
  const { mailbox, serial } = await open(thread, seat);
  const tasks: number[] = [];
  for (const name of [1, 2, 3]) tasks.push(await submit(thread, seat, serial, name));
  let left = 3;
  for (const name of [1, 2]) {
    if ((await thread.call("tasksCancel", seat.grip, tasks[name - 1] as number)) !== Answer.OK) continue;
    thread.log(CANCELLED + name);
    left--;
  }
  await hear(thread, seat, mailbox, left);
  await thread.call("tasksShutdown", seat.grip, 0);
  await thread.call("mailboxClose", seat.grip, mailbox);
};

/** Puts one in, and dooms whoever runs it: then nothing is heard of it before that thread's death. */
const dooms: Body = async (thread, seat) => {
  const { mailbox, serial } = await open(thread, seat);
  const task = await submit(thread, seat, serial, 1);
  let isOver = false;
  if ((await thread.call("tasksCancel", seat.grip, task)) === Answer.OK) {
    thread.log(CANCELLED + 1);
    isOver = true;
  } else if ((await thread.call("tasksDoom", seat.grip, task)) === Answer.OK) {
    thread.log(DOOMED);
    isOver = true;
  }
  if (!isOver) await hear(thread, seat, mailbox, 1);
  await thread.call("tasksShutdown", seat.grip, 0);
  await thread.call("mailboxClose", seat.grip, mailbox);
};

/** Where one thread tells the other of a pool that it has made. */
const ADDRESS = scratchOf(1);
const IDENTITY = ADDRESS + 4;

/** Makes a pool, has the tasks run that are named, and closes it: nobody else can put anything in. */
const employs =
  (...names: number[]): Body =>
  async (thread, seat) => {
    const grip = (await thread.call("tasksMake", 0, 0)) >>> 0;
    const own = { ...seat, grip };
    const { mailbox, serial } = await open(thread, own);
    await thread.call("host.atomicStore", IDENTITY, await thread.call("thingIdentity", grip));
    await thread.call("host.atomicStore", ADDRESS, await thread.call("thingAddress", grip));
    for (const name of names) await submit(thread, own, serial, name);
    await hear(thread, own, mailbox, names.length);
    await thread.call("mailboxClose", grip, mailbox);
    await thread.call("thingClose", grip);
  };

/** Serves in the other's pool until that is shut down. @param patience how often it looks whether there is one */
const isEmployed =
  (patience: number): Body =>
  async (thread, seat) => {
    for (let i = 0; (await thread.call("host.atomicLoad", ADDRESS)) === 0; i++) {
      if (i === patience) return;
      await thread.yield();
    }
    const address = await thread.call("host.atomicLoad", ADDRESS);
    const identity = await thread.call("host.atomicLoad", IDENTITY);
    const grip = (await thread.call("tasksServe", address, identity)) >>> 0;
    if (grip === Answer.STALE) return;
    await serves(thread, { ...seat, grip });
    await thread.call("thingClose", grip);
  };

const count = ({ threads }: End<Shipped>, fact: number): number =>
  threads.reduce((sum, { facts }) => sum + facts.filter((each) => each === fact).length, 0);

/** Every task was run at most once, and heard of once by its thread if that lives. */
const accounted =
  (...names: number[]) =>
  (end: End<Shipped>): void => {
    for (const name of names) {
      const runs = count(end, RUN + name);
      const heard = count(end, HEARD + name);
      const cancelled = count(end, CANCELLED + name);
      if (runs > 1) throw new Error(`expected task ${name} to be run once, it was ${runs} times`);
      if (cancelled > 0 && runs + heard > 0)
        throw new Error(`expected cancelled task ${name} neither run nor heard of`);
      if (heard > 1) throw new Error(`expected to hear of task ${name} once, got ${heard} times`);
      const isOwnerAlive = !end.deaths.includes(0);
      if (
        isOwnerAlive &&
        end.threads[0]?.fate !== "asleep" &&
        cancelled === 0 &&
        count(end, SUBMITTED + name) > 0 &&
        heard === 0
      ) {
        throw new Error(`expected to hear of task ${name}`);
      }
    }
  };

const pool = {
  kind: Kind.TASKS,
  // puts, gets, shut, cancelled, looker
  glanced: [88, 92, 112, 136, 188],
  make: (exports: Shipped) => exports.tasksMake(0, 0),
};

/** Who waits for a worker that is dead, or for tasks that a dead thread would have put in. */
const afterDeaths: Scene["mayStayAsleep"] = (exports, grip, end) => {
  if (end.deaths.length === 0) throw new Error("expected nobody asleep, for nobody died");
  const isOwnerAsleep = end.threads[0]?.fate === "asleep";
  if (isOwnerAsleep && !end.deaths.includes(1)) throw new Error("expected to hear of all tasks, there is a worker");
  if (isOwnerAsleep && exports.tasksQueued(grip) === 0) throw new Error("expected to hear of a lost task");
};

/** The same where two threads run tasks: who sleeps waits for both of them, or for the one that puts tasks in. */
const ifAllDied: Scene["mayStayAsleep"] = (_, __, end) => {
  const isDead = (thread: number) => end.deaths.includes(thread);
  const isOver = end.threads.map(({ fate }, thread) => fate !== "asleep" || isDead(thread));
  if (!isOver[0] && !(isDead(1) && isDead(2))) throw new Error("expected to hear of all tasks, there is a worker");
  if (isOver[0] && !isDead(0)) throw new Error("expected nobody asleep: the pool is shut down");
};

const SCENES: Scene[] = [
  {
    name: "tasks, one puts in, one runs",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [submits(1, 2), serves],
    check: accounted(1, 2),
  },
  {
    name: "tasks, one puts in, two run",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [submits(1, 2), serves, serves],
    check: accounted(1, 2),
  },
  {
    name: "tasks, one puts in, two look and run",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [submits(1, 2), looks, looks],
    check: accounted(1, 2),
  },
  {
    name: "tasks that wait for those behind them, one puts them in, two look and run",
    ...pool,
    bound: 1,
    threads: [submits(1, 2), meets, meets],
    check: accounted(1, 2),
  },
  {
    name: "tasks, one puts in, one looks and runs, one runs, who may die",
    ...pool,
    bound: 1,
    deaths: true,
    threads: [submits(1, 2), looks, serves],
    check: accounted(1, 2),
    mayStayAsleep: ifAllDied,
  },
  {
    name: "tasks, one puts in and gives up, one runs",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [cancels, serves],
    check: accounted(1, 2),
  },
  {
    name: "tasks, one puts in, one runs, who may die",
    ...pool,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [submits(1), serves],
    check: accounted(1),
    mayStayAsleep: afterDeaths,
  },
  {
    name: "tasks, one puts in and gives up, one runs, who may die",
    ...pool,
    bound: 2,
    quick: 1,
    deaths: true,
    threads: [cancels, serves],
    check: accounted(1, 2),
    mayStayAsleep: afterDeaths,
  },
  {
    name: "tasks, one puts in and gives most up, one runs",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [cancelsMost, serves],
    check: accounted(1, 2, 3),
  },
  {
    name: "tasks, one puts in and gives most up, one runs, who may die",
    ...pool,
    bound: 1,
    deaths: true,
    threads: [cancelsMost, serves],
    check: accounted(1, 2, 3),
    mayStayAsleep: afterDeaths,
  },
  {
    name: "tasks, one dooms who runs its own",
    ...pool,
    bound: 2,
    quick: 1,
    threads: [dooms, serves],
    check: (end) => {
      if (count(end, DOOMED) === 0) accounted(1)(end);
      else if (count(end, RUN + 1) > 1 || count(end, HEARD + 1) > 0)
        throw new Error("expected no end of a doomed task");
    },
  },
  {
    name: "tasks, one makes a pool and closes it, one serves there",
    ...pool,
    bound: 2,
    quick: 1,
    racy: WHERE_THINGS_WERE,
    threads: [employs(1), isEmployed(Number.POSITIVE_INFINITY)],
    check: accounted(1),
  },
  {
    name: "tasks, one makes a pool and closes it, one serves there, who may die",
    ...pool,
    bound: 2,
    quick: 1,
    deaths: true,
    racy: WHERE_THINGS_WERE,
    threads: [employs(), isEmployed(2)],
  },
  {
    name: "tasks, one puts in, one runs, operations that may be cut off",
    ...pool,
    bound: 1,
    cuts: true,
    threads: [submits(1), serves].map(repairsItself),
    check: () => {},
    mayStayAsleep: () => {},
  },
];

export const TASKS = suite<Shipped>({
  name: "tasks",
  subject: core,
  programs: SCENES.map(scene),
  mutated: ({ within, kind }) =>
    /^assembly\/(tasks\/tasks\/|queue\/priority\/removeRanked$)/.test(within) && kind !== "branch",
  survivors: {},
});
